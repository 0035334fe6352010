import type { ReconcileVerdict } from '../reconciliation.ts';

export const BATCH_SCHEMA = 'lakelift/batch/1';

/** How one use case of a batch ended. */
export interface BatchResult {
  readonly useCase: string;
  readonly wave: number;
  /** As `lakelift run` alone would have ended. */
  readonly exitCode: number;
  /** False for those whose turn did not come before the batch was stopped. */
  readonly hasBegun: boolean;
  readonly runId?: string | undefined;
  readonly planHash?: string | undefined;
  readonly verdict?: ReconcileVerdict | undefined;
  /** Files proven at the target in this run, those found there included. */
  readonly files: number;
  readonly sizeBytes: number;
  readonly durationMs: number;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string | undefined } | undefined;
  /** Where its page is. */
  readonly report?: string | undefined;
}

/** One call of `lakelift run` for several use cases; kept, so that `--only-failed` and the history of waves know of it. */
export interface BatchRecord {
  readonly schema: typeof BATCH_SCHEMA;
  /** Sorts by time. */
  readonly batchId: string;
  /** `user@host` */
  readonly startedBy: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The worst of all. */
  readonly exitCode: number;
  readonly useCases: readonly BatchResult[];
}
