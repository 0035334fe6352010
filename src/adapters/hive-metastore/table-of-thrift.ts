import type { Column, Partition, Serde, StorageDescriptor, Table } from '../../domain/table.ts';
import type { Database } from '../../ports/source-catalog.ts';
import type {
  TextMap,
  ThriftDatabase,
  ThriftField,
  ThriftPartition,
  ThriftStorage,
  ThriftTable,
} from './metastore-structs.ts';

/** The metastore's table as the program sees it. What Hive left unset stays undefined; flags and counts take Thrift's own defaults. */
export function tableOfThrift(table: ThriftTable): Table {
  return {
    name: { database: table.dbName ?? '', table: table.tableName ?? '' },
    catalog: table.catName,
    owner: table.owner,
    type: table.tableType ?? 'MANAGED_TABLE',
    createdAtSeconds: table.createTime ?? 0,
    partitionKeys: (table.partitionKeys ?? []).map(column),
    storage: storage(table.sd ?? {}),
    parameters: record(table.parameters),
    viewOriginalText: table.viewOriginalText,
    viewExpandedText: table.viewExpandedText,
  };
}

export function partitionOfThrift(partition: ThriftPartition): Partition {
  return {
    values: partition.values ?? [],
    storage: storage(partition.sd ?? {}),
    parameters: record(partition.parameters),
  };
}

export function databaseOfThrift(database: ThriftDatabase): Database {
  return {
    name: database.name ?? '',
    location: database.locationUri,
    comment: database.description,
    parameters: record(database.parameters),
  };
}

function column(field: ThriftField): Column {
  return { name: field.name ?? '', type: field.type ?? '', comment: field.comment };
}

/** The codec gives one object for what partitions repeat; it stays one object here. */
function remembered<From extends object, To>(translate: (from: From) => To): (from: From) => To {
  const known = new WeakMap<From, To>();
  return (from) => {
    const before = known.get(from);
    if (before !== undefined) return before;
    const translated = translate(from);
    known.set(from, translated);
    return translated;
  };
}

const columnsOf = remembered((fields: readonly ThriftField[]): readonly Column[] => fields.map(column));
const serdeOf = remembered((serde: NonNullable<ThriftStorage['serdeInfo']>): Serde => ({
  name: serde.name,
  library: serde.serializationLib,
  parameters: record(serde.parameters),
}));

function storage(descriptor: ThriftStorage): StorageDescriptor {
  return {
    columns: columnsOf(descriptor.cols ?? []),
    location: descriptor.location,
    inputFormat: descriptor.inputFormat,
    outputFormat: descriptor.outputFormat,
    serde: serdeOf(descriptor.serdeInfo ?? {}),
    isCompressed: descriptor.compressed ?? false,
    bucketCount: descriptor.numBuckets ?? 0,
    bucketColumns: descriptor.bucketCols ?? [],
    sortColumns: (descriptor.sortCols ?? []).map(({ col = '', order }) => ({
      column: col,
      order: order === 0 ? 'desc' : 'asc',
    })),
    skewedColumns: descriptor.skewedInfo?.skewedColNames ?? [],
    isStoredAsSubDirectories: descriptor.storedAsSubDirectories ?? false,
    parameters: record(descriptor.parameters),
  };
}

function record(pairs: TextMap | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs ?? []);
}
