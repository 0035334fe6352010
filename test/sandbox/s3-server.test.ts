import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type CompletedPart,
  type ListObjectsV2CommandOutput,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { startS3Server, type S3FaultRequest, type S3ServerOptions } from '../../src/sandbox/s3/s3-server.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const BUCKET = 'raw-zone';
const MIB = 1024 * 1024;

const directory = mkdtempSync(join(tmpdir(), 'lakelift-s3-'));
let faultFor: (request: S3FaultRequest) => Fault | undefined = () => undefined;
const options: S3ServerOptions = {
  directory,
  credentials,
  minPartBytes: 100,
  faults: (request) => faultFor(request),
  denied: {
    'no-put': ['s3:PutObject'],
    'no-list': ['s3:ListBucket'],
  },
};
let server = await startS3Server(options);
let s3 = client();

function client(overrides: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: server.url,
    region: 'eu-west-3',
    credentials,
    forcePathStyle: true,
    maxAttempts: 1,
    ...overrides,
  });
}

beforeAll(async () => {
  for (const bucket of [BUCKET, 'no-put', 'no-list']) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterEach(() => {
  faultFor = () => undefined;
});
afterAll(async () => {
  s3.destroy();
  await server.close();
  rmSync(directory, { recursive: true });
});

function crc32c(bytes: Uint8Array): string {
  return crcToBase64(crcOf('CRC32C').sum(bytes));
}

async function put(key: string, body: string | Uint8Array, bucket = BUCKET): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }));
}

async function read(key: string, range?: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key, Range: range }));
  return Buffer.from(await Body!.transformToByteArray());
}

/** What the service answered, in the words a caller can match on. */
async function refusal(work: Promise<unknown>): Promise<{ code: string; status: number | undefined }> {
  const error = await work.then(
    () => {
      throw new Error('it succeeded');
    },
    (thrown: unknown) => thrown as { name: string; message: string; $metadata?: { httpStatusCode?: number } },
  );
  if (error.message === 'it succeeded') throw new Error(error.message);
  return { code: error.name, status: error.$metadata?.httpStatusCode };
}

async function startUpload(key: string, type: 'FULL_OBJECT' | 'COMPOSITE' = 'FULL_OBJECT'): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: BUCKET,
    Key: key,
    ChecksumAlgorithm: 'CRC32C',
    ChecksumType: type,
    Metadata: { source: '/data/x' },
  });
  return (await s3.send(command)).UploadId!;
}

async function uploadPart(key: string, id: string, number: number, body: Uint8Array): Promise<CompletedPart> {
  const { ETag, ChecksumCRC32C } = await s3.send(
    new UploadPartCommand({
      Bucket: BUCKET,
      Key: key,
      UploadId: id,
      PartNumber: number,
      Body: body,
      ChecksumCRC32C: crc32c(body),
    }),
  );
  return { ETag, ChecksumCRC32C, PartNumber: number };
}

/** Three parts, uploaded at once. */
async function threeParts(key: string, type: 'FULL_OBJECT' | 'COMPOSITE' = 'FULL_OBJECT') {
  const bodies = [randomBytes(1000), randomBytes(2000), randomBytes(5)];
  const id = await startUpload(key, type);
  const parts = await Promise.all(bodies.map((body, index) => uploadPart(key, id, index + 1, body)));
  const whole = Buffer.concat(bodies);
  return { id, parts, whole, target: { Bucket: BUCKET, Key: key, UploadId: id, MultipartUpload: { Parts: parts } } };
}

describe('signatures', () => {
  it('refuses a wrong secret with SignatureDoesNotMatch and an unknown key with InvalidAccessKeyId', async () => {
    const wrong = client({ credentials: { ...credentials, secretAccessKey: 'guess' } });
    const unknown = client({ credentials: { ...credentials, accessKeyId: 'nobody' } });
    expect(await refusal(wrong.send(new ListBucketsCommand({})))).toEqual({
      code: 'SignatureDoesNotMatch',
      status: 403,
    });
    expect(await refusal(unknown.send(new ListBucketsCommand({})))).toEqual({
      code: 'InvalidAccessKeyId',
      status: 403,
    });
  });

  it('refuses a clock that is off by more than fifteen minutes', async () => {
    const late = client({ systemClockOffset: -20 * 60 * 1000 });
    expect(await refusal(late.send(new ListBucketsCommand({})))).toMatchObject({ code: 'RequestTimeTooSkewed' });
  });

  it('refuses a request without a signature', async () => {
    expect((await fetch(`${server.url}/${BUCKET}?list-type=2`)).status).toBe(403);
  });
});

