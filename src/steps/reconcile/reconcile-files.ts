import { formatHdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { hdfsPath, s3Key } from '../../domain/names.ts';
import { compareObject, copyRecordOf } from '../../domain/object-comparison.ts';
import type { Proof } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import { isLakeliftError } from '../../errors.ts';
import { mapInOrder } from '../map-in-order.ts';
import { missingFile } from './missing-file.ts';
import { listRoots, pairFiles, scopeOf, type BucketObject, type Pairing, type TargetRoot } from './pair-files.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import { targetRoots } from './target-roots.ts';

const FILES_AT_ONCE = 32;

export type FileResult =
  | { readonly kind: 'match'; readonly scope: string; readonly sizeBytes: number; readonly proof: Proof }
  /** `sizeBytes` of the source file; undefined for objects without one. */
  | { readonly kind: 'finding'; readonly sizeBytes: number | undefined; readonly finding: Finding };

/** Compares every planned file with its object, and finds the objects that have no file; one result each, in the order of keys. */
export async function* reconcileFiles(request: ReconcileRequest): AsyncGenerator<FileResult> {
  const roots = targetRoots(request.fresh);
  const unlisted: FileResult[] = [];
  const onError = (root: TargetRoot, error: unknown) => unlisted.push(cannotList(request, root, error));
  const objects = listRoots(request.store, roots, { signal: request.signal, onError });
  const files = request.fresh.listItems({ kind: 'file', verdict: 'copy' }) as Iterable<FileItem>;
  const compare = (pairing: Pairing) => resultOf(request, roots, pairing);
  yield* mapInOrder(pairFiles(files, objects), request.filesAtOnce ?? FILES_AT_ONCE, compare);
  yield* unlisted;
}

async function resultOf(
  request: ReconcileRequest,
  roots: readonly TargetRoot[],
  { file, object }: Pairing,
): Promise<FileResult> {
  request.signal.throwIfAborted();
  if (file === undefined) return objectWithoutFile(request, scopeOf(roots, object), object);
  try {
    return await compareFile(request, file);
  } catch (error) {
    request.signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return findingOn(file, { kind: 'unchecked', weight: 'unchecked', detail: `${error.message} (${error.code})` });
  }
}

async function compareFile(request: ReconcileRequest, item: FileItem): Promise<FileResult> {
  const { source, store, evidence, signal } = request;
  // Asked even when the listing does not show it: stores may list late, and a loss must not be claimed lightly.
  const object = await store.findObject(item.target, signal);
  if (object === undefined) return findingOn(item, missingFile(item, evidence));
  const checksum = await source.findChecksum(item.source.path, signal);
  const comparison = compareObject({
    file: item.source,
    object,
    sourceChecksum: checksum === undefined ? undefined : formatHdfsChecksum(checksum),
    recordedCrc32c: recordedCrc(evidence, item),
  });
  if (comparison.kind !== 'match') return findingOn(item, comparison);
  return { kind: 'match', scope: item.scope, sizeBytes: item.source.sizeBytes, proof: comparison.proof };
}

function recordedCrc(evidence: ReconcileRequest['evidence'], item: FileItem): string | undefined {
  const record = evidence?.ledger.findObject(item.target);
  return record?.sourcePath === item.source.path ? record.crc32c : undefined;
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
  const subject = `s3://${object.bucket}/${object.key}`;
  const finding = { check: 'files', scope, subject, target: `${object.sizeBytes} bytes` } as const;
  const stored = await request.store.findObject({ bucket: object.bucket, key: s3Key(object.key) }, request.signal);
  const record = stored === undefined ? undefined : copyRecordOf(stored.metadata);
  const isSourceGone =
    record !== undefined && (await request.source.findEntry(hdfsPath(record.sourcePath), request.signal)) === undefined;
  if (isSourceGone) {
    const detail = `its source ${record.sourcePath} was removed after it was copied`;
    return { kind: 'finding', sizeBytes: undefined, finding: { ...finding, kind: 'drifted', weight: 'drift', detail } };
  }
  const origin = record === undefined ? 'lakelift did not write it' : `it is a copy of ${record.sourcePath}`;
  const detail = `no file of the source belongs here: ${origin}`;
  return {
    kind: 'finding',
    sizeBytes: undefined,
    finding: { ...finding, kind: 'unexpected', weight: 'difference', detail },
  };
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
