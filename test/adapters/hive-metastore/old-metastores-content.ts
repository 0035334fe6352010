import type { HiveMetastoreCatalog } from '../../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import type { ThriftStorage } from '../../../src/adapters/hive-metastore/metastore-structs.ts';
import { MetastoreWriter } from './metastore-writer.ts';

/** Control characters, accents, other scripts, and what looks like an escape and is none. */
export const COMMENT = 'numéro\tde sécurité, 試験 😀 \\001';
export const DELIMITERS = { 'field.delim': '\u0001', 'escape.delim': '\\', 'mapkey.delim': '\u0003' };
const KEYS = [
  { name: 'p', type: 'string', comment: 'clé' },
  { name: 'n', type: 'int' },
];
const VALUES = [
  ['été', '1'],
  ['a b/c%', '2'],
  ['__HIVE_DEFAULT_PARTITION__', '3'],
];
const TEXT = 'org.apache.hadoop.mapred.TextInputFormat';

function storage(location: string): ThriftStorage {
  return {
    cols: [
      { name: 'nir', type: 'string', comment: COMMENT },
      { name: 'montants', type: 'array<struct<code:string,valeur:decimal(10,2)>>' },
      { name: 'jours', type: 'bigint' },
    ],
    location,
    inputFormat: TEXT,
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    compressed: false,
    numBuckets: 4,
    serdeInfo: {
      name: 'arrets',
      serializationLib: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
      parameters: Object.entries(DELIMITERS),
    },
    bucketCols: ['nir'],
    sortCols: [{ col: 'jours', order: 0 }],
    parameters: [],
    skewedInfo: { skewedColNames: ['nir'], skewedColValues: [['1'], ['2']], skewedColValueLocationMaps: [] },
    storedAsSubDirectories: true,
  };
}

/** Makes in an empty metastore what is read from it: a database, a table with partitions and statistics, a view. */
export async function makeContent(port: number, folder: string): Promise<void> {
  const writer = await MetastoreWriter.connect(port);
  const names = { dbName: 'rh', tableName: 'arrets' };
  const own = storage(`${folder}/arrets`);
  await writer.createDatabase({
    name: 'rh',
    description: COMMENT,
    locationUri: `${folder}`,
    parameters: [['equipe', 'paie']],
  });
  await writer.createTable({
    ...names,
    owner: 'hive',
    createTime: 1_717_200_000,
    sd: own,
    partitionKeys: KEYS,
    parameters: [['comment', COMMENT]],
    tableType: 'MANAGED_TABLE',
  });
  for (const [index, values] of VALUES.entries())
    await writer.addPartition({
      ...names,
      values,
      createTime: 1_717_200_000 + index,
      sd: { ...own, location: `${folder}/arrets/${index}` },
      parameters: [['numRows', String(index)]],
    });
  await writer.putStatistics({
    where: { isTable: false, database: 'rh', table: 'arrets', partition: 'p=été/n=1', at: 1_717_200_000n },
    columns: [
      { column: 'nir', type: 'string', values: { string: { longest: 13n, average: 12.5, nulls: 1n, distinct: 40n } } },
      { column: 'jours', type: 'bigint', values: { long: { least: -1n, greatest: 90n, nulls: 2n, distinct: 9n } } },
    ],
  });
  await writer.createTable({
    dbName: 'rh',
    tableName: 'vue',
    owner: 'hive',
    createTime: 1_717_200_000,
    sd: { ...own, location: undefined },
    partitionKeys: [],
    parameters: [],
    viewOriginalText: 'select nir from arrets',
    viewExpandedText: 'select `arrets`.`nir` from `rh`.`arrets`',
    tableType: 'VIRTUAL_VIEW',
  });
  writer.close();
}

/** Every call that a catalog makes, over what {@link makeContent} made; alike while recording and when the record is played. */
export async function readContent(catalog: HiveMetastoreCatalog) {
  const name = { database: 'rh', table: 'arrets' };
  const table = (await catalog.findTable(name))!;
  return {
    databases: await catalog.listDatabases(),
    otherCatalogs: await catalog.listOtherCatalogs(),
    database: await catalog.getDatabase('rh'),
    tables: await catalog.listTables('rh'),
    functions: await catalog.listFunctions('rh'),
    table,
    view: await catalog.findTable({ database: 'rh', table: 'vue' }),
    absent: await catalog.findTable({ database: 'rh', table: 'absente' }),
    constraints: await catalog.findConstraints(table),
    writes: await catalog.findWriteState(name),
    partitionNames: await catalog.listPartitionNames(name),
    partitions: await Array.fromAsync(catalog.listPartitions(table)),
    statistics: await catalog.findPartitionStatistics(name, { names: ['p=été/n=1'], columns: ['nir', 'jours'] }),
    noStatistics: await catalog.findStatistics(name, ['nir', 'jours']),
  };
}

/** Hive 1 vouches for no statistics, and dates them. Adds those of the table, after {@link readContent} has found none. */
export async function makeTableStatistics(port: number): Promise<void> {
  const writer = await MetastoreWriter.connect(port);
  const values = { long: { least: 0n, greatest: 3n, nulls: 0n, distinct: 3n } };
  await writer.putStatistics({
    where: { isTable: true, database: 'rh', table: 'arrets', at: 1_717_300_000n },
    columns: [{ column: 'jours', type: 'bigint', values }],
  });
  writer.close();
}

export async function readAnalysisTimes(catalog: HiveMetastoreCatalog) {
  const name = { database: 'rh', table: 'arrets' };
  return {
    ofPartition: await catalog.findAnalysisTimes(name, { columns: ['nir', 'jours'], partition: 'p=été/n=1' }),
    ofTable: await catalog.findAnalysisTimes(name, { columns: ['jours'] }),
  };
}
