import { describe, inject } from 'vitest';
import { openWorld } from './copy-world.ts';
import { describeCopy } from './describe-copy.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('The copy from real HDFS to versitygw', () => {
  describeCopy(() => {
    const { webHdfsUrl, httpFsUrl, hdfsUser, s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const s3 = { endpoint, region, forcePathStyle: true as const, credentials: { accessKeyId, secretAccessKey } };
    return openWorld({ nameNode: webHdfsUrl, httpFs: httpFsUrl, user: hdfsUser, s3 });
  });
});
