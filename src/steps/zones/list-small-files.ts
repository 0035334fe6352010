import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import type { Mapping } from '../../domain/mapping.ts';
import type { RunId } from '../../domain/names.ts';
import { ERASED_FROM, isGood, type Outcome } from '../../domain/outcome.ts';
import { partitionItemId, type FileItem, type ObjectAddress } from '../../domain/plan.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import {
  isSmallFileFormat,
  LARGEST_SMALL_OBJECT_BYTES,
  objectionToName,
  smallFolder,
  type LeftOut,
  type SmallFolder,
} from '../../domain/privacy/small-objects.ts';
import type { Ledger, ObjectRecord } from '../../ports/ledger.ts';
import type { ListedObject, TargetObjectStore } from '../../ports/target-object-store.ts';

export interface SmallFilesRequest {
  readonly dataset: Pick<Dataset, 'from'>;
  readonly mapping: Pick<Mapping, 'paths'>;
  /** Of DSN files: where `run` has put those of the mapping, `s3://bucket/prefix/`. */
  readonly dsnLocation: string | undefined;
  readonly ledger: Pick<Ledger, 'listOutcomes' | 'findOutcome' | 'findItem' | 'findObject'>;
  /** The last run. */
  readonly runId: RunId;
  /** Runs whose objects are wanted; all where it is undefined. */
  readonly broughtBy: ReadonlySet<RunId> | undefined;
  readonly store: Pick<TargetObjectStore, 'listObjects'>;
  readonly signal: AbortSignal;
}

export interface SmallFiles {
  /** In the order of UTF-8 bytes. */
  readonly objects: readonly ObjectAddress[];
  readonly sizeBytes: number;
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
}

interface Source {
  /** As items of the plan name it. */
  readonly scope: string;
  readonly folder: SmallFolder;
  readonly isRead: boolean;
  readonly isRegistered: (item: FileItem) => boolean;
}

/**
 * What the function of a dataset shall take: objects of its source that the last run has found proven, that stand as they were proven, and that a build would read.
 * All others are counted, by why they stay out. Memory grows with the objects of one table or folder.
 */
export async function listSmallFiles(request: SmallFilesRequest): Promise<SmallFiles> {
  const { ledger, runId } = request;
  const source = sourceOf(request);
  const objects: ObjectAddress[] = [];
  const leftOut: Partial<Record<LeftOut, number>> = {};
  let sizeBytes = 0;
  if (source === undefined) return { objects, sizeBytes, leftOut };
  const standing = await standingBelow(source.folder, request);
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file', scope: source.scope })) {
    if (item.kind !== 'file') continue;
    const why = objectionTo({ item, outcome, source, standing }, request);
    if (why !== undefined) leftOut[why] = (leftOut[why] ?? 0) + 1;
    else {
      objects.push({ bucket: item.target.bucket, key: item.target.key });
      sizeBytes += item.source.sizeBytes;
    }
  }
  return { objects, sizeBytes, leftOut };
}

/** undefined where the plan has no such table, or none that is to stand at the target. */
function sourceOf({ dataset: { from }, mapping, dsnLocation, ledger, runId }: SmallFilesRequest): Source | undefined {
  const block = findDsnBlock(mapping, from);
  if (block !== undefined) {
    const scope = Object.keys(mapping.paths).find((path) => mapping.paths[path] === block.path)!;
    const folder = { location: dsnLocation!, partitionKeys: undefined };
    return { scope, folder, isRead: true, isRegistered: () => true };
  }
  const table = ledger.findItem(`table:${from}`);
  if (table?.kind !== 'table' || table.definition === undefined) return undefined;
  const folder = smallFolder(table.definition);
  if (folder === undefined) return undefined;
  const isWell = (id: string): boolean => {
    const outcome = ledger.findOutcome(runId, id);
    return outcome !== undefined && outcome.status !== 'skipped' && isGood(outcome.status);
  };
  const isTableRegistered = isWell(table.id);
  const isRegistered = ({ partition }: FileItem): boolean =>
    isTableRegistered && (partition === undefined || isWell(partitionItemId(from, partition)));
  return { scope: from, folder, isRead: isSmallFileFormat(table.definition), isRegistered };
}

async function standingBelow(
  { location }: SmallFolder,
  { store, signal }: SmallFilesRequest,
): Promise<ReadonlyMap<string, ListedObject>> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location) ?? [];
  const found = new Map<string, ListedObject>();
  for await (const object of store.listObjects(bucket, prefix, signal)) found.set(object.key, object);
  return found;
}

interface Candidate {
  readonly item: FileItem;
  readonly outcome: Outcome | undefined;
  readonly source: Source;
  readonly standing: ReadonlyMap<string, ListedObject>;
}

function objectionTo(
  { item, outcome, source, standing }: Candidate,
  { ledger, broughtBy }: SmallFilesRequest,
): LeftOut | undefined {
  if (item.verdict === 'skip') return 'hidden';
  const { bucket, key } = item.target;
  const record = ledger.findObject(item.target);
  const before = broughtBefore(record, broughtBy);
  const unread = objectionToName(`s3://${bucket}/${key}`, source.folder) ?? (source.isRead ? undefined : 'format');
  // What a build has read already, no function has to.
  if (unread !== undefined) return unread === 'hidden' ? unread : (before ?? unread);
  if (!isProven(outcome) || record === undefined || record.objection !== undefined) return 'not-proven';
  if (!source.isRegistered(item)) return 'not-registered';
  if (before !== undefined) return before;
  if (!isAsProven({ outcome, standing: standing.get(key) }, record)) return 'changed';
  return record.version.sizeBytes > LARGEST_SMALL_OBJECT_BYTES ? 'too-large' : undefined;
}

function broughtBefore(
  record: ObjectRecord | undefined,
  broughtBy: ReadonlySet<RunId> | undefined,
): 'earlier-run' | 'replaced' | undefined {
  if (record === undefined) return undefined;
  const { runId, firstRunId = runId } = record;
  if (broughtBy?.has(runId) === false) return 'earlier-run';
  return broughtBy?.has(firstRunId) === false ? 'replaced' : undefined;
}

function isProven(outcome: Outcome | undefined): boolean {
  return outcome?.status === 'verified' || outcome?.status === 'already-verified' || isErased(outcome);
}

/** Proven before; what stands there since is what a build reads. */
function isErased(outcome: Outcome | undefined): boolean {
  return outcome?.errorCode === ERASED_FROM;
}

interface Standing {
  readonly outcome: Outcome | undefined;
  readonly standing: ListedObject | undefined;
}

function isAsProven({ outcome, standing }: Standing, { etag, version }: ObjectRecord): boolean {
  if (isErased(outcome)) return standing !== undefined;
  return standing !== undefined && standing.etag === etag && standing.sizeBytes === version.sizeBytes;
}
