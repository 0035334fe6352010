import type { TableMapping } from '../mapping.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import { partitionsOf, whichOf, type NamedPartitions, type SampledMarks } from '../writer-marks/sampled-file.ts';
import type { Calendar, WriterMarks } from '../writer-marks/writer-marks.ts';
import { parseHiveType, TypeSyntaxError, type HiveType } from './hive-type.ts';

const DAYS_AND_TIMES = ['date', 'timestamp'];

interface DaysRuling {
  readonly notes: readonly Reason[];
  /** Days at the target would be others than at the source. */
  readonly problem?: Reason | undefined;
}

/** Those that hold days or timestamps, at whatever depth. */
export function columnsWithDays(columns: readonly Column[]): string[] {
  return columnsOf(columns, DAYS_AND_TIMES);
}

/** Those that hold timestamps, at whatever depth. */
export function columnsWithTimes(columns: readonly Column[]): string[] {
  return columnsOf(columns, ['timestamp']);
}

function columnsOf(columns: readonly Column[], types: readonly string[]): string[] {
  return columns.filter(({ type }) => holdsInText(type, types)).map(({ name }) => name);
}

/** A type that cannot be read is a question of its own. */
function holdsInText(text: string, types: readonly string[]): boolean {
  // Nearly all columns of most tables have a type that is named otherwise at every depth.
  if (!types.some((type) => text.toLowerCase().includes(type))) return false;
  try {
    return holds(parseHiveType(text), types);
  } catch (error) {
    if (error instanceof TypeSyntaxError) return false;
    throw error;
  }
}

/** Whether days or timestamps are part of it, at whatever depth. */
export function holdsDays(type: HiveType): boolean {
  return holds(type, DAYS_AND_TIMES);
}

/** Fields of structs may well be called "date". */
function holds(type: HiveType, types: readonly string[]): boolean {
  const below = (one: HiveType): boolean => holds(one, types);
  if (type.kind === 'array') return below(type.element);
  if (type.kind === 'map') return below(type.key) || below(type.value);
  if (type.kind === 'struct') return type.fields.some((field) => below(field.type));
  return type.kind === 'union' ? type.members.some(below) : types.includes(type.name);
}

interface FoundByHive {
  /** Columns in which Hive itself found days before 15 October 1582, in files of this format. */
  readonly foundByHive: readonly string[];
  /** Partitions in which it did. */
  readonly foundIn?: NamedPartitions | undefined;
}

/** Columns of which something is said, and of which files. */
interface Concerned {
  readonly columns: readonly string[];
  readonly which: string;
}

/**
 * What Athena makes of days and times as files of one format say they were written. It reads every day by the calendar of today
 * and every instant as UTC, whatever the file says (seen with Trino 476 over files of Hive 4.0.1).
 */
export function writtenDays(
  columns: readonly Column[],
  files: readonly SampledMarks[],
  { foundByHive, foundIn, answer }: FoundByHive & { readonly answer: TableMapping['calendar'] },
): DaysRuling {
  const calendars = new Map(columnsWithDays(columns).map((name) => [name, calendarsOf(columns, name)]));
  const isWritten = (name: string, file: WriterMarks, calendar: Calendar | undefined): boolean =>
    calendars.get(name)?.(file).includes(calendar) === true;
  const find = (calendar: Calendar | undefined, among: (file: WriterMarks) => readonly string[]): Concerned => {
    const namesIn = (file: WriterMarks): string[] => among(file).filter((name) => isWritten(name, file, calendar));
    const concerned = files.filter((file) => namesIn(file).length > 0);
    return { columns: unique(concerned.flatMap(namesIn)), which: whichOf(concerned, files.length) };
  };
  const findOld = (calendar: Calendar | undefined): Concerned => {
    const { columns: old, which } = find(calendar, (file) => [
      ...file.oldColumns.map((name) => nameOf(columns, name)),
      ...foundByHive,
    ]);
    const isTold = (foundIn?.count ?? 0) > 0 && old.some((name) => foundByHive.includes(name));
    return { columns: old, which: isTold ? `${which}; Hive counted such days in ${partitionsOf(foundIn!)}` : which };
  };
  const notes = zoneNotes(columns, files);
  const shifted = findOld('hybrid');
  if (shifted.columns.length > 0) {
    const reason = shiftedDays(shifted, ofTimesAlone(files) ? 'keep-int96' : 'keep');
    return isAnswered(answer, files) ? { notes: [...notes, reason] } : { notes, problem: reason };
  }
  const maybeShifted = find('hybrid', () => [...calendars.keys()]);
  if (maybeShifted.columns.length > 0) notes.push(oldCalendar(maybeShifted));
  const unknown = findOld(undefined);
  if (unknown.columns.length > 0) notes.push(unknownCalendar(unknown));
  return { notes };
}

