import type { Column, Partition, StorageDescriptor, Table } from '../../domain/table.ts';
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

function storage(descriptor: ThriftStorage): StorageDescriptor {
  const { serdeInfo: serde } = descriptor;
  return {
    columns: (descriptor.cols ?? []).map(column),
    location: descriptor.location,
    inputFormat: descriptor.inputFormat,
    outputFormat: descriptor.outputFormat,
    serde: { name: serde?.name, library: serde?.serializationLib, parameters: record(serde?.parameters) },
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
