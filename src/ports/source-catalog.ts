import type { SourceStatistics } from '../domain/column-statistics.ts';
import type { TableName } from '../domain/names.ts';
import type { Partition, Table } from '../domain/table.ts';

export interface Database {
  readonly name: string;
  readonly location: string | undefined;
  readonly comment: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface AnalysedColumns {
  readonly columns: readonly string[];
  /** By its name as `listPartitionNames` gives it; the table itself where absent. */
  readonly partition?: string | undefined;
}

/**
 * Tables of the source cluster. Nothing here can change Hive.
 * Two adapters answer alike: the metastore's Thrift API, and HiveServer2 where the metastore port is closed.
 * Errors: `not-found`, `denied`, `unavailable`, `unsupported`.
 */
export interface SourceCatalog {
  listDatabases(signal?: AbortSignal): Promise<string[]>;
  getDatabase(name: string, signal?: AbortSignal): Promise<Database>;
  /** Names of tables and views of a database, sorted. */
  listTables(database: string, signal?: AbortSignal): Promise<string[]>;
  /** Tables of databases of this name in other catalogs than Hive's own (Hive 3 and later), as `@catalog#database.table`, sorted. */
  listTablesElsewhere(database: string, signal?: AbortSignal): Promise<string[]>;
  /** Names of the functions that people have registered in a database, sorted; built-in ones are not among them. */
  listFunctions(database: string, signal?: AbortSignal): Promise<string[]>;
  /** undefined when there is no such table or database. */
  findTable(name: TableName, signal?: AbortSignal): Promise<Table | undefined>;
  /** Keys, NOT NULL, DEFAULT and CHECK of a table as people write them in SQL, sorted; undefined when the source does not tell. */
  findConstraints(table: Table, signal?: AbortSignal): Promise<string[] | undefined>;
  /** What the source knows of the values in these columns of a table, whether it still holds or not. Empty where it does not tell (HiveServer2). */
  findStatistics(
    name: TableName,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly SourceStatistics[]>;
  /** The same of some partitions, by their names as `listPartitionNames` gives them; those without any are left out. */
  findPartitionStatistics(
    name: TableName,
    of: { readonly names: readonly string[]; readonly columns: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly SourceStatistics[]>>;
  /** When statistics of columns were computed, seconds since 1970; those that nobody computed, or that the source does not date, are left out. */
  findAnalysisTimes(name: TableName, of: AnalysedColumns, signal?: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /** Partition names in Hive's escaping (`a=1/b=x%3Ay`), sorted as the server sorts them. Empty for an unpartitioned table. */
  listPartitionNames(name: TableName, signal?: AbortSignal): Promise<string[]>;
  /** Partitions of a table, streamed in batches so that memory does not grow with their number, in the order of their names. */
  listPartitions(table: Table, signal?: AbortSignal): AsyncIterable<Partition>;
  /**
   * Of a transactional table: which writes count, as a text that is the same while no other write is committed, whatever compaction does.
   * undefined where the server keeps or tells none (before Hive 3, and over HiveServer2).
   */
  findWriteState(name: TableName, signal?: AbortSignal): Promise<string | undefined>;
  close(): Promise<void>;
}
