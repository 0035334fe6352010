import type { FindingKind, FindingWeight } from './reconciliation.ts';
import type { Proof } from './outcome.ts';
import { OBJECT_METADATA, sourceTag, type erasureOf } from './object-metadata.ts';
import type { SourceFile } from './source-file.ts';

/** An object of the target as far as a comparison needs it. */
export interface ComparedObject {
  readonly sizeBytes: number;
  /** Base64 CRC32C over the whole object; undefined when the store holds none. */
  readonly crc32c?: string | undefined;
  /** What it says of its source; undefined when it is no copy of ours. */
  readonly copyRecord: CopyRecord | undefined;
  /** What it says of a person who was erased from it. */
  readonly erasure?: ReturnType<typeof erasureOf>;
}

/** A source file as it is now, its checksum in one line, and what lies at its place. */
export interface FilePair {
  readonly file: SourceFile;
  readonly sourceChecksum: string | undefined;
  readonly object: ComparedObject;
  /** What the ledger keeps of this object, where a ledger is at hand. Without it nobody knows how strong the proof was. */
  readonly recorded?: Recorded | undefined;
}

interface Recorded {
  readonly crc32c: string;
  readonly proof: Proof;
  /** Code of what was found against it after it was written. */
  readonly objection?: string | undefined;
}

export type ObjectComparison =
  | { readonly kind: 'match'; readonly proof: Proof }
  | {
      readonly kind: Exclude<FindingKind, 'missing' | 'unexpected' | 'foreign' | 'differs' | 'erased'>;
      readonly weight: FindingWeight;
      readonly detail: string;
      readonly source?: string | undefined;
      readonly target?: string | undefined;
    };

/** What an object says about the source it was copied from. */
export interface CopyRecord {
  /** As {@link sourceTag} writes it. */
  readonly tag: string;
  readonly sourceChecksum: string | undefined;
  readonly sourceModifiedAtMs: number;
}

/** Reads the metadata of a copied object; undefined when it is not one, or not legible. */
export function copyRecordOf(metadata: Readonly<Record<string, string>>): CopyRecord | undefined {
  const tag = metadata[OBJECT_METADATA.source];
  const sourceModifiedAtMs = Number(metadata[OBJECT_METADATA.sourceModifiedMs] ?? Number.NaN);
  if (tag === undefined || !Number.isSafeInteger(sourceModifiedAtMs)) return undefined;
  const checksum = metadata[OBJECT_METADATA.sourceChecksum] ?? '';
  return { tag, sourceChecksum: checksum === '' ? undefined : checksum, sourceModifiedAtMs };
}

/** The path that a tag stands for; undefined where it is a digest of the path, or was not written by us. */
export function pathOfTag(tag: string): string | undefined {
  if (!tag.startsWith('/')) return undefined;
  try {
    return decodeURIComponent(tag);
  } catch {
    return undefined;
  }
}

/** Whether an object holds the bytes that its source file holds now, and how that is known. */
export function compareObject(pair: FilePair): ObjectComparison {
  const { file, object, recorded } = pair;
  if (isProvenDirectly(pair)) return { kind: 'match', proof: 'end-to-end' };
  const record = object.copyRecord;
  if (record === undefined) return unproven('it does not say which file it is a copy of: lakelift did not write it');
  if (record.tag !== sourceTag(file.path))
    return unproven(`it is a copy of another file, ${pathOfTag(record.tag) ?? record.tag}`);
  if (object.crc32c === undefined) return unproven('the store holds no checksum over the whole object');
  if (recorded !== undefined && recorded.crc32c !== object.crc32c) {
    const detail = 'its bytes are not those that were proven when it was copied';
    return difference('checksum-differs', detail, {
      source: `CRC32C ${recorded.crc32c}`,
      target: `CRC32C ${object.crc32c}`,
    });
  }
  if (recorded?.objection !== undefined) {
    const detail = `a second reading gave other bytes than were copied (${recorded.objection})`;
    return difference('checksum-differs', detail, {});
  }
  return compareVersions(pair, record);
}

function compareVersions(pair: FilePair, record: CopyRecord): ObjectComparison {
  const { file, sourceChecksum, object, recorded } = pair;
  const match = { kind: 'match', proof: recorded?.proof ?? 'target-only' } as const;
  const isTouched = record.sourceModifiedAtMs !== file.modifiedAtMs;
  const checksums = { source: sourceChecksum, target: record.sourceChecksum };
  if (object.sizeBytes !== file.sizeBytes) {
    const sizes = { source: `${file.sizeBytes} bytes`, target: `${object.sizeBytes} bytes` };
    if (isTouched) return drifted(file, record, sizes);
    return difference('size-differs', `it has ${object.sizeBytes} bytes instead of ${file.sizeBytes}`, sizes);
  }
  const isSameChecksum = sourceChecksum !== undefined && sourceChecksum === record.sourceChecksum;
  if (isTouched && !isSameChecksum) return drifted(file, record, checksums);
  if (isComparable(pair)) {
    const sides = { source: sourceChecksum, target: `CRC32C ${object.crc32c}` };
    return difference('checksum-differs', 'its bytes are not those that the source holds', sides);
  }
  if (isSameChecksum) return match;
  if (record.sourceChecksum === undefined) return match;
  if (sourceChecksum === undefined)
    return unchecked('the source no longer gives a checksum to compare with', checksums);
  if (algorithmOf(sourceChecksum) !== algorithmOf(record.sourceChecksum)) {
    return unchecked('the source now gives its checksum by another algorithm than when it was copied', checksums);
  }
  return difference('checksum-differs', 'the source holds other bytes under the same time of change', checksums);
}

const CONTENT_CRC = 'COMPOSITE-CRC32C:';

/** A composite checksum is the CRC of the content itself, which the store has recomputed. In an encryption zone it covers the ciphertext. */
function isComparable({ file, sourceChecksum, object }: FilePair): boolean {
  return !file.isEncrypted && object.crc32c !== undefined && sourceChecksum?.startsWith(CONTENT_CRC) === true;
}

function isProvenDirectly(pair: FilePair): boolean {
  const { file, sourceChecksum, object } = pair;
  if (!isComparable(pair) || object.sizeBytes !== file.sizeBytes) return false;
  return sourceChecksum === `${CONTENT_CRC}${Buffer.from(object.crc32c!, 'base64').toString('hex')}`;
}

function algorithmOf(checksum: string): string {
  return checksum.slice(0, checksum.indexOf(':'));
}

interface Sides {
  readonly source?: string | undefined;
  readonly target?: string | undefined;
}

function unproven(detail: string): ObjectComparison {
  return { kind: 'unproven', weight: 'difference', detail };
}

function difference(kind: 'size-differs' | 'checksum-differs', detail: string, sides: Sides): ObjectComparison {
  return { kind, weight: 'difference', detail, ...sides };
}

function unchecked(detail: string, sides: Sides): ObjectComparison {
  return { kind: 'unchecked', weight: 'unchecked', detail, ...sides };
}

function drifted(file: SourceFile, record: CopyRecord, sides: Sides): ObjectComparison {
  const [now, then] = [file.modifiedAtMs, record.sourceModifiedAtMs].map((ms) => new Date(ms).toISOString());
  const detail = `the source was changed on ${now!}; the copy holds its state of ${then!}`;
  return { kind: 'drifted', weight: 'drift', detail, ...sides };
}
