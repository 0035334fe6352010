import { describe, inject } from 'vitest';
import { openWorld, type CopyWorld } from './copy-world.ts';
import { describeCopy } from './describe-copy.ts';
import { describeKilledCopy } from './describe-killed-copy.ts';

const stack = inject('stack');

const open =
  (readsBlocks: boolean, threads = 0) =>
  (): Promise<CopyWorld> => {
    const { webHdfsUrl, httpFsUrl, hdfsUser, s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const s3 = { endpoint, region, forcePathStyle: true as const, credentials: { accessKeyId, secretAccessKey } };
    return openWorld({ nameNode: webHdfsUrl, httpFs: httpFsUrl, user: hdfsUser, s3, readsBlocks, threads });
  };

describe.skipIf(stack === undefined)('The copy from real HDFS to versitygw', () => describeCopy(open(false)));
describe.skipIf(stack === undefined)('The copy by three threads from the blocks of real HDFS to versitygw', () =>
  describeCopy(open(true, 2)),
);
describe.skipIf(stack === undefined)('A copy on real servers that is killed', () =>
  describeKilledCopy(open(true, 2), 50),
);
