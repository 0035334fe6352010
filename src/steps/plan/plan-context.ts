import type { LimitFunction } from 'p-limit';
import type { Mapping, Zone } from '../../domain/mapping.ts';
import type { Migration } from '../../domain/migration.ts';
import { joinKey, keyProblem } from '../../domain/object-key.ts';
import { isStopped, type FileItem, type PlanItem, type Reason, type Verdict } from '../../domain/plan.ts';
import { pathNamesSomebody } from '../../domain/rules/suspect-column.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { isLakeliftError, type ErrorKind, type LakeliftError } from '../../errors.ts';
import type { HeldBack, PlanWriter } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import type { SourceExporter } from '../../ports/source-exporter.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { FoundView } from './plan-views.ts';

/** Where a zone lies: its bucket, and the prefix below which everything of it stands (may be empty). */
export interface ZoneTarget {
  readonly bucket: string;
  readonly prefix: string;
}

export interface PlanRequest {
  readonly migration: Migration;
  readonly mapping: Mapping;
  readonly zones: Readonly<Partial<Record<Zone, ZoneTarget>>>;
  readonly source: SourceFileSystem;
  readonly catalog: SourceCatalog;
  /** Where tables of other use cases stand, which views may read; without it they count as absent. */
  readonly targetCatalog?: Pick<TargetCatalog, 'findTable'> | undefined;
  readonly writer: PlanWriter;
  /** What the cluster lacks before tables can be converted; undefined where it lacks nothing. */
  readonly conversionGap?: Reason | undefined;
  /** Who would convert tables; absent where there is a gap. */
  readonly exporter?: Pick<SourceExporter, 'staging' | 'keepsWallTime'> | undefined;
  /** What the locations of this cluster name after `hdfs://`. A location without authority always lies on it. */
  readonly clusterAuthorities: readonly string[];
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Directories listed at once; 16 unless told. */
  readonly listingsAtOnce?: number | undefined;
}

/** What the parts of the plan step share. */
export interface PlanContext extends PlanRequest {
  readonly limit: LimitFunction;
  readonly counted: { files: number; sizeBytes: number };
  /** What was decided on each table so far; views read it. */
  readonly verdicts: Map<string, Verdict>;
  /** Views that wait until every table has its verdict, by `database.table`. */
  readonly views: Map<string, FoundView>;
}

export interface FilePlace {
  readonly scope: string;
  readonly partition?: string | undefined;
  readonly bucket: string;
  /** Prefix of the folder that was walked, below the bucket. */
  readonly prefix: string;
  /** Somebody has said that names below it hold personal values. */
  readonly arePersonalNamesKnown?: boolean | undefined;
}

/** Adds a file of the source at the place its relative path gives it, as planned; one whose key S3 cannot take is refused, one whose name tells a person waits. */
export function addFile(context: PlanContext, place: FilePlace, file: SourceFile, relative: string): FileItem {
  const item = plannedFile(place, file, relative);
  context.writer.add(item);
  context.counted.files += 1;
  context.counted.sizeBytes += file.sizeBytes;
  if (context.counted.files % 1000 === 0) reportCount(context, place.scope);
  return item;
}

export function plannedFile(place: FilePlace, file: SourceFile, relative: string): FileItem {
  const key = joinKey(place.prefix, relative);
  return {
    kind: 'file',
    id: `file:${place.bucket}/${key}`,
    scope: place.scope,
    ...rulingOnName(place, key, relative),
    ...(place.partition === undefined ? {} : { partition: place.partition }),
    source: file,
    target: { bucket: place.bucket, key },
  };
}

function rulingOnName(
  place: FilePlace,
  key: FileItem['target']['key'],
  relative: string,
): Pick<FileItem, 'verdict' | 'reason'> {
  const problem = keyProblem(key);
  if (problem !== undefined) return { verdict: 'refuse', reason: problem };
  const isKnown = place.arePersonalNamesKnown === true || !pathNamesSomebody(relative);
  return isKnown ? { verdict: 'copy' } : { verdict: 'needs-decision', reason: PERSONAL_NAME };
}

const PERSONAL_NAME: Reason = {
  code: 'PERSONAL_NAME',
  text: 'its name holds a number or address of a person, and keys stand in listings, logs and bills of S3',
  hint: 'Say "names: mask" for the folder or table in the mapping if it shall go as it is, or rename it at the source.',
};

export function reportCount({ progress, counted }: PlanContext, scope: string): void {
  progress({ kind: 'inventoried', files: counted.files, sizeBytes: counted.sizeBytes, scope });
}

/** Adds an entry that is left out as a whole. Its id names the scope too: two tables may lie in one folder. */
export function addLeftOut(
  context: PlanContext,
  scope: string,
  path: string,
  ruling: { readonly verdict: Extract<PlanItem['verdict'], 'skip' | 'refuse'>; readonly reason: Reason },
): void {
  context.writer.add({ kind: 'path', id: `path:${scope}:${path}`, scope, path, ...ruling });
}

/** Files are planned while folders are walked; of what is then refused, or waits for somebody, no byte moves. */
export function holdBack(
  { writer }: PlanContext,
  what: HeldBack,
  { verdict, reason }: { readonly verdict: Verdict; readonly reason?: Reason | undefined },
): void {
  if (reason !== undefined && isStopped(verdict)) writer.holdBack(what, { verdict, reason });
}

const ONE_OBJECT_KINDS: ReadonlySet<ErrorKind> = new Set(['denied', 'not-found', 'corrupt', 'unsupported']);

/** False when the source as a whole fails. */
export function concernsOneObject(error: unknown): error is LakeliftError {
  return isLakeliftError(error) && ONE_OBJECT_KINDS.has(error.kind);
}

/** The reason to refuse one object when the failure concerns it alone; undefined when the source as a whole fails. */
export function reasonOf(error: unknown, code: string): Reason | undefined {
  if (!concernsOneObject(error)) return undefined;
  const hint = error.hint ?? 'Give the user of the source the right to read and list it, then plan again.';
  return { code, text: `${error.message} (${error.code})`, hint };
}
