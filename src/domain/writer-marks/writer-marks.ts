import type { SourceStatistics } from '../column-statistics.ts';
import type { Column } from '../table.ts';

/** `hybrid`: what lies before 15 October 1582 is counted by the calendar of that time, as `java.util.Date` does; `proleptic`: by that of today. */
export type Calendar = 'hybrid' | 'proleptic';

/** What a data file says of how it was written. */
export interface WriterMarks {
  /** Of its days; absent where the file does not say. */
  readonly dayCalendar?: Calendar | undefined;
  /** Of its timestamps; absent where the file does not say. */
  readonly timeCalendar?: Calendar | undefined;
  /** Zone whose wall time was turned into instants that readers show as UTC; absent where the file does not say. */
  readonly timeZone?: string | undefined;
  /** Columns, as the file calls them, whose least value lies before 15 October 1582; a format without statistics names none. */
  readonly oldColumns: readonly string[];
  /** Of the columns, in their order; absent where no reader goes by their place. */
  readonly columnNames?: readonly string[] | undefined;
  /** In upper case, as the format calls them; of SequenceFile and RCFile the class. */
  readonly codecs: readonly string[];
  /** Some columns, or all of the file, are there for holders of keys alone. */
  readonly isEncrypted?: true | undefined;
}

/** Its marks; how many bytes at the marked end of the file are needed to tell; undefined where it is no such file. */
export type MarksReading = WriterMarks | { readonly neededBytes: number } | undefined;

/** 15 October 1582 in days since 1970: from here on both calendars agree. */
const GREGORIAN_FROM_DAY = -141_427;
const DAY_MS = 86_400_000;

export const isOldDay = (day: number): boolean => day < GREGORIAN_FROM_DAY;
export const isOldInstant = (instantMs: number): boolean => instantMs < GREGORIAN_FROM_DAY * DAY_MS;

/** Columns in which Hive found days or times before 15 October 1582 when it computed statistics. */
export function oldColumns(columns: readonly Column[], statistics: readonly SourceStatistics[]): string[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const isOld = ({ column, values }: SourceStatistics): boolean =>
    (values.kind === 'date' && isOldDay(values.least)) ||
    // Hive counts timestamps in seconds.
    (values.kind === 'long' && types.get(column) === 'timestamp' && isOldInstant(values.least * 1000));
  return statistics.filter(isOld).map(({ column }) => column);
}

/** Hive's own key (HIVE-22405), under the name that it has in the format. */
export function hiveCalendar(metadata: ReadonlyMap<string, string>, key: string): Calendar | undefined {
  const isProleptic = metadata.get(key);
  if (isProleptic === undefined) return undefined;
  return isProleptic === 'true' ? 'proleptic' : 'hybrid';
}
