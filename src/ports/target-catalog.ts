import type { ColumnStatistics } from '../domain/column-statistics.ts';
import type { TargetPartition, TargetTable } from '../domain/target-table.ts';

export interface TableRef {
  readonly database: string;
  readonly name: string;
}

/** A table as the catalog holds it, with the version to give back when updating it. */
export interface CatalogedTable {
  readonly table: TargetTable;
  readonly version: string | undefined;
}

/** What became of one partition of a batch; `error` is present when the catalog refused that one. */
export interface PartitionResult {
  readonly values: readonly string[];
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** A table, or one of its partitions by its values. */
export interface StatisticsOwner {
  readonly table: TableRef;
  readonly partition?: readonly string[] | undefined;
}

/**
 * Tables of the target catalog. Names are folded to lower case by the catalog.
 * Errors: `not-found`, `conflict` (exists already, or changed since it was read), `denied`, `throttled`, `unavailable`, `usage` (a rule of the catalog is broken).
 */
export interface TargetCatalog {
  hasDatabase(database: string, signal?: AbortSignal): Promise<boolean>;
  createDatabase(database: string, description: string, signal?: AbortSignal): Promise<void>;
  findTable(table: TableRef, signal?: AbortSignal): Promise<CatalogedTable | undefined>;
  /** Every table of a database exactly once, streamed; none where there is no such database. */
  listTables(database: string, signal?: AbortSignal): AsyncIterable<TargetTable>;
  createTable(table: TargetTable, signal?: AbortSignal): Promise<void>;
  /** Throws `conflict` when the table is no longer at `version`. */
  updateTable(table: TargetTable, version: string | undefined, signal?: AbortSignal): Promise<void>;
  /**
   * Makes an index over these partition keys unless one over them stands. `unavailable` also where the catalog has no indexes; `usage` where the one
   * made before has failed, which is then gone, so that the next call makes it again.
   */
  ensurePartitionIndex(
    table: TableRef,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<'created' | 'unchanged'>;
  /** Every partition exactly once, streamed; columns of partitions may be left empty by the catalog. */
  listPartitions(table: TableRef, signal?: AbortSignal): AsyncIterable<TargetPartition>;
  /** Any number; sent in batches of the catalog's size. One result per partition, in order. */
  createPartitions(
    table: TableRef,
    partitions: readonly TargetPartition[],
    signal?: AbortSignal,
  ): Promise<PartitionResult[]>;
  updatePartitions(
    table: TableRef,
    partitions: readonly TargetPartition[],
    signal?: AbortSignal,
  ): Promise<PartitionResult[]>;
  /** Statistics that stand of these columns; of the others there are none. */
  findStatistics(
    owner: StatisticsOwner,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ColumnStatistics[]>;
  /** Replaces those of the columns given, and no others. Throws `usage` when some are refused. */
  putStatistics(owner: StatisticsOwner, statistics: readonly ColumnStatistics[], signal?: AbortSignal): Promise<void>;
  close(): void;
}
