import type { TableMapping } from '../mapping.ts';
import type { Calendar } from '../writer-marks/writer-marks.ts';

/** By which calendars Parquet that does not say it counts what lies before 15 October 1582. */
export interface RawCalendars {
  /** Of days, and of instants of eight bytes. */
  readonly days: Calendar;
  /** Of instants of twelve bytes. */
  readonly int96: Calendar;
}

export const OF_TODAY: RawCalendars = { days: 'proleptic', int96: 'proleptic' };

/** As the mapping answers for a table of raw (`calendar`); one that is converted has today's. */
export function rawCalendars({ calendar, storage }: Pick<TableMapping, 'calendar' | 'storage'>): RawCalendars {
  if (calendar === undefined || storage !== 'keep') return OF_TODAY;
  return { days: calendar === 'keep' ? 'hybrid' : 'proleptic', int96: 'hybrid' };
}
