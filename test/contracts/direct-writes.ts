import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListPartsCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DirectWrites, putHeaders } from '../../src/adapters/s3/direct-writes.ts';
import { createS3Client, type S3Settings } from '../../src/adapters/s3/s3-client.ts';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key } from '../../src/domain/names.ts';

export interface DirectWritesWorld {
  readonly settings: S3Settings;
  readonly bucket: string;
  close(): Promise<void>;
}

const body = new TextEncoder().encode('a small file');
const crc32c = crcToBase64(crcOf('CRC32C').sum(body));

/** The short way must really be taken: a store would not notice if everything went through the SDK. */
export function describeDirectWrites(open: () => Promise<DirectWritesWorld>): void {
  let world: DirectWritesWorld;
  let client: ReturnType<typeof createS3Client>;
  let writes: DirectWrites;
  const put = (key: string, sum = crc32c) => {
    const address = { bucket: world.bucket, key: s3Key(key) };
    const request = {
      address,
      body,
      crc32c: sum,
      metadata: { mark: 'é 1' },
      condition: { kind: 'if-absent' as const },
    };
    return writes.put({ address, body, headers: putHeaders(request, undefined), timeoutMs: 10_000, silenceMs: 10_000 });
  };

  beforeAll(async () => {
    world = await open();
    client = createS3Client(world.settings, { answerMs: 10_000, idleMs: 10_000 });
    writes = new DirectWrites(client);
  });
  afterAll(async () => {
    writes.close();
    client.destroy();
    await world.close();
  });

  it('waits for the SDK to find the endpoint of a bucket', async () => {
    expect(await put('early')).toBeUndefined();
    await client.send(new HeadBucketCommand({ Bucket: world.bucket }));
    expect(await put('early')).toMatch(/^".+"$/);
  });

  it.each(['plain/part-0', "day=2024-01-01/a b+c~(1)*!'.orc", 'ts=10%3A30/é日本', 'x//y;z&q?#'])(
    'writes %s where the SDK finds it',
    async (key) => {
      expect(await put(key)).toBeDefined();
      const head = await client.send(
        new HeadObjectCommand({ Bucket: world.bucket, Key: key, ChecksumMode: 'ENABLED' }),
      );
      expect(head).toMatchObject({
        ContentLength: body.length,
        ChecksumCRC32C: crc32c,
        Metadata: { mark: '%C3%A9 1' },
      });
    },
  );

  it('sends a part of an upload where the SDK began it', async () => {
    const address = { bucket: world.bucket, key: s3Key("parts/a b+c~(1)*!'é") };
    const place = { Bucket: address.bucket, Key: address.key };
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...place, ChecksumAlgorithm: 'CRC32C', ChecksumType: 'FULL_OBJECT' }),
    );
    const part = (sum: string) =>
      writes.put({
        address,
        query: { partNumber: '1', uploadId: UploadId! },
        headers: { 'x-amz-checksum-crc32c': sum },
        body,
        timeoutMs: 10_000,
        silenceMs: 10_000,
      });
    expect(await part('AAAAAA==')).toBeUndefined();
    const etag = await part(crc32c);
    expect(etag).toMatch(/^".+"$/);
    const { Parts } = await client.send(new ListPartsCommand({ ...place, UploadId }));
    expect(Parts).toMatchObject([{ PartNumber: 1, ETag: etag, Size: body.length, ChecksumCRC32C: crc32c }]);
    await client.send(new AbortMultipartUploadCommand({ ...place, UploadId }));
  });

  it('leaves what the store refuses to the SDK', async () => {
    expect(await put('refused', 'AAAAAA==')).toBeUndefined();
    expect(await put('twice')).toBeDefined();
    expect(await put('twice')).toBeUndefined();
  });
}
