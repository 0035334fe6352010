import { formatHdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { hdfsPath, s3Key } from '../../domain/names.ts';
import {
  compareObject,
  copyRecordOf,
  pathOfTag,
  type ComparedObject,
  type FilePair,
} from '../../domain/object-comparison.ts';
import { erasureOf, sourceTag } from '../../domain/object-metadata.ts';
import type { Proof } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ObjectRecord } from '../../ports/ledger.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { ErasedCopies } from './erased-copies.ts';
import { missingFile } from './missing-file.ts';
import { listRoots, pairFiles, scopeOf, type BucketObject, type Pairing, type TargetRoot } from './pair-files.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import { targetRoots } from './target-roots.ts';

const FILES_AT_ONCE = 32;

export type FileResult =
  | { readonly kind: 'match'; readonly scope: string; readonly sizeBytes: number; readonly proof: Proof }
  /** `sizeBytes` of the source file; undefined for objects without one. */
  | { readonly kind: 'finding'; readonly sizeBytes: number | undefined; readonly finding: Finding };

interface FilesRequest extends ReconcileRequest {
  readonly erased: ErasedCopies;
}

/** Compares every planned file with its object, and finds the objects that have no file; one result each, in the order of keys. */
export async function* reconcileFiles(request: ReconcileRequest, erased: ErasedCopies): AsyncGenerator<FileResult> {
  const roots = targetRoots(request.fresh);
  const unlisted: FileResult[] = [];
  const onError = (root: TargetRoot, error: unknown) => unlisted.push(cannotList(request, root, error));
  const objects = listRoots(request.store, roots, { signal: request.signal, onError });
  const files = request.fresh.listItems({ kind: 'file', verdict: 'copy' }) as Iterable<FileItem>;
  const compare = (pairing: Pairing) => resultOf({ ...request, erased }, roots, pairing);
  yield* mapInOrder(pairFiles(files, objects), request.filesAtOnce ?? FILES_AT_ONCE, compare);
  yield* unlisted;
}

async function resultOf(
  request: FilesRequest,
  roots: readonly TargetRoot[],
  { file, object }: Pairing,
): Promise<FileResult> {
  request.signal.throwIfAborted();
  try {
    if (file === undefined) return await objectWithoutFile(request, scopeOf(roots, object), object);
    return await compareFile(request, file, object);
  } catch (error) {
    request.signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    const detail = `${error.message} (${error.code})`;
    if (file === undefined) return withoutSource(scopeOf(roots, object), object, { kind: 'unexpected', detail });
    return findingOn(file, { kind: 'unchecked', weight: 'unchecked', detail });
  }
}

async function compareFile(
  request: FilesRequest,
  item: FileItem,
  listed: BucketObject | undefined,
): Promise<FileResult> {
  const { source, evidence, erased, signal } = request;
  const recorded = recordOf(evidence, item);
  const object = provenObject(recorded, listed) ?? (await askedObject(request, item));
  if (object === undefined) return findingOn(item, missingFile(item, evidence));
  const sourceChecksum = item.isStaged === true ? recorded?.sourceChecksum : await checksumOf(source, item, signal);
  const pair = { file: item.source, object, sourceChecksum, recorded };
  if (object.erasure !== undefined) return findingOn(item, await compareErased(erased, item, pair));
  const comparison = compareObject(pair);
  if (comparison.kind !== 'match') return findingOn(item, comparison);
  return { kind: 'match', scope: item.scope, sizeBytes: item.source.sizeBytes, proof: comparison.proof };
}

/** As what it was copied as; then what it is now must be as the record of the erasure says. */
async function compareErased(erased: ErasedCopies, { scope, partition }: FileItem, pair: FilePair): Promise<Deviation> {
  const { erasure, ...object } = pair.object;
  const { record, copied } = erasure!;
  const before = compareObject({ ...pair, object: { ...object, ...copied } });
  if (before.kind !== 'match') return before;
  const rows = await erased.rowsGone(record, copied, object);
  if (rows === undefined) {
    const detail = `it says that a person was erased from it, and ${record} does not lead to its bytes`;
    return { kind: 'unproven', weight: 'difference', detail };
  }
  erased.add(scope, partition, rows);
  const detail = `a person was erased from its copy (rows: ${rows}, last record: ${record}); the source still has what was copied`;
  return { kind: 'erased', weight: 'drift', detail };
}

