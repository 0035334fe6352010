import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, inject } from 'vitest';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { describeTargetObjectStore } from '../../contracts/target-object-store.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('S3TargetObjectStore on versitygw', () => {
  describeTargetObjectStore(async () => {
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    const settings = { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
    const bucket = `contract-${randomUUID()}`;
    const client = new S3Client(settings);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    return {
      store: new S3TargetObjectStore(settings),
      stranger: new S3TargetObjectStore({ ...settings, credentials: { accessKeyId, secretAccessKey: 'guess' } }),
      bucket,
      close: () => Promise.resolve(),
    };
  });
});
