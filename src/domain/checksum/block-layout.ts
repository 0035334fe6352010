import { CHUNK_BYTES } from './crc.ts';

/** Where the blocks of a file end: the grid of 512-byte chunks starts anew at each, and so does the HDFS checksum. */
export interface BlockLayout {
  readonly sizeBytes: number;
  readonly blockCount: number;
  /** True when every block but the last has one size, a multiple of 512: then the grid runs through the whole file. */
  readonly isRegular: boolean;
  readonly firstBlockBytes: number;
  /** Start and end of the block that holds the byte at `offset` (below `sizeBytes`). */
  startOf(offset: number): number;
  endOf(offset: number): number;
}

/** The layout of a file that was written in one go. Throws RangeError for a block size that HDFS itself does not allow. */
export function regularLayout(sizeBytes: number, blockSizeBytes: number): BlockLayout {
  if (blockSizeBytes <= 0 || blockSizeBytes % CHUNK_BYTES !== 0)
    throw new RangeError(`A block of ${blockSizeBytes} bytes is no multiple of ${CHUNK_BYTES}`);
  const startOf = (offset: number): number => offset - (offset % blockSizeBytes);
  return {
    sizeBytes,
    blockCount: Math.ceil(sizeBytes / blockSizeBytes),
    isRegular: true,
    firstBlockBytes: Math.min(blockSizeBytes, sizeBytes),
    startOf,
    endOf: (offset) => Math.min(sizeBytes, startOf(offset) + blockSizeBytes),
  };
}

/** The layout by the sizes of the blocks in order: irregular after a concat, or an append that began a new block. */
export function listedLayout(blockSizes: readonly number[]): BlockLayout {
  const ends: number[] = [];
  for (const size of blockSizes) if (size > 0) ends.push((ends.at(-1) ?? 0) + size);
  const [first = 0] = ends;
  const indexOf = (offset: number): number => {
    let low = 0;
    for (let high = ends.length - 1; low < high;) {
      const middle = (low + high) >>> 1;
      if (ends[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const isLike = (end: number, index: number): boolean => index === ends.length - 1 || end === first * (index + 1);
  return {
    sizeBytes: ends.at(-1) ?? 0,
    blockCount: ends.length,
    isRegular:
      ends.length < 2 || (first % CHUNK_BYTES === 0 && ends.every(isLike) && ends.at(-1)! <= first * ends.length),
    firstBlockBytes: first,
    startOf: (offset) => ends[indexOf(offset) - 1] ?? 0,
    endOf: (offset) => ends[indexOf(offset)] ?? 0,
  };
}

/** The first place at or after `offset` where a chunk begins. */
export function nextChunkStart(layout: BlockLayout, offset: number): number {
  if (offset >= layout.sizeBytes) return layout.sizeBytes;
  const start = layout.startOf(offset);
  const aligned = start + Math.ceil((offset - start) / CHUNK_BYTES) * CHUNK_BYTES;
  return Math.min(aligned, layout.endOf(offset));
}

/** Where `length` bytes from `offset` (a chunk start) on are to be cut so that no piece crosses a block; one piece for a regular layout. */
export function piecesOf(
  layout: BlockLayout,
  offset: number,
  length: number,
): { readonly start: number; readonly end: number }[] {
  if (layout.isRegular) return [{ start: 0, end: length }];
  const pieces: { start: number; end: number }[] = [];
  for (let start = 0; start < length;) {
    const end = Math.min(length, layout.endOf(offset + start) - offset);
    pieces.push({ start, end });
    start = end;
  }
  return pieces;
}
