import type { TableMapping } from '../mapping.ts';
import { formatTableName, type UseCaseId } from '../names.ts';
import type { Reason } from '../plan.ts';
import type { Partition, StorageDescriptor, Table } from '../table.ts';
import { STAMP, type TargetPartition, type TargetTable } from '../target-table.ts';
import { fitDescription, locationOverLimit, overLimits, storageOverLimits } from './glue-limits.ts';
import { keptParameters } from './table-parameters.ts';
import { duplicateColumns, targetColumns } from './target-columns.ts';
import { formatBucketing, targetStorage } from './target-storage.ts';

interface DefinitionRuling<Definition> {
  readonly definition: Definition;
  /** Stop nothing. */
  readonly notes: readonly Reason[];
  /** Need a decision before the definition may stand in the catalog; empty when it may. */
  readonly problems: readonly Reason[];
}

interface DefinitionOrigin {
  readonly useCase: UseCaseId;
  readonly mapping: TableMapping;
  /** `s3://bucket/prefix/` */
  readonly location: string;
}

/** What will stand in the target catalog for a table of the source, without the run that puts it there. */
export function targetTable(table: Table, origin: DefinitionOrigin): DefinitionRuling<TargetTable> {
  const ruled = targetStorage(table.storage, origin.mapping.columns, origin.location);
  const keys = targetColumns(table.partitionKeys, origin.mapping.columns, undefined);
  const comment = table.parameters['comment'];
  const definition: TargetTable = {
    database: origin.mapping.target.database,
    name: origin.mapping.target.table,
    type: 'EXTERNAL_TABLE',
    description: comment === undefined || comment === '' ? undefined : fitDescription(comment),
    owner: table.owner,
    partitionKeys: keys.columns,
    storage: ruled.storage,
    parameters: {
      ...keptParameters(table.parameters),
      EXTERNAL: 'TRUE',
      ...(ruled.classification === undefined ? {} : { classification: ruled.classification }),
      ...stampOf(table, origin.useCase),
    },
  };
  return {
    definition,
    notes: [...ruled.notes, ...keys.notes],
    problems: [
      ...ruled.problems,
      ...keys.problems,
      ...duplicateColumns(table.storage.columns, table.partitionKeys),
      ...overLimits(definition),
    ],
  };
}

function stampOf(table: Table, useCase: UseCaseId): Record<string, string> {
  const bucketing = formatBucketing(table.storage);
  return {
    [STAMP.useCase]: useCase,
    [STAMP.source]: formatTableName(table.name),
    [STAMP.sourceLocation]: table.storage.location ?? '',
    ...(bucketing === undefined ? {} : { 'lakelift.source-bucketing': bucketing }),
  };
}

/** The same for one partition of a table whose definition is known, at the partition's own location. */
export function targetPartition(
  partition: Partition,
  table: { readonly source: Table; readonly definition: TargetTable; readonly mapping: TableMapping },
  location: string,
): DefinitionRuling<TargetPartition> {
  const { values } = partition;
  const parameters = keptParameters(partition.parameters);
  if (isStoredAlike(partition.storage, table.source.storage)) {
    const storage = { ...table.definition.storage, location, isCompressed: partition.storage.isCompressed };
    return { definition: { values, storage, parameters }, notes: [], problems: locationOverLimit(location) };
  }
  const { storage, notes, problems } = targetStorage(partition.storage, table.mapping.columns, location);
  return {
    definition: { values, storage, parameters },
    notes,
    problems: [...problems, ...storageOverLimits(storage)],
  };
}

/** By identity: whoever lists many partitions lets those that repeat their table share its columns and SerDe. */
function isStoredAlike(a: StorageDescriptor, b: StorageDescriptor): boolean {
  return a.columns === b.columns && a.serde === b.serde && a.inputFormat === b.inputFormat;
}
