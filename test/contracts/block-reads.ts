import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CHUNK_BYTES, crcOf } from '../../src/domain/checksum/crc.ts';
import { WebHdfsClient, WebHdfsWriter, type Authentication } from '../../src/hdfs-webhdfs-client/index.ts';

export interface BlockWorld {
  readonly url: string;
  readonly superuser: string;
  close(): Promise<void>;
}

const BLOCK_BYTES = 1536;
const SIZE_BYTES = 200_000;

/** What is read from the data ports of DataNodes, sandboxed and real. */
export function describeBlockReads(open: () => Promise<BlockWorld>): void {
  let world: BlockWorld;
  let client: WebHdfsClient;
  let writer: WebHdfsWriter;
  const path = `/blocks-${randomUUID()}`;
  const body = randomBytes(SIZE_BYTES);

  const connect = (user: string, readsBlocks = true): WebHdfsClient =>
    new WebHdfsClient({ nameNodes: [world.url], authentication: { kind: 'user', user }, readsBlocks });
  beforeAll(async () => {
    world = await open();
    const authentication: Authentication = { kind: 'user', user: world.superuser };
    writer = new WebHdfsWriter({ nameNodes: [world.url], authentication });
    client = connect(world.superuser);
    await writer.create(path, body, { blockSizeBytes: BLOCK_BYTES });
    await writer.create(`${path}-large`, body, { blockSizeBytes: 1024 * 1024 });
    await writer.setPermission(`${path}-large`, '600');
  });
  afterAll(async () => {
    await writer.delete(path);
    await writer.delete(`${path}-large`);
    writer.close();
    client.close();
    await world.close();
  });

  const read = async (from: string, offset: number, length: number) => {
    const target = Buffer.alloc(length);
    return { target, read: await client.readBlocksInto(from, { offset, length }, target) };
  };
  /** CRCs of the chunks of each block in turn. */
  const computed = (offset: number, length: number, blockBytes: number): Buffer => {
    const all: Uint8Array[] = [];
    for (let at = offset; at < offset + length;) {
      const end = Math.min(offset + length, (Math.floor(at / blockBytes) + 1) * blockBytes);
      const crcs = new Uint8Array(Math.ceil((end - at) / CHUNK_BYTES) * 4);
      crcOf('CRC32C').sumChunks(body.subarray(at, end), crcs);
      all.push(crcs);
      at = end;
    }
    return Buffer.concat(all);
  };

  it.each([
    ['the whole file', '', 0, SIZE_BYTES],
    ['chunks within a block', '', 512, 1024],
    ['chunks across blocks', '', 1024, 5 * BLOCK_BYTES],
    ['the short last chunk', '', 199_680, SIZE_BYTES - 199_680],
    ['several packets of a large block', '-large', 0, SIZE_BYTES],
    ['a part of a large block', '-large', 65_536, 70_144],
  ])('gives the bytes of %s with the CRCs that HDFS keeps of them', async (_, suffix, offset, length) => {
    const { target, read: result } = await read(path + suffix, offset, length);
    expect(target.equals(body.subarray(offset, offset + length))).toBe(true);
    expect(result!.kept!.crcType).toBe('CRC32C');
    const expected = computed(offset, length, suffix === '' ? BLOCK_BYTES : 1024 * 1024);
    expect(Buffer.from(result!.kept!.chunkCrcs).equals(expected)).toBe(true);
  });

  it.each([
    [0, 1],
    [511, 2],
    [1535, 2],
    [100, 199_000],
    [SIZE_BYTES - 1, 1],
  ])('gives the bytes from %d on, %d long, without CRCs where these would cover more', async (offset, length) => {
    const { target, read: result } = await read(path, offset, length);
    expect(target.equals(body.subarray(offset, offset + length))).toBe(true);
    expect(result!.kept === undefined).toBe(offset % CHUNK_BYTES !== 0 || offset + length < SIZE_BYTES);
  });

  it('gives nothing to whom the NameNode denies it, and of a file that is not there', async () => {
    const stranger = connect('alice');
    const work = stranger.readBlocksInto(`${path}-large`, { offset: 0, length: 10 }, new Uint8Array(10));
    await expect(work).rejects.toMatchObject({ failure: 'denied' });
    stranger.close();
    const absent = client.readBlocksInto(`${path}-absent`, { offset: 0, length: 10 }, new Uint8Array(10));
    await expect(absent).rejects.toMatchObject({ failure: 'not-found' });
  });

  it('reads many ranges at once, over connections that it keeps', async () => {
    const lengths = Array.from({ length: 60 }, (_, index) => ({ offset: index * 3072, length: 3072 }));
    for (let round = 0; round < 2; round++)
      await Promise.all(
        lengths.map(async ({ offset, length }) => {
          const { target } = await read(path, offset, length);
          expect(target.equals(body.subarray(offset, offset + length))).toBe(true);
        }),
      );
  });

  it('rejects with the reason of an abort', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const work = client.readBlocksInto(path, { offset: 0, length: 10 }, new Uint8Array(10), signal);
    await expect(work).rejects.toThrow('enough');
  });

  it('does not read blocks unless asked to', async () => {
    const plain = connect(world.superuser, false);
    expect(await plain.readBlocksInto(path, { offset: 0, length: 10 }, new Uint8Array(10))).toBeUndefined();
    plain.close();
  });
}
