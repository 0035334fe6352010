import type { Limits } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import type { DataNodePool } from './data-node-pool.ts';
import type { LocatedBlock, LocatedBlocks } from './located-blocks.ts';
import type { BlockSums } from './packet-stream.ts';

/** What HDFS keeps of the bytes of a range, as they came from its disks with them. */
export interface KeptSums {
  readonly crcType: 'CRC32' | 'CRC32C';
  /** CRCs of the 512-byte chunks of each block in turn, 4 bytes big-endian each. */
  readonly chunkCrcs: Uint8Array;
  /** How many bytes of the range lie in each block that it touches, in order. */
  readonly pieceBytes: readonly number[];
  /** The bytes do not agree with them: the replicas they came from are passed over from now on. */
  distrust(): void;
}

export interface BlockRead {
  /** undefined where the chunks are not of 512 bytes, the range tears one, or the block has no CRCs. */
  readonly kept: KeptSums | undefined;
}

export interface BlockSource {
  /** undefined when this server does not say. */
  locate(
    path: string,
    range: { offset: number; length: number },
    signal: AbortSignal | undefined,
  ): Promise<LocatedBlocks | undefined>;
  limitsOf(signal: AbortSignal | undefined): Limits;
}

const CHUNK_BYTES = 512;
/** How much of a file is located at once: the JSON of a block takes some 3 KB. */
const LOCATE_BYTES = 8 * 1024 ** 3;
/** A read of no more, from the first byte, is taken to be of a small file: its blocks are located for it alone. */
export const SHORT_READ_BYTES = 1024 ** 2;
/** Blocks move and tokens expire, slowly. */
const KEEP_LOCATIONS_MS = 60_000;
const MOST_FILES = 64;

/** Blocks are remembered for one version of a file only: one that replaced it has others. */
interface Wanted {
  readonly offset: number;
  readonly version: string | undefined;
}

interface Located extends LocatedBlocks {
  readonly version: string | undefined;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Reads blocks from the disks' side of DataNodes (DataTransferProtocol, version 28 since Hadoop 2): no HTTP and no second copy inside the
 * DataNode, which costs it a fraction of WebHDFS, and the stored CRCs come with the bytes. NameNodes are asked over WebHDFS as ever.
 * It knows success only: where it cannot read, WebHDFS should be asked, which says why.
 */
export class BlockReader {
  readonly #source: BlockSource;
  readonly #pool: DataNodePool;
  readonly #located = new Map<string, Located>();
  readonly #distrusted = new Set<string>();
  #canLocate = true;

  constructor(source: BlockSource, pool: DataNodePool) {
    this.#source = source;
    this.#pool = pool;
  }

