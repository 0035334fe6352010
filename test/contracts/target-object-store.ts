import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { ObjectAddress } from '../../src/domain/plan.ts';
import { isLakeliftError } from '../../src/errors.ts';
import type {
  CompleteRequest,
  PutRequest,
  TargetObjectStore,
  UploadedPart,
} from '../../src/ports/target-object-store.ts';

interface ObjectStoreWorld {
  readonly store: TargetObjectStore;
  /** Exists and is empty. */
  readonly bucket: string;
  /** A store with credentials that are not known, or whose secret is wrong. */
  readonly stranger: TargetObjectStore;
  close(): Promise<void>;
}

/** Smallest part of S3 but the last. */
const PART_BYTES = 5 * 1024 * 1024;

const KEYS = [
  'with space/and  two',
  'percent%41',
  'percent%2Fslash',
  'plus+plus',
  'rh/absences/annee=2024/dep=2A/000000_0',
  'heure=2024-01-01 10%3A00%3A00/part',
  'accent-é',
  'accent-e\u0301',
  'emoji-🦆',
  'colon:semi;comma,',
  'back\\slash',
  'quote\'"<&>',
  'star*(paren)!',
  'hash#question?',
  'a-1',
  'a/x',
  'tab\tnewline\n',
];

/** What every target object store must do, shown on the sandbox and on a real store alike. */
export function describeTargetObjectStore(open: () => Promise<ObjectStoreWorld>): void {
  let world: ObjectStoreWorld;
  let store: TargetObjectStore;

  beforeAll(async () => {
    world = await open();
    store = world.store;
  });
  afterAll(async () => {
    store.close();
    world.stranger.close();
    await world.close();
  });

  const at = (key: string): ObjectAddress => ({ bucket: world.bucket, key: s3Key(key) });
  const crc = (bytes: Uint8Array) => crcToBase64(crcOf('CRC32C').sum(bytes));
  const put = (key: string, body: Uint8Array | string, changes: Partial<PutRequest> = {}) => {
    const bytes = Buffer.from(body);
    return store.putObject({
      address: at(key),
      body: bytes,
      crc32c: crc(bytes),
      metadata: {},
      condition: { kind: 'if-absent' },
      ...changes,
    });
  };
  const read = async (key: string) => Buffer.concat(await Array.fromAsync(await store.readObject(at(key))));
  const kindOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => new Error('it succeeded'),
      (thrown: unknown) => thrown,
    );
    if (!isLakeliftError(error)) throw error;
    expect(error.hint).toBeTruthy();
    expect(error.subject).toMatch(/^s3:\/\//);
    return error.kind;
  };
  const uploadTwoParts = async (key: string) => {
    const bodies = [randomBytes(PART_BYTES), randomBytes(1234)];
    const uploadId = await store.createUpload(at(key), { source: '/data/é' });
    const sent = bodies.map((body, index) =>
      store.uploadPart({ address: at(key), uploadId, partNumber: index + 1, body, crc32c: crc(body) }),
    );
    const parts = await Promise.all(sent);
    const whole = Buffer.concat(bodies);
    const request: CompleteRequest = {
      address: at(key),
      uploadId,
      parts,
      crc32c: crc(whole),
      sizeBytes: whole.length,
      condition: { kind: 'if-absent' },
    };
    return { uploadId, parts, whole, request };
  };

  describe('buckets', () => {
    it('accepts a bucket that is there', async () => {
      await store.checkBucket(world.bucket);
    });

    it('says not-found of a bucket that is not, whatever is asked of it', async () => {
      const nowhere = 'lakelift-no-such-bucket';
      expect(await kindOf(store.checkBucket(nowhere))).toBe('not-found');
      expect(await kindOf(Array.fromAsync(store.listObjects(nowhere, '')))).toBe('not-found');
      const address = { bucket: nowhere, key: s3Key('k') };
      expect(await kindOf(put('k', 'v', { address }))).toBe('not-found');
      expect(await kindOf(store.createUpload(address, {}))).toBe('not-found');
    });

    it('says denied to a stranger', async () => {
      expect(await kindOf(world.stranger.checkBucket(world.bucket))).toBe('denied');
      expect(await kindOf(Array.fromAsync(world.stranger.listObjects(world.bucket, '')))).toBe('denied');
      const body = Buffer.from('x');
      const request = { address: at('x'), body, crc32c: crc(body), metadata: {} };
      expect(await kindOf(world.stranger.putObject({ ...request, condition: { kind: 'if-absent' } }))).toBe('denied');
    });
  });

  describe('single objects', () => {
    it('gives back bytes, size, checksum, tag and metadata of any characters', async () => {
      const body = randomBytes(300_000);
      const metadata = { source: '/data/é 100% «ü» 🦆 ', checksum: 'MD5-of-0MD5-of-512CRC32C:27c0' };
      const { etag } = await put('one', body, { metadata });
      expect((await read('one')).equals(body)).toBe(true);
      expect(await store.findObject(at('one'))).toEqual({
        sizeBytes: body.length,
        etag,
        crc32c: crc(body),
        metadata,
      });
    });

    it('keeps empty objects', async () => {
      await put('empty', '');
      expect(await store.findObject(at('empty'))).toMatchObject({ sizeBytes: 0, crc32c: 'AAAAAA==' });
      expect((await read('empty')).length).toBe(0);
    });

    it('finds nothing where nothing is, and refuses to read it', async () => {
      expect(await store.findObject(at('absent'))).toBeUndefined();
      expect(await kindOf(store.readObject(at('absent')))).toBe('not-found');
    });

    it('refuses bytes that differ from their checksum and keeps nothing of them', async () => {
      const crc32c = crc(Buffer.from('other'));
      expect(await kindOf(put('corrupt', 'bytes', { crc32c }))).toBe('corrupt');
      expect(await store.findObject(at('corrupt'))).toBeUndefined();
    });

    it('writes only where nothing is, or only over the object that was seen', async () => {
      const { etag } = await put('conditional', 'first');
      expect(await kindOf(put('conditional', 'again'))).toBe('conflict');
      await put('conditional', 'second', { condition: { kind: 'if-match', etag } });
      expect(await kindOf(put('conditional', 'third', { condition: { kind: 'if-match', etag } }))).toBe('conflict');
      expect(String(await read('conditional'))).toBe('second');
    });

    it('lets one of several simultaneous writers win', async () => {
      const writers = Array.from({ length: 6 }, (_, n) => put('race', `writer ${n}`));
      const results = await Promise.allSettled(writers);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('stops a transfer when asked to, with the reason given', async () => {
      const stopping = AbortSignal.abort(new Error('stop'));
      const body = randomBytes(1000);
      const request = { address: at('stopped'), body, crc32c: crc(body), metadata: {} };
      const work = store.putObject({ ...request, condition: { kind: 'if-absent' } }, stopping);
      await expect(work).rejects.toSatisfy((error) => !isLakeliftError(error));
      expect(await store.findObject(at('stopped'))).toBeUndefined();
    });
  });

  describe('lists', () => {
    it('keeps every key exact, in order of UTF-8 bytes', async () => {
      const keys = KEYS.map((key) => `odd/${key}`);
      for (const key of keys) await put(key, key);
      for (const key of keys) expect(String(await read(key))).toBe(key);
      const listed = await Array.fromAsync(store.listObjects(world.bucket, 'odd/'));
      const expected = keys.map((key) => Buffer.from(key)).sort((a, b) => Buffer.compare(a, b));
      expect(listed.map(({ key }) => key)).toEqual(expected.map(String));
      const first = await store.findObject(at(listed[0]!.key));
      const { key, modifiedAtMs } = listed[0]!;
      expect(listed[0]).toEqual({ key, sizeBytes: first!.sizeBytes, etag: first!.etag, modifiedAtMs });
      expect(Math.abs(modifiedAtMs! - Date.now())).toBeLessThan(3_600_000);
    });

    it('goes on beyond the first thousand, each key once', async () => {
      const keys = Array.from({ length: 1105 }, (_, n) => `paged/${String(n).padStart(5, '0')}`);
      for (let n = 0; n < keys.length; n += 50) await Promise.all(keys.slice(n, n + 50).map((key) => put(key, '')));
      const listed = await Array.fromAsync(store.listObjects(world.bucket, 'paged/'));
      expect(listed.map(({ key }) => key)).toEqual(keys);
    });

    it('lists nothing below a prefix that nothing has', async () => {
      expect(await Array.fromAsync(store.listObjects(world.bucket, 'nothing/'))).toEqual([]);
    });
  });

  describe('uploads in parts', () => {
    it('makes one object whose checksum covers all its bytes', async () => {
      const { request, whole } = await uploadTwoParts('multi/whole');
      expect(await store.findObject(at('multi/whole'))).toBeUndefined();
      const { etag } = await store.completeUpload(request);
      expect(await store.findObject(at('multi/whole'))).toEqual({
        sizeBytes: whole.length,
        etag,
        crc32c: crc(whole),
        metadata: { source: '/data/é' },
      });
      expect((await read('multi/whole')).equals(whole)).toBe(true);
    });

    it('refuses a part that differs from its checksum', async () => {
      const uploadId = await store.createUpload(at('multi/part'), {});
      const part = { address: at('multi/part'), uploadId, partNumber: 1, body: randomBytes(100) };
      expect(await kindOf(store.uploadPart({ ...part, crc32c: 'AAAAAA==' }))).toBe('corrupt');
      expect(await Array.fromAsync(store.listParts(at('multi/part'), uploadId))).toEqual([]);
    });

    it('refuses to complete with another checksum or size of the whole, and can still complete rightly', async () => {
      const { request } = await uploadTwoParts('multi/refused');
      expect(await kindOf(store.completeUpload({ ...request, crc32c: 'AAAAAA==' }))).toBe('corrupt');
      expect(await kindOf(store.completeUpload({ ...request, sizeBytes: 1 }))).toBe('corrupt');
      expect(await store.findObject(at('multi/refused'))).toBeUndefined();
      await store.completeUpload(request);
    });

    it('refuses to complete over an object that nobody said may be replaced', async () => {
      const { request } = await uploadTwoParts('multi/there');
      const { etag } = await put('multi/there', 'before');
      expect(await kindOf(store.completeUpload(request))).toBe('conflict');
      await store.completeUpload({ ...request, condition: { kind: 'if-match', etag } });
      expect((await store.findObject(at('multi/there')))?.crc32c).toBe(request.crc32c);
    });

    it('says not-found or conflict, or succeeds, when a completed upload is completed again', async () => {
      const { request } = await uploadTwoParts('multi/twice');
      const { etag } = await store.completeUpload(request);
      const again = await store.completeUpload(request).then(
        (answer) => answer.etag,
        (error: unknown) => (isLakeliftError(error) ? error.kind : error),
      );
      expect([etag, 'not-found', 'conflict']).toContain(again);
      expect((await store.findObject(at('multi/twice')))?.crc32c).toBe(request.crc32c);
    });

    it('shows open uploads and their parts to a later process', async () => {
      const startedAfterMs = Date.now() - 60_000;
      const { uploadId, parts } = await uploadTwoParts('open/é one');
      const other = await store.createUpload(at('open/two'), {});
      const uploads = await Array.fromAsync(store.listUploads(world.bucket, 'open/'));
      expect(uploads.map((upload) => [upload.key, upload.uploadId]).sort()).toEqual(
        [
          ['open/two', other],
          ['open/é one', uploadId],
        ].sort(),
      );
      expect(uploads.every((upload) => upload.startedAtMs > startedAfterMs)).toBe(true);
      const listed: UploadedPart[] = await Array.fromAsync(store.listParts(at('open/é one'), uploadId));
      expect(listed).toEqual(parts);
      for (const upload of uploads) await store.abortUpload(at(upload.key), upload.uploadId);
      expect(await Array.fromAsync(store.listUploads(world.bucket, 'open/'))).toEqual([]);
    });

    it('forgets an aborted upload, and aborting it again is no error', async () => {
      const uploadId = await store.createUpload(at('multi/aborted'), {});
      await store.abortUpload(at('multi/aborted'), uploadId);
      await store.abortUpload(at('multi/aborted'), uploadId);
      expect(await kindOf(Array.fromAsync(store.listParts(at('multi/aborted'), uploadId)))).toBe('not-found');
      const body = randomBytes(10);
      const part = { address: at('multi/aborted'), uploadId, partNumber: 1, body, crc32c: crc(body) };
      expect(await kindOf(store.uploadPart(part))).toBe('not-found');
    });
  });
}
