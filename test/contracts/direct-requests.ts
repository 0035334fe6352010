import { ListPartsCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { etagIn, throwRefusedSum, uploadIdIn } from '../../src/adapters/s3/direct-answers.ts';
import { DirectRequests, type DirectRequest } from '../../src/adapters/s3/direct-requests.ts';
import { headOutput, putHeaders, uploadHeaders } from '../../src/adapters/s3/object-headers.ts';
import { createS3Client, type S3Settings } from '../../src/adapters/s3/s3-client.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';

export interface DirectRequestsWorld {
  readonly settings: S3Settings;
  readonly bucket: string;
  close(): Promise<void>;
}

const body = new TextEncoder().encode('a small file');
const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
const metadata = { mark: 'é 1' };

/** The short way must really be taken: a store would not notice if everything went through the SDK. */
export function describeDirectRequests(open: () => Promise<DirectRequestsWorld>): void {
  let world: DirectRequestsWorld;
  let client: ReturnType<typeof createS3Client>;
  let direct: DirectRequests;
  const addressOf = (key: string) => ({ bucket: world.bucket, key: s3Key(key) });
  const send = (key: string, request: Omit<DirectRequest, 'address' | 'timeoutMs' | 'silenceMs'>) =>
    direct.send({ address: addressOf(key), timeoutMs: 10_000, silenceMs: 10_000, ...request });
  const put = (key: string, sum = crc32c) => {
    const condition = { kind: 'if-absent' as const };
    const request = { address: addressOf(key), body, crc32c: sum, metadata, condition };
    return send(key, { method: 'PUT', body, headers: putHeaders(request, undefined) });
  };
  const find = (key: string) => send(key, { method: 'HEAD', headers: { 'x-amz-checksum-mode': 'ENABLED' } });

  beforeAll(async () => {
    world = await open();
    client = createS3Client(world.settings, { answerMs: 10_000, idleMs: 10_000 });
    direct = new DirectRequests(client);
  });
  afterAll(async () => {
    direct.close();
    client.destroy();
    await world.close();
  });

  it.each(['plain/part-0', "day=2024-01-01/a b+c~(1)*!'.orc", 'ts=10%3A30/é日本', 'x//y;z&q?#'])(
    'writes and finds %s where the SDK finds it',
    async (key) => {
      expect((await find(key))?.status).toBe(404);
      const etag = etagIn(await put(key));
      expect(etag).toMatch(/^[^"]+$/);
      const Metadata = { mark: '%C3%A9 1' };
      const found = { ContentLength: body.length, ETag: `"${etag}"`, ChecksumCRC32C: crc32c, Metadata };
      expect(headOutput((await find(key))!)).toMatchObject(found);
      const bySdk = new HeadObjectCommand({ Bucket: world.bucket, Key: key, ChecksumMode: 'ENABLED' });
      expect(await client.send(bySdk)).toMatchObject(found);
    },
  );

  it('opens an upload, sends a part and aborts it, as the SDK sees', async () => {
    const key = "parts/a b+c~(1)*!'é";
    const opened = await send(key, {
      method: 'POST',
      query: { uploads: '' },
      headers: uploadHeaders(metadata, undefined),
    });
    const uploadId = uploadIdIn(opened)!;
    expect(uploadId).toMatch(/./);
    const part = (sum: string) => {
      const query = { partNumber: '1', uploadId };
      return send(key, { method: 'PUT', query, headers: { 'x-amz-checksum-crc32c': sum }, body });
    };
    const refused = await part('AAAAAA==');
    expect(etagIn(refused)).toBeUndefined();
    const work = { subject: 's3://b/k', permission: 's3:PutObject' };
    expect(() => throwRefusedSum(refused, work)).toThrow(expect.objectContaining({ kind: 'corrupt' }) as Error);
    const etag = etagIn(await part(crc32c));
    const listParts = () => client.send(new ListPartsCommand({ Bucket: world.bucket, Key: key, UploadId: uploadId }));
    const { Parts } = await listParts();
    expect(Parts).toMatchObject([{ PartNumber: 1, ETag: `"${etag}"`, Size: body.length, ChecksumCRC32C: crc32c }]);
    expect((await send(key, { method: 'DELETE', query: { uploadId } }))?.status).toBe(204);
    await expect(listParts()).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });

  it('gives refusals as they come, and says of a checksum only that it was refused', async () => {
    expect(etagIn(await put('refused', 'AAAAAA=='))).toBeUndefined();
    expect(etagIn(await put('twice'))).toBeDefined();
    const refused = await put('twice');
    expect(refused?.status).toBe(412);
    expect(etagIn(refused)).toBeUndefined();
    expect(throwRefusedSum(refused, { subject: 's3://b/k', permission: 's3:PutObject' })).toBeUndefined();
  });
}