describe('buckets', () => {
  it('creates, lists, heads and deletes them, and refuses to delete one that holds something', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'short-lived' }));
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toContain('short-lived');
    await put('x', 'x', 'short-lived');
    expect(await refusal(s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' })))).toEqual({
      code: 'BucketNotEmpty',
      status: 409,
    });
    await s3.send(new DeleteObjectCommand({ Bucket: 'short-lived', Key: 'x' }));
    await s3.send(new DeleteBucketCommand({ Bucket: 'short-lived' }));
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: 'short-lived' })))).toMatchObject({ status: 404 });
  });

  it('answers NoSuchBucket for objects of a bucket that is not there', async () => {
    expect(await refusal(put('k', 'v', 'missing-bucket'))).toEqual({ code: 'NoSuchBucket', status: 404 });
  });

  it('answers AccessDenied where a policy denies the action, and only there', async () => {
    expect(await refusal(put('k', 'v', 'no-put'))).toEqual({ code: 'AccessDenied', status: 403 });
    await s3.send(new HeadBucketCommand({ Bucket: 'no-put' }));
    await put('k', 'v', 'no-list');
    const list = s3.send(new ListObjectsV2Command({ Bucket: 'no-list' }));
    expect(await refusal(list)).toEqual({ code: 'AccessDenied', status: 403 });
    const absent = s3.send(new HeadObjectCommand({ Bucket: 'no-list', Key: 'absent' }));
    expect(await refusal(absent)).toMatchObject({ status: 403 });
  });
});

