import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { describeStateStore } from '../../contracts/state-store.ts';
import { startMinio, type S3Server, ACCESS_KEY_ID, SECRET_ACCESS_KEY } from '../../stack/aws.ts';
import { stopProcess } from '../../stack/server-process.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('S3StateStore on versitygw', () => {
  describeStateStore(() => {
    const { s3Endpoint: endpoint, region, accessKeyId, secretAccessKey } = stack!;
    return { endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
  });
});

describe.skipIf(stack === undefined)('S3StateStore on MinIO', () => {
  let minio: S3Server;
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lakelift-minio-'));
    await mkdir(join(directory, 'data'));
    minio = await startMinio(directory);
  });
  afterAll(async () => {
    await stopProcess(minio.server.processId);
    await rm(directory, { recursive: true, force: true });
  });
  describeStateStore(() => {
    const credentials = { accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY };
    return { endpoint: minio.endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
  });
});
