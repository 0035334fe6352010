import type { DsnFault, DsnSummary } from '../domain/dsn/dsn-record.ts';
import type { DsnRow, DsnTable } from '../domain/dsn/dsn-table.ts';

/** Where the tables of DSN files go. They hold personal data in clear. Errors: `denied`, `unavailable`. */
export interface DsnTables {
  /** Takes a row of a table; keeps it until {@link flush}. */
  add(table: DsnTable, row: DsnRow): void;
  /** Takes a piece of a file that is in no table, or not as it should be. */
  quarantine(file: string, fault: DsnFault): void;
  /** Resolves once what was taken is written, or soon will be: whoever waits for it holds no more than some megabytes. */
  flush(): Promise<void>;
  /**
   * Puts all tables in place, replacing earlier ones, with their schema and, last, what each file held: where that stands, all are of one time. Nothing is
   * in place before.
   */
  finish(files: readonly DsnFileSummary[]): Promise<void>;
  /** Leaves nothing behind of what was not finished. */
  discard(): Promise<void>;
}

/** Tables of DSN files on this machine, for as long as a build takes. Errors: `denied`, `unavailable`. */
export interface DsnScratch {
  readonly tables: DsnTables;
  /** The rows of a table that is finished, or what is in `quarantine`, as lines of JSON. */
  open(table: string): Promise<DsnLines>;
  /** Nothing is left of them. */
  close(): Promise<void>;
}

export interface DsnLines {
  readonly sizeBytes: number;
  readonly read: () => AsyncIterable<Uint8Array>;
}

export interface DsnFileSummary extends DsnSummary {
  readonly file: string;
}