describe('putting and getting', () => {
  it('gives back bytes, metadata, encryption, storage class and checksum', async () => {
    const body = randomBytes(3 * MIB);
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'full',
        Body: body,
        ChecksumCRC32C: crc32c(body),
        Metadata: { 'hdfs-path': '/data/x' },
        ContentType: 'application/x-parquet',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: 'key-1',
        StorageClass: 'INTELLIGENT_TIERING',
      }),
    );
    expect((await read('full')).equals(body)).toBe(true);
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'full', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({
      ContentLength: body.length,
      ChecksumCRC32C: crc32c(body),
      ChecksumType: 'FULL_OBJECT',
      Metadata: { 'hdfs-path': '/data/x' },
      ContentType: 'application/x-parquet',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'key-1',
      StorageClass: 'INTELLIGENT_TIERING',
    });
    const plain = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'full' }));
    expect(plain.ChecksumCRC32C).toBeUndefined();
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'agrees with the checksum the SDK computes with %s',
    async (algorithm) => {
      const key = `sdk-${algorithm}`;
      const sent = await s3.send(
        new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: randomBytes(70_001), ChecksumAlgorithm: algorithm }),
      );
      const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: key, ChecksumMode: 'ENABLED' }));
      expect(head[`Checksum${algorithm}`]).toBeTruthy();
      expect(head[`Checksum${algorithm}`]).toBe(sent[`Checksum${algorithm}`]);
    },
  );

  it('stores a CRC64NVME where the client sends no checksum', async () => {
    const bare = client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    await bare.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'bare', Body: '123456789' }));
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'bare', ChecksumMode: 'ENABLED' }));
    // Check value of CRC-64/NVME: ae8b14860a799888.
    expect(head.ChecksumCRC64NVME).toBe(Buffer.from('ae8b14860a799888', 'hex').toString('base64'));
  });

  it('takes the aws-chunked framing of streams off and checks their trailer', async () => {
    const body = randomBytes(300_000);
    const stream = Readable.from([body.subarray(0, 100_000), body.subarray(100_000)]);
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'chunked', Body: stream, ContentLength: body.length }));
    expect((await read('chunked')).equals(body)).toBe(true);
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'chunked' }));
    expect(head.ContentEncoding).toBeUndefined();
  });

  it('refuses a stream whose trailer belongs to other bytes', async () => {
    const tampering = client();
    tampering.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { body: Readable };
        request.body = request.body.map((bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('abc', 'abd')));
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    const body = Readable.from([Buffer.from('abc')]);
    const work = tampering.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'lie', Body: body, ContentLength: 3 }));
    expect(await refusal(work)).toMatchObject({ code: 'BadDigest' });
    expect(await refusal(read('lie'))).toMatchObject({ code: 'NoSuchKey' });
  });

  it('refuses a wrong checksum, a wrong Content-MD5 and a wrong payload hash, and stores nothing', async () => {
    const wrong = { Bucket: BUCKET, Key: 'never', Body: 'right' };
    const other = Buffer.from('other');
    const checksum = s3.send(new PutObjectCommand({ ...wrong, ChecksumCRC32C: crc32c(other) }));
    expect(await refusal(checksum)).toEqual({ code: 'BadDigest', status: 400 });
    const md5 = s3.send(new PutObjectCommand({ ...wrong, ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' }));
    expect(await refusal(md5)).toEqual({ code: 'BadDigest', status: 400 });
    const tampering = client();
    tampering.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: unknown }).body = Buffer.from('wrong');
        return next(args);
      },
      { step: 'deserialize', priority: 'low' },
    );
    const hash = tampering.send(new PutObjectCommand(wrong));
    expect(await refusal(hash)).toEqual({ code: 'XAmzContentSHA256Mismatch', status: 400 });
    expect(await refusal(read('never'))).toEqual({ code: 'NoSuchKey', status: 404 });
  });

  it('stores nothing when the client leaves in the middle of a body', async () => {
    const holding = client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const abort = new AbortController();
    const body = Readable.from(
      (async function* () {
        yield randomBytes(1000);
        await new Promise((resolve) => setTimeout(resolve, 100));
        abort.abort();
        yield randomBytes(10);
      })(),
    );
    const work = holding.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'half', Body: body, ContentLength: 5000 }), {
      abortSignal: abort.signal,
    });
    await expect(work).rejects.toThrow();
    expect(await refusal(read('half'))).toMatchObject({ code: 'NoSuchKey' });
  });

  it('serves ranges', async () => {
    await put('ranged', '0123456789');
    expect(String(await read('ranged', 'bytes=2-4'))).toBe('234');
    expect(String(await read('ranged', 'bytes=7-'))).toBe('789');
    expect(String(await read('ranged', 'bytes=-2'))).toBe('89');
    expect(await refusal(read('ranged', 'bytes=10-'))).toEqual({ code: 'InvalidRange', status: 416 });
  });

  it('keeps empty objects', async () => {
    await put('empty', '');
    expect((await read('empty')).length).toBe(0);
  });

  it('writes on conditions: only if absent, or only over the object seen before', async () => {
    const target = { Bucket: BUCKET, Key: 'conditional', Body: 'first' };
    const { ETag } = await s3.send(new PutObjectCommand({ ...target, IfNoneMatch: '*' }));
    const failed = { code: 'PreconditionFailed', status: 412 };
    expect(await refusal(s3.send(new PutObjectCommand({ ...target, IfNoneMatch: '*' })))).toEqual(failed);
    await s3.send(new PutObjectCommand({ ...target, Body: 'second', IfMatch: ETag }));
    expect(await refusal(s3.send(new PutObjectCommand({ ...target, IfMatch: ETag })))).toEqual(failed);
    expect(String(await read('conditional'))).toBe('second');
  });

  it('lets one of eight simultaneous writers win', async () => {
    const writers = Array.from({ length: 8 }, (_, n) =>
      s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'race', Body: `writer ${n}`, IfNoneMatch: '*' })),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('goes on serving an object that is replaced while it is read', async () => {
    const body = randomBytes(8 * MIB);
    await put('replaced', body);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: 'replaced' }));
    await put('replaced', 'new');
    expect(Buffer.from(await Body!.transformToByteArray()).equals(body)).toBe(true);
    expect(String(await read('replaced'))).toBe('new');
  });

  it('copies and deletes objects', async () => {
    await put('original é', 'copied');
    const source = `${BUCKET}/${encodeURIComponent('original é')}`;
    await s3.send(new CopyObjectCommand({ Bucket: BUCKET, Key: 'copy', CopySource: source }));
    expect(String(await read('copy'))).toBe('copied');
    const Objects = [{ Key: 'copy' }, { Key: 'original é' }, { Key: 'was never there' }];
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects } }));
    expect(Deleted).toHaveLength(3);
    expect(await refusal(read('copy'))).toMatchObject({ code: 'NoSuchKey' });
  });
});

