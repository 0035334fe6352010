import type { Finding } from '../domain/reconciliation.ts';

/** Every finding of one reconciliation, however many: the record itself keeps the first ones only. */
export interface FindingLog {
  add(finding: Finding): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}