  /** Fills `target` from `offset` on; undefined (and `target` undefined too) when it has to be read otherwise. Rejects only when aborted or when the file is not what it was taken for. */
  async read(
    path: string,
    { offset, version }: Wanted,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<BlockRead | undefined> {
    if (!this.#canLocate || !this.#pool.isUsable) return undefined;
    const located = await this.#locate({ path, offset, version }, target.length, signal);
    const pieces = located && piecesOf(located.blocks, offset, target.length);
    const parts = pieces && (await this.#readPieces(pieces, target, signal));
    if (parts === undefined) {
      this.#located.delete(path);
      return undefined;
    }
    return { kept: this.#joined(pieces!, parts) };
  }

  async #readPieces(
    pieces: readonly Piece[],
    target: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<ReadPiece[] | undefined> {
    // All of them, also when one fails: nothing may write to `target` once this has ended.
    const ended = await Promise.allSettled(
      pieces.map((piece) =>
        this.#readPiece(piece, target.subarray(piece.at, piece.at + piece.length), this.#source.limitsOf(signal)),
      ),
    );
    signal?.throwIfAborted();
    const parts = ended.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
    return parts.every((part) => part !== undefined) ? parts : undefined;
  }

  async #locate(
    { path, offset, version }: Wanted & { readonly path: string },
    length: number,
    signal: AbortSignal | undefined,
  ): Promise<LocatedBlocks | undefined> {
    const known = this.#located.get(path);
    const covers =
      known !== undefined && known.version === version && known.from <= offset && offset + length <= known.to;
    if (covers && Date.now() - known.at < KEEP_LOCATIONS_MS) return known;
    const isShort = offset === 0 && length <= SHORT_READ_BYTES;
    const range = { offset, length: isShort ? length : Math.max(length, LOCATE_BYTES) };
    const located = await this.#source.locate(path, range, signal);
    if (located === undefined) {
      this.#canLocate = false;
      return undefined;
    }
    if (located.isUnderConstruction) throw new WebHdfsError(`${path} is being written`, { failure: 'failed' });
    const entry = {
      ...located,
      version,
      at: Date.now(),
      from: offset,
      to: Math.min(located.fileSizeBytes, offset + range.length),
    };
    const isWhole = offset === 0 && length >= located.fileSizeBytes;
    if (!isWhole) this.#keep(path, entry);
    return entry;
  }

  #keep(path: string, entry: Located): void {
    this.#located.delete(path);
    this.#located.set(path, entry);
    if (this.#located.size > MOST_FILES) this.#located.delete(this.#located.keys().next().value!);
  }

  /** From one replica after the other; undefined when none gives it out. */
  async #readPiece(piece: Piece, target: Uint8Array, limits: Limits): Promise<ReadPiece | undefined> {
    const { block, offset } = piece;
    for (const address of this.#pool.inTurn(block.addresses)) {
      if (this.#distrusted.has(replica(block, address))) continue;
      try {
        return { address, sums: await this.#pool.read(address, { block, offset, target, limits }) };
      } catch {
        limits.signal?.throwIfAborted();
      }
    }
    return undefined;
  }

  #joined(pieces: readonly Piece[], parts: readonly ReadPiece[]): KeptSums | undefined {
    const { crcType } = parts[0]!.sums;
    const isComparable = parts.every(({ sums }, index) => sums.crcType === crcType && isWhole(pieces[index]!, sums));
    if (crcType === undefined || !isComparable) return undefined;
    return {
      crcType,
      chunkCrcs: parts.length === 1 ? parts[0]!.sums.crcs : Buffer.concat(parts.map(({ sums }) => sums.crcs)),
      pieceBytes: pieces.map(({ length }) => length),
      distrust: () =>
        parts.forEach(({ address }, index) => this.#distrusted.add(replica(pieces[index]!.block, address))),
    };
  }
}

interface Piece {
  readonly block: LocatedBlock;
  /** Where it begins in the block, and in the range. */
  readonly offset: number;
  readonly at: number;
  readonly length: number;
}

interface ReadPiece {
  readonly address: string;
  readonly sums: BlockSums;
}

/** A range by blocks; undefined when they do not cover it, or one is not to be had. */
function piecesOf(blocks: readonly LocatedBlock[], offset: number, length: number): Piece[] | undefined {
  const pieces: Piece[] = [];
  let done = 0;
  for (const block of blocks) {
    const start = offset + done - block.offset;
    if (done === length || start < 0 || start >= block.sizeBytes) continue;
    if (block.addresses.length === 0) return undefined;
    const taken = Math.min(length - done, block.sizeBytes - start);
    pieces.push({ block, offset: start, at: done, length: taken });
    done += taken;
  }
  return done === length ? pieces : undefined;
}

/** Whether the CRCs cover these bytes and no others. */
function isWhole({ block, offset, length }: Piece, { bytesPerCrc }: BlockSums): boolean {
  const end = offset + length;
  return (
    bytesPerCrc === CHUNK_BYTES && offset % CHUNK_BYTES === 0 && (end % CHUNK_BYTES === 0 || end === block.sizeBytes)
  );
}

function replica({ poolId, blockId }: LocatedBlock, address: string): string {
  return `${address} ${poolId} ${blockId}`;
}