const ODD_KEYS = [
  'with space',
  'percent%41',
  'percent%2Fslash',
  'plus+plus',
  'd=2024-01-01/file',
  'accent-é',
  'accent-e\u0301',
  'emoji-🦆',
  'colon:semi;',
  'back\\slash',
  'a//b',
  'a/./b',
  'a/../b',
  '/leading',
  'trailing/',
  'same',
  'same/child',
  'quote\'"<&>',
  'star*(paren)!',
  'hash#question?',
  'tab\tnewline\n',
  'ünï/'.repeat(100),
];

describe('keys', () => {
  it('keeps every key apart and exact, in both encodings of the list', async () => {
    for (const key of ODD_KEYS) await put(`odd/${key}`, key);
    for (const key of ODD_KEYS) expect(String(await read(`odd/${key}`))).toBe(key);
    const expected = ODD_KEYS.map((key) => Buffer.from(`odd/${key}`)).sort((a, b) => Buffer.compare(a, b));
    for (const EncodingType of ['url', undefined] as const) {
      const listed = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'odd/', EncodingType }));
      const keys = listed.Contents!.map(({ Key }) =>
        EncodingType === 'url' ? decodeURIComponent(Key!.replaceAll('+', ' ')) : Key!,
      );
      expect(keys).toEqual(expected.map(String));
    }
  });

  it('sorts by UTF-8 bytes, not by UTF-16 units', async () => {
    for (const key of ['\u{1F986}', '\uff5e', 'z']) await put(`order/${key}`, '');
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'order/' }));
    expect(Contents?.map(({ Key }) => Key)).toEqual(['order/z', 'order/\uff5e', 'order/\u{1F986}']);
  });

  it('refuses keys longer than 1024 bytes', async () => {
    expect(await refusal(put('é'.repeat(513), ''))).toMatchObject({ code: 'KeyTooLongError' });
  });

  it('lists page by page without losing or repeating a key', async () => {
    const keys = Array.from({ length: 95 }, (_, n) => `paged/${String(n).padStart(3, '0')}`);
    await Promise.all(keys.map((key) => put(key, key)));
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.send(
        new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'paged/', MaxKeys: 10, ContinuationToken: token }),
      );
      expect(page.KeyCount).toBeLessThanOrEqual(10);
      found.push(...page.Contents!.map(({ Key }) => Key!));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(found).toEqual(keys);
    const after = await s3.send(
      new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'paged/', StartAfter: 'paged/092' }),
    );
    expect(after.Contents?.map(({ Key }) => Key)).toEqual(['paged/093', 'paged/094']);
  });

  it('folds keys below a delimiter into common prefixes, across pages too', async () => {
    for (const key of ['a', 'b/1', 'b/2', 'b/3', 'c/1', 'd']) await put(`tree/${key}`, '');
    const entries: string[] = [];
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await s3.send(
        new ListObjectsV2Command({
          Bucket: BUCKET,
          Prefix: 'tree/',
          Delimiter: '/',
          MaxKeys: 1,
          ContinuationToken: token,
        }),
      );
      entries.push(...(page.Contents ?? []).map(({ Key }) => Key!));
      entries.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix!));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    expect(entries).toEqual(['tree/a', 'tree/b/', 'tree/c/', 'tree/d']);
  });
});

