import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { describeStateStore } from '../../contracts/state-store.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };

describe('S3StateStore on the sandbox', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-state-'));
  let server: SandboxServer;
  beforeAll(async () => void (server = await startS3Server({ directory, credentials })));
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  describeStateStore(() => ({ endpoint: server.url, region: 'eu-west-3', forcePathStyle: true, credentials }));
});
