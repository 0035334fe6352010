import { doubleQuotes, standardLiteral as literal } from '../../domain/fingerprint/dialect.ts';
import type { HiveType } from '../../domain/rules/hive-type.ts';
import { holdsDays } from '../../domain/rules/written-days.ts';
import { instantsOfZone } from './duckdb-errors.ts';
import type { FileCalendars } from './parquet-calendars.ts';

/** From here on both calendars have the same days. */
const GREGORIAN_FROM = '1582-10-15';
/** From here on Spark takes the clocks of all zones for those of today (`RebaseDateTime.lastSwitchJulianTs`). */
const CLOCKS_FROM = '1900-01-01';

/** A value as Spark reads it from such a file (`RebaseDateTime`): what was counted by the calendar of its time has the same name in that of today. */
export function rebased(value: string, type: HiveType, calendars: FileCalendars): string {
  return holdsDays(type) ? rebasedAt(0, value, type, calendars) : value;
}

function rebasedAt(depth: number, value: string, type: HiveType, calendars: FileCalendars): string {
  const below = (inner: string, of: HiveType): string => rebasedAt(depth + 1, inner, of, calendars);
  const [item, known] = [`x${depth}`, (made: string): string => `CASE WHEN ${value} IS NOT NULL THEN ${made} END`];
  switch (type.kind) {
    case 'array':
      return `list_transform(${value}, lambda ${item}: ${below(item, type.element)})`;
    case 'map': {
      const entry = `struct_pack(k := ${below(`${item}.key`, type.key)}, v := ${below(`${item}.value`, type.value)})`;
      return known(`map_from_entries(list_transform(map_entries(${value}), lambda ${item}: ${entry}))`);
    }
    case 'struct': {
      const fields = type.fields.map(({ name, type: of }) => {
        const field = doubleQuotes(name);
        return `${field} := ${below(`(${value}).${field}`, of)}`;
      });
      return known(`struct_pack(${fields.join(', ')})`);
    }
    default:
      return rebasedScalar(value, type, calendars);
  }
}

function rebasedScalar(value: string, type: HiveType, { days, times, zone }: FileCalendars): string {
  const name = type.kind === 'primitive' ? type.name : '';
  if (name === 'date' && days === 'hybrid')
    return `CASE WHEN ${value} < DATE '${GREGORIAN_FROM}' THEN ${value} + ${shift(value)} ELSE ${value} END`;
  if (name !== 'timestamp' || times !== 'hybrid') return value;
  if (zone !== undefined)
    return `CASE WHEN ${value} < TIMESTAMP '${CLOCKS_FROM}' THEN error(${literal(instantsOfZone(zone))}) ELSE ${value} END`;
  const moved = `${value} + to_days(${shift(`CAST(${value} AS DATE)`)})`;
  return `CASE WHEN ${value} < TIMESTAMP '${GREGORIAN_FROM}' THEN ${moved} ELSE ${value} END`;
}

/**
 * How many days a day of the calendar of that time moves: by one more for each century that has a leap day there and none in ours, told by its year, counted from
 * 1 March. The same as Spark's table (`julianGregDiffs`), and goes on before year 1, where Spark asks Java's calendar.
 */
function shift(day: string): string {
  const quarters = `(4 * (${day} - DATE '1970-01-01') + ${4 * DAYS_FROM_MARCH_OF_YEAR_0 + 3})`;
  return `CAST(2 - floor(${quarters} / ${100 * DAYS_OF_4_YEARS}) + floor(${quarters} / ${400 * DAYS_OF_4_YEARS}) AS INTEGER)`;
}

/** By the calendar of that time, from 1 March 0 to 1 January 1970 of ours. */
const DAYS_FROM_MARCH_OF_YEAR_0 = 719_470;
const DAYS_OF_4_YEARS = 1461;
