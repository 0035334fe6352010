import type { BatchRecord } from '../domain/batch/batch-record.ts';

/** Batches of this project. Errors: `unavailable`, `denied`. */
export interface BatchHistory {
  add(record: BatchRecord): Promise<void>;
  /** Newest first. */
  list(): Promise<BatchRecord[]>;
}
