import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { BlockReader } from '../../src/hdfs-webhdfs-client/blocks/block-reader.ts';
import { DataNodePool } from '../../src/hdfs-webhdfs-client/blocks/data-node-pool.ts';
import type { BlockTransfers } from '../../src/hdfs-webhdfs-client/blocks/data-node-connections.ts';
import type { LocatedBlock } from '../../src/hdfs-webhdfs-client/blocks/located-blocks.ts';
import { DEFAULT_TIMEOUTS } from '../../src/hdfs-webhdfs-client/exchange-limits.ts';

const BLOCK_BYTES = 1024;

function blockAt(index: number): LocatedBlock {
  const token = { identifier: new Uint8Array(), password: new Uint8Array(), kind: '', service: '' };
  const place = { offset: index * BLOCK_BYTES, sizeBytes: BLOCK_BYTES, addresses: ['data-node:1'] };
  return { ...place, poolId: 'pool', blockId: BigInt(index), generationStamp: 1n, token };
}

it('ends only when nothing writes to the memory any more, also when another block of the range was ended before', async () => {
  const stop = new AbortController();
  let writing = 0;
  const transfers: BlockTransfers = {
    read: async (_address, { block, target, limits }) => {
      writing++;
      await new Promise((resolve) => limits.signal?.addEventListener('abort', resolve));
      // The second lets go later than the first.
      if (block.blockId === 1n) await sleep(50);
      target.fill(1);
      writing--;
      throw new Error('ended');
    },
    close: () => undefined,
  };
  const blocks = { fileSizeBytes: 2 * BLOCK_BYTES, isUnderConstruction: false, blocks: [blockAt(0), blockAt(1)] };
  const source = {
    locate: () => Promise.resolve(blocks),
    limitsOf: (signal: AbortSignal | undefined) => ({ ...DEFAULT_TIMEOUTS, signal }),
  };
  const reader = new BlockReader(source, new DataNodePool(transfers));
  const target = new Uint8Array(2 * BLOCK_BYTES);
  const reading = reader.read('/f', { offset: 0, version: undefined }, target, stop.signal);
  await sleep(5);
  expect(writing).toBe(2);
  stop.abort(new Error('a sibling failed'));
  await expect(reading).rejects.toThrow('a sibling failed');
  expect(writing).toBe(0);
});
