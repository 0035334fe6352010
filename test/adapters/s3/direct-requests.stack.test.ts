import { randomUUID } from 'node:crypto';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { describe, inject } from 'vitest';
import { createS3Client } from '../../../src/adapters/s3/s3-client.ts';
import { describeDirectRequests } from '../../contracts/direct-requests.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('DirectRequests on versitygw', () => {
  describeDirectRequests(async () => {
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const settings = { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
    const bucket = `direct-${randomUUID()}`;
    const client = createS3Client(settings, { answerMs: 10_000, idleMs: 10_000 });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return { settings, bucket, close: () => Promise.resolve() };
  });
});
