import type { FolderUsage } from './folder-usage.ts';

export const ASSESSMENT_SCHEMA = 'lakelift/assessment/1';

/** `blocking`: cannot be taken over as it stands. `decision`: a person must choose. `attention`: works, at a price. `note`: good to know. */
export const SEVERITIES = ['blocking', 'decision', 'attention', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface AssessmentFinding {
  readonly severity: Severity;
  /** Stable; the same as in plans where a plan would say it too. */
  readonly code: string;
  readonly text: string;
  readonly hint?: string | undefined;
}

/** A table, view or folder of files as it stands in the assessment. */
export interface AssessedItem {
  readonly kind: 'table' | 'view' | 'path';
  /** `database.table`, or an absolute HDFS directory. */
  readonly name: string;
  /** `parquet`, `csv`…; undefined for views, folders and what Athena does not know. */
  readonly format?: string | undefined;
  readonly partitions: number;
  readonly columns: number;
  /** Columns that say something about persons: as reviewed, else by their names. */
  readonly personalColumns: number;
  /** Undefined for views, and where the folder is not on this cluster or cannot be seen. */
  readonly usage?: FolderUsage | undefined;
  readonly findings: readonly AssessmentFinding[];
  /** `database.table` of what a view reads. */
  readonly reads: readonly string[];
  /** Use cases of the project that name it. */
  readonly useCases: readonly string[];
  readonly effortDays: number;
}

/** Why a use case stands where it does in the ranking. */
export const RANK_REASONS = [
  'nothing-to-decide',
  'little-to-decide',
  'much-to-decide',
  'blocked',
  'small',
  'large',
  'stands-alone',
  'shares-tables',
  'needs-others-first',
  'no-personal-data',
  'many-personal-columns',
] as const;
export type RankReason = (typeof RANK_REASONS)[number];

export interface AssessedUseCase {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly owner: string;
  /** As its script says. */
  readonly wave: number;
  readonly items: readonly string[];
  readonly usage: FolderUsage;
  readonly findings: Readonly<Record<Severity, number>>;
  /** Tables that other use cases name too, with these. */
  readonly shared: readonly { readonly item: string; readonly with: readonly string[] }[];
  /** Use cases that bring what its views read. */
  readonly needs: readonly string[];
  readonly effortDays: number;
  /** 1 is the quickest win. */
  readonly rank: number;
  readonly reasons: readonly RankReason[];
  readonly proposedWave: number;
}

export interface Assessment {
  readonly schema: typeof ASSESSMENT_SCHEMA;
  readonly drawnAt: string;
  /** Where sizes come from. */
  readonly usageFrom: 'image' | 'live';
  readonly totals: {
    readonly databases: number;
    readonly tables: number;
    readonly views: number;
    readonly partitions: number;
    readonly files: number;
    readonly sizeBytes: number;
    readonly findings: Readonly<Record<Severity, number>>;
    /** Tables and views that no use case names. */
    readonly unassigned: number;
  };
  /** The quickest win first. */
  readonly useCases: readonly AssessedUseCase[];
  /** By name. */
  readonly items: readonly AssessedItem[];
  /** Folders with files that belong to no table and no use case; the largest first. Only known from an image. */
  readonly otherFolders: readonly { readonly path: string; readonly usage: FolderUsage }[];
}
