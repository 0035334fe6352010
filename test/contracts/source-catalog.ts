import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PARTITION, partitionName } from '../../src/domain/partition-name.ts';
import type { Partition, Table } from '../../src/domain/table.ts';
import { isLakeliftError, type ErrorKind } from '../../src/errors.ts';
import type { SourceCatalog } from '../../src/ports/source-catalog.ts';
import { ODD_VALUES } from './odd-hive-tables.ts';

export interface SourceCatalogUnderTest {
  readonly catalog: SourceCatalog;
  /** Holds what {@link oddHiveTables} makes, or the part of it that the suite looks at. */
  readonly database: string;
  close(): Promise<void>;
}

async function kindOf(work: Promise<unknown>): Promise<ErrorKind | 'none'> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (isLakeliftError(error)) return error.kind;
    throw error;
  }
}

/** What every source catalog must do alike, whatever it reads from. */
export function sourceCatalogContract(name: string, start: () => Promise<SourceCatalogUnderTest>): void {
  describe(`source catalog: ${name}`, () => {
    let subject: SourceCatalogUnderTest;
    let catalog: SourceCatalog;
    let database: string;
    beforeAll(async () => {
      subject = await start();
      ({ catalog, database } = subject);
    });
    afterAll(() => subject.close());

    const getTable = async (table: string): Promise<Table> => {
      const found = await catalog.findTable({ database, table });
      if (found === undefined) throw new Error(`${table} is missing`);
      return found;
    };
    const partitionsOf = async (table: string): Promise<Partition[]> =>
      Array.fromAsync(catalog.listPartitions(await getTable(table)));

    it('lists databases sorted, and reads one with its comment and properties', async () => {
      const names = await catalog.listDatabases();
      expect(names).toContain(database);
      expect(names).toEqual([...names].sort());
      const read = await catalog.getDatabase(database);
      expect(read).toMatchObject({ name: database, comment: 'Données dessai, 試験 ✓' });
      expect(read.location).toMatch(/^hdfs:/);
      expect(read.parameters).toMatchObject({ 'owner.team': 'équipe', k: 'a=b;c' });
    });

    it('says not-found for a database that is not there', async () => {
      expect(await kindOf(catalog.getDatabase('no_such_database'))).toBe('not-found');
      expect(await kindOf(catalog.listTables('no_such_database'))).toBe('not-found');
    });

    it('lists tables and views, sorted', async () => {
      const names = await catalog.listTables(database);
      expect(names).toEqual([...names].sort());
      for (const one of ['insert_only', 'parquet_odd', 'text_delims', 'v_odd']) expect(names).toContain(one);
    });

    it('finds no table where there is none', async () => {
      expect(await catalog.findTable({ database, table: 'no_such_table' })).toBeUndefined();
      expect(await catalog.findTable({ database: 'no_such_database', table: 't' })).toBeUndefined();
    });

    it('hands out the real characters of delimiters, comments and properties', async () => {
      const table = await getTable('text_delims');
      expect(table.storage.serde.parameters).toMatchObject({
        'field.delim': '\u0001',
        'escape.delim': '\\',
        'mapkey.delim': ':',
        'serialization.null.format': 'NULL ',
      });
      expect(table.storage.columns.map(({ comment }) => comment ?? '')).toEqual([
        'tab\there, "quoted", lété',
        '',
        '日本語 😀',
      ]);
      expect(table.storage.columns[2]?.type).toBe('map<string,int>');
      expect(table.parameters).toMatchObject({
        comment: 'pipe | and \\ backslash',
        'odd key': 'odd = value; "x" \\ é',
      });
      expect(Number.isInteger(table.createdAtSeconds)).toBe(true);
      expect(table.createdAtSeconds).toBeGreaterThan(1_000_000_000);
    });

    it('keeps partition keys out of the columns', async () => {
      const table = await getTable('parquet_odd');
      expect(table.storage.columns.map(({ name: column, type }) => [column, type])).toEqual([
        ['v', 'string'],
        ['amount', 'decimal(38,18)'],
      ]);
      expect(table.partitionKeys.map(({ name: key, type }) => [key, type])).toEqual([
        ['p', 'string'],
        ['n', 'int'],
      ]);
      for (const { storage } of await partitionsOf('parquet_odd')) expect(storage.columns).toHaveLength(2);
    });

    it('lists partition names in the escaping of Hive’s folders, in the order of the server', async () => {
      const { name: table, partitionKeys } = await getTable('parquet_odd');
      const expected = ODD_VALUES.map((value, index) => partitionName(partitionKeys, [value, String(index)]));
      const names = await catalog.listPartitionNames(table);
      expect(names).toEqual([...expected, 'p=elsewhere/n=99'].sort());
    });

    it('streams partitions in the order of their names, with decoded values and their own locations', async () => {
      const { name: table, partitionKeys, storage } = await getTable('parquet_odd');
      const partitions = await partitionsOf('parquet_odd');
      const names = partitions.map(({ values }) => partitionName(partitionKeys, values));
      expect(names).toEqual(await catalog.listPartitionNames(table));
      expect(new Set(partitions.map(({ values }) => values[0]))).toEqual(new Set([...ODD_VALUES, 'elsewhere']));
      const away = partitions.find(({ values }) => values[0] === 'elsewhere');
      expect(away?.storage.location).toMatch(/^hdfs:.*\/else where\/é$/);
      const slashed = partitions.find(({ values }) => values[0] === 'a/b');
      expect(slashed?.storage.location).toBe(`${storage.location}/p=a%2Fb/n=3`);
    });

    it('gives NULL its stand-in', async () => {
      const partitions = await partitionsOf('with_null');
      expect(partitions.map(({ values }) => values)).toEqual([
        [DEFAULT_PARTITION, '2024-02-29'],
        [DEFAULT_PARTITION, DEFAULT_PARTITION],
        ['x', '2024-03-01'],
      ]);
    });

    it('lists no partitions of tables without keys, of views and of tables that have none yet', async () => {
      for (const table of ['text_delims', 'v_odd', 'no_partitions']) {
        expect(await catalog.listPartitionNames({ database, table })).toEqual([]);
        expect(await partitionsOf(table)).toEqual([]);
      }
    });

    it('says not-found for the partitions of a table that is not there', async () => {
      expect(await kindOf(catalog.listPartitionNames({ database, table: 'no_such_table' }))).toBe('not-found');
    });

    it('reads a view with its text', async () => {
      const view = await getTable('v_odd');
      expect(view).toMatchObject({ type: 'VIRTUAL_VIEW', partitionKeys: [] });
      expect(view.storage.location).toBeUndefined();
      expect(view.viewOriginalText).toContain('-- remarque é\n');
    });

    it('reads insert-only tables, which servers show only to those who ask in the right way', async () => {
      expect((await getTable('insert_only')).parameters).toMatchObject({ transactional_properties: 'insert_only' });
    });

    it('stops at once when told to', async () => {
      const reason = new Error('told to stop');
      const signal = AbortSignal.abort(reason);
      const table = await getTable('parquet_odd');
      await expect(catalog.findTable(table.name, signal)).rejects.toBe(reason);
      await expect(Array.fromAsync(catalog.listPartitions(table, signal))).rejects.toBe(reason);
    });

    it('serves many callers at once', async () => {
      const read = await Promise.all(Array.from({ length: 12 }, () => getTable('text_delims')));
      expect(new Set(read.map((table) => JSON.stringify(table))).size).toBe(1);
    });
  });
}