/** Asked even when the listing does not show it: stores may list late, and a loss must not be claimed lightly. */
async function askedObject({ store, signal }: ReconcileRequest, item: FileItem): Promise<ComparedObject | undefined> {
  const object = await store.findObject(item.target, signal);
  return object && { ...object, copyRecord: copyRecordOf(object.metadata), erasure: erasureOf(object.metadata) };
}

/**
 * The very object that was proven when the ledger recorded it: every write gives an object another ETag, so that one which is still listed
 * under its ETag and size needs no call of its own.
 */
function provenObject(
  recorded: ObjectRecord | undefined,
  listed: BucketObject | undefined,
): ComparedObject | undefined {
  if (recorded === undefined || listed === undefined || listed.etag === '') return undefined;
  const { etag, crc32c, sourcePath, sourceChecksum, version } = recorded;
  if (listed.etag !== etag || listed.sizeBytes !== version.sizeBytes) return undefined;
  const copyRecord = { tag: sourceTag(sourcePath), sourceChecksum, sourceModifiedAtMs: version.modifiedAtMs };
  return { sizeBytes: listed.sizeBytes, crc32c, copyRecord };
}

async function checksumOf(
  source: ReconcileRequest['source'],
  item: FileItem,
  signal: AbortSignal,
): Promise<string | undefined> {
  const checksum = await source.findChecksum(item.source.path, signal);
  return checksum === undefined ? undefined : formatHdfsChecksum(checksum);
}

/** What a run proved of it. Of a staged file, which is gone once it is copied, this is all there is to compare with. */
function recordOf(evidence: ReconcileRequest['evidence'], { source, target }: FileItem): ObjectRecord | undefined {
  const record = evidence?.ledger.findObject(target);
  return record?.sourcePath === source.path ? record : undefined;
}

type Deviation = Pick<Finding, 'kind' | 'weight' | 'detail' | 'source' | 'target'>;

function findingOn(item: FileItem, deviation: Deviation): FileResult {
  const { scope, source } = item;
  return {
    kind: 'finding',
    sizeBytes: source.sizeBytes,
    finding: { check: 'files', scope, subject: source.path, ...deviation },
  };
}

/** A copy whose source is gone is drift; anything else that lies there is unexpected. */
async function objectWithoutFile(request: ReconcileRequest, scope: string, object: BucketObject): Promise<FileResult> {
  const stored = await request.store.findObject({ bucket: object.bucket, key: s3Key(object.key) }, request.signal);
  const record = stored === undefined ? undefined : copyRecordOf(stored.metadata);
  const path = record === undefined ? undefined : pathOfTag(record.tag);
  if (path !== undefined && (await request.source.findEntry(hdfsPath(path), request.signal)) === undefined) {
    const detail = `its source ${path} was removed after it was copied`;
    return withoutSource(scope, object, { kind: 'drifted', detail });
  }
  const origin = record === undefined ? 'lakelift did not write it' : `it is a copy of ${path ?? 'another file'}`;
  const detail = `no file of the source belongs here: ${origin}`;
  return withoutSource(scope, object, { kind: 'unexpected', detail });
}

function withoutSource(
  scope: string,
  { bucket, key, sizeBytes }: BucketObject,
  { kind, detail }: { readonly kind: 'unexpected' | 'drifted'; readonly detail: string },
): FileResult {
  const weight = kind === 'drifted' ? 'drift' : 'difference';
  const subject = `s3://${bucket}/${key}`;
  const finding = { check: 'files', kind, weight, scope, subject, detail, target: `${sizeBytes} bytes` } as const;
  return { kind: 'finding', sizeBytes: undefined, finding };
}

function cannotList({ signal }: ReconcileRequest, { scope, bucket, prefix }: TargetRoot, error: unknown): FileResult {
  signal.throwIfAborted();
  if (!isLakeliftError(error)) throw error;
  const detail = `objects without a source cannot be ruled out: ${error.message} (${error.code})`;
  const subject = `s3://${bucket}/${prefix}`;
  return {
    kind: 'finding',
    sizeBytes: undefined,
    finding: { check: 'files', kind: 'unchecked', weight: 'unchecked', scope, subject, detail },
  };
}
