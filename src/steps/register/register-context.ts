import type { RunId, UseCaseId } from '../../domain/names.ts';
import type { Outcome, OutcomeStatus } from '../../domain/outcome.ts';
import type { PlanItem } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';

export interface RegisterRequest {
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly useCase: UseCaseId;
  readonly catalog: TargetCatalog;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Batches of partitions sent at once; 4 unless told. */
  readonly batchesAtOnce?: number | undefined;
}

export type RegisterTotals = Partial<Record<OutcomeStatus, number>>;

/** How the catalog took statistics in this run. */
export interface StatisticsTaking {
  /** Why it takes none any more, once that is known. */
  refusal?: string;
  /** Owners whose statistics could not be asked for or written. */
  failed: number;
  /** Those that failed first, each with the reason. */
  readonly firstFailures: string[];
}

export interface RegisterContext extends RegisterRequest {
  readonly totals: RegisterTotals;
  /** Databases that stand, or are being made. */
  readonly databases: Map<string, Promise<void>>;
  readonly statistics: StatisticsTaking;
}

export function settle(context: RegisterContext, item: PlanItem, result: Omit<Outcome, 'itemId'>): void {
  const outcome = { itemId: item.id, ...result };
  context.ledger.recordOutcome(context.runId, outcome);
  context.totals[outcome.status] = (context.totals[outcome.status] ?? 0) + 1;
  context.progress({ kind: 'item', outcome });
}

/** The outcome of an item that the catalog refused. Rethrows what is no failure of that item: an interruption or a fault of ours. */
export function failureOf(error: unknown, signal: AbortSignal): Omit<Outcome, 'itemId'> {
  signal.throwIfAborted();
  if (!isLakeliftError(error) || error.kind === 'interrupted') throw error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { status: 'failed', errorCode: error.code, message: error.message, ...hint };
}
