import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { S3StateStore } from '../../src/adapters/s3/s3-state-store.ts';
import type { S3Settings } from '../../src/adapters/s3/s3-client.ts';

const IF_ABSENT = { kind: 'if-absent' } as const;

/** What a store must do for leases to be safe and ledgers whole, shown on the sandbox and on real stores alike. */
export function describeStateStore(settings: () => S3Settings): void {
  const bucket = `state-${randomUUID()}`;
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-state-'));
  let store: S3StateStore;

  beforeAll(async () => {
    const { region, endpoint = '', credentials } = settings();
    const client = new S3Client({ region, endpoint, forcePathStyle: true, credentials: credentials! });
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    client.destroy();
    store = new S3StateStore({ ...settings(), bucket, prefix: 'lakelift/' });
  });
  afterAll(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });

  it('lets one of many be the first', async () => {
    const racers = Array.from({ length: 8 }, (_, index) => store.putText('first.json', `racer ${index}`, IF_ABSENT));
    const ends = await Promise.allSettled(racers);
    const winners = ends.flatMap((end, index) => (end.status === 'fulfilled' ? [`racer ${index}`] : []));
    expect(winners).toHaveLength(1);
    for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ kind: 'conflict' });
    expect((await store.findText('first.json'))?.text).toBe(winners[0]);
  });

  it('lets one of many replace what all of them have read', async () => {
    const { etag } = await store.putText('head.json', 'read by all', IF_ABSENT);
    const racers = Array.from({ length: 8 }, (_, index) =>
      store.putText('head.json', `racer ${index}`, { kind: 'if-match', etag }),
    );
    const ends = await Promise.allSettled(racers);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(store.putText('head.json', 'late', { kind: 'if-match', etag })).rejects.toMatchObject({
      kind: 'conflict',
    });
    const standing = (await store.findText('head.json'))!;
    expect(standing.text).toMatch(/^racer/);
    await store.putText('head.json', 'after', { kind: 'if-match', etag: standing.etag });
    expect((await store.findText('head.json'))?.text).toBe('after');
  });

  it('tells the age of a text by its own clock, and what is not there', async () => {
    await store.putText('old.json', 'x', IF_ABSENT);
    await sleep(2100);
    const { ageMs } = (await store.findText('old.json'))!;
    expect(ageMs).toBeGreaterThanOrEqual(1000);
    expect(ageMs).toBeLessThan(20_000);
    // A machine whose clock is five minutes ahead takes nobody's lease for old.
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 });
    try {
      expect((await store.findText('old.json'))?.ageMs).toBeLessThan(60_000);
    } finally {
      vi.useRealTimers();
    }
    expect(await store.findText('none.json')).toBeUndefined();
  });

  it('keeps large files, compressed, in parts, and gives them back for their owner only', async () => {
    const content = randomBytes(20 * 1024 * 1024);
    const [from, to] = [join(directory, 'from'), join(directory, 'to')];
    writeFileSync(from, content);
    await store.upload('ledgers/a.sqlite.gz', from);
    await store.download('ledgers/a.sqlite.gz', to);
    expect(readFileSync(to).equals(content)).toBe(true);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    await expect(store.download('ledgers/none', to)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('lists a folder, and removes what is there or not', async () => {
    for (const name of ['a', 'b']) await store.putText(`folder/${name}`, name, IF_ABSENT);
    expect((await Array.fromAsync(store.list('folder/'))).sort()).toEqual(['a', 'b']);
    await store.remove('folder/a');
    await store.remove('folder/a');
    expect(await Array.fromAsync(store.list('folder/'))).toEqual(['b']);
  });

  it('says which bucket is not there', async () => {
    const elsewhere = new S3StateStore({ ...settings(), bucket: `no-${bucket}`, prefix: '' });
    await expect(elsewhere.findText('x')).rejects.toMatchObject({ kind: 'not-found' });
    elsewhere.close();
  });
}
