import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { DirectRequests } from '../../../src/adapters/s3/direct-requests.ts';
import { createS3Client } from '../../../src/adapters/s3/s3-client.ts';
import { s3Key } from '../../../src/domain/names.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { describeDirectRequests } from '../../contracts/direct-requests.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };

async function openSandbox() {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-direct-requests-'));
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
}

describe('DirectRequests on the sandbox', () => {
  describeDirectRequests(openSandbox);

  it('finds the endpoint once credentials are there, where they were missing at first', async () => {
    const { settings, bucket, close } = await openSandbox();
    let isThere = false;
    const provider = () => (isThere ? Promise.resolve(credentials) : Promise.reject(new Error('none yet')));
    const client = new S3Client({ ...settings, credentials: provider });
    const direct = new DirectRequests(client);
    const address = { bucket, key: s3Key('nothing') };
    const find = () => direct.send({ method: 'HEAD', address, timeoutMs: 5000, silenceMs: 5000 });
    expect(await find()).toBeUndefined();
    isThere = true;
    expect((await find())?.status).toBe(404);
    direct.close();
    client.destroy();
    await close();
  });
});