/** Whether days are in the calendar of today in all files, and timestamps in that of their time in some: INT96 of Hive 4, told so for days. */
function ofTimesAlone(files: readonly WriterMarks[]): boolean {
  const [days, times] = [files.map((file) => file.dayCalendar), files.map((file) => file.timeCalendar)];
  return days.every((calendar) => calendar === 'proleptic') && times.includes('hybrid');
}

function isAnswered(answer: TableMapping['calendar'], files: readonly WriterMarks[]): boolean {
  return answer === 'keep' || (answer === 'keep-int96' && ofTimesAlone(files));
}

/** In which calendars a file has what this column holds; undefined for one that it does not tell. */
function calendarsOf(columns: readonly Column[], name: string): (file: WriterMarks) => (Calendar | undefined)[] {
  const [hasDays, hasTimes] = [['date'], ['timestamp']].map((types) => columnsOf(columns, types).includes(name));
  return ({ dayCalendar, timeCalendar }) => [...(hasDays ? [dayCalendar] : []), ...(hasTimes ? [timeCalendar] : [])];
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Hive 1 named the columns of ORC by their number, and any engine may have written capitals. */
function nameOf(columns: readonly Column[], name: string): string {
  const number = /^_col(\d+)$/.exec(name)?.[1];
  return (number === undefined ? undefined : columns[Number(number)]?.name) ?? name.toLowerCase();
}

const TO_CONVERT = 'set "storage: convert" with the zone cleaned, which keeps every day';

function shiftedDays({ columns, which }: Concerned, answer: 'keep' | 'keep-int96'): Reason {
  const text = `days before 15 October 1582 are written in the calendar of that time, and Athena shows them as other days (${which}): ${columns.join(', ')}`;
  const hint = `Where they count, ${TO_CONVERT}; where they only stand for "unknown", such as 0001-01-01, say "calendar: ${answer}" for the table.`;
  return { code: 'DAYS_BEFORE_1582', text, hint };
}

function oldCalendar({ columns, which }: Concerned): Reason {
  const text = `days before 15 October 1582, if there are any, are written in the calendar of that time, and Athena shows them as other days (${which}): ${columns.join(', ')}`;
  return { code: 'DAYS_CALENDAR', text, hint: `Look for such days in Hive; where they count, ${TO_CONVERT}.` };
}

function unknownCalendar({ columns, which }: Concerned): Reason {
  const text = `there are days before 15 October 1582, and the files do not say in which calendar (${which}): Hive 3.1 wrote the one that Athena reads, earlier versions that of the time: ${columns.join(', ')}`;
  const hint = `"reconcile: { level: content }" compares them; where they differ, ${TO_CONVERT}.`;
  return { code: 'DAYS_CALENDAR', text, hint };
}

/** Only Parquet holds instants of which no reader asks the zone. */
function zoneNotes(columns: readonly Column[], files: readonly WriterMarks[]): Reason[] {
  const names = columnsWithTimes(columns);
  if (names.length === 0) return [];
  const zones = unique(files.flatMap(({ timeZone }) => timeZone ?? [])).filter((zone) => !isUtc(zone));
  return zones.map((zone) => {
    const text = `timestamps were written in ${zone} and appear as UTC instead of their wall time: ${names.join(', ')}`;
    const hint = 'For the wall time, set "storage: convert", "convert: { format: orc }" and the zone cleaned.';
    return { code: 'TIMESTAMP_ZONE', text, hint };
  });
}

export function isUtc(zone: string): boolean {
  return /^(Etc\/)?(UTC|UCT|GMT|Zulu|Z)$/i.test(zone);
}
