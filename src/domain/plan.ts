import type { ColumnStatistics } from './column-statistics.ts';
import type { PlannedConversion } from './conversion.ts';
import type { TableName } from './names.ts';
import type { S3Key, UseCaseId } from './names.ts';
import type { SourceFile } from './source-file.ts';
import type { TargetPartition, TargetTable } from './target-table.ts';
import type { ReconcileLevel } from './mapping.ts';

/** What the plan decides about one item. `copy` covers files to move and tables or partitions to register as they are. */
export type Verdict = 'copy' | 'convert' | 'skip' | 'refuse' | 'needs-decision';
export const VERDICTS: readonly Verdict[] = ['copy', 'convert', 'skip', 'refuse', 'needs-decision'];

/** Somebody has to decide, or to mend something, before it goes on. */
export function isStopped(verdict: Verdict): verdict is 'refuse' | 'needs-decision' {
  return verdict === 'refuse' || verdict === 'needs-decision';
}

/** Why an item is not simply copied: a stable code, a sentence, and what a person can do about it. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly hint?: string | undefined;
}

interface PlanItemBase {
  /** Unique in the plan and stable between plans: `file:bucket/key`, `table:db.t`, `partition:db.t/a=1`, `view:db.v`, `path:/data/x`, `function:db.f`, and `path:db.t:/w/t/_x` for what is left out of a scope. */
  readonly id: string;
  /** `db.table`, or the mapped HDFS directory, that this item belongs to. */
  readonly scope: string;
  readonly verdict: Verdict;
  /** Always present unless the verdict is `copy`. */
  readonly reason?: Reason | undefined;
}

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: S3Key;
}

export interface FileItem extends PlanItemBase {
  readonly kind: 'file';
  /** Name of the partition (`a=1/b=2`) that the file belongs to. */
  readonly partition?: string | undefined;
  readonly source: SourceFile;
  readonly target: ObjectAddress;
  /** Its source is a staged table of lakelift's own, which is dropped once the file is proven at the target. */
  readonly isStaged?: true | undefined;
}

export interface TableItem extends PlanItemBase {
  readonly kind: 'table' | 'view';
  readonly source: TableName;
  /** What will stand in the target catalog; absent when refused or skipped. */
  readonly definition?: TargetTable | undefined;
  readonly reconcileLevel: ReconcileLevel;
  /** Partition keys of an index that shall stand in the target catalog. */
  readonly partitionIndex?: readonly string[] | undefined;
  /** The cluster writes the table anew before it is copied. */
  readonly conversion?: PlannedConversion | undefined;
  /** What the source knows of the values in its columns; absent where it knows nothing that still holds. */
  readonly statistics?: readonly ColumnStatistics[] | undefined;
  /** How many of its partitions have statistics of their own. */
  readonly partitionsWithStatistics?: number | undefined;
  /** How a view of Hive became one of Athena; present where `definition` is. */
  readonly view?: PlannedView | undefined;
  /** What a reviewer should know though it stops nothing: comments cut, bucketing dropped… */
  readonly notes: readonly Reason[];
}

export interface PlannedView {
  /** Athena's SQL. */
  readonly sql: string;
  /** What differs from Hive's SQL, each with its places (`line:column`) in the view's text at the source. */
  readonly changes: readonly { readonly places: readonly string[]; readonly text: string }[];
  /** `database.table` at the source of what it reads and this use case brings along. */
  readonly reads: readonly string[];
}

export interface PartitionItem extends PlanItemBase {
  readonly kind: 'partition';
  readonly name: string;
  readonly table: { readonly database: string; readonly name: string };
  readonly definition?: TargetPartition | undefined;
  /** As for tables. */
  readonly statistics?: readonly ColumnStatistics[] | undefined;
}

/** `name` in Hive's escaping, `a=1/b=2`. */
export function partitionItemId(scope: string, name: string): string {
  return `partition:${scope}/${name}`;
}

/** A mapped directory, or one hidden or special entry below a table that is left out (or refused) as a whole. */
export interface PathItem extends PlanItemBase {
  readonly kind: 'path';
  readonly path: string;
}

/** A function of somebody's own that a database of the use case holds: named so that nobody misses it afterwards. */
export interface FunctionItem extends PlanItemBase {
  readonly kind: 'function';
}

export type PlanItem = FileItem | TableItem | PartitionItem | PathItem | FunctionItem;
export type PlanItemKind = PlanItem['kind'];

export interface VerdictTotals {
  readonly count: number;
  readonly sizeBytes: number;
}

export interface PlanSummary {
  readonly useCase: UseCaseId;
  /** SHA-256, hex, over all items in the order of their ids: equal hash, equal plan. */
  readonly hash: string;
  readonly createdAtMs: number;
  /** Totals per kind and verdict; absent pairs are zero. */
  readonly totals: Readonly<Partial<Record<PlanItemKind, Readonly<Partial<Record<Verdict, VerdictTotals>>>>>>;
}
