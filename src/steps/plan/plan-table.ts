import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import { formatTableName, type TableName } from '../../domain/names.ts';
import type { Reason, TableItem } from '../../domain/plan.ts';
import { indexedValueProblem } from '../../domain/rules/partition-value.ts';
import { fileKind } from '../../domain/rules/storage-format.ts';
import { codecProblem } from '../../domain/rules/text-codec.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { isView, type Table } from '../../domain/table.ts';
import { isLakeliftError } from '../../errors.ts';
import { addFile, addLeftOut, holdBack, reasonOf, reportCount, type PlanContext } from './plan-context.ts';
import { findAvroSchema } from './find-avro-schema.ts';
import { FormatFindings } from './format-findings.ts';
import { planConversion } from './plan-conversion.ts';
import { planPartitions } from './plan-partitions.ts';
import { planStatistics } from './plan-statistics.ts';
import { planWritten } from './plan-written.ts';
import { ruleOnTable, type AcceptedTable } from './table-ruling.ts';
import { walkFolder, type WalkTotals } from './walk-folder.ts';
import { walkNotes } from './walk-notes.ts';

type TableVerdict = Pick<
  TableItem,
  'verdict' | 'reason' | 'definition' | 'partitionIndex' | 'conversion' | 'statistics' | 'partitionsWithStatistics'
> & {
  readonly notes: readonly Reason[];
};

/** Plans a table: its definition, its partitions and their files. A failure that concerns it alone refuses it. */
export async function planTable(
  context: PlanContext,
  name: TableName,
  { mapping, early }: { readonly mapping: TableMapping | undefined; readonly early: Reason | undefined },
): Promise<void> {
  const scope = formatTableName(name);
  let table: Table | undefined;
  let verdict: TableVerdict;
  try {
    table = await context.catalog.findTable(name, context.signal);
    if (table?.type === 'VIRTUAL_VIEW' && mapping !== undefined && mapping.skip === undefined && early === undefined) {
      context.views.set(scope, { table, mapping });
      return;
    }
    verdict = await verdictOn(context, table, { scope, mapping, early });
  } catch (error) {
    const reason = reasonOf(error, 'CANNOT_READ_TABLE');
    if (reason === undefined) throw error;
    verdict = { verdict: 'refuse', reason, notes: [] };
  }
  holdBack(context, { scope }, verdict);
  context.verdicts.set(scope, verdict.verdict);
  const kind = table !== undefined && isView(table) ? 'view' : 'table';
  const reconcileLevel = mapping?.reconcile.level ?? 'files';
  context.writer.add({ kind, id: `${kind}:${scope}`, scope, source: name, reconcileLevel, ...verdict });
  reportCount(context, scope);
}

interface Question {
  readonly scope: string;
  readonly mapping: TableMapping | undefined;
  /** Decided from the mapping as a whole: the target is taken twice, the table is not of the use case… */
  readonly early: Reason | undefined;
}

async function verdictOn(context: PlanContext, table: Table | undefined, question: Question): Promise<TableVerdict> {
  const { mapping, early } = question;
  if (mapping?.skip !== undefined) return stopped('skip', { code: 'MAPPING_SKIP', text: mapping.skip });
  if (early?.code === 'NOT_IN_USE_CASE') return stopped('skip', early);
  if (table === undefined) return stopped('refuse', gone(question.scope));
  if (mapping === undefined) return stopped('needs-decision', notMapped(context.migration.id));
  if (early !== undefined) return stopped('refuse', early);
  const avroSchema = await findAvroSchema(context, table);
  if (mapping.storage === 'convert') return planConversion(context, { table, avroSchema }, mapping);
  const constraints = await context.catalog.findConstraints(table, context.signal);
  const ruling = ruleOnTable(context, { ...table, constraints }, { mapping, avroSchema });
  if (ruling.kind === 'stopped') return { verdict: ruling.verdict, reason: ruling.reason, notes: ruling.notes };
  const { accepted } = ruling;
  return table.partitionKeys.length === 0 ? planFiles(context, accepted) : planPartitioned(context, accepted);
}

