import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HiveMetastoreCatalog } from '../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { HiveServer2Catalog } from '../../src/adapters/hiveserver2/hiveserver2-catalog.ts';
import { HiveServer2Client } from '../../src/adapters/hiveserver2/hiveserver2-client.ts';
import type { Partition, Table } from '../../src/domain/table.ts';
import { vouchedStatistics } from '../../src/domain/rules/target-statistics.ts';
import type { SourceCatalog } from '../../src/ports/source-catalog.ts';
import { MetastoreWriter } from '../adapters/hive-metastore/metastore-writer.ts';
import { oddHiveTables } from './odd-hive-tables.ts';
import { sourceCatalogContract } from './source-catalog.ts';

export interface HiveUnderTest {
  readonly metastore: string;
  readonly hiveServer2: { readonly host: string; readonly port: number };
  readonly user: string;
  /** False where it shows times in a zone of which DESCRIBE FORMATTED gives but the letters. */
  readonly isOnUtc: boolean;
  stop(): Promise<void>;
}

interface Catalogs {
  readonly metastore: HiveMetastoreCatalog;
  readonly server: HiveServer2Catalog;
  readonly text: HiveServer2Catalog;
  readonly limited: HiveServer2Catalog;
}

/** Both ways to the schemas of a real Hive, against the contract and against each other, on tables made through its HiveServer2. */
export function hiveCatalogsContract(name: string, start: () => Promise<HiveUnderTest>): void {
  describe(name, () => {
    const database = `odd_${randomBytes(4).toString('hex')}`;
    let hive: HiveUnderTest;
    let catalogs: Catalogs;
    const run = async (statements: readonly string[]): Promise<void> => {
      const client = new HiveServer2Client({ ...hive.hiveServer2, user: hive.user });
      for (const sql of statements) await client.run(sql);
      await client.close();
    };
    beforeAll(async () => {
      hive = await start();
      await run(oddHiveTables(database));
      catalogs = catalogsOf(hive);
    });
    afterAll(async () => {
      await Promise.all(Object.values(catalogs).map((catalog: SourceCatalog) => catalog.close()));
      await run([`drop database ${database} cascade`]);
      await hive.stop();
    });

    it('names the functions of a database and no others, both ways', async () => {
      await run([
        `create function ${database}.masked as 'org.apache.hadoop.hive.ql.udf.UDFHex'`,
        `create function ${database}.abc as 'org.apache.hadoop.hive.ql.udf.UDFAscii'`,
      ]);
      const both = { metastore: catalogs.metastore, server: catalogs.server };
      for (const [way, catalog] of Object.entries(both) as [string, SourceCatalog][]) {
        expect(await catalog.listFunctions(database), way).toEqual(['abc', 'masked']);
        expect(await catalog.listFunctions('default'), way).not.toContain('masked');
      }
    });

    it('tells the constraints of a table, which nothing at the target enforces', async () => {
      await run([
        `create table ${database}.parent (a int, b string, primary key (b, a) disable novalidate)`,
        `create table ${database}.constrained (id int not null disable novalidate rely, etat string default 'été',
           n int check (n > 0 or n is null), pa int, pb string, constraint once unique (id, n) disable novalidate,
           constraint to_parent foreign key (pb, pa) references ${database}.parent (b, a) disable novalidate)`,
      ]);
      const constraintsOf = async (table: string): Promise<string[] | undefined> => {
        const found = await catalogs.metastore.findTable({ database, table });
        return catalogs.metastore.findConstraints(found!);
      };
      expect(await constraintsOf('parent')).toEqual(['PRIMARY KEY (b, a)']);
      expect(await constraintsOf('text_delims')).toEqual([]);
      const told = (await constraintsOf('constrained'))!.map((text) => text.replaceAll('`', ''));
      expect(told).toEqual([
        `FOREIGN KEY (pb, pa) REFERENCES ${database}.parent (b, a)`,
        'UNIQUE (id, n)',
        "etat DEFAULT 'été'",
        'id NOT NULL',
        expect.stringMatching(/^n CHECK \(?n *> *0 +or +n is null\)?$/i) as string,
      ]);
      await run([`drop table ${database}.constrained`, `drop table ${database}.parent`]);
    });

    it('names tables of another catalog, which no statement reaches', async () => {
      const writer = await MetastoreWriter.connect(Number(new URL(hive.metastore).port));
      const other = `other_${database}`;
      const folder = `/data/${database}/other`;
      await writer.createCatalog(other, folder);
      await writer.createDatabase({ name: database, catalogName: other, locationUri: `${folder}/db` });
      const storage = { cols: [{ name: 'a', type: 'int' }], location: `${folder}/db/t`, serdeInfo: {}, parameters: [] };
      const named = { dbName: database, tableName: 'events', catName: other, tableType: 'EXTERNAL_TABLE' };
      await writer.createTable({ ...named, sd: storage, partitionKeys: [], parameters: [['EXTERNAL', 'TRUE']] });
      writer.close();
      const { metastore, server } = catalogs;
      expect(await metastore.listTablesElsewhere(database)).toEqual([`@${other}#${database}.events`]);
      expect(await metastore.listTables(database)).not.toContain('events');
      expect(await server.listTablesElsewhere()).toEqual([]);
    });

    it('reads what ANALYZE found out, and that it holds until something is written', async () => {
      const table = { database, table: 'analysed' };
      await run([
        `create table ${database}.analysed (id bigint, ratio double, amount decimal(12,3), day date, motif string, done boolean, seen timestamp)
           partitioned by (p string) stored as orc`,
        `insert into ${database}.analysed partition (p='é 1') values (7, -0.5, -12.125, date '2024-02-29', 'été', true, timestamp '1500-03-01 12:00:00'),
           (9, null, 1.5, date '1970-01-02', null, false, timestamp '2024-02-29 12:00:00'), (null, 2.5, null, null, 'x', null, null)`,
        `analyze table ${database}.analysed partition (p='é 1') compute statistics for columns`,
      ]);
      const { metastore, server } = catalogs;
      const columns = ['id', 'ratio', 'amount', 'day', 'motif', 'done', 'seen'];
      const vouched = async () => {
        const [partition] = await partitionsOf(metastore, [(await metastore.findTable(table))!]);
        return vouchedStatistics(partition![0]!.parameters, 0);
      };
      expect((await vouched())?.columns).toEqual([...columns].sort());
      const found = await metastore.findPartitionStatistics(table, { names: ['p=é 1'], columns });
      const own = new Map(found.get('p=é 1')!.map(({ column, values }) => [column, values]));
      expect(own.get('id')).toEqual({ kind: 'long', least: 7, greatest: 9, nulls: 1, distinct: 2 });
      expect(own.get('ratio')).toMatchObject({ kind: 'double', least: -0.5, greatest: 2.5, nulls: 1 });
      expect(own.get('amount')).toMatchObject({
        least: { unscaled: '-12125', scale: 3 },
        greatest: { unscaled: '15', scale: 1 },
      });
      expect(own.get('day')).toMatchObject({ kind: 'date', least: 1, greatest: 19_782, nulls: 1 });
      expect(own.get('motif')).toMatchObject({ kind: 'string', nulls: 1, distinct: 2 });
      const [least, greatest] = [Date.UTC(1500, 2, 1, 12) / 1000, Date.UTC(2024, 1, 29, 12) / 1000];
      expect(own.get('seen')).toMatchObject({ kind: 'long', least, greatest, nulls: 1 });
      expect(own.get('done')).toEqual({ kind: 'boolean', trues: 1, falses: 1, nulls: 1 });
      expect(await metastore.findStatistics(table, columns), 'of the table as a whole').toEqual([]);
      expect(await server.findStatistics()).toEqual([]);
      await run([
        `insert into ${database}.analysed partition (p='é 1') select 1, 1.0, 1.0, date '2024-01-01', 'y', true, null`,
      ]);
      expect(await vouched()).toBeUndefined();
      await run([`drop table ${database}.analysed`]);
    });

    const contractOn = (kind: 'metastore' | 'server'): void =>
      sourceCatalogContract(`${kind} of ${name}`, () => {
        const catalog = catalogsOf(hive)[kind];
        return Promise.resolve({ catalog, database, close: () => catalog.close() });
      });
    contractOn('metastore');
    contractOn('server');

    const tablesOf = async (catalog: SourceCatalog): Promise<Table[]> => {
      const names = await catalog.listTables(database);
      const tables = await Promise.all(names.map((table) => catalog.findTable({ database, table })));
      return tables.map((table) => table!);
    };
    const partitionsOf = async (catalog: SourceCatalog, tables: readonly Table[]): Promise<Partition[][]> => {
      const all: Partition[][] = [];
      for (const table of tables) all.push(await Array.fromAsync(catalog.listPartitions(table)));
      return all;
    };

    it('tells the same of every database, table and partition through the metastore and through HiveServer2', async () => {
      const { metastore, server } = catalogs;
      expect(await server.getDatabase(database)).toEqual(await metastore.getDatabase(database));
      const tables = await tablesOf(metastore);
      expect(tables.length).toBeGreaterThan(12);
      expect(await tablesOf(server)).toEqual(tables);
      const partitions = await partitionsOf(metastore, tables);
      expect(partitions.flat().length).toBeGreaterThan(17);
      expect(await partitionsOf(server, tables)).toEqual(partitions);
    });

    it('tells the same even where JSON is refused, but for what the text of DESCRIBE FORMATTED cannot tell', async () => {
      const { metastore, text } = catalogs;
      const tables = await tablesOf(metastore);
      const told = (table: Table): Table => ({ ...tellable(table), ...(hive.isOnUtc ? {} : { createdAtSeconds: 0 }) });
      expect((await tablesOf(text)).map(tellable)).toEqual(tables.map(told));
      const partitions = await partitionsOf(metastore, tables);
      const read = await partitionsOf(text, tables);
      expect(read.map((some) => some.map(tellablePartition))).toEqual(
        partitions.map((some) => some.map(tellablePartition)),
      );
    });

    it('tells which writes to a transactional table count, where the metastore is asked', async () => {
      const table = { database, table: 'acid' };
      expect(await catalogs.metastore.findWriteState(table)).toBe('1-0');
      expect(await catalogs.server.findWriteState()).toBeUndefined();
    });

    it('agrees on what is missing, whichever way it is asked', async () => {
      for (const catalog of Object.values(catalogs) as SourceCatalog[]) {
        expect(await catalog.findTable({ database, table: 'gone' })).toBeUndefined();
        await expect(catalog.getDatabase('gone')).rejects.toMatchObject({ kind: 'not-found' });
      }
    });

    it('says that a table has too many partitions to describe them one by one', async () => {
      const table = (await catalogs.limited.findTable({ database, table: 'parquet_odd' }))!;
      await expect(Array.fromAsync(catalogs.limited.listPartitions(table))).rejects.toMatchObject({
        kind: 'unsupported',
        code: 'HIVE_TOO_MANY_PARTITIONS',
      });
    });
  });
}

