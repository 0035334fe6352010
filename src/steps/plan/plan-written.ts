import type { Reason } from '../../domain/plan.ts';
import { orcColumns } from '../../domain/rules/column-access.ts';
import { encryptionProblem } from '../../domain/rules/file-encryption.ts';
import type { FileKind } from '../../domain/rules/storage-format.ts';
import { writtenCodecProblem } from '../../domain/rules/text-codec.ts';
import { columnsWithDays, writtenDays } from '../../domain/rules/written-days.ts';
import type { SampledMarks } from '../../domain/writer-marks/sampled-file.ts';
import type { FileSample } from './file-sample.ts';
import type { FormatFindings } from './format-findings.ts';
import type { PlanContext } from './plan-context.ts';
import { readMarks } from './read-marks.ts';
import type { AcceptedTable } from './table-ruling.ts';

interface PlannedFiles {
  /** On the table, those that its definition gave included. */
  readonly notes: readonly Reason[];
  readonly problem?: Reason | undefined;
}

/** How the files of a table were written (codec, columns, days, times), told by some of each format. */
export async function planWritten(
  context: PlanContext,
  { definition, mapping, notes }: AcceptedTable,
  formats: FormatFindings,
): Promise<PlannedFiles> {
  const { columns } = definition.storage;
  const hasDays = columnsWithDays(columns).length > 0;
  const rulings: ReturnType<typeof writtenDays>[] = [];
  for (const { kind, sample, hasNumericDays, oldColumns, oldPartitions } of formats) {
    const files = await readAll(context, kind, sample);
    const unread = encryptionProblem(files) ?? writtenCodecProblem(kind, files);
    if (unread !== undefined) return { notes, problem: unread };
    const found = { foundByHive: [...oldColumns].sort(), foundIn: oldPartitions, answer: mapping.calendar };
    if (kind === 'orc') rulings.push(orcColumns(columns, files, mapping.orc));
    if (hasDays && hasNumericDays) rulings.push(writtenDays(columns, files, found));
  }
  const said = new Map(rulings.flatMap((ruling) => ruling.notes).map((note) => [note.text, note]));
  // What the file says of its zone takes the place of what might be.
  const isSaid = (code: string): boolean => [...said.values()].some((note) => note.code === code);
  return {
    notes: [...notes.filter(({ code }) => !isSaid(code)), ...said.values()],
    problem: rulings.find(({ problem }) => problem !== undefined)?.problem,
  };
}

/** One after the other: footers may be large. */
async function readAll(context: PlanContext, kind: FileKind, { files }: FileSample): Promise<SampledMarks[]> {
  const read: SampledMarks[] = [];
  for (const file of files) {
    const marks = await readMarks(context, file, kind);
    if (marks !== undefined) read.push({ ...marks, path: file.path, partition: file.partition });
  }
  return read;
}
