import type { Column, SortColumn } from './table.ts';

/** How the target catalog stores a table or partition; types and classes in the spelling Athena reads. */
export interface TargetStorage {
  readonly columns: readonly Column[];
  /** `s3://bucket/prefix/`; undefined for views. */
  readonly location: string | undefined;
  readonly inputFormat: string | undefined;
  readonly outputFormat: string | undefined;
  readonly serdeLibrary: string | undefined;
  readonly serdeParameters: Readonly<Record<string, string>>;
  readonly isCompressed: boolean;
  readonly bucketCount: number;
  readonly bucketColumns: readonly string[];
  readonly sortColumns: readonly SortColumn[];
}

/** A table of the target catalog as lakelift wants it, or as it stands there. */
export interface TargetTable {
  readonly database: string;
  readonly name: string;
  readonly type: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  readonly description: string | undefined;
  readonly owner: string | undefined;
  readonly partitionKeys: readonly Column[];
  readonly storage: TargetStorage;
  readonly parameters: Readonly<Record<string, string>>;
  readonly viewOriginalText?: string | undefined;
  readonly viewExpandedText?: string | undefined;
}

export interface TargetPartition {
  readonly values: readonly string[];
  readonly storage: TargetStorage;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Table parameters by which lakelift knows its own tables; a table without them is foreign and never touched. */
export const STAMP = {
  useCase: 'lakelift.use-case',
  source: 'lakelift.source',
  sourceLocation: 'lakelift.source-location',
  /** Of a table that the cluster wrote anew: which state of its source it holds. */
  sourceState: 'lakelift.source-state',
  /** Differs from run to run, so that it is left out of comparisons. */
  runId: 'lakelift.run-id',
} as const;

export function isStamped(table: TargetTable): boolean {
  return table.parameters[STAMP.source] !== undefined;
}
