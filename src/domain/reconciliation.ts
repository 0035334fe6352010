import type { ColumnRow } from './column-diff.ts';
import type { ColumnLimit } from './fingerprint/content-columns.ts';
import type { RowSample } from './fingerprint/row-samples.ts';
import type { ReconcileLevel } from './mapping.ts';
import type { UseCaseId } from './names.ts';
import type { Proof } from './outcome.ts';
import type { PlanItemKind, Verdict } from './plan.ts';

/** `identical` only when everything in scope was compared and nothing differed. `differences` outweighs `incomplete`. */
export type ReconcileVerdict = 'identical' | 'differences' | 'incomplete';

export const RECONCILE_CHECKS = [
  'files',
  'table',
  'columns',
  'partitions',
  'statistics',
  'read-back',
  'rows',
  'content',
] as const;
export type ReconcileCheck = (typeof RECONCILE_CHECKS)[number];

export type FindingKind =
  | 'missing'
  | 'size-differs'
  | 'checksum-differs'
  /** Something lies there, and nothing proves that it holds the source's bytes. */
  | 'unproven'
  /** The source changed after it was copied: not a loss, yet the two sides are no longer the same. */
  | 'drifted'
  /** A person was erased from the copy, as a record says, and the source still has what was copied. */
  | 'erased'
  /** At the target without a source. */
  | 'unexpected'
  | 'foreign'
  | 'differs'
  /** The target engine cannot read what stands there. */
  | 'unreadable'
  /** Could not be looked at; the detail says why. */
  | 'unchecked';

/** What a finding does to the verdict: `difference` and `drift` make it `differences`, `unchecked` makes it `incomplete`. */
export type FindingWeight = 'difference' | 'drift' | 'unchecked';

export interface Finding {
  readonly check: ReconcileCheck;
  readonly kind: FindingKind;
  readonly weight: FindingWeight;
  readonly scope: string;
  /** The file, column, partition or field concerned. */
  readonly subject: string;
  /** One English sentence; numbers and names are in it. */
  readonly detail: string;
  readonly source?: string | undefined;
  readonly target?: string | undefined;
}

export interface FileTotals {
  /** Files of the live source that belong at the target. */
  readonly expected: number;
  readonly expectedBytes: number;
  readonly matched: number;
  readonly matchedBytes: number;
  /** Of the matched: how strongly each is proven. */
  readonly proofs: Readonly<Record<Proof, number>>;
  readonly differing: number;
  readonly drifted: number;
  readonly unchecked: number;
  readonly unexpected: number;
}

export interface PartitionTotals {
  readonly expected: number;
  readonly matched: number;
  readonly missing: number;
  readonly differing: number;
  readonly unexpected: number;
}

/** Counts are decimal text: they may exceed 2^53. */
export interface RowTotals {
  readonly sourceEngine: string;
  readonly targetEngine: string;
  readonly sourceRows: string;
  readonly targetRows: string;
  /** Rows of partitions that the plan leaves out, not part of `sourceRows`. */
  readonly excludedRows: string;
  readonly partitionsCompared: number;
  readonly partitionsDiffering: number;
  /** The first of the partitions in the order of their names. */
  readonly partitions: readonly { readonly name: string; readonly sourceRows: string; readonly targetRows: string }[];
}

/** Values compared by fingerprint, partition by partition. */
export interface ContentTotals {
  /** Over all that was compared: rows, and two sums in hex (`formatFingerprint`). Equal fingerprints, equal rows. */
  readonly sourceFingerprint: string;
  readonly targetFingerprint: string;
  readonly columnsCompared: number;
  /** What the comparison cannot see, column by column. */
  readonly limits: readonly ColumnLimit[];
  /** Some of the rows that differ, without a value in clear. */
  readonly samples: readonly ContentSample[];
}

export interface ContentSample extends RowSample {
  /** Undefined for a table without partitions. */
  readonly partition?: string | undefined;
}

/** What an engine bills for reading the target, where it bills by bytes. */
export interface QueryCost {
  /** Reckoned from the sizes of files before a query was sent. */
  readonly estimatedBytes: number;
  readonly estimatedUsd: number;
  readonly scannedBytes: number;
  readonly scannedUsd: number;
}

export type CheckStatus = 'passed' | 'differences' | 'incomplete' | 'not-configured';

export interface CheckSummary {
  readonly check: ReconcileCheck;
  readonly status: CheckStatus;
  readonly compared: number;
  readonly deviating: number;
  /** Why it is incomplete or not configured. */
  readonly reason?: string | undefined;
}

/** One table, view or mapped directory. */
export interface ScopeReconciliation {
  readonly scope: string;
  readonly kind: 'table' | 'view' | 'path';
  /** `database.table`; undefined for paths. */
  readonly target?: string | undefined;
  readonly location?: string | undefined;
  readonly level?: ReconcileLevel | undefined;
  readonly verdict: ReconcileVerdict;
  readonly checks: readonly CheckSummary[];
  readonly files: FileTotals;
  readonly columns: readonly ColumnRow[];
  readonly partitions?: PartitionTotals | undefined;
  readonly rows?: RowTotals | undefined;
  readonly content?: ContentTotals | undefined;
}

/** Something of the source that is not meant to be, or cannot be, at the target. */
export interface Exclusion {
  readonly scope: string;
  readonly kind: PlanItemKind;
  readonly subject: string;
  readonly verdict: Exclude<Verdict, 'copy'>;
  readonly code: string;
  readonly text: string;
}

/** A list of which only the beginning is kept; `total` is exact. */
export interface Capped<Entry> {
  readonly shown: readonly Entry[];
  readonly total: number;
}

/** The comparison of a use case's live source with its live target. Same source and target, same record but for its time. */
export interface Reconciliation {
  readonly useCase: UseCaseId;
  readonly reconciledAtMs: number;
  /** Of the plan drawn afresh from the live source. */
  readonly planHash: string;
  readonly verdict: ReconcileVerdict;
  readonly files: FileTotals;
  readonly queryCost?: QueryCost | undefined;
  readonly scopes: readonly ScopeReconciliation[];
  readonly findings: Capped<Finding> & {
    readonly byWeight: Readonly<Record<FindingWeight, number>>;
  };
  readonly excluded: Capped<Exclusion> & {
    readonly byVerdict: Readonly<Record<Exclusion['verdict'], number>>;
  };
}
