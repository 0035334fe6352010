import { nextChunkStart, type BlockLayout } from './checksum/block-layout.ts';

const MEBIBYTE = 1024 * 1024;
/** S3 takes at most 10,000 parts of at least 5 MiB each, the last excepted (Amazon S3 multipart upload limits). */
const MOST_PARTS = 10_000;
const SMALLEST_PART_BYTES = 5 * MEBIBYTE;

/** Size of the parts of a file: the wished one, or larger where 10,000 parts would not do. A multiple of 1 MiB, hence of the 512 bytes of an HDFS chunk. */
export function partSizeOf(sizeBytes: number, wishedBytes: number): number {
  const needed = Math.max(SMALLEST_PART_BYTES, wishedBytes, Math.ceil(sizeBytes / MOST_PARTS));
  return Math.ceil(needed / MEBIBYTE) * MEBIBYTE;
}

export interface PartRange {
  /** From 1. */
  readonly partNumber: number;
  readonly offset: number;
  readonly length: number;
}

/** The parts of a file. Each begins where a chunk does, so that no chunk is torn: with irregular blocks a part may be up to 511 bytes longer. */
export function partRanges(layout: BlockLayout, partSizeBytes: number): PartRange[] {
  const ranges: PartRange[] = [];
  for (let offset = 0; offset < layout.sizeBytes;) {
    const end = nextChunkStart(layout, offset + partSizeBytes);
    ranges.push({ partNumber: ranges.length + 1, offset, length: end - offset });
    offset = end;
  }
  return ranges;
}