async function planPartitioned(context: PlanContext, accepted: AcceptedTable): Promise<TableVerdict> {
  const { index: partitionIndex } = accepted.mapping.partitions;
  const { notes, parameters, withStatistics, formats, unindexableKeys } = await planPartitions(context, accepted);
  const unindexed = indexedValueProblem(partitionIndex, unindexableKeys);
  if (unindexed !== undefined) return { verdict: 'needs-decision', reason: unindexed, notes };
  const written = await planWritten(context, accepted, formats);
  if (written.problem !== undefined)
    return { verdict: 'needs-decision', reason: written.problem, notes: written.notes };
  const definition = { ...accepted.definition, parameters: { ...accepted.definition.parameters, ...parameters } };
  return {
    verdict: 'copy',
    definition,
    ...(partitionIndex === undefined ? {} : { partitionIndex }),
    ...(withStatistics === 0 ? {} : { partitionsWithStatistics: withStatistics }),
    notes: [...written.notes, ...notes],
  };
}

async function planFiles(context: PlanContext, accepted: AcceptedTable): Promise<TableVerdict> {
  const { scope, folder, bucket, prefix, definition, mapping } = accepted;
  const place = { scope, bucket, prefix, arePersonalNamesKnown: mapping.names === 'mask' };
  const formats = new FormatFindings();
  const visitor = {
    rulingOnName: rulingOnTableEntry,
    shouldEnter: () => true,
    onFile: (file: SourceFile, relative: string) => {
      formats.addFile(definition.storage, file);
      addFile(context, place, file, relative);
    },
    onLeftOut: (path: string, ruling: Parameters<typeof addLeftOut>[3]) => addLeftOut(context, scope, path, ruling),
  };
  try {
    const totals = await walkFolder(folder, visitor, context);
    if (totals.failures > 0) return stopped('refuse', incomplete(totals));
    const unread = codecProblem(totals.codecs, fileKind(definition.storage));
    if (unread !== undefined) return stopped('needs-decision', unread);
    const { oldColumns, ...known } = await planStatistics(context, accepted, totals);
    formats.addOldColumns(definition.storage, oldColumns);
    const written = await planWritten(context, accepted, formats);
    if (written.problem !== undefined)
      return { verdict: 'needs-decision', reason: written.problem, notes: written.notes };
    const notes = [...written.notes, ...walkNotes(totals, definition.parameters), ...known.notes];
    return { verdict: 'copy', definition, ...known, notes };
  } catch (error) {
    if (!isLakeliftError(error, 'not-found')) throw error;
    const missing = {
      code: 'FOLDER_MISSING',
      text: `its folder ${folder} does not exist; it is registered empty, as Hive shows it`,
    };
    return { verdict: 'copy', definition, notes: [...accepted.notes, missing] };
  }
}

function stopped(verdict: TableVerdict['verdict'], reason: Reason): TableVerdict {
  return { verdict, reason, notes: [] };
}

function incomplete({ failures }: WalkTotals): Reason {
  const text = `${failures} of its directories cannot be listed, so that it would be registered without their rows`;
  return { code: 'CANNOT_LIST_ALL', text, hint: 'The refused directories of the table say why.' };
}

function gone(scope: string): Reason {
  const text = `nothing at the source is called "${scope}"`;
  const hint =
    'It was dropped or renamed, or stands in another catalog of the metastore, whose tables the plan then names (OTHER_CATALOG): take it out of the mapping, or set "skip" with the reason.';
  return { code: 'SOURCE_TABLE_NOT_FOUND', text, hint };
}

function notMapped(useCase: string): Reason {
  const hint = `Run "lakelift map ${useCase}", review what it adds, then plan again.`;
  return { code: 'TABLE_NOT_MAPPED', text: 'the mapping does not say where it goes', hint };
}
