import type { RunApproval } from './approval.ts';
import type { OutcomeStatus, Proof } from './outcome.ts';
import type { PlanItemKind, Reason } from './plan.ts';
import type { Capped, Reconciliation, ReconcileVerdict, ScopeReconciliation } from './reconciliation.ts';

export const RUN_REPORT_SCHEMA = 'lakelift/run-report/1';

/** Why a report's verdict is what it is; every code comes with how many things it concerns. */
export const VERDICT_REASONS = [
  'differences',
  'drift',
  'unchecked',
  'failed',
  'not-attempted',
  'source-moved',
  'refused',
  'undecided',
  'checks-failed',
  'unfinished',
  'not-reconciled',
] as const;
export type VerdictReason = (typeof VERDICT_REASONS)[number];

export interface ReportUseCase {
  readonly id: string;
  readonly title: { readonly fr: string; readonly en: string };
  readonly owner: string;
  readonly wave: number;
  readonly purpose: string;
  readonly legalBasis: string;
}

export interface ReportRun {
  readonly runId: string;
  readonly planHash: string;
  readonly toolVersion: string;
  /** `user@host` */
  readonly startedBy: string;
  /** On what ground the plan was run; absent in reports of earlier versions. */
  readonly approval?: RunApproval | undefined;
  /** ISO 8601, UTC, as all times of a report. */
  readonly startedAt: string;
  readonly finishedAt?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly status: 'running' | 'finished' | 'interrupted' | 'broken';
}

/** `pending` stands for items that have no outcome yet. */
export type ReportStatus = OutcomeStatus | 'pending';

export interface ReportTotal {
  readonly kind: PlanItemKind;
  readonly status: ReportStatus;
  readonly count: number;
  readonly sizeBytes: number;
}

export interface ReportException {
  readonly itemId: string;
  readonly scope: string;
  readonly kind: PlanItemKind;
  readonly subject: string;
  readonly status: ReportStatus;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
}

/** Things left out on purpose for one reason, with the first of their names. */
export interface ReportExclusion {
  readonly scope: string;
  readonly kind: PlanItemKind;
  readonly code: string;
  readonly text: string;
  readonly count: number;
  readonly sizeBytes: number;
  readonly examples: readonly string[];
}

export interface ReportPartition {
  readonly name: string;
  readonly status: ReportStatus;
  readonly files: number;
  readonly sizeBytes: number;
}

/** One table, view or mapped directory of the plan. */
export interface ReportScope {
  readonly scope: string;
  readonly kind: 'table' | 'view' | 'path';
  readonly target?: string | undefined;
  readonly location?: string | undefined;
  readonly status: ReportStatus;
  readonly message?: string | undefined;
  readonly notes: readonly Reason[];
  readonly files: { readonly count: number; readonly sizeBytes: number; readonly good: number; readonly bad: number };
  readonly partitions: Capped<ReportPartition>;
  readonly reconciliation?: ScopeReconciliation | undefined;
}

export interface ReportProof {
  readonly proof: Proof;
  readonly count: number;
  readonly sizeBytes: number;
}

export interface ReportCheck {
  readonly name: string;
  readonly isOk: boolean;
  readonly detail: string;
}

export interface ReportTiming {
  readonly step: string;
  readonly durationMs: number;
}

/** What happened in one run and what was proven. Plain JSON; the same ledger gives the same report. */
export interface RunReport {
  readonly schema: typeof RUN_REPORT_SCHEMA;
  readonly useCase: ReportUseCase;
  readonly run: ReportRun;
  readonly verdict: ReconcileVerdict;
  readonly verdictReasons: readonly { readonly code: VerdictReason; readonly count: number }[];
  readonly totals: readonly ReportTotal[];
  /** How strongly the files of this run are proven. */
  readonly proofs: readonly ReportProof[];
  readonly exceptions: Capped<ReportException>;
  readonly excluded: Capped<ReportExclusion>;
  readonly scopes: readonly ReportScope[];
  readonly reconciliation?: Omit<Reconciliation, 'scopes'> | undefined;
  /** Answers to the questions of the migration script. */
  readonly checks: readonly ReportCheck[];
  readonly timings: readonly ReportTiming[];
}
