import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { s3Key } from '../../../src/domain/names.ts';
import { isLakeliftError } from '../../../src/errors.ts';
import type { WriteCondition } from '../../../src/ports/target-object-store.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import { startS3Server, type S3FaultRequest, type S3ServerOptions } from '../../../src/sandbox/s3/s3-server.ts';
import { describeTargetObjectStore } from '../../contracts/target-object-store.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const BUCKET = 'raw-zone';

async function openSandbox(options: Partial<S3ServerOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-s3-adapter-'));
  const server: SandboxServer = await startS3Server({ directory, credentials, ...options });
  const settings = { endpoint: server.url, region: 'eu-west-3', forcePathStyle: true, credentials };
  const client = new S3Client(settings);
  for (const Bucket of [BUCKET, 'no-put', 'no-list']) await client.send(new CreateBucketCommand({ Bucket }));
  client.destroy();
  const close = async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  };
  return { settings, close, url: server.url };
}

describe('S3TargetObjectStore on the sandbox', () => {
  describeTargetObjectStore(async () => {
    const { settings, close } = await openSandbox();
    return {
      store: new S3TargetObjectStore(settings),
      stranger: new S3TargetObjectStore({
        ...settings,
        credentials: { ...credentials, accessKeyId: 'nobody' },
      }),
      bucket: BUCKET,
      close,
    };
  });
});

