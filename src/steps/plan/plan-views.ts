import type { TableMapping } from '../../domain/mapping.ts';
import { formatTableName, type TableName } from '../../domain/names.ts';
import type { PlannedView, Reason, TableItem } from '../../domain/plan.ts';
import { parseHiveType } from '../../domain/rules/hive-type.ts';
import { targetView } from '../../domain/rules/view-definition.ts';
import { viewText, type Table } from '../../domain/table.ts';
import { parseViewSql } from '../../domain/view-sql/query-parser.ts';
import { namesReadBy } from '../../domain/view-sql/table-references.ts';
import { translateView } from '../../domain/view-sql/translate-view.ts';
import type { ReadableTable } from '../../domain/view-sql/translation.ts';
import { formatPlace, ViewSqlError } from '../../domain/view-sql/view-sql-error.ts';
import { reasonOf, reportCount, type PlanContext } from './plan-context.ts';
import { findReadableTable } from './readable-tables.ts';

type ViewVerdict = Pick<TableItem, 'verdict' | 'reason' | 'definition' | 'view' | 'notes'>;

/** Plans the views once every table has its verdict; those that others read come first. */
export async function planViews(context: PlanContext): Promise<void> {
  for (const scope of [...context.views.keys()].sort()) await planView(context, scope);
}

async function planView(context: PlanContext, scope: string): Promise<void> {
  const found = context.views.get(scope);
  if (found === undefined) return;
  // Taken out first: a view that came to read itself would find itself not migrated.
  context.views.delete(scope);
  const verdict = await verdictOn(context, found);
  context.verdicts.set(scope, verdict.verdict);
  const { name } = found.table;
  const reconcileLevel = found.mapping.reconcile.level;
  context.writer.add({ kind: 'view', id: `view:${scope}`, scope, source: name, reconcileLevel, ...verdict });
  reportCount(context, scope);
}

/** A view of the source that waits for the verdicts on what it reads. */
export interface FoundView {
  readonly table: Table;
  readonly mapping: TableMapping;
}

async function verdictOn(context: PlanContext, found: FoundView): Promise<ViewVerdict> {
  try {
    return await translated(context, found);
  } catch (error) {
    if (error instanceof ViewSqlError) return undecided(notTranslated(error));
    const reason = reasonOf(error, 'CANNOT_READ_TABLE');
    if (reason === undefined) throw error;
    return { verdict: 'refuse', reason, notes: [] };
  }
}

async function translated(context: PlanContext, { table, mapping }: FoundView): Promise<ViewVerdict> {
  const text = viewText(table);
  const { sql } = mapping.view ?? {};
  const names = sql === undefined ? namesReadBy(text) : namesIfReadable(text);
  const tables = new Map<string, ReadableTable>();
  const reads: string[] = [];
  for (const name of names) {
    const source = formatTableName(name);
    await planView(context, source);
    const answer = await findReadableTable(context, name, mapping.view?.reads ?? {});
    if (answer.kind === 'absent') return undecided(answer.reason);
    tables.set(source, answer.table);
    if (answer.isOurs) reads.push(source);
  }
  const view = sql === undefined ? translate(table, { text, mapping, tables }) : { sql, changes: [BY_HAND] };
  return ruled(context, { table, mapping }, { ...view, reads });
}

const BY_HAND = { places: [], text: 'the query is written by hand in the mapping' };

function translate(
  table: Table,
  { text, mapping, tables }: { text: string; mapping: TableMapping; tables: ReadonlyMap<string, ReadableTable> },
): Pick<PlannedView, 'sql' | 'changes'> {
  const columns = table.storage.columns.map(({ name, type }) => ({
    name: name.toLowerCase(),
    type: parseHiveType(type),
  }));
  return translateView(parseViewSql(text), columns, { tables, timeZone: mapping.view?.timeZone });
}

function ruled(context: PlanContext, { table, mapping }: FoundView, view: PlannedView): ViewVerdict {
  const { definition, notes, problems } = targetView(table, { useCase: context.migration.id, mapping }, view.sql);
  if (problems.length > 0)
    return { verdict: 'needs-decision', reason: problems[0], notes: [...problems.slice(1), ...notes] };
  const changed = view.changes.map(({ places, text }) => ({
    code: 'VIEW_CHANGED',
    text: places.length === 0 ? text : `${text} (${places.join(', ')})`,
  }));
  const sql = { code: 'VIEW_SQL', text: `in Athena it reads: ${view.sql}` };
  return { verdict: 'copy', definition, view, notes: [...notes, ...changed, sql] };
}

/** Of a view that is written by hand, what Hive's text reads serves to put views in order, where it can be read. */
export function namesIfReadable(text: string): TableName[] {
  try {
    return namesReadBy(text);
  } catch (error) {
    if (error instanceof ViewSqlError) return [];
    throw error;
  }
}

function undecided(reason: Reason): ViewVerdict {
  return { verdict: 'needs-decision', reason, notes: [] };
}

function notTranslated({ place, message }: ViewSqlError): Reason {
  const text = `at ${formatPlace(place)} of its text: ${message}`;
  const hint = 'Write the view in Athena\'s SQL as "view: { sql: … }" in the mapping, or set "skip" with the reason.';
  return { code: 'VIEW_NOT_TRANSLATED', text, hint };
}
