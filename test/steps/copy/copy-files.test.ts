import { describe } from 'vitest';
import { openSandboxWorld } from './copy-world.ts';
import { describeCopy } from './describe-copy.ts';

describe('The copy from the sandbox HDFS to the sandbox S3', () => {
  describeCopy(() => openSandboxWorld());
});

describe('The copy from the blocks of the sandbox HDFS to the sandbox S3', () => {
  describeCopy(() => openSandboxWorld({ dataPorts: 2 }));
});
