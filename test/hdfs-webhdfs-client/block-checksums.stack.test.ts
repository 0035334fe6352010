import { describe, inject } from 'vitest';
import { NameNodeRpc } from '../../src/hdfs-webhdfs-client/rpc/name-node-rpc.ts';
import { describeBlockChecksums, type ChecksumWorld } from '../contracts/block-checksums.ts';

const stack = inject('stack');

const open = (): Promise<ChecksumWorld> => {
  const rpc = new NameNodeRpc({
    findAddress: () => Promise.resolve(stack!.hdfsAuthority),
    authentication: { kind: 'user', user: stack!.hdfsUser },
    idleMs: 10_000,
  });
  return Promise.resolve({
    url: stack!.webHdfsUrl,
    superuser: stack!.hdfsUser,
    locate: (path, signal) => rpc.locate(path, { offset: 0, length: Number.MAX_SAFE_INTEGER }, signal),
    close: () => Promise.resolve(rpc.close()),
  });
};

describe.skipIf(stack === undefined)('Checksums of blocks of real DataNodes', () => describeBlockChecksums(open));
