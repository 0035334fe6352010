import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveMetastoreCatalog } from '../../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { HiveServer2Catalog } from '../../../src/adapters/hiveserver2/hiveserver2-catalog.ts';
import { HiveServer2Client } from '../../../src/adapters/hiveserver2/hiveserver2-client.ts';
import type { HiveServer2Options } from '../../../src/adapters/hiveserver2/hiveserver2-connection.ts';
import type { Partition, Table } from '../../../src/domain/table.ts';
import type { SourceCatalog } from '../../../src/ports/source-catalog.ts';
import { oddHiveTables } from '../../contracts/odd-hive-tables.ts';
import { sourceCatalogContract } from '../../contracts/source-catalog.ts';

const stack = inject('stack');

describe.skipIf(stack === undefined)('Hive on the stack', () => {
  if (stack === undefined) return;
  const { metastore, hiveServer2, hdfsUser } = stack;
  const server: HiveServer2Options = { ...hiveServer2, user: hdfsUser };
  const database = `odd_${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    const client = new HiveServer2Client(server);
    for (const sql of oddHiveTables(database)) await client.run(sql);
    await client.close();
  });
  afterAll(async () => {
    const client = new HiveServer2Client(server);
    await client.run(`drop database ${database} cascade`);
    await client.close();
  });

  sourceCatalogContract('real metastore', () => {
    const catalog = new HiveMetastoreCatalog({ addresses: [metastore], user: hdfsUser });
    return Promise.resolve({ catalog, database, close: () => catalog.close() });
  });
  sourceCatalogContract('real HiveServer2', () => {
    const catalog = new HiveServer2Catalog(server);
    return Promise.resolve({ catalog, database, close: () => catalog.close() });
  });

  describe('the metastore and HiveServer2', () => {
    const fromMetastore = new HiveMetastoreCatalog({ addresses: [metastore], user: hdfsUser });
    const fromServer = new HiveServer2Catalog(server);
    const fromText = new HiveServer2Catalog({ ...server, describe: 'formatted' });
    afterAll(() => Promise.all([fromMetastore.close(), fromServer.close(), fromText.close()]));

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

    it('tell the same of every database, table and partition', async () => {
      expect(await fromServer.getDatabase(database)).toEqual(await fromMetastore.getDatabase(database));
      const tables = await tablesOf(fromMetastore);
      expect(tables.length).toBeGreaterThan(12);
      expect(await tablesOf(fromServer)).toEqual(tables);
      const partitions = await partitionsOf(fromMetastore, tables);
      expect(partitions.flat().length).toBeGreaterThan(17);
      expect(await partitionsOf(fromServer, tables)).toEqual(partitions);
    });

    it('tell the same even where JSON is refused, but for what the text of DESCRIBE FORMATTED cannot tell', async () => {
      const tables = await tablesOf(fromMetastore);
      expect((await tablesOf(fromText)).map(tellable)).toEqual(tables.map(tellable));
      const partitions = await partitionsOf(fromMetastore, tables);
      const read = await partitionsOf(fromText, tables);
      expect(read.map((some) => some.map(tellableStorage))).toEqual(
        partitions.map((some) => some.map(tellableStorage)),
      );
    });

    it('agree that a database or table is missing', async () => {
      for (const catalog of [fromMetastore, fromServer, fromText]) {
        expect(await catalog.findTable({ database, table: 'gone' })).toBeUndefined();
        await expect(catalog.getDatabase('gone')).rejects.toMatchObject({ kind: 'not-found' });
      }
    });
  });

  it('says that a table has too many partitions to describe them one by one', async () => {
    const catalog = new HiveServer2Catalog({ ...server, maxPartitions: 3 });
    const table = (await catalog.findTable({ database, table: 'parquet_odd' }))!;
    await expect(Array.fromAsync(catalog.listPartitions(table))).rejects.toMatchObject({
      kind: 'unsupported',
      code: 'HIVE_TOO_MANY_PARTITIONS',
    });
    await catalog.close();
  });
});

/** Without what DESCRIBE FORMATTED loses: catalog, blanks at the end of short values, empty comments, those of OpenCSVSerde's columns. */
function tellable(table: Table): Table {
  return { ...tellableStorage(table), catalog: undefined };
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
