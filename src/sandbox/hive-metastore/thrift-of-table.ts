import type {
  TextMap,
  ThriftDatabase,
  ThriftField,
  ThriftPartition,
  ThriftStorage,
  ThriftTable,
} from '../../adapters/hive-metastore/metastore-structs.ts';
import type { Column, Partition, StorageDescriptor, Table } from '../../domain/table.ts';
import type { Database } from '../../ports/source-catalog.ts';

/** A table as a metastore holds it. */
export function thriftOfTable(table: Table): ThriftTable {
  return {
    tableName: table.name.table,
    dbName: table.name.database,
    owner: table.owner,
    createTime: table.createdAtSeconds,
    sd: storage(table.storage),
    partitionKeys: table.partitionKeys.map(field),
    parameters: pairs(table.parameters),
    viewOriginalText: table.viewOriginalText,
    viewExpandedText: table.viewExpandedText,
    tableType: table.type,
    catName: table.catalog,
  };
}

export function thriftOfPartition(table: Table, partition: Partition): ThriftPartition {
  return {
    values: partition.values,
    dbName: table.name.database,
    tableName: table.name.table,
    createTime: table.createdAtSeconds,
    sd: storage(partition.storage),
    parameters: pairs(partition.parameters),
    catName: table.catalog,
  };
}

export function thriftOfDatabase(database: Database): ThriftDatabase {
  return {
    name: database.name,
    description: database.comment,
    locationUri: database.location,
    parameters: pairs(database.parameters),
  };
}

function field({ name, type, comment }: Column): ThriftField {
  return { name, type, comment };
}

function storage(descriptor: StorageDescriptor): ThriftStorage {
  return {
    cols: descriptor.columns.map(field),
    location: descriptor.location,
    inputFormat: descriptor.inputFormat,
    outputFormat: descriptor.outputFormat,
    compressed: descriptor.isCompressed,
    numBuckets: descriptor.bucketCount,
    serdeInfo: {
      name: descriptor.serde.name,
      serializationLib: descriptor.serde.library,
      parameters: pairs(descriptor.serde.parameters),
    },
    bucketCols: descriptor.bucketColumns,
    sortCols: descriptor.sortColumns.map(({ column, order }) => ({ col: column, order: order === 'asc' ? 1 : 0 })),
    parameters: pairs(descriptor.parameters),
    skewedInfo: { skewedColNames: descriptor.skewedColumns, skewedColValues: [], skewedColValueLocationMaps: [] },
    storedAsSubDirectories: descriptor.isStoredAsSubDirectories,
  };
}

function pairs(record: Readonly<Record<string, string>>): TextMap {
  return Object.entries(record);
}
