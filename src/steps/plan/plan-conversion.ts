import { foreignLocation } from '../../domain/cluster.ts';
import { parseLocation, s3Location } from '../../domain/location.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import { joinKey } from '../../domain/object-key.ts';
import type { Reason, TableItem } from '../../domain/plan.ts';
import { withAvroColumns, type AvroSchema } from '../../domain/rules/avro-schema.ts';
import {
  conversionNotes,
  convertedTable,
  RAW_IS_UNMODIFIED,
  timestampColumns,
  zoneProblem,
} from '../../domain/rules/converted-table.ts';
import { stagingProblems } from '../../domain/rules/staged-columns.ts';
import { rulingOnConversion, rulingOnKind } from '../../domain/rules/table-kind.ts';
import { targetTable } from '../../domain/rules/target-definition.ts';
import type { Table } from '../../domain/table.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import { readSourceState } from '../source-state.ts';
import type { PlanContext } from './plan-context.ts';
import { mappingNotes } from './table-ruling.ts';

interface FoundTable {
  /** As the metastore holds it. */
  readonly table: Table;
  readonly avroSchema: AvroSchema | undefined;
}

type ConversionVerdict = Pick<
  TableItem,
  'verdict' | 'reason' | 'definition' | 'partitionIndex' | 'conversion' | 'notes'
>;

/**
 * Plans a table that the cluster writes anew. Its files are known once that is done: the run adds them to the plan that was approved.
 * What is written at the source until then makes another plan.
 */
export async function planConversion(
  context: PlanContext,
  found: FoundTable,
  mapping: TableMapping,
): Promise<ConversionVerdict> {
  const kind = rulingOnConversion(found.table);
  if (kind !== undefined) return { ...kind, notes: [] };
  const refusal = context.conversionGap ?? foreignSource(context, found.table) ?? rawProblem(context, found, mapping);
  if (refusal !== undefined) return { verdict: 'refuse', reason: refusal, notes: [] };
  return planExport(context, found, mapping);
}

/** Which columns a table of Avro has is told by its schema: where that cannot be read, some could be left behind without a word. */
async function planExport(
  context: PlanContext,
  { table: stored, avroSchema }: FoundTable,
  mapping: TableMapping,
): Promise<ConversionVerdict> {
  const unread = avroSchema?.problems ?? [];
  if (unread.length > 0) return { verdict: 'needs-decision', reason: unread[0], notes: unread.slice(1) };
  const table = withAvroColumns(stored, avroSchema);
  const format = formatOf(mapping);
  const origin = originOf(context, table, mapping);
  const constraints = await context.catalog.findConstraints(table, context.signal);
  const { definition, notes, ...target } = targetTable({ ...convertedTable(table, format), constraints }, origin);
  const problems = [...stagingProblems(table, format), ...target.problems];
  if (problems.length > 0)
    return { verdict: 'needs-decision', reason: problems[0], notes: [...problems.slice(1), ...notes] };
  const shared = await sharedConversion(context, definition);
  if (shared !== undefined) return { verdict: 'refuse', reason: shared, notes: [] };
  const times = timestampColumns(table);
  if (times.length > 0 && (await context.exporter?.keepsWallTime(format, context.signal)) === false)
    return { verdict: 'needs-decision', reason: zoneProblem(format, times), notes: [] };
  const { index: partitionIndex, projection } = mapping.partitions;
  const state = await readSourceState(context, table, format);
  const text = `HiveServer2 exports its rows as ${format} into ${context.exporter?.staging.database ?? 'the staging database'}, and those files are taken over`;
  return {
    verdict: 'convert',
    reason: { code: 'CONVERTED', text },
    definition,
    ...(partitionIndex === undefined ? {} : { partitionIndex }),
    conversion: { ...state, ...(projection === true ? { isProjected: true } : {}) },
    notes: [...conversionNotes(table, format), ...notes, ...mappingNotes(definition, mapping)],
  };
}

/** Two exports of one table would lie beside each other, and the table in the catalog can show one. */
async function sharedConversion(
  { targetCatalog, signal }: PlanContext,
  definition: TargetTable,
): Promise<Reason | undefined> {
  const standing = (await targetCatalog?.findTable(definition, signal))?.table.parameters;
  const maker = standing?.[STAMP.useCase];
  if (maker === undefined || maker === definition.parameters[STAMP.useCase]) return undefined;
  if (standing?.[STAMP.source] !== definition.parameters[STAMP.source]) return undefined;
  const target = `${definition.database}.${definition.name}`;
  const text = `use case ${maker} already converts it, into ${target}: a converted table is exported by one use case only`;
  return {
    code: 'CONVERTED_ELSEWHERE',
    text,
    hint: `Set "skip" for it in one of the two mappings; ${target} serves both.`,
  };
}

export function formatOf({ convert }: TableMapping): NonNullable<TableMapping['convert']>['format'] {
  return convert?.format ?? 'parquet';
}

function originOf(context: PlanContext, table: Table, mapping: TableMapping) {
  const { bucket, prefix } = context.zones[mapping.target.zone]!;
  const location = s3Location(bucket, joinKey(prefix, table.name.database, table.name.table));
  return { useCase: context.migration.id, mapping, location };
}

/** HiveServer2 would read it, but nobody here could tell whether it changed. */
function foreignSource({ clusterAuthorities }: PlanContext, { storage }: Table): Reason | undefined {
  return storage.location === undefined
    ? undefined
    : foreignLocation(parseLocation(storage.location), clusterAuthorities);
}

function rawProblem(
  context: PlanContext,
  { table, avroSchema }: FoundTable,
  mapping: TableMapping,
): Reason | undefined {
  if (mapping.target.zone !== 'raw' || rulingOnKind(table) !== undefined) return undefined;
  const { problems } = targetTable(table, { ...originOf(context, table, mapping), avroSchema });
  return problems.length === 0 ? RAW_IS_UNMODIFIED : undefined;
}
