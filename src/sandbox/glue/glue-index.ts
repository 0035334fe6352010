import type { ColumnStatistics, Database, Partition, PartitionIndexDescriptor, Table } from '@aws-sdk/client-glue';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { crcOf } from '../../domain/checksum/crc.ts';
import { inTransaction } from '../transaction.ts';

/** Times are kept as the protocol sends them: seconds since 1970. */
export type Stored<T> = Omit<T, 'CreateTime' | 'UpdateTime' | 'CreationTime'> & {
  readonly CreateTime?: number;
  readonly UpdateTime?: number;
  readonly CreationTime?: number;
};

export interface TableKey {
  readonly database: string;
  readonly table: string;
}

/** A table, or one of its partitions. */
export interface StatisticsKey extends TableKey {
  readonly values: readonly string[] | undefined;
}

/** Which partitions to read: those after a key, of one of `total` segments. */
interface PartitionScan {
  readonly after: string;
  readonly segment: number;
  readonly total: number;
  readonly limit: number;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tables (database TEXT, name TEXT, record TEXT NOT NULL, PRIMARY KEY (database, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS versions (database TEXT, name TEXT, version INTEGER, record TEXT NOT NULL, PRIMARY KEY (database, name, version)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS partitions (database TEXT, name TEXT, key TEXT, slot INTEGER NOT NULL, record TEXT NOT NULL, PRIMARY KEY (database, name, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS indexes (database TEXT, name TEXT, record TEXT NOT NULL, PRIMARY KEY (database, name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS statistics (database TEXT, name TEXT, key TEXT, column_name TEXT, record TEXT NOT NULL, PRIMARY KEY (database, name, key, column_name)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tags (arn TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
`;

/** What the catalog holds, in SQLite: in the directory, or in memory without one. Names come here folded already. */
export class GlueIndex {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(directory: string | undefined) {
    if (directory !== undefined) mkdirSync(directory, { recursive: true });
    this.#database = new DatabaseSync(directory === undefined ? ':memory:' : join(directory, 'catalog.sqlite'));
    this.#database.exec(SCHEMA);
  }

  close(): void {
    this.#database.close();
  }

  /** All or nothing; `work` must not await. */
  transaction<T>(work: () => T): T {
    return inTransaction(this.#database, work);
  }

  putDatabase(name: string, record: Stored<Database>): void {
    this.#sql('INSERT OR REPLACE INTO databases VALUES (?, ?)').run(name, JSON.stringify(record));
  }

  findDatabase(name: string): Stored<Database> | undefined {
    return this.#first('SELECT record FROM databases WHERE name = ?', name);
  }

  databases(after: string, limit: number): Stored<Database>[] {
    return this.#all('SELECT record FROM databases WHERE name > ? ORDER BY name LIMIT ?', after, limit);
  }

  /** With its tables, versions and partitions. */
  deleteDatabase(name: string): void {
    this.#sql('DELETE FROM databases WHERE name = ?').run(name);
    for (const table of ['tables', 'versions', 'partitions', 'indexes', 'statistics'])
      this.#sql(`DELETE FROM ${table} WHERE database = ?`).run(name);
  }

  putTable({ database, table }: TableKey, record: Stored<Table>): void {
    this.#sql('INSERT OR REPLACE INTO tables VALUES (?, ?, ?)').run(database, table, JSON.stringify(record));
  }

  findTable({ database, table }: TableKey): Stored<Table> | undefined {
    return this.#first('SELECT record FROM tables WHERE database = ? AND name = ?', database, table);
  }

  tables(database: string, after: string, limit: number): Stored<Table>[] {
    const sql = 'SELECT record FROM tables WHERE database = ? AND name > ? ORDER BY name LIMIT ?';
    return this.#all(sql, database, after, limit);
  }

  /** With its versions and partitions. */
  deleteTable({ database, table }: TableKey): void {
    for (const name of ['tables', 'versions', 'partitions', 'indexes', 'statistics'])
      this.#sql(`DELETE FROM ${name} WHERE database = ? AND name = ?`).run(database, table);
  }

  putVersion({ database, table }: TableKey, record: Stored<Table>): void {
    const sql = 'INSERT OR REPLACE INTO versions VALUES (?, ?, ?, ?)';
    this.#sql(sql).run(database, table, Number(record.VersionId), JSON.stringify(record));
  }

  /** Archived versions below `before`, newest first. */
  versions({ database, table }: TableKey, before: number, limit: number): Stored<Table>[] {
    const sql =
      'SELECT record FROM versions WHERE database = ? AND name = ? AND version < ? ORDER BY version DESC LIMIT ?';
    return this.#all(sql, database, table, before, limit);
  }

  putPartition({ database, table }: TableKey, record: Stored<Partition>): void {
    const key = partitionKey(record.Values ?? []);
    const sql = 'INSERT OR REPLACE INTO partitions VALUES (?, ?, ?, ?, ?)';
    this.#sql(sql).run(database, table, key, slotOf(key), JSON.stringify(record));
  }

  findPartition({ database, table }: TableKey, values: readonly string[]): Stored<Partition> | undefined {
    const sql = 'SELECT record FROM partitions WHERE database = ? AND name = ? AND key = ?';
    return this.#first(sql, database, table, partitionKey(values));
  }

  deletePartition({ database, table }: TableKey, values: readonly string[]): void {
    const sql = 'DELETE FROM partitions WHERE database = ? AND name = ? AND key = ?';
    this.#sql(sql).run(database, table, partitionKey(values));
    const statistics = 'DELETE FROM statistics WHERE database = ? AND name = ? AND key = ?';
    this.#sql(statistics).run(database, table, partitionKey(values));
  }

  /** In order of their keys. */
  partitions({ database, table }: TableKey, scan: PartitionScan): Stored<Partition>[] {
    const sql =
      'SELECT record FROM partitions WHERE database = ? AND name = ? AND key > ? AND slot % ? = ? ORDER BY key LIMIT ?';
    return this.#all(sql, database, table, scan.after, scan.total, scan.segment, scan.limit);
  }

  putPartitionIndexes({ database, table }: TableKey, indexes: readonly PartitionIndexDescriptor[]): void {
    this.#sql('INSERT OR REPLACE INTO indexes VALUES (?, ?, ?)').run(database, table, JSON.stringify(indexes));
  }

  partitionIndexes({ database, table }: TableKey): PartitionIndexDescriptor[] {
    return this.#first('SELECT record FROM indexes WHERE database = ? AND name = ?', database, table) ?? [];
  }

  putStatistics(key: StatisticsKey, column: string, record: ColumnStatistics): void {
    const sql = 'INSERT OR REPLACE INTO statistics VALUES (?, ?, ?, ?, ?)';
    this.#sql(sql).run(key.database, key.table, ownerOf(key), column, JSON.stringify(record));
  }

  findStatistics(key: StatisticsKey, column: string): ColumnStatistics | undefined {
    const sql = 'SELECT record FROM statistics WHERE database = ? AND name = ? AND key = ? AND column_name = ?';
    return this.#first(sql, key.database, key.table, ownerOf(key), column);
  }

  putTags(arn: string, tags: Readonly<Record<string, string>>): void {
    this.#sql('INSERT OR REPLACE INTO tags VALUES (?, ?)').run(arn, JSON.stringify(tags));
  }

  tags(arn: string): Record<string, string> {
    return this.#first('SELECT record FROM tags WHERE arn = ?', arn) ?? {};
  }

  #first<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const row = this.#sql(sql).get(...values);
    return row === undefined ? undefined : (JSON.parse(String(row['record'])) as T);
  }

  #all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#sql(sql)
      .all(...values)
      .map((row) => JSON.parse(String(row['record'])) as T);
  }

  #sql(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

function ownerOf({ values }: StatisticsKey): string {
  return values === undefined ? '' : partitionKey(values);
}

/** Values as one text, injective. */
export function partitionKey(values: readonly string[]): string {
  return JSON.stringify(values);
}

/** Spreads partitions evenly over segments. */
function slotOf(key: string): number {
  return crcOf('CRC32C').sum(Buffer.from(key)) >>> 4;
}
