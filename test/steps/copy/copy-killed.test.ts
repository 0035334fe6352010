import { describe } from 'vitest';
import { openSandboxWorld } from './copy-world.ts';
import { describeKilledCopy } from './describe-killed-copy.ts';

describe('A copy that is killed', () => describeKilledCopy(() => openSandboxWorld()));
