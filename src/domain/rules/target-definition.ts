import type { TableMapping } from '../mapping.ts';
import { formatTableName, type UseCaseId } from '../names.ts';
import type { Reason } from '../plan.ts';
import type { Partition, StorageDescriptor, Table } from '../table.ts';
import { STAMP, type TargetPartition, type TargetStorage, type TargetTable } from '../target-table.ts';
import type { AvroSchema } from './avro-schema.ts';
import {
  fitDescription,
  locationOverLimit,
  overLimits,
  parametersOverLimits,
  storageOverLimits,
  valuesOverLimits,
} from './glue-limits.ts';
import { isSameFormat, OTHER_FORMAT, partitionSchemaProblems } from './partition-schema.ts';
import {
  partitionIndexProblems,
  partitionKeyNotes,
  partitionKeyProblems,
  partitionValueProblems,
  personalValueProblems,
} from './partition-value.ts';
import { keptParameters } from './table-parameters.ts';
import { duplicateColumns, targetColumns } from './target-columns.ts';
import { formatBucketing, formatSkew, targetStorage } from './target-storage.ts';

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
  /** Where the schema is kept outside the columns. */
  readonly avroSchema?: AvroSchema | undefined;
}

/** What will stand in the target catalog for a table of the source, without the run that puts it there. */
export function targetTable(table: Table, origin: DefinitionOrigin): DefinitionRuling<TargetTable> {
  const { location, avroSchema } = origin;
  const { parameters } = table;
  const { columns, orc } = origin.mapping;
  const ruled = targetStorage(table.storage, { columns, location, parameters, avroSchema, orc });
  const keys = targetColumns(table.partitionKeys, origin.mapping.columns, undefined);
  const description = fitDescription(table.parameters['comment'] ?? '');
  const definition: TargetTable = {
    database: origin.mapping.target.database,
    name: origin.mapping.target.table,
    type: 'EXTERNAL_TABLE',
    description: description.text === '' ? undefined : description.text,
    // Glue refuses an empty owner.
    owner: table.owner === '' ? undefined : table.owner,
    partitionKeys: keys.columns,
    storage: ruled.storage,
    parameters: {
      ...tableParameters(table, avroSchema),
      EXTERNAL: 'TRUE',
      ...(ruled.classification === undefined ? {} : { classification: ruled.classification }),
      ...stampOf(table, origin.useCase),
    },
  };
  return {
    definition,
    notes: [
      ...ruled.notes,
      ...keys.notes,
      ...description.notes,
      ...partitionKeyNotes(keys.columns),
      ...constraintNotes(table),
    ],
    problems: [
      ...ruled.problems,
      ...keys.problems,
      ...partitionKeyProblems(keys.columns),
      ...duplicateColumns(ruled.storage.columns, table.partitionKeys),
      ...overLimits(definition),
      ...partitionIndexProblems(origin.mapping.partitions.index, keys.columns),
    ],
  };
}

/** The schema goes into the parameters of the SerDe, where Athena looks for it. */
function tableParameters({ parameters }: Table, avroSchema: AvroSchema | undefined): Record<string, string> {
  const kept = keptParameters(parameters);
  if (avroSchema?.literal === undefined) return kept;
  return Object.fromEntries(Object.entries(kept).filter(([name]) => !name.startsWith('avro.schema.')));
}

function stampOf(table: Table, useCase: UseCaseId): Record<string, string> {
  const bucketing = formatBucketing(table.storage);
  const skew = formatSkew(table.storage);
  const { constraints = [] } = table;
  return {
    [STAMP.useCase]: useCase,
    [STAMP.source]: formatTableName(table.name),
    [STAMP.sourceLocation]: table.storage.location ?? '',
    ...(bucketing === undefined ? {} : { 'lakelift.source-bucketing': bucketing }),
    ...(skew === undefined ? {} : { 'lakelift.source-skew': skew }),
    ...(constraints.length === 0 ? {} : { 'lakelift.source-constraints': constraints.join('; ') }),
  };
}

/** Hive enforces NOT NULL and CHECK, fills in DEFAULT and lets its optimizer trust keys; Glue and Athena know none of them. */
function constraintNotes({ constraints = [] }: Table): Reason[] {
  if (constraints.length === 0) return [];
  const text = `${constraints.length} constraints have no place in Glue and stand in a parameter of the table: ${constraints.join('; ')}`;
  return [{ code: 'CONSTRAINTS', text }];
}

interface PartitionedTable {
  readonly source: Table;
  readonly definition: TargetTable;
  readonly mapping: TableMapping;
  readonly avroSchema?: AvroSchema | undefined;
}

/** The same for one partition of a table whose definition is known, at the partition's own location. */
export function targetPartition(
  partition: Partition,
  table: PartitionedTable,
  location: string,
): DefinitionRuling<TargetPartition> {
  const { values } = partition;
  const parameters = keptParameters(partition.parameters);
  const { partitionKeys } = table.definition;
  const ownProblems = [
    ...valuesOverLimits(values),
    ...parametersOverLimits(parameters),
    ...partitionValueProblems(partitionKeys, values),
    ...personalValueProblems(partitionKeys, values, table.mapping.columns),
  ];
  if (isStoredAlike(partition.storage, table.source.storage)) {
    const storage = { ...table.definition.storage, location, isCompressed: partition.storage.isCompressed };
    const problems = [...ownProblems, ...locationOverLimit(location)];
    return { definition: { values, storage, parameters }, notes: [], problems };
  }
  const { storage, notes, problems } = targetStorage(partition.storage, {
    columns: table.mapping.columns,
    location,
    parameters: table.source.parameters,
    avroSchema: table.avroSchema,
    orc: table.mapping.orc,
  });
  return {
    definition: { values, storage, parameters },
    notes,
    problems: [
      ...ownProblems,
      ...problems,
      ...formatProblems(storage, table),
      ...partitionSchemaProblems(storage.columns, table.definition),
      ...duplicateColumns(storage.columns, table.source.partitionKeys),
      ...storageOverLimits(storage),
    ],
  };
}

function formatProblems(storage: TargetStorage, { definition, mapping }: PartitionedTable): Reason[] {
  const isAccepted = mapping.partitions.otherFormat === 'register' || isSameFormat(storage, definition.storage);
  return isAccepted ? [] : [OTHER_FORMAT];
}

/** By identity: whoever lists many partitions lets those that repeat their table share its columns and SerDe. */
function isStoredAlike(a: StorageDescriptor, b: StorageDescriptor): boolean {
  return a.columns === b.columns && a.serde === b.serde && a.inputFormat === b.inputFormat;
}
