import { createHash } from 'node:crypto';
import { formatHdfsChecksum, type HdfsChecksum } from './checksum/hdfs-checksum.ts';
import type { RunId } from './names.ts';
import type { Proof } from './outcome.ts';
import type { SourceFile } from './source-file.ts';

/** User metadata by which an object says which version of which source file it holds. An object only comes to exist once that is proven. */
export const OBJECT_METADATA = {
  /** Percent-encoded path: metadata travels in ASCII headers. */
  source: 'lakelift-source',
  sourceChecksum: 'lakelift-source-checksum',
  sourceModifiedMs: 'lakelift-source-modified-ms',
  /** What was proven before the object was made: `end-to-end` or `target-only`. */
  proof: 'lakelift-proof',
  run: 'lakelift-run',
  /** Of an object that a person was erased from: where the record of the last erasure stands, percent-encoded, and size and CRC32C of what was copied. */
  erasure: 'lakelift-erased',
  copied: 'lakelift-copied',
} as const;

/** What tells bytes from others. */
export interface ObjectSum {
  readonly sizeBytes: number;
  /** Base64, of the whole. */
  readonly crc32c: string;
}

/** By which objects of other steps say what bytes they were written with, in hex. */
export const SHA256 = 'sha256';

export interface ErasedBytes {
  /** `s3://bucket/key`, percent-encoded. */
  readonly record: string;
  /** Of the object as it stood before; what was copied, unless somebody was erased from it earlier. */
  readonly copied: ObjectSum;
  readonly body: Uint8Array;
}

/** Metadata of a copy that a person is erased from: what it is a copy of stays, and how it may differ is added. */
export function erasedMetadata(
  metadata: Readonly<Record<string, string>>,
  { record, copied, body }: ErasedBytes,
): Record<string, string> {
  const sha256 = metadata[SHA256] === undefined ? {} : { [SHA256]: createHash('sha256').update(body).digest('hex') };
  return {
    [OBJECT_METADATA.copied]: `${copied.sizeBytes} ${copied.crc32c}`,
    ...metadata,
    ...sha256,
    [OBJECT_METADATA.erasure]: record,
  };
}

/** Which erasure an object says that it went through last, and what it was copied as; undefined where it says none. */
export function erasureOf(
  metadata: Readonly<Record<string, string>>,
): { readonly record: string; readonly copied: ObjectSum } | undefined {
  const record = metadata[OBJECT_METADATA.erasure];
  const [, size, crc32c] = /^(\d+) (\S+)$/.exec(metadata[OBJECT_METADATA.copied] ?? '') ?? [];
  if (record === undefined || crc32c === undefined) return undefined;
  return { record, copied: { sizeBytes: Number(size), crc32c } };
}

export function objectMetadata(
  file: SourceFile,
  checksum: HdfsChecksum | undefined,
  runId: RunId,
): Record<string, string> {
  return {
    [OBJECT_METADATA.source]: sourceTag(file.path),
    ...(checksum === undefined ? {} : { [OBJECT_METADATA.sourceChecksum]: formatHdfsChecksum(checksum) }),
    [OBJECT_METADATA.sourceModifiedMs]: String(file.modifiedAtMs),
    [OBJECT_METADATA.proof]: (checksum === undefined ? 'target-only' : 'end-to-end') satisfies Proof,
    [OBJECT_METADATA.run]: runId,
  };
}

export type MetadataMatch =
  /** Written by lakelift from this very version. */
  | 'same-version'
  /** Written by lakelift from this path, another version. */
  | 'other-version'
  /** Not written by lakelift, or from another path. */
  | 'foreign';

export function matchMetadata(
  metadata: Readonly<Record<string, string>>,
  file: SourceFile,
  checksum: HdfsChecksum | undefined,
): MetadataMatch {
  if (metadata[OBJECT_METADATA.source] !== sourceTag(file.path)) return 'foreign';
  const recorded = metadata[OBJECT_METADATA.sourceChecksum];
  if (recorded !== undefined && checksum !== undefined)
    return recorded === formatHdfsChecksum(checksum) ? 'same-version' : 'other-version';
  return metadata[OBJECT_METADATA.sourceModifiedMs] === String(file.modifiedAtMs) ? 'same-version' : 'other-version';
}

/** S3 takes 2 KB of user metadata in all. */
const LONGEST_TAG = 1200;

/** The percent-encoded path; of a path too long for a header, its SHA-256. */
export function sourceTag(path: string): string {
  const encoded = encodeURI(path);
  return encoded.length <= LONGEST_TAG ? encoded : `sha256:${createHash('sha256').update(path).digest('hex')}`;
}
