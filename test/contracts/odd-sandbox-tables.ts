import { DEFAULT_PARTITION, partitionName } from '../../src/domain/partition-name.ts';
import type { Column, Partition, StorageDescriptor, Table } from '../../src/domain/table.ts';
import type { MetastoreContent } from '../../src/sandbox/hive-metastore/metastore-content.ts';
import { ODD_VALUES } from './odd-hive-tables.ts';

const WAREHOUSE = 'hdfs://nn:8020/warehouse';

function storageOf(
  table: string,
  columns: readonly Column[],
  extra: Partial<StorageDescriptor> = {},
): StorageDescriptor {
  return {
    columns,
    location: `${WAREHOUSE}/odd.db/${table}`,
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
    serde: { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters: {} },
    isCompressed: false,
    bucketCount: -1,
    bucketColumns: [],
    sortColumns: [],
    skewedColumns: [],
    isStoredAsSubDirectories: false,
    parameters: {},
    ...extra,
  };
}

function tableOf(table: string, storage: StorageDescriptor, extra: Partial<Table> = {}): Table {
  return {
    name: { database: 'odd', table },
    owner: 'hive',
    type: 'MANAGED_TABLE',
    createdAtSeconds: 1_700_000_000,
    partitionKeys: [],
    storage,
    parameters: {},
    viewOriginalText: undefined,
    viewExpandedText: undefined,
    ...extra,
  };
}

const textDelims = tableOf(
  'text_delims',
  storageOf(
    'text_delims',
    [
      { name: 'a', type: 'int', comment: 'tab\there, "quoted", lété' },
      { name: 'b', type: 'array<string>' },
      { name: 'c', type: 'map<string,int>', comment: '日本語 😀' },
    ],
    {
      serde: {
        library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        parameters: {
          'field.delim': '\u0001',
          'escape.delim': '\\',
          'mapkey.delim': ':',
          'serialization.null.format': 'NULL ',
        },
      },
    },
  ),
  { parameters: { comment: 'pipe | and \\ backslash', 'odd key': 'odd = value; "x" \\ é' } },
);
const parquetOdd = tableOf(
  'parquet_odd',
  storageOf('parquet_odd', [
    { name: 'v', type: 'string' },
    { name: 'amount', type: 'decimal(38,18)' },
  ]),
  {
    type: 'EXTERNAL_TABLE',
    partitionKeys: [
      { name: 'p', type: 'string', comment: 'clé' },
      { name: 'n', type: 'int' },
    ],
  },
);
const withNull = tableOf('with_null', storageOf('with_null', [{ name: 'v', type: 'int' }]), {
  partitionKeys: [
    { name: 'p', type: 'string' },
    { name: 'd', type: 'date' },
  ],
});
const insertOnly = tableOf('insert_only', storageOf('insert_only', [{ name: 'id', type: 'int' }]), {
  parameters: { transactional: 'true', transactional_properties: 'insert_only' },
});
const view = tableOf('v_odd', storageOf('v_odd', [{ name: 'n', type: 'bigint' }], { location: undefined }), {
  type: 'VIRTUAL_VIEW',
  viewOriginalText: 'select 1 -- remarque é\n as n',
  viewExpandedText: 'select 1 as `n`',
});
const noPartitions = tableOf('no_partitions', storageOf('no_partitions', [{ name: 'v', type: 'int' }]), {
  partitionKeys: [{ name: 'p', type: 'string' }],
});

function partitionOf(table: Table, values: readonly string[], location?: string): Partition {
  const own = `${table.storage.location}/${partitionName(table.partitionKeys, values)}`;
  return { values, storage: { ...table.storage, location: location ?? own }, parameters: { numRows: '1' } };
}

const PARTITIONS: ReadonlyMap<Table, readonly Partition[]> = new Map([
  [
    parquetOdd,
    [
      ...ODD_VALUES.map((value, index) => partitionOf(parquetOdd, [value, String(index)])),
      partitionOf(parquetOdd, ['elsewhere', '99'], 'hdfs://nn:8020/data/else where/é'),
    ],
  ],
  [
    withNull,
    [
      partitionOf(withNull, ['x', '2024-03-01']),
      partitionOf(withNull, [DEFAULT_PARTITION, DEFAULT_PARTITION]),
      partitionOf(withNull, [DEFAULT_PARTITION, '2024-02-29']),
    ],
  ],
]);
const NONE: readonly Partition[] = [];

/** In database `odd`, the tables that the contract of source catalogs looks at. */
export const oddSandboxTables: MetastoreContent = {
  databases: [
    { name: 'default', location: WAREHOUSE, comment: 'Default Hive database', parameters: {} },
    {
      name: 'odd',
      location: `${WAREHOUSE}/odd.db`,
      comment: 'Données dessai, 試験 ✓',
      parameters: { 'owner.team': 'équipe', k: 'a=b;c' },
    },
  ],
  tables: [view, textDelims, parquetOdd, withNull, insertOnly, noPartitions],
  partitions: (table) => PARTITIONS.get(table) ?? NONE,
};
