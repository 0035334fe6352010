import type { Reason } from '../../domain/plan.ts';
import type { FileKind } from '../../domain/rules/storage-format.ts';
import { vouchedStatistics } from '../../domain/rules/target-statistics.ts';
import { writtenCodecProblem } from '../../domain/rules/text-codec.ts';
import { columnsWithDays, writtenDays } from '../../domain/rules/written-days.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { oldDays } from '../../domain/writer-marks/writer-marks.ts';
import type { PlanContext } from './plan-context.ts';
import { readMarks } from './read-marks.ts';
import type { AcceptedTable } from './table-ruling.ts';

/** The file that was changed last, for each format that a table or its partitions have. */
export type NewestFiles = ReadonlyMap<FileKind, SourceFile>;

interface WalkedTable {
  readonly newest: NewestFiles;
  /** Columns in which Hive found days before 15 October 1582 in some partition; undefined for a table without partitions. */
  readonly oldDays?: readonly string[];
}

interface PlannedFiles {
  /** On the table, those that its definition gave included. */
  readonly notes: readonly Reason[];
  readonly problem?: Reason | undefined;
}

/** How the files of a table were written (codec, days, times), told by the newest of each format: what the cluster writes now. */
export async function planWritten(
  context: PlanContext,
  accepted: AcceptedTable,
  walked: WalkedTable,
): Promise<PlannedFiles> {
  const { definition, mapping, notes } = accepted;
  const { columns } = definition.storage;
  const read = [...walked.newest].map(async ([kind, file]) => ({ kind, marks: await readMarks(context, file, kind) }));
  const found = (await Promise.all(read)).flatMap(({ kind, marks }) => (marks === undefined ? [] : [{ kind, marks }]));
  const unread = found.flatMap(({ kind, marks }) => writtenCodecProblem(kind, marks.codecs) ?? [])[0];
  if (unread !== undefined) return { notes, problem: unread };
  if (columnsWithDays(columns).length === 0) return { notes };
  const isHybrid = found.some(({ marks }) => marks.calendar === 'hybrid');
  const foundByHive = isHybrid ? (walked.oldDays ?? (await oldDaysOf(context, accepted))) : [];
  const isAccepted = mapping.calendar === 'keep';
  const rulings = found.map(({ marks }) => writtenDays(columns, marks, { foundByHive, isAccepted }));
  const said = new Map(rulings.flatMap((ruling) => ruling.notes).map((note) => [note.text, note]));
  // What the file says of its zone takes the place of what might be.
  const isSaid = (code: string): boolean => [...said.values()].some((note) => note.code === code);
  return {
    notes: [...notes.filter(({ code }) => !isSaid(code)), ...said.values()],
    problem: rulings.find(({ problem }) => problem !== undefined)?.problem,
  };
}

/** Columns in which Hive found such days when it computed their statistics. */
async function oldDaysOf({ catalog, signal }: PlanContext, { table }: AcceptedTable): Promise<string[]> {
  if (vouchedStatistics(table.parameters, table.createdAtSeconds) === undefined) return [];
  const days = table.storage.columns.filter(({ type }) => type === 'date').map(({ name }) => name);
  if (days.length === 0) return [];
  return oldDays(await catalog.findStatistics(table.name, days, signal));
}
