import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { s3Key } from '../../src/domain/names.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import { bytesOf, MIB } from '../steps/copy/copy-world.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { stackConfig } from './stack-config.ts';

const stack = inject('stack');
const SMALL_FILES = 40;
const LARGE_BYTES = 40 * MIB;
/** So that what is meant to happen in the middle of a run does. */
const SLOWLY = ['--max-rate', '3MB'];

/** One folder, whose run is disturbed from outside in every way that needs no fault in a server; each time it goes on from where it was. */
describe.skipIf(stack === undefined)('a run on real servers', () => {
  if (stack === undefined) return;
  const bucket = `stopped-${randomUUID()}`;
  const folder = `/stopped-${randomUUID()}`;
  const { region, s3Endpoint: endpoint, webHdfsUrl, hdfsUser: user, accessKeyId, secretAccessKey } = stack;
  const s3 = { region, endpoint, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
  const store = new S3TargetObjectStore(s3);
  const writer = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user } });
  let project: TestProject;

  beforeAll(async () => {
    const client = new S3Client(s3);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    for (let i = 0; i < SMALL_FILES; i++) await writer.create(`${folder}/small-${i}`, bytesOf(200_000, i));
    await writer.create(`${folder}/large`, bytesOf(LARGE_BYTES));
    project = createProject({
      config: { ...stackConfig(stack, bucket), limits: { filesAtOnce: 4, partsAtOnce: 1 } },
      migrations: { stopped: migrationScript('stopped', { paths: [folder] }) },
      environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    });
    expect((await project.lakelift('map', 'stopped')).code).toBe(0);
  }, 60_000);
  afterAll(async () => {
    await writer.delete(folder, { recursive: true });
    store.close();
  });

  const objects = async (): Promise<number> => (await Array.fromAsync(store.listObjects(bucket, ''))).length;
  /** Once more objects are there than now. */
  const oneMore = async (): Promise<void> => {
    for (const before = await objects(); (await objects()) <= before;) await sleep(50);
  };

  it('is not joined by another, and by Ctrl-C finishes what is in flight', async () => {
    const begun = oneMore();
    const held = begun.then(() => project.lakelift('run', 'stopped', '--yes', '--json'));
    const { code, stderr } = await project.lakeliftSignalled('SIGINT', [held], 'run', 'stopped', '--yes', ...SLOWLY);
    const second = await held;
    expect(second.code).toBe(6);
    expect(second.stderr).toMatch(/RUN_LOCKED.*process \d+/);
    expect(code).toBe(130);
    expect(stderr).toContain('what to do: Run the same command again to go on.');
    expect(await objects()).toBeLessThan(SMALL_FILES + 1);
  }, 60_000);

  it('leaves at once by a second Ctrl-C', async () => {
    const begun = oneMore();
    const again = begun.then(() => sleep(300));
    const stoppedAt = again.then(() => performance.now());
    const { code } = await project.lakeliftSignalled('SIGINT', [begun, again], 'run', 'stopped', '--yes', ...SLOWLY);
    expect(code).toBe(130);
    expect(performance.now() - (await stoppedAt)).toBeLessThan(5000);
  }, 60_000);

  it('says so when the disk under its ledger is full', async () => {
    const full = await project.lakeliftLimited({ fileBlocks: 100 }, 'run', 'stopped', '--yes', '--json');
    expect(full.code).toBe(1);
    expect(full.stderr).toContain('LEDGER_DISK_FULL');
  }, 60_000);

  it('brings every byte in the end, and leaves nothing open', async () => {
    const { code, stdout } = await project.lakelift('run', 'stopped', '--yes', '--json');
    expect({ code, verdict: (JSON.parse(stdout) as { reconciliation: string }).reconciliation }).toEqual({
      code: 0,
      verdict: 'identical',
    });
    const found = new Map<string, Buffer>();
    for await (const { key } of store.listObjects(bucket, ''))
      found.set(
        key.slice(key.lastIndexOf('/') + 1),
        Buffer.concat(await Array.fromAsync(await store.readObject({ bucket, key: s3Key(key) }))),
      );
    expect(found.size).toBe(SMALL_FILES + 1);
    for (let i = 0; i < SMALL_FILES; i++) expect(found.get(`small-${i}`)?.equals(bytesOf(200_000, i))).toBe(true);
    expect(found.get('large')?.equals(bytesOf(LARGE_BYTES))).toBe(true);
    expect(await Array.fromAsync(store.listUploads(bucket, ''))).toEqual([]);
  }, 60_000);
});
