import type { Decision } from './acceptance/acceptance.ts';
import type { Approval } from './approval.ts';
import type { BatchRecord } from './batch/batch-record.ts';
import type { ReconcileVerdict } from './reconciliation.ts';
import type { ReportRun, ReportUseCase, RunReport } from './run-report.ts';

export const PORTFOLIO_SCHEMA = 'lakelift/portfolio/1';

/** How far a use case has come, in the order of the way. */
export const STAGES = [
  'new',
  'mapped',
  'planned',
  'approved',
  'running',
  'unfinished',
  'open',
  'identical',
  'refused',
  'accepted',
] as const;
export type Stage = (typeof STAGES)[number];

export interface PortfolioRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly status: ReportRun['status'];
}

/** How far the files of the last run are. */
export interface RunProgress {
  readonly files: number;
  readonly ofFiles: number;
  readonly sizeBytes: number;
  readonly ofSizeBytes: number;
}

/** Whole percent of the files, never rounded up; a plan without files is done. */
export function percentOf({ files, ofFiles }: RunProgress): number {
  return ofFiles === 0 ? 100 : Math.floor((files / ofFiles) * 100);
}

/** Why a use case does not go on by itself: items of a plan or run that somebody must decide on or mend. */
export interface Blocker {
  readonly kind: 'refused' | 'undecided' | 'failed' | 'differences';
  readonly count: number;
}

/** One use case as the portfolio shows it. */
export interface PortfolioEntry {
  readonly useCase: Pick<ReportUseCase, 'id' | 'title' | 'owner' | 'wave'>;
  readonly stage: Stage;
  /** Who runs it now, where that is known. */
  readonly runningAt?: string | undefined;
  readonly approval?: Approval | undefined;
  readonly lastRun?: (PortfolioRun & { readonly finishedAt?: string | undefined }) | undefined;
  readonly progress?: RunProgress | undefined;
  readonly verdict?: ReconcileVerdict | undefined;
  readonly decision?: Decision | undefined;
  /** Files of the last run that are copied and proven. */
  readonly files: number;
  readonly sizeBytes: number;
  readonly tables: number;
  /** Findings and items that somebody must look at. */
  readonly openPoints: number;
  readonly blockers: readonly Blocker[];
  /** The command that brings it further. */
  readonly next: string;
  /** Newest first. */
  readonly runs: readonly PortfolioRun[];
}

export interface Portfolio {
  readonly schema: typeof PORTFOLIO_SCHEMA;
  readonly drawnAt: string;
  readonly entries: readonly PortfolioEntry[];
  /** Runs of several use cases, newest first. */
  readonly batches: readonly BatchRecord[];
}

/** What the last run's report adds to a use case. */
export function figuresOf(
  report: RunReport | undefined,
): Pick<PortfolioEntry, 'files' | 'sizeBytes' | 'tables' | 'openPoints'> {
  const sum = { files: 0, sizeBytes: 0, tables: 0, openPoints: 0 };
  if (report === undefined) return sum;
  for (const { kind, status, count, sizeBytes } of report.totals) {
    if (kind === 'file' && (status === 'verified' || status === 'already-verified')) {
      sum.files += count;
      sum.sizeBytes += sizeBytes;
    }
    if ((kind === 'table' || kind === 'view') && /^(registered|updated|unchanged)$/.test(status)) sum.tables += count;
  }
  return { ...sum, openPoints: report.exceptions.total + (report.reconciliation?.findings.total ?? 0) };
}

/** Where a use case stands: a run under way, else the last decision, else the last run, else what is prepared. */
export function stageOf(known: {
  readonly isMapped: boolean;
  readonly isPlanned?: boolean;
  /** Since the last run began. */
  readonly isApproved?: boolean;
  readonly isRunning?: boolean;
  readonly runStatus: ReportRun['status'] | undefined;
  readonly verdict: ReconcileVerdict | undefined;
  readonly decision: Decision | undefined;
}): Stage {
  if (known.isRunning === true) return 'running';
  if (known.decision !== undefined) return known.decision === 'refused' ? 'refused' : 'accepted';
  if (known.runStatus === undefined) {
    if (!known.isMapped) return 'new';
    return known.isApproved === true ? 'approved' : known.isPlanned === true ? 'planned' : 'mapped';
  }
  if (known.runStatus !== 'finished') return 'unfinished';
  return known.verdict === 'identical' ? 'identical' : 'open';
}

const NEXT: Readonly<Record<Stage, string>> = {
  new: 'map',
  mapped: 'plan',
  planned: 'approve',
  approved: 'run',
  running: 'status',
  unfinished: 'run',
  open: 'run',
  identical: 'accept',
  refused: 'run',
  accepted: 'evidence',
};

/** The command that brings a use case further. */
export function nextCommand(useCase: string, stage: Stage): string {
  return `lakelift ${NEXT[stage]} ${useCase}`;
}
