import type { Reason } from '../../domain/plan.ts';
import { columnsWithDays, writtenDays } from '../../domain/rules/written-days.ts';
import { vouchedStatistics } from '../../domain/rules/target-statistics.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { isOldDay } from '../../domain/writer-marks/writer-marks.ts';
import type { PlanContext } from './plan-context.ts';
import { readMarks } from './read-marks.ts';
import type { AcceptedTable } from './table-ruling.ts';

interface PlannedDays {
  /** On the table, those that its definition gave included. */
  readonly notes: readonly Reason[];
  readonly problem?: Reason | undefined;
}

/** How the days and times of a table were written, told by its newest file: what the cluster writes now. */
export async function planDays(
  context: PlanContext,
  accepted: AcceptedTable,
  newest: SourceFile | undefined,
): Promise<PlannedDays> {
  const { definition, mapping, notes } = accepted;
  const { columns } = definition.storage;
  if (newest === undefined || columnsWithDays(columns).length === 0) return { notes };
  const marks = await readMarks(context, newest, definition.parameters['classification']);
  if (marks === undefined) return { notes };
  const foundByHive = marks.calendar === 'hybrid' ? await oldDaysOf(context, accepted) : [];
  const ruling = writtenDays(columns, marks, { foundByHive, isAccepted: mapping.calendar === 'keep' });
  // What the file says of its zone takes the place of what might be.
  const isSaid = (code: string): boolean => ruling.notes.some((note) => note.code === code);
  return { ...ruling, notes: [...notes.filter(({ code }) => !isSaid(code)), ...ruling.notes] };
}

/** Columns in which Hive found such days when it computed their statistics. */
async function oldDaysOf({ catalog, signal }: PlanContext, { table }: AcceptedTable): Promise<string[]> {
  if (vouchedStatistics(table.parameters, table.createdAtSeconds) === undefined) return [];
  const days = table.storage.columns.filter(({ type }) => type === 'date').map(({ name }) => name);
  if (days.length === 0) return [];
  const found = await catalog.findStatistics(table.name, days, signal);
  return found.flatMap(({ column, values }) => (values.kind === 'date' && isOldDay(values.least) ? [column] : []));
}
