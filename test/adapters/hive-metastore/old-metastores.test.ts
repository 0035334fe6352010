import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HiveMetastoreCatalog } from '../../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { COMMENT, DELIMITERS, readAnalysisTimes, readContent } from './old-metastores-content.ts';
import { startReplay, type RecordedMetastore, type Recording } from './recorded-metastore.ts';

const FOLDER = join(import.meta.dirname, 'recorded');
const VERSIONS = readdirSync(FOLDER).map((name) => name.replace(/^hive-|\.json$/g, ''));

/** Answers of real metastores that the stack does not run, byte by byte (old-metastores.record.ts). */
describe.each(VERSIONS)('a metastore of Hive %s', (version) => {
  let metastore: RecordedMetastore;
  let catalog: HiveMetastoreCatalog;
  let read: Awaited<ReturnType<typeof readContent>>;
  beforeAll(async () => {
    metastore = await startReplay(JSON.parse(readFileSync(join(FOLDER, `hive-${version}.json`), 'utf8')) as Recording);
    catalog = new HiveMetastoreCatalog({ addresses: [metastore.address], user: 'lakelift', connections: 1 });
    read = await readContent(catalog);
  });
  afterAll(async () => {
    await catalog.close();
    metastore.close();
  });

  it('tells its databases, tables and views', () => {
    expect(read.databases).toEqual(['default', 'rh']);
    expect(read.database).toMatchObject({ name: 'rh', comment: COMMENT, parameters: { equipe: 'paie' } });
    expect(read.tables).toEqual(['arrets', 'vue']);
    expect(read.absent).toBeUndefined();
    expect(read.view).toMatchObject({
      type: 'VIRTUAL_VIEW',
      viewExpandedText: 'select `arrets`.`nir` from `rh`.`arrets`',
      partitionKeys: [],
    });
  });

  it('tells a table to the last control character', () => {
    expect(read.table.createdAtSeconds, 'when it was recorded').toBeGreaterThan(1_700_000_000);
    expect(read.table).toMatchObject({
      name: { database: 'rh', table: 'arrets' },
      owner: 'hive',
      type: 'MANAGED_TABLE',
      partitionKeys: [
        { name: 'p', type: 'string', comment: 'clé' },
        { name: 'n', type: 'int' },
      ],
      parameters: { comment: COMMENT },
    });
    expect(read.table.storage).toMatchObject({
      columns: [
        { name: 'nir', type: 'string', comment: COMMENT },
        { name: 'montants', type: 'array<struct<code:string,valeur:decimal(10,2)>>' },
        { name: 'jours', type: 'bigint' },
      ],
      location: 'file:/tmp/recorded/arrets',
      bucketCount: 4,
      bucketColumns: ['nir'],
      sortColumns: [{ column: 'jours', order: 'desc' }],
      skewedColumns: ['nir'],
      isStoredAsSubDirectories: true,
      serde: { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: DELIMITERS },
    });
  });

  it('tells its partitions in the order of their names', () => {
    expect(read.partitionNames).toEqual(['p=__HIVE_DEFAULT_PARTITION__/n=3', 'p=a b%2Fc%25/n=2', 'p=été/n=1']);
    expect(
      read.partitions.map(({ values, storage, parameters }) => [values, storage.location, parameters['numRows']]),
    ).toEqual([
      [['__HIVE_DEFAULT_PARTITION__', '3'], 'file:/tmp/recorded/arrets/2', '2'],
      [['a b/c%', '2'], 'file:/tmp/recorded/arrets/1', '1'],
      [['été', '1'], 'file:/tmp/recorded/arrets/0', '0'],
    ]);
  });

  it('tells statistics of columns', () => {
    expect(read.statistics.get('p=été/n=1')).toEqual([
      { column: 'nir', values: { kind: 'string', longestBytes: 13, averageBytes: 12.5, nulls: 1, distinct: 40 } },
      { column: 'jours', values: { kind: 'long', least: -1, greatest: 90, nulls: 2, distinct: 9 } },
    ]);
    expect(read.noStatistics).toEqual([]);
  });

  // Later ones say of a table which of its statistics are good.
  const onlyOf1 = version.startsWith('1.') ? it : () => undefined;
  onlyOf1('dates them, column by column', async () => {
    const { ofPartition, ofTable } = await readAnalysisTimes(catalog);
    expect([...ofPartition.keys(), ...ofTable.keys()]).toEqual(['nir', 'jours', 'jours']);
    for (const seconds of [...ofPartition.values(), ...ofTable.values()])
      expect(seconds, 'when it was recorded').toBeGreaterThan(1_700_000_000);
  });

  it('has no catalogs, functions, constraints or numbered writes, and is not asked twice for what it does not know', () => {
    expect(read.otherCatalogs).toEqual([]);
    expect(read.functions).toEqual([]);
    expect(read.constraints).toEqual([]);
    expect(read.writes).toBeUndefined();
  });
});

it('are there from before and after each change of its calls', () => {
  expect(VERSIONS).toEqual(['1.1.0', '1.2.2', '2.1.1', '2.3.9']);
});
