import type {
  Column as GlueColumn,
  Partition as GluePartition,
  PartitionInput,
  StorageDescriptor,
  Table as GlueTable,
  TableInput,
} from '@aws-sdk/client-glue';
import type { Column } from '../../domain/table.ts';
import type { TargetPartition, TargetStorage, TargetTable } from '../../domain/target-table.ts';

export function toTableInput(table: TargetTable): TableInput {
  return {
    Name: table.name.toLowerCase(),
    TableType: table.type,
    Description: table.description,
    Owner: table.owner,
    // Athena's DDL fails where PartitionKeys is absent, even for tables without any ("Troubleshooting in Athena").
    PartitionKeys: table.partitionKeys.map(toGlueColumn),
    StorageDescriptor: toStorageDescriptor(table.storage),
    Parameters: { ...table.parameters },
    ViewOriginalText: table.viewOriginalText,
    ViewExpandedText: table.viewExpandedText,
  };
}

export function toPartitionInput(partition: TargetPartition): PartitionInput {
  return {
    Values: [...partition.values],
    StorageDescriptor: toStorageDescriptor(partition.storage),
    Parameters: { ...partition.parameters },
  };
}

export function fromGlueTable(table: GlueTable): TargetTable {
  return {
    database: table.DatabaseName ?? '',
    name: table.Name ?? '',
    type: table.TableType === 'VIRTUAL_VIEW' ? 'VIRTUAL_VIEW' : 'EXTERNAL_TABLE',
    description: table.Description,
    owner: table.Owner,
    partitionKeys: (table.PartitionKeys ?? []).map(fromGlueColumn),
    storage: fromStorageDescriptor(table.StorageDescriptor ?? {}),
    parameters: table.Parameters ?? {},
    ...(table.ViewOriginalText === undefined ? {} : { viewOriginalText: table.ViewOriginalText }),
    ...(table.ViewExpandedText === undefined ? {} : { viewExpandedText: table.ViewExpandedText }),
  };
}

export function fromGluePartition(partition: GluePartition): TargetPartition {
  return {
    values: partition.Values ?? [],
    storage: fromStorageDescriptor(partition.StorageDescriptor ?? {}),
    parameters: partition.Parameters ?? {},
  };
}

const knownColumns = new WeakMap<readonly Column[], GlueColumn[]>();

/** Partitions mostly share the columns of their table: one object stays one. */
function toGlueColumns(columns: readonly Column[]): GlueColumn[] {
  let translated = knownColumns.get(columns);
  if (translated === undefined) knownColumns.set(columns, (translated = columns.map(toGlueColumn)));
  return translated;
}

function toStorageDescriptor(storage: TargetStorage): StorageDescriptor {
  return {
    Columns: toGlueColumns(storage.columns),
    Location: storage.location,
    InputFormat: storage.inputFormat,
    OutputFormat: storage.outputFormat,
    Compressed: storage.isCompressed,
    NumberOfBuckets: storage.bucketCount,
    SerdeInfo: { SerializationLibrary: storage.serdeLibrary, Parameters: { ...storage.serdeParameters } },
    BucketColumns: [...storage.bucketColumns],
    SortColumns: storage.sortColumns.map(({ column, order }) => ({
      Column: column,
      SortOrder: order === 'asc' ? 1 : 0,
    })),
  };
}

function fromStorageDescriptor(storage: StorageDescriptor): TargetStorage {
  return {
    columns: (storage.Columns ?? []).map(fromGlueColumn),
    location: storage.Location,
    inputFormat: storage.InputFormat,
    outputFormat: storage.OutputFormat,
    serdeLibrary: storage.SerdeInfo?.SerializationLibrary,
    serdeParameters: storage.SerdeInfo?.Parameters ?? {},
    isCompressed: storage.Compressed ?? false,
    bucketCount: storage.NumberOfBuckets ?? -1,
    bucketColumns: storage.BucketColumns ?? [],
    sortColumns: (storage.SortColumns ?? []).map(({ Column, SortOrder }) => ({
      column: Column ?? '',
      order: SortOrder === 0 ? 'desc' : 'asc',
    })),
  };
}

function toGlueColumn({ name, type, comment }: Column): GlueColumn {
  return { Name: name, Type: type, Comment: comment };
}

function fromGlueColumn({ Name, Type, Comment }: GlueColumn): Column {
  return { name: Name ?? '', type: Type ?? '', ...(Comment === undefined ? {} : { comment: Comment }) };
}
