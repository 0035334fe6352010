const MEBIBYTE = 1024 * 1024;
/** S3 takes at most 10,000 parts of at least 5 MiB each, the last excepted (Amazon S3 multipart upload limits). */
export const MOST_PARTS = 10_000;
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

export function partRanges(sizeBytes: number, partSizeBytes: number): PartRange[] {
  const count = Math.max(1, Math.ceil(sizeBytes / partSizeBytes));
  return Array.from({ length: count }, (_, index) => {
    const offset = index * partSizeBytes;
    return { partNumber: index + 1, offset, length: Math.min(partSizeBytes, sizeBytes - offset) };
  });
}
