import { describe, inject } from 'vitest';
import { describeBlockReads, type BlockWorld } from '../contracts/block-reads.ts';

const stack = inject('stack');

const open = (server: 'webHdfsUrl' | 'httpFsUrl') => async (): Promise<BlockWorld> => ({
  url: stack![server],
  superuser: stack!.hdfsUser,
  close: () => Promise.resolve(),
});

describe.skipIf(stack === undefined)('Blocks of real DataNodes, which ask for tokens', () =>
  describeBlockReads(open('webHdfsUrl')),
);
describe.skipIf(stack === undefined)('Blocks through a real HttpFS', () => describeBlockReads(open('httpFsUrl')));