function catalogsOf({ metastore, hiveServer2, user }: HiveUnderTest): Catalogs {
  const server = { ...hiveServer2, user };
  return {
    metastore: new HiveMetastoreCatalog({ addresses: [metastore], user }),
    server: new HiveServer2Catalog(server),
    text: new HiveServer2Catalog({ ...server, describe: 'formatted' }),
    limited: new HiveServer2Catalog({ ...server, maxPartitions: 3 }),
  };
}

/** Without what DESCRIBE FORMATTED loses: catalog, Hive 4's count of erasure-coded files, blanks at the end of short values, empty comments, those of OpenCSVSerde's columns. */
function tellable(table: Table): Table {
  return { ...tellablePartition(table), catalog: undefined };
}

function tellablePartition<T extends Table | Partition>(one: T): T {
  const parameters = Object.entries(one.parameters).filter(([key]) => key !== 'numFilesErasureCoded');
  return { ...tellableStorage(one), parameters: Object.fromEntries(parameters) };
}

function tellableStorage<T extends Table | Partition>(one: T): T {
  const { storage } = one;
  const isCsv = storage.serde.library?.endsWith('OpenCSVSerde') === true;
  const columns = storage.columns.map(({ comment, ...column }) => ({
    ...column,
    comment: isCsv || comment === '' ? undefined : comment,
  }));
  const parameters = Object.fromEntries(
    Object.entries(storage.serde.parameters).map(([key, value]) => [key, value.trimEnd()]),
  );
  return { ...one, storage: { ...storage, columns, serde: { ...storage.serde, name: undefined, parameters } } };
}
