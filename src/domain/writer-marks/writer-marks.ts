import type { SourceStatistics } from '../column-statistics.ts';

/** What a data file says of how it was written. */
export interface WriterMarks {
  /** `hybrid`: days before 15 October 1582 are counted by the calendar of that time, as `java.util.Date` does; absent where the file does not say. */
  readonly calendar?: 'hybrid' | 'proleptic' | undefined;
  /** Zone whose wall time was turned into instants that readers show as UTC; absent where the file does not say. */
  readonly timeZone?: string | undefined;
  /** Columns, as the file calls them, whose least value lies before 15 October 1582; a format without statistics names none. */
  readonly oldColumns: readonly string[];
  /** In upper case, as the format calls them. */
  readonly codecs: readonly string[];
}

/** Its marks; how many bytes at the marked end of the file are needed to tell; undefined where it is no such file. */
export type MarksReading = WriterMarks | { readonly neededBytes: number } | undefined;

/** 15 October 1582 in days since 1970: from here on both calendars agree. */
const GREGORIAN_FROM_DAY = -141_427;
const DAY_MS = 86_400_000;

export const isOldDay = (day: number): boolean => day < GREGORIAN_FROM_DAY;
export const isOldInstant = (instantMs: number): boolean => instantMs < GREGORIAN_FROM_DAY * DAY_MS;

/** Columns in which Hive found days before 15 October 1582 when it computed statistics. */
export function oldDays(statistics: readonly SourceStatistics[]): string[] {
  return statistics.flatMap(({ column, values }) => (values.kind === 'date' && isOldDay(values.least) ? [column] : []));
}

/** Hive's own key (HIVE-22405), under the name that it has in the format. */
export function hiveCalendar(metadata: ReadonlyMap<string, string>, key: string): Pick<WriterMarks, 'calendar'> {
  const isProleptic = metadata.get(key);
  return isProleptic === undefined ? {} : { calendar: isProleptic === 'true' ? 'proleptic' : 'hybrid' };
}
