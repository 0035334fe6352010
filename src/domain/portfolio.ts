import type { Decision } from './acceptance/acceptance.ts';
import type { ReconcileVerdict } from './reconciliation.ts';
import type { ReportRun, ReportUseCase, RunReport } from './run-report.ts';

export const PORTFOLIO_SCHEMA = 'lakelift/portfolio/1';

/** How far a use case has come, in the order of the way. */
export const STAGES = ['new', 'mapped', 'unfinished', 'open', 'identical', 'refused', 'accepted'] as const;
export type Stage = (typeof STAGES)[number];

export interface PortfolioRun {
  readonly runId: string;
  readonly startedAt: string;
  readonly status: ReportRun['status'];
}

/** One use case as the portfolio shows it. */
export interface PortfolioEntry {
  readonly useCase: Pick<ReportUseCase, 'id' | 'title' | 'owner' | 'wave'>;
  readonly stage: Stage;
  readonly lastRun?: (PortfolioRun & { readonly finishedAt?: string | undefined }) | undefined;
  readonly verdict?: ReconcileVerdict | undefined;
  readonly decision?: Decision | undefined;
  /** Files of the last run that are copied and proven. */
  readonly files: number;
  readonly sizeBytes: number;
  readonly tables: number;
  /** Findings and items that somebody must look at. */
  readonly openPoints: number;
  /** Newest first. */
  readonly runs: readonly PortfolioRun[];
}

export interface Portfolio {
  readonly schema: typeof PORTFOLIO_SCHEMA;
  readonly drawnAt: string;
  readonly entries: readonly PortfolioEntry[];
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

/** Where a use case stands: the last decision, else the last run, else what is prepared. */
export function stageOf(known: {
  readonly isMapped: boolean;
  readonly runStatus: ReportRun['status'] | undefined;
  readonly verdict: ReconcileVerdict | undefined;
  readonly decision: Decision | undefined;
}): Stage {
  if (known.decision !== undefined) return known.decision === 'refused' ? 'refused' : 'accepted';
  if (known.runStatus === undefined) return known.isMapped ? 'mapped' : 'new';
  if (known.runStatus !== 'finished') return 'unfinished';
  return known.verdict === 'identical' ? 'identical' : 'open';
}
