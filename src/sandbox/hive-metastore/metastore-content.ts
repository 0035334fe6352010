import type { SourceStatistics } from '../../domain/column-statistics.ts';
import { partitionName } from '../../domain/partition-name.ts';
import type { Partition, Table } from '../../domain/table.ts';
import type { Database } from '../../ports/source-catalog.ts';
import { MetastoreFailureAnswer } from './metastore-answer.ts';

/** What a sandbox metastore holds. A lake of the sandbox fits as it is. */
export interface MetastoreContent {
  readonly databases: readonly Database[];
  readonly tables: readonly Table[];
  /** A changed set must be a new array. */
  /** Databases of other catalogs, with the names of their tables, by catalog; Hive 3 and later. */
  readonly otherCatalogs?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  partitions(table: Table): readonly Partition[];
  /** Of a table, or of one of its partitions by name; none unless told. */
  statistics?(table: Table, partition?: string): readonly SourceStatistics[];
}

interface PartitionIndex {
  readonly names: readonly string[];
  readonly byName: ReadonlyMap<string, Partition>;
}

/** Look-ups over the content, by the names that clients send; Hive folds them to lower case. */
export class MetastoreLookup {
  readonly #content: MetastoreContent;
  readonly #indexes = new WeakMap<readonly Partition[], PartitionIndex>();

  constructor(content: MetastoreContent) {
    this.#content = content;
  }

  databaseNames(): string[] {
    return this.#content.databases.map(({ name }) => name).sort();
  }

  getDatabase(name = ''): Database {
    const database = this.#content.databases.find((one) => one.name === name.toLowerCase());
    if (database === undefined) throw new MetastoreFailureAnswer('NoSuchObject', name);
    return database;
  }

  catalogNames(): string[] {
    return ['hive', ...Object.keys(this.#content.otherCatalogs ?? {})];
  }

  /** Empty for an unknown database, as the real server answers. */
  tableNames(database = ''): string[] {
    const [, catalog, own] = /^@(.*)#(.*)$/.exec(database) ?? [];
    if (catalog !== undefined) return [...(this.#content.otherCatalogs?.[catalog]?.[own!] ?? [])];
    const ofDatabase = this.#content.tables.filter(({ name }) => name.database === database.toLowerCase());
    return ofDatabase.map(({ name }) => name.table).sort();
  }

  findTable(database = '', table = ''): Table | undefined {
    const [inDatabase, called] = [database.toLowerCase(), table.toLowerCase()];
    return this.#content.tables.find(({ name }) => name.database === inDatabase && name.table === called);
  }

  getTable(database = '', table = ''): Table {
    const found = this.findTable(database, table);
    if (found === undefined)
      throw new MetastoreFailureAnswer('NoSuchObject', `hive.${database}.${table} table not found`);
    return found;
  }

  /** Sorted as the metastore's database sorts them: by code unit, not by any language. */
  partitionNames(table: Table): readonly string[] {
    return this.#index(table).names;
  }

  findPartition(table: Table, name: string): Partition | undefined {
    return this.#index(table).byName.get(name);
  }

  /** Of these columns, of those that it has. */
  statistics(table: Table, columns: readonly string[], partition?: string): SourceStatistics[] {
    const wanted = new Set(columns.map((name) => name.toLowerCase()));
    return (this.#content.statistics?.(table, partition) ?? []).filter(({ column }) => wanted.has(column));
  }

  #index(table: Table): PartitionIndex {
    const partitions = this.#content.partitions(table);
    const known = this.#indexes.get(partitions);
    if (known !== undefined) return known;
    const byName = new Map(partitions.map((one) => [partitionName(table.partitionKeys, one.values), one]));
    const index = { byName, names: [...byName.keys()].sort() };
    this.#indexes.set(partitions, index);
    return index;
  }
}