describe('multipart uploads', () => {
  it('puts parts together and keeps the CRC32C over the whole object', async () => {
    const { parts, whole, target } = await threeParts('multi/whole');
    const done = await s3.send(
      new CompleteMultipartUploadCommand({
        ...target,
        ChecksumCRC32C: crc32c(whole),
        ChecksumType: 'FULL_OBJECT',
        MpuObjectSize: whole.length,
        IfNoneMatch: '*',
      }),
    );
    expect(done.ChecksumCRC32C).toBe(crc32c(whole));
    expect(done.ETag).toMatch(/^"[0-9a-f]{32}-3"$/);
    expect((await read('multi/whole')).equals(whole)).toBe(true);
    expect((await read('multi/whole', 'bytes=990-3003')).equals(whole.subarray(990, 3004))).toBe(true);
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'multi/whole', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({
      ChecksumCRC32C: crc32c(whole),
      ChecksumType: 'FULL_OBJECT',
      Metadata: { source: '/data/x' },
    });
    expect(parts).toHaveLength(3);
  });

  it.each(['CRC32', 'CRC64NVME'] as const)('joins %s over parts as over the whole', async (algorithm) => {
    const target = { Bucket: BUCKET, Key: `multi/${algorithm}` };
    const bodies = [randomBytes(777), randomBytes(301)];
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...target, ChecksumAlgorithm: algorithm, ChecksumType: 'FULL_OBJECT' }),
    );
    const Parts: CompletedPart[] = [];
    for (const [index, Body] of bodies.entries()) {
      const part = { ...target, UploadId, PartNumber: index + 1, Body, ChecksumAlgorithm: algorithm };
      Parts.push({ ETag: (await s3.send(new UploadPartCommand(part))).ETag, PartNumber: index + 1 });
    }
    const done = await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
    const plain = await s3.send(
      new PutObjectCommand({ ...target, Key: 'plain', Body: Buffer.concat(bodies), ChecksumAlgorithm: algorithm }),
    );
    expect(done[`Checksum${algorithm}`]).toBe(plain[`Checksum${algorithm}`]);
  });

  it('gives a composite checksum with the number of parts where that was asked for', async () => {
    const { target, parts } = await threeParts('multi/composite', 'COMPOSITE');
    const done = await s3.send(new CompleteMultipartUploadCommand(target));
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part.ChecksumCRC32C!, 'base64')));
    expect(done.ChecksumCRC32C).toBe(`${crc32c(digests)}-3`);
    expect(done.ChecksumType).toBe('COMPOSITE');
  });

  it('refuses checksum types that an algorithm does not have', async () => {
    const create = (ChecksumAlgorithm: 'SHA256' | 'CRC64NVME', ChecksumType: 'FULL_OBJECT' | 'COMPOSITE') =>
      refusal(s3.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: 'k', ChecksumAlgorithm, ChecksumType })));
    expect(await create('SHA256', 'FULL_OBJECT')).toMatchObject({ code: 'InvalidRequest' });
    expect(await create('CRC64NVME', 'COMPOSITE')).toMatchObject({ code: 'InvalidRequest' });
  });

  it('refuses a part whose checksum is wrong or of another algorithm', async () => {
    const UploadId = await startUpload('multi/parts');
    const part = { Bucket: BUCKET, Key: 'multi/parts', UploadId, PartNumber: 1, Body: 'part' };
    const wrong = s3.send(new UploadPartCommand({ ...part, ChecksumCRC32C: crc32c(Buffer.from('other')) }));
    expect(await refusal(wrong)).toEqual({ code: 'BadDigest', status: 400 });
    const other = s3.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA256' }));
    expect(await refusal(other)).toEqual({ code: 'InvalidRequest', status: 400 });
    const parts = await s3.send(new ListPartsCommand({ Bucket: BUCKET, Key: 'multi/parts', UploadId }));
    expect(parts.Parts ?? []).toEqual([]);
  });

  it('refuses to complete with a wrong whole checksum, size, type, part or order, and stays open', async () => {
    const { id, parts, whole, target } = await threeParts('multi/refused');
    const complete = (changes: object) =>
      refusal(s3.send(new CompleteMultipartUploadCommand({ ...target, ...changes })));
    const listed = (...Parts: CompletedPart[]) => ({ MultipartUpload: { Parts } });
    const [one, two, three] = parts as [CompletedPart, CompletedPart, CompletedPart];
    expect(await complete({ ChecksumCRC32C: crc32c(Buffer.from('other')) })).toMatchObject({ code: 'BadDigest' });
    expect(await complete({ MpuObjectSize: whole.length + 1 })).toMatchObject({ code: 'InvalidRequest' });
    expect(await complete({ ChecksumType: 'COMPOSITE' })).toMatchObject({ code: 'BadDigest' });
    expect(await complete(listed(one, three, two))).toMatchObject({ code: 'InvalidPartOrder' });
    expect(await complete(listed(one, three))).toMatchObject({ code: 'InvalidPart' });
    expect(await complete(listed(one, { ...two, ETag: one.ETag }, three))).toMatchObject({ code: 'InvalidPart' });
    const wrongSum = { ...two, ChecksumCRC32C: one.ChecksumCRC32C };
    expect(await complete(listed(one, wrongSum, three))).toMatchObject({ code: 'InvalidPart' });
    const absent = { ...three, PartNumber: 4 };
    expect(await complete(listed(one, two, three, absent))).toMatchObject({ code: 'InvalidPart' });
    expect(await refusal(read('multi/refused'))).toMatchObject({ code: 'NoSuchKey' });
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId: id, ChecksumCRC32C: crc32c(whole) }));
    expect((await read('multi/refused')).equals(whole)).toBe(true);
  });

  it('refuses small parts other than the last', async () => {
    const id = await startUpload('multi/small');
    const parts = [
      await uploadPart('multi/small', id, 1, randomBytes(99)),
      await uploadPart('multi/small', id, 2, randomBytes(100)),
    ];
    const complete = new CompleteMultipartUploadCommand({
      Bucket: BUCKET,
      Key: 'multi/small',
      UploadId: id,
      MultipartUpload: { Parts: parts },
    });
    expect(await refusal(s3.send(complete))).toEqual({ code: 'EntityTooSmall', status: 400 });
  });

  it('succeeds again when the same completion comes twice, and not with other parts', async () => {
    const { target, parts, whole } = await threeParts('multi/twice');
    const first = await s3.send(new CompleteMultipartUploadCommand(target));
    const second = await s3.send(new CompleteMultipartUploadCommand(target));
    expect(second.ETag).toBe(first.ETag);
    expect((await read('multi/twice')).equals(whole)).toBe(true);
    const other = { ...target, MultipartUpload: { Parts: parts.slice(0, 2) } };
    expect(await refusal(s3.send(new CompleteMultipartUploadCommand(other)))).toMatchObject({ code: 'NoSuchUpload' });
  });

  it('refuses to complete over an object where none may be', async () => {
    await put('multi/there', 'before');
    const { target } = await threeParts('multi/there');
    const work = s3.send(new CompleteMultipartUploadCommand({ ...target, IfNoneMatch: '*' }));
    expect(await refusal(work)).toEqual({ code: 'PreconditionFailed', status: 412 });
    expect(String(await read('multi/there'))).toBe('before');
  });

  it('keeps the last of several uploads of one part', async () => {
    const id = await startUpload('multi/again');
    await uploadPart('multi/again', id, 1, randomBytes(50));
    const body = randomBytes(60);
    const part = await uploadPart('multi/again', id, 1, body);
    await s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: BUCKET,
        Key: 'multi/again',
        UploadId: id,
        MultipartUpload: { Parts: [part] },
      }),
    );
    expect((await read('multi/again')).equals(body)).toBe(true);
  });

  it('lists parts and uploads page by page and forgets what is aborted', async () => {
    const key = 'multi/listed é';
    const id = await startUpload(key);
    const sizes = Array.from({ length: 7 }, (_, n) => 10 + n);
    for (const [index, size] of sizes.entries()) await uploadPart(key, id, index + 1, randomBytes(size));
    const target = { Bucket: BUCKET, Key: key, UploadId: id };
    const first = await s3.send(new ListPartsCommand({ ...target, MaxParts: 4 }));
    const second = await s3.send(
      new ListPartsCommand({ ...target, MaxParts: 4, PartNumberMarker: first.NextPartNumberMarker }),
    );
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
    const parts = [...first.Parts!, ...second.Parts!];
    expect(parts.map(({ Size }) => Size)).toEqual(sizes);
    expect(parts.every(({ ChecksumCRC32C }) => ChecksumCRC32C !== undefined)).toBe(true);

    const others = [await startUpload(key), await startUpload('multi/listed f')];
    const found: string[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (let isTruncated = true; isTruncated;) {
      const page = await s3.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: 'multi/listed', MaxUploads: 1, ...markers }),
      );
      found.push(...page.Uploads!.map(({ UploadId }) => UploadId!));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      isTruncated = page.IsTruncated === true;
    }
    expect(found.sort()).toEqual([id, ...others].sort());

    await s3.send(new AbortMultipartUploadCommand(target));
    expect(await refusal(s3.send(new ListPartsCommand(target)))).toEqual({ code: 'NoSuchUpload', status: 404 });
    expect(await refusal(uploadPart(key, id, 1, randomBytes(1)))).toMatchObject({ code: 'NoSuchUpload' });
  });
});

