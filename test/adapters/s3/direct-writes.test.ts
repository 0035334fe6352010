import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { describe } from 'vitest';
import { createS3Client } from '../../../src/adapters/s3/s3-client.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { describeDirectWrites } from '../../contracts/direct-writes.ts';

describe('DirectWrites on the sandbox', () => {
  describeDirectWrites(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'lakelift-direct-writes-'));
    const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
    const server = await startS3Server({ directory, credentials });
    const settings = { endpoint: server.url, region: 'eu-west-3', forcePathStyle: true, credentials };
    const client = createS3Client(settings, { answerMs: 10_000, idleMs: 10_000 });
    await client.send(new CreateBucketCommand({ Bucket: 'direct' }));
    client.destroy();
    const close = async () => {
      await server.close();
      rmSync(directory, { recursive: true });
    };
    return { settings, bucket: 'direct', close };
  });
});
