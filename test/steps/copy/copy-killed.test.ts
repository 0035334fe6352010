import { describe } from 'vitest';
import { openSandboxWorld } from './copy-world.ts';
import { describeKilledCopy } from './describe-killed-copy.ts';

describe('A copy by several threads that is killed', () =>
  describeKilledCopy(() => openSandboxWorld({ dataPorts: 2, threads: 2 }), 8));
