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
} as const;

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