describe('faults', () => {
  const only = (operation: string, fault: Fault) => {
    let isDone = false;
    faultFor = (request) => {
      if (isDone || request.operation !== operation) return undefined;
      isDone = true;
      return fault;
    };
  };

  it('answers the error it was told to, once the client has sent its body', async () => {
    only('PutObject', { kind: 'error', status: 503, code: 'SlowDown' });
    expect(await refusal(put('slow', randomBytes(2 * MIB)))).toEqual({ code: 'SlowDown', status: 503 });
    await put('slow', 'now');
  });

  it('resets connections', async () => {
    only('PutObject', { kind: 'reset' });
    await expect(put('reset', 'x')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await refusal(read('reset'))).toMatchObject({ code: 'NoSuchKey' });
  });

  it('loses an acknowledgement after the work is done', async () => {
    only('PutObject', { kind: 'lose-acknowledgement' });
    await expect(put('lost', 'kept')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(String(await read('lost'))).toBe('kept');
  });

  it('delays', async () => {
    only('HeadBucket', { kind: 'delay', delayMs: 150 });
    const startedAt = performance.now();
    await s3.send(new HeadBucketCommand({ Bucket: BUCKET }));
    expect(performance.now() - startedAt).toBeGreaterThan(140);
  });

  it('cuts an answer short', async () => {
    await put('cut', randomBytes(MIB));
    only('GetObject', { kind: 'cut', afterBytes: 1000 });
    await expect(read('cut')).rejects.toThrow();
  });
});

describe('lifetime', () => {
  it('holds everything after starting again on the same directory: objects, open uploads and their parts', async () => {
    await put('restart/object', 'kept');
    const { target, whole } = await threeParts('restart/upload');
    await server.close();
    server = await startS3Server(options);
    s3 = client();
    expect(String(await read('restart/object'))).toBe('kept');
    await s3.send(new CompleteMultipartUploadCommand({ ...target, ChecksumCRC32C: crc32c(whole) }));
    expect((await read('restart/upload')).equals(whole)).toBe(true);
  });

  it('keeps every acknowledged object, whole, when it is killed in the middle of work', async () => {
    const killed = mkdtempSync(join(tmpdir(), 'lakelift-s3-killed-'));
    const start = async () => {
      const child = fork(join(import.meta.dirname, 's3-server.child.ts'), [killed, JSON.stringify(credentials)]);
      const [endpoint] = (await once(child, 'message')) as [string];
      return { child, s3: client({ endpoint }) };
    };
    const first = await start();
    await first.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const acknowledged: string[] = [];
    const body = (key: string) => Buffer.alloc(200_000, key);
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let n = 0; ; n++) {
        const Key = `${writer}-${n}`;
        await first.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: body(Key) }));
        acknowledged.push(Key);
        if (acknowledged.length === 100) first.child.kill('SIGKILL');
      }
    });
    await Promise.allSettled(writers);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    const second = await start();
    for (const Key of acknowledged) {
      const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      expect(Buffer.from(await Body!.transformToByteArray()).equals(body(Key))).toBe(true);
    }
    const { Contents } = await second.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(readdirSync(join(killed, 'data'))).toHaveLength(Contents!.length);
    second.child.kill('SIGKILL');
    rmSync(killed, { recursive: true });
  });

  it('uses little memory for a large body', async () => {
    const sizeBytes = 256 * MIB;
    const chunk = randomBytes(MIB);
    globalThis.gc?.();
    const before = process.memoryUsage.rss();
    let peak = before;
    const body = Readable.from(
      (function* () {
        for (let sent = 0; sent < sizeBytes; sent += chunk.length) {
          peak = Math.max(peak, process.memoryUsage.rss());
          yield chunk;
        }
      })(),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket: BUCKET,
        Key: 'large',
        Body: body,
        ContentLength: sizeBytes,
        ChecksumSHA256: undefined,
      }),
    );
    const head = await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: 'large' }));
    expect(head.ContentLength).toBe(sizeBytes);
    expect(peak - before).toBeLessThan(150 * MIB);
  });

  it('answers what it does not do with NotImplemented rather than doing something else', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      httpRequest(`${server.url}/${BUCKET}/x?tagging`, { method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(501);
  });
});
