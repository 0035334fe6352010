import type { DecimalBound, SourceStatistics, ValueStatistics } from '../../domain/column-statistics.ts';
import { unscaledOf } from '../../domain/unscaled-value.ts';
import { binary, double, i16, i64, list, string, struct, type Decoded } from './thrift/thrift-type.ts';

/** Statistics of columns. Source: hive_metastore.thrift, the same in Hive 1.1 to 4 but for dates, which came with 2, and timestamps, with 4. */
const counts = { nulls: [3, i64], distinct: [4, i64] } as const;
const decimal = struct({ unscaled: [1, binary], scale: [3, i16] });
const date = struct({ days: [1, i64] });
const timestamp = struct({ seconds: [1, i64] });
const lengths = { longest: [1, i64], average: [2, double] } as const;
const values = struct({
  boolean: [1, struct({ trues: [1, i64], falses: [2, i64], nulls: [3, i64] })],
  long: [2, struct({ least: [1, i64], greatest: [2, i64], ...counts })],
  double: [3, struct({ least: [1, double], greatest: [2, double], ...counts })],
  string: [4, struct({ ...lengths, ...counts })],
  binary: [5, struct({ ...lengths, nulls: [3, i64] })],
  decimal: [6, struct({ least: [1, decimal], greatest: [2, decimal], ...counts })],
  date: [7, struct({ least: [1, date], greatest: [2, date], ...counts })],
  timestamp: [8, struct({ least: [1, timestamp], greatest: [2, timestamp], ...counts })],
});
export const columnStatistics = struct({ column: [1, string], type: [2, string], values: [3, values] });

/** Of one column, with when it was computed (seconds since 1970), which the answers about several columns leave out. */
export const datedStatistics = struct({ about: [1, struct({ analyzedAt: [5, i64] })] });

const table = { database: [1, string], table: [2, string], columns: [3, list(string)] } as const;
export const tableStatisticsRequest = struct(table);
export const partitionStatisticsRequest = struct({ ...table, partitions: [4, list(string)] });

type Values = Decoded<typeof values>;

/** Those that are not whole are left out. Timestamps come in seconds, as numbers, which is how Hive before 4 hands them out. */
export function statisticsOfThrift(found: readonly Decoded<typeof columnStatistics>[]): SourceStatistics[] {
  return found.flatMap(({ column = '', values: given = {} }) => {
    const read = valuesOf(given);
    return read === undefined ? [] : [{ column: column.toLowerCase(), values: read }];
  });
}

function valuesOf(given: Values): ValueStatistics | undefined {
  const { boolean, string: text, binary: bytes } = given;
  if (boolean !== undefined)
    return whole({
      kind: 'boolean',
      trues: exact(boolean.trues),
      falses: exact(boolean.falses),
      nulls: exact(boolean.nulls),
    });
  if (text !== undefined) return whole({ kind: 'string', ...lengthsOf(text), ...countsOf(text) });
  if (bytes !== undefined) return whole({ kind: 'binary', ...lengthsOf(bytes), nulls: exact(bytes.nulls) });
  return rangeOf(given);
}

function rangeOf({ long: given, double: real, decimal: fixed, date: day, timestamp: time }: Values) {
  const long = given ?? (time && { ...time, least: time.least?.seconds, greatest: time.greatest?.seconds });
  if (long !== undefined)
    return whole({ kind: 'long', least: exact(long.least), greatest: exact(long.greatest), ...countsOf(long) });
  if (real !== undefined) return whole({ kind: 'double', ...finite(real), ...countsOf(real) });
  if (fixed !== undefined)
    return whole({ kind: 'decimal', least: bound(fixed.least), greatest: bound(fixed.greatest), ...countsOf(fixed) });
  if (day === undefined) return undefined;
  return whole({ kind: 'date', least: exact(day.least?.days), greatest: exact(day.greatest?.days), ...countsOf(day) });
}

type Unsure<Statistics> = Statistics extends unknown
  ? { [Member in keyof Statistics]: Statistics[Member] | undefined }
  : never;

/** undefined where a part is; Hive writes -1 for a count that it does not know. */
function whole(statistics: Unsure<ValueStatistics>): ValueStatistics | undefined {
  const { nulls, distinct = 0 } = statistics as { nulls?: number; distinct?: number };
  const isWhole = Object.values(statistics).every((part) => part !== undefined);
  return isWhole && nulls! >= 0 && distinct >= 0 ? (statistics as ValueStatistics) : undefined;
}

function exact(value: bigint | undefined): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

function countsOf({ nulls, distinct }: { nulls?: bigint | undefined; distinct?: bigint | undefined }) {
  return { nulls: exact(nulls), distinct: exact(distinct) };
}

function lengthsOf({ longest, average }: { longest?: bigint | undefined; average?: number | undefined }) {
  return { longestBytes: exact(longest), averageBytes: average };
}

/** JSON has no infinity, which Glue's calls are written in. */
function finite({ least, greatest }: { least?: number | undefined; greatest?: number | undefined }) {
  const isFinite = Number.isFinite(least) && Number.isFinite(greatest);
  return isFinite ? { least, greatest } : { least: undefined, greatest: undefined };
}

function bound(value: Decoded<typeof decimal> | undefined): DecimalBound | undefined {
  if (value?.unscaled === undefined || value.scale === undefined) return undefined;
  return { unscaled: String(unscaledOf(value.unscaled)), scale: value.scale };
}
