import type { ConversionFormat, StagedTable } from '../domain/conversion.ts';
import type { HdfsPath, TableName } from '../domain/names.ts';
import type { Column } from '../domain/table.ts';

export interface ExportRequest {
  readonly from: TableName;
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  readonly format: ConversionFormat;
  readonly to: StagedTable;
  /** Parameters that mark the staged table as lakelift's. */
  readonly stamp: Readonly<Record<string, string>>;
}

/**
 * Has the cluster write a table anew, beside the lake: the only thing that lakelift ever makes at the source, in a database and a folder
 * that its configuration names for that.
 */
export interface SourceExporter {
  readonly staging: { readonly database: string; readonly folder: HdfsPath };
  /**
   * False where timestamps come out of this format as another wall time than the cluster shows: its clocks are not on UTC, and it writes
   * instants. Errors: `denied`, `unavailable`.
   */
  keepsWallTime(format: ConversionFormat, signal?: AbortSignal): Promise<boolean>;
  /**
   * Makes the staged table and fills it with every row of `from` as the cluster reads them now, in one statement: one snapshot.
   * Rejects with nothing promised of what is staged; the table may then exist and must be dropped. Never repeated by itself.
   * Errors: `usage` (the cluster refuses the statement), `denied`, `unavailable`.
   */
  export(request: ExportRequest, signal?: AbortSignal): Promise<void>;
  /** Drops a staged table with its files; nothing happens when there is none. */
  drop(table: TableName, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
