import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renewedCredentials } from '../../../src/adapters/aws/aws-credentials.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key } from '../../../src/domain/names.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';

const region = 'eu-west-3';
const BUCKET = 'raw-zone';
const body = Buffer.from('bytes');

/** The servers know one key at a time; the file of credentials is what a tool that rotates them would write. */
describe('credentials that change during a run', () => {
  const known = { accessKeyId: 'first', secretAccessKey: 'secret of first' };
  let folder: string;
  let servers: { s3: SandboxServer; glue: SandboxServer };
  let store: S3TargetObjectStore;
  let catalog: GlueTargetCatalog;

  const replaceAtServers = (accessKeyId: string): void =>
    void Object.assign(known, { accessKeyId, secretAccessKey: `secret of ${accessKeyId}` });
  const writeFile = (accessKeyId: string): void =>
    writeFileSync(
      join(folder, 'credentials'),
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = secret of ${accessKeyId}\n`,
    );
  const address = (key: string) => ({ bucket: BUCKET, key: s3Key(key) });
  const put = (key: string): Promise<unknown> =>
    store.putObject({
      address: address(key),
      body,
      crc32c: crcToBase64(crcOf('CRC32C').sum(body)),
      metadata: {},
      condition: { kind: 'if-absent' },
    });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lakelift-credentials-'));
    vi.stubEnv('AWS_ACCESS_KEY_ID', '');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    replaceAtServers('first');
    writeFile('first');
    servers = {
      s3: await startS3Server({ directory: join(folder, 's3'), credentials: known }),
      glue: await startGlueServer({ directory: undefined, credentials: known }),
    };
    const settings = { endpoint: servers.s3.url, region, forcePathStyle: true };
    const client = new S3Client({ ...settings, credentials: known });
    await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
    client.destroy();
    store = new S3TargetObjectStore(settings);
    catalog = new GlueTargetCatalog({ endpoint: servers.glue.url, region });
    await put('before');
    expect(await catalog.hasDatabase('absent')).toBe(false);
  });
  afterEach(async () => {
    store.close();
    catalog.close();
    await servers.s3.close();
    await servers.glue.close();
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });

  it('are read again from their file when the old ones are refused, whatever the call', async () => {
    const calls: [string, () => Promise<unknown>][] = [
      ['PutObject', () => put('after')],
      ['HeadObject', () => store.findObject(address('before'))],
      ['HeadBucket', () => store.checkBucket(BUCKET)],
      ['CreateMultipartUpload', () => store.createUpload(address('up'), {})],
      ['ListObjectsV2', () => Array.fromAsync(store.listObjects(BUCKET, ''))],
      ['GetDatabase', () => catalog.hasDatabase('absent')],
    ];
    for (const [name, call] of calls) {
      replaceAtServers(name);
      writeFile(name);
      await expect(call(), name).resolves.not.toThrow();
    }
    expect(await store.findObject(address('after'))).toMatchObject({ sizeBytes: body.length });
  });

  it('are asked for again from the command that gives them', async () => {
    const answer = join(folder, 'answer');
    const answerWith = (key: string): void =>
      writeFileSync(
        answer,
        JSON.stringify({
          Version: 1,
          AccessKeyId: key,
          SecretAccessKey: `secret of ${key}`,
          Expiration: new Date(Date.now() + 3600_000).toISOString(),
        }),
      );
    rmSync(join(folder, 'credentials'));
    writeFileSync(join(folder, 'config'), `[default]\ncredential_process = cat ${answer}\n`);
    answerWith('second');
    replaceAtServers('second');
    await put('second');
    answerWith('third');
    replaceAtServers('third');
    await put('third');
    expect((await Array.fromAsync(store.listObjects(BUCKET, ''))).map(({ key }) => key)).toContain('third');
  });

  it('and are not renewed end the run, as what they are, whatever the call', async () => {
    replaceAtServers('second');
    const refused = { kind: 'denied', code: 'AWS_CREDENTIALS' };
    await expect(put('after')).rejects.toMatchObject(refused);
    await expect(store.findObject(address('before'))).rejects.toMatchObject(refused);
    await expect(store.checkBucket(BUCKET)).rejects.toMatchObject(refused);
    await expect(catalog.hasDatabase('absent')).rejects.toMatchObject(refused);
  });
});

describe('credentials without an expiry', () => {
  afterEach(() => vi.useRealTimers());
  const identity = (accessKeyId: string) => ({ accessKeyId, secretAccessKey: 'secret' });

  it('are read again after a minute, and kept while there are none to read', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    let held: string | undefined = 'first';
    const credentials = renewedCredentials(() =>
      held === undefined ? Promise.reject(new Error('no credentials')) : Promise.resolve(identity(held)),
    );
    const used = async (): Promise<string> => (await credentials()).accessKeyId;
    expect(await used()).toBe('first');
    held = 'second';
    vi.advanceTimersByTime(59_000);
    expect(await used()).toBe('first');
    vi.advanceTimersByTime(2_000);
    expect(await used()).toBe('second');
    held = undefined;
    vi.advanceTimersByTime(61_000);
    expect(await used()).toBe('second');
  });
});