describe('S3TargetObjectStore in trouble', () => {
  let fault: (request: S3FaultRequest) => Fault | undefined = () => undefined;
  let sandbox: Awaited<ReturnType<typeof openSandbox>>;
  let store: S3TargetObjectStore;

  beforeAll(async () => {
    sandbox = await openSandbox({
      faults: (request) => fault(request),
      denied: { 'no-put': ['s3:PutObject'], 'no-list': ['s3:ListBucket'] },
    });
    store = new S3TargetObjectStore({ ...sandbox.settings, kmsKeyIds: { [BUCKET]: 'zone-key' } });
  });
  afterAll(async () => {
    store.close();
    await sandbox.close();
  });

  const body = Buffer.from('123456789');
  const request = (key: string, bucket = BUCKET) => ({
    address: { bucket, key: s3Key(key) },
    body,
    crc32c: '4waSgw==',
    metadata: {},
    condition: { kind: 'if-absent' as const },
  });
  const failure = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!isLakeliftError(error)) throw new Error('no LakeliftError', { cause: error });
    return error;
  };

  it('names the right that is missing', async () => {
    const put = await failure(store.putObject(request('k', 'no-put')));
    expect(put).toMatchObject({ kind: 'denied', subject: 's3://no-put/k' });
    expect(put.hint).toContain('s3:PutObject');
    const list = await failure(Array.fromAsync(store.listObjects('no-list', '')));
    expect(list).toMatchObject({ kind: 'denied' });
    expect(list.hint).toContain('s3:ListBucket');
  });

  it('says throttled when the store asks to slow down for good', async () => {
    fault = () => ({ kind: 'error', status: 503, code: 'SlowDown' });
    expect(await failure(store.putObject(request('slow')))).toMatchObject({ kind: 'throttled' });
  });

  it('says unavailable when connections break for good, and where nothing listens', async () => {
    fault = () => ({ kind: 'reset' });
    expect(await failure(store.putObject(request('reset')))).toMatchObject({ kind: 'unavailable' });
    fault = () => undefined;
    const nowhere = new S3TargetObjectStore({ ...sandbox.settings, endpoint: 'http://127.0.0.1:1' });
    expect(await failure(nowhere.checkBucket(BUCKET))).toMatchObject({ kind: 'unavailable' });
    nowhere.close();
  });

  it('says conflict where a refusal came as a mere reset, by what stands there; of a condition that holds, that it is to be repeated', async () => {
    const { etag } = await store.putObject(request('refused'));
    fault = ({ operation }) => (operation === 'PutObject' ? { kind: 'reset' } : undefined);
    const put = (key: string, condition: WriteCondition) => failure(store.putObject({ ...request(key), condition }));
    const refused = await put('refused', { kind: 'if-absent' });
    expect(refused).toMatchObject({ kind: 'conflict', code: 'S3_CONFLICT', subject: `s3://${BUCKET}/refused` });
    expect(refused.hint).toContain('run again');
    expect(await put('refused', { kind: 'if-match', etag: 'another' })).toMatchObject({ kind: 'conflict' });
    expect(await put('nothing', { kind: 'if-match', etag })).toMatchObject({ kind: 'conflict' });
    expect(await put('refused', { kind: 'if-match', etag })).toMatchObject({ kind: 'unavailable' });
    expect(await put('nothing', { kind: 'if-absent' })).toMatchObject({ kind: 'unavailable' });
  });

  it('says conflict when an answer was lost after the object was written', async () => {
    let isFirst = true;
    fault = () => {
      const now = isFirst;
      isFirst = false;
      return now ? { kind: 'lose-acknowledgement' } : undefined;
    };
    expect(await failure(store.putObject(request('lost')))).toMatchObject({ kind: 'conflict' });
    expect(await store.findObject(request('lost').address)).toMatchObject({ crc32c: '4waSgw==' });
  });

  it('fails, rather than ending early, when an object is cut short while read', async () => {
    await store.putObject(request('cut'));
    fault = () => ({ kind: 'cut', afterBytes: 3 });
    const reading = store.readObject(request('cut').address).then((bytes) => Array.fromAsync(bytes));
    expect(await failure(reading)).toMatchObject({ kind: 'unavailable' });
    fault = () => undefined;
  });

  it('sends the bytes of a trial once, and what else is refused once more through the SDK', async () => {
    const sent: string[] = [];
    fault = ({ operation }) => void sent.push(operation);
    const { address } = request('trial');
    const uploadId = await store.createUpload(address, {});
    const part = { address, uploadId, partNumber: 1, body, crc32c: 'AAAAAA==' };
    expect(await failure(store.uploadPart({ ...part, isTrial: true }))).toMatchObject({ kind: 'corrupt' });
    expect(sent).toEqual(['CreateMultipartUpload', 'UploadPart']);
    expect(await failure(store.uploadPart(part))).toMatchObject({ kind: 'corrupt' });
    expect(sent.slice(2)).toEqual(['UploadPart', 'UploadPart']);
    await store.abortUpload(address, uploadId);
    expect(await store.findObject(address)).toBeUndefined();
    expect(sent.slice(4)).toEqual(['AbortMultipartUpload', 'HeadObject']);
    fault = () => undefined;
  });

  it('says of an object what is said by the SDK, where the short way fails', async () => {
    await store.putObject({ ...request('long way'), metadata: { mark: 'é' } });
    const direct = await store.findObject(request('long way').address);
    expect(direct).toMatchObject({ sizeBytes: 9, crc32c: '4waSgw==', metadata: { mark: 'é' } });
    let count = 0;
    fault = () => (++count === 1 ? { kind: 'reset' } : undefined);
    expect(await store.findObject(request('long way').address)).toEqual(direct);
    expect(count).toBe(2);
    fault = () => undefined;
  });

  it.each(['directly', 'through the SDK'])(
    'sends the key of the zone with every write, and hashes no body a second time, %s',
    async (way) => {
      const seen: Record<string, string | undefined>[] = [];
      let count = 0;
      const spy = createServer((incoming, outgoing) => {
        const isLost = ++count % 2 === 1 && way !== 'directly';
        if (!isLost) seen.push(incoming.headers as Record<string, string>);
        incoming.resume().on('end', () => {
          if (isLost) outgoing.destroy();
          else if (incoming.method === 'POST') outgoing.end('<R><UploadId>u</UploadId></R>');
          else outgoing.setHeader('etag', '"e"').end();
        });
      });
      await new Promise<void>((resolve) => spy.listen(0, '127.0.0.1', resolve));
      const { port } = spy.address() as { port: number };
      const spied = new S3TargetObjectStore({
        ...sandbox.settings,
        endpoint: `http://127.0.0.1:${port}`,
        kmsKeyIds: { [BUCKET]: 'zone-key' },
      });
      const large = { ...request('large'), body: Buffer.alloc(3 * 1024 * 1024) };
      await spied.putObject(large);
      expect(await spied.createUpload(large.address, {})).toBe('u');
      await spied.uploadPart({ ...large, uploadId: 'u', partNumber: 1 });
      expect(seen).toHaveLength(3);
      const bySdk = seen.map((headers) => headers['user-agent'] !== undefined);
      expect(bySdk).toEqual(Array(3).fill(way !== 'directly'));
      for (const headers of [seen[0]!, seen[1]!])
        expect(headers).toMatchObject({
          'x-amz-server-side-encryption': 'aws:kms',
          'x-amz-server-side-encryption-aws-kms-key-id': 'zone-key',
        });
      for (const headers of [seen[0]!, seen[2]!]) {
        expect(headers).toMatchObject({
          'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
          'x-amz-checksum-crc32c': '4waSgw==',
        });
        expect(headers['x-amz-checksum-crc32']).toBeUndefined();
        expect(headers['expect']).toBeUndefined();
      }
      spied.close();
      spy.close();
      spy.closeAllConnections();
    },
  );
});
