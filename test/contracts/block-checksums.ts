import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ChecksumReader, type ChecksumSource } from '../../src/hdfs-webhdfs-client/blocks/checksum-reader.ts';
import { DataNodePool } from '../../src/hdfs-webhdfs-client/blocks/data-node-pool.ts';
import { DEFAULT_TIMEOUTS } from '../../src/hdfs-webhdfs-client/exchange-limits.ts';
import { WebHdfsClient, WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';

export interface ChecksumWorld {
  readonly url: string;
  readonly superuser: string;
  readonly locate: ChecksumSource['locate'];
  close(): Promise<void>;
}

const BLOCK_BYTES = 1536;

/** Checksums that are put together from those of blocks, sandboxed and real: always those that HDFS gives itself. */
export function describeBlockChecksums(open: () => Promise<ChecksumWorld>): void {
  let world: ChecksumWorld;
  let writer: WebHdfsWriter;
  let overHttp: WebHdfsClient;
  const root = `/block-checksums-${randomUUID()}`;
  const pool = new DataNodePool();

  beforeAll(async () => {
    world = await open();
    const options = { nameNodes: [world.url], authentication: { kind: 'user', user: world.superuser } } as const;
    writer = new WebHdfsWriter(options);
    overHttp = new WebHdfsClient(options);
  });
  afterAll(async () => {
    await writer.delete(root, { recursive: true });
    writer.close();
    overHttp.close();
    pool.close();
    await world.close();
  });

  const limitsOf = (signal?: AbortSignal) => ({ ...DEFAULT_TIMEOUTS, signal });
  const reader = (source: Partial<ChecksumSource> = {}) =>
    new ChecksumReader({ locate: world.locate, limitsOf, ...source }, pool);

  it.each([1, 511, 512, 513, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES, 40_000, 200_000])(
    'of a file of %d bytes',
    async (sizeBytes) => {
      const path = `${root}/${sizeBytes}`;
      await writer.create(path, randomBytes(sizeBytes), { blockSizeBytes: BLOCK_BYTES });
      const found = await reader().find(path);
      expect(found).toBeDefined();
      expect(found).toEqual(await overHttp.findChecksum(path));
    },
  );

  it('of blocks of odd sizes, as files have that were appended to', async () => {
    const path = `${root}/appended`;
    await writer.create(path, randomBytes(700), { blockSizeBytes: BLOCK_BYTES });
    await writer.append(path, randomBytes(2000));
    const found = await reader().find(path);
    expect(found).toBeDefined();
    expect(found).toEqual(await overHttp.findChecksum(path));
  });

  it('leaves to WebHDFS what it cannot know: no blocks, striped ones, a part of a file, a file open for write', async () => {
    const path = `${root}/several`;
    await writer.create(path, randomBytes(5000), { blockSizeBytes: BLOCK_BYTES });
    await writer.create(`${root}/empty`, new Uint8Array());
    expect(await reader().find(`${root}/empty`)).toBeUndefined();
    const located = (await world.locate(path, undefined))!;
    const { fileSizeBytes, isUnderConstruction, blocks } = located;
    for (const odd of [
      undefined,
      { fileSizeBytes, isUnderConstruction, blocks },
      { ...located, isStriped: true },
      { ...located, isUnderConstruction: true },
      { ...located, blocks: located.blocks.slice(1) },
      { ...located, blocks: located.blocks.slice(0, -1) },
      { ...located, blocks: located.blocks.map((block) => ({ ...block, addresses: [] })) },
    ])
      expect(await reader({ locate: () => Promise.resolve(odd) }).find(path)).toBeUndefined();
  });

  it('asks another replica where one does not give it, and rejects with the reason of an abort', async () => {
    const path = `${root}/replicas`;
    await writer.create(path, randomBytes(5000), { blockSizeBytes: BLOCK_BYTES });
    const located = (await world.locate(path, undefined))!;
    const blocks = located.blocks.map((block) => ({ ...block, addresses: ['127.0.0.1:1', ...block.addresses] }));
    const found = await reader({ locate: () => Promise.resolve({ ...located, blocks }) }).find(path);
    expect(found).toEqual(await overHttp.findChecksum(path));
    await expect(reader().find(path, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
}
