/**
 * SQL over the source (HiveServer2) or the target (Trino, Athena), used to read only.
 * Errors: `unavailable`, `denied`, `usage` (the engine refuses the SQL).
 */
export interface QueryEngine {
  readonly name: 'hive' | 'trino' | 'athena';
  /** Rows as text exactly as the engine prints each value; undefined for NULL. The caller casts to text what must not be rounded. */
  query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]>;
  /** `` `db`.`table` `` or `"db"."table"`: a quoted reference in this engine's dialect. */
  quoteTable(database: string, table: string): string;
  quoteColumn(column: string): string;
  close(): Promise<void>;
}
