import type { DialectName } from '../domain/fingerprint/dialects.ts';

/**
 * SQL over the source or the target, used to read only.
 * Errors: `unavailable`, `denied`, `usage` (the engine refuses the SQL), `corrupt` (the data cannot be read as the catalog describes it),
 * `unsupported` (the engine does not read tables of this kind).
 */
export interface QueryEngine {
  /** Also the dialect of SQL that it takes. */
  readonly name: DialectName;
  /** Bytes of data that all queries so far are billed for; undefined for engines that bill nothing by them. */
  readonly scannedBytes?: number | undefined;
  /** Rows as text exactly as the engine prints each value; undefined for NULL. The caller casts to text what must not be rounded. */
  query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]>;
  close(): Promise<void>;
}
