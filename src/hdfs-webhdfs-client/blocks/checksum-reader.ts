import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import type { Limits } from '../exchange-limits.ts';
import type { FileChecksum } from '../file-checksum.ts';
import type { BlockChecksum } from './block-message.ts';
import type { DataNodePool } from './data-node-pool.ts';
import type { LocatedBlock, LocatedBlocks } from './located-blocks.ts';

export interface ChecksumSource {
  /** All blocks of a file; undefined when nobody says, or not whether they are striped. */
  locate(path: string, signal: AbortSignal | undefined): Promise<LocatedBlocks | undefined>;
  limitsOf(signal: AbortSignal | undefined): Limits;
}

const BLOCKS_AT_ONCE = 8;

/**
 * Puts the checksum of a file together from what its DataNodes keep of its blocks, as Hadoop's own client does (FileChecksumHelper): one call to the
 * NameNode and one per block, in place of two redirected requests and a client inside the DataNode. It knows success only: undefined means
 * that WebHDFS should be asked, which gives the same checksum or says why there is none.
 */
export class ChecksumReader {
  readonly #source: ChecksumSource;
  readonly #pool: DataNodePool;

  constructor(source: ChecksumSource, pool: DataNodePool) {
    this.#source = source;
    this.#pool = pool;
  }

  async find(path: string, signal?: AbortSignal): Promise<FileChecksum | undefined> {
    if (!this.#pool.isUsable) return undefined;
    const located = await this.#source.locate(path, signal);
    if (located === undefined || located.isUnderConstruction || located.isStriped !== false) return undefined;
    if (!isWhole(located)) return undefined;
    const turns = pLimit(BLOCKS_AT_ONCE);
    const sums = await Promise.all(located.blocks.map((block) => turns(() => this.#ask(block, signal))));
    return joined(sums);
  }

  /** Of the first replica that gives it. */
  async #ask(block: LocatedBlock, signal: AbortSignal | undefined): Promise<BlockChecksum | undefined> {
    for (const address of this.#pool.inTurn(block.addresses)) {
      try {
        return await this.#pool.checksum(address, block, this.#source.limitsOf(signal));
      } catch {
        signal?.throwIfAborted();
      }
    }
    return undefined;
  }
}

/** Blocks one after the other, from the first byte to the last. Empty files have none, and their checksum is a matter of Hadoop's version. */
function isWhole({ blocks, fileSizeBytes }: LocatedBlocks): boolean {
  let end = 0;
  for (const { offset, sizeBytes } of blocks) {
    if (offset !== end) return false;
    end += sizeBytes;
  }
  return blocks.length > 0 && end === fileSizeBytes;
}

/** MD5 of the blocks' MD5s; blocks of several kinds have none in common. */
function joined(sums: readonly (BlockChecksum | undefined)[]): FileChecksum | undefined {
  const [first] = sums;
  if (first?.crcType === undefined) return undefined;
  const { crcType, bytesPerCrc, crcPerBlock } = first;
  if (!sums.every((sum) => sum?.crcType === crcType && sum.bytesPerCrc === bytesPerCrc)) return undefined;
  const md5 = createHash('md5')
    .update(padded(sums.map((sum) => sum!.md5)))
    .digest('hex');
  return { kind: 'md5-of-md5-of-crc', crcType, bytesPerCrc, crcPerBlock: sums.length > 1 ? crcPerBlock : 0, md5 };
}

/** Hadoop sums the whole of a buffer that starts at 32 bytes and doubles (DataOutputBuffer), zeros included. */
function padded(md5s: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat(md5s);
  let capacity = 32;
  while (capacity < bytes.length) capacity *= 2;
  return Buffer.concat([bytes, Buffer.alloc(capacity - bytes.length)]);
}
