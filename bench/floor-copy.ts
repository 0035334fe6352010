import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { createS3Client } from '../src/adapters/s3/s3-client.ts';
import { WebHdfsClient, type FileStatus } from '../src/hdfs-webhdfs-client/index.ts';
import { REGION } from './servers.ts';

interface Settings {
  readonly webHdfsUrl: string;
  readonly s3Endpoint: string;
  readonly path: string;
  readonly bucket: string;
}

const PART_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 16;

const { webHdfsUrl, s3Endpoint, path, bucket } = JSON.parse(process.argv[2]!) as Settings;
const authentication = { kind: 'user', user: 'hdfs' } as const;
const source = new WebHdfsClient({ nameNodes: [webHdfsUrl], authentication, readsBlocks: true });
const client = createS3Client(
  { region: REGION, endpoint: s3Endpoint, forcePathStyle: true },
  { answerMs: 60_000, idleMs: 60_000 },
);
const parts = pLimit(PARTS_AT_ONCE);
const buffers: Uint8Array[] = [];
const copies: Promise<void>[] = [];
for await (const file of source.list(path)) copies.push(copy(file));
await Promise.all(copies);
source.close();
client.destroy();

async function copy({ path: file, sizeBytes }: FileStatus): Promise<void> {
  const target = { Bucket: bucket, Key: `data${file.slice(path.length)}` };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(target));
  const offsets = Array.from({ length: Math.ceil(sizeBytes / PART_BYTES) }, (_, index) => index * PART_BYTES);
  const Parts = await parts.map(offsets, async (offset) => {
    const buffer = buffers.pop() ?? new Uint8Array(PART_BYTES);
    const Body = buffer.subarray(0, Math.min(PART_BYTES, sizeBytes - offset));
    const read = await source.readBlocksInto(file, { offset, length: Body.length }, Body);
    if (read === undefined) throw new Error('No data port answers');
    const PartNumber = offset / PART_BYTES + 1;
    const { ETag } = await client.send(new UploadPartCommand({ ...target, UploadId, PartNumber, Body }));
    buffers.push(buffer);
    return { ETag, PartNumber };
  });
  await client.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }));
}
