import { standardLiteral as literal } from '../../domain/fingerprint/dialect.ts';
import type { RawCalendars } from '../../domain/privacy/raw-calendars.ts';
import type { Calendar } from '../../domain/writer-marks/writer-marks.ts';
import { sparkCalendars } from '../../domain/writer-marks/parquet-marks.ts';
import { isUtc } from '../../domain/rules/written-days.ts';
import type { Connection } from './duckdb-session.ts';

/** By which calendars a Parquet file counts its days and its instants. */
export interface FileCalendars {
  readonly days: Calendar;
  readonly times: Calendar;
  /** Of the clock by which its writer took instants for wall times; absent where that was UTC. */
  readonly zone?: string | undefined;
}

const MARKS = ['version', 'timeZone', 'legacyDateTime', 'legacyINT96'].map((name) => `org.apache.spark.${name}`);

/**
 * By path, as Spark decides for each file (`DataSourceUtils.getRebaseSpec`): by what Spark wrote into it, and by `unmarked` where that is nothing. What Hive says of
 * days, Spark does not read, and so neither is it read here.
 */
export async function parquetCalendars(
  connection: Connection,
  paths: readonly string[],
  unmarked: RawCalendars,
): Promise<ReadonlyMap<string, FileCalendars>> {
  if (paths.length === 0) return new Map();
  const files = `[${paths.map(literal).join(', ')}]`;
  const rows = async (sql: string): Promise<string[][]> =>
    (await connection.runAndReadAll(sql)).getRows().map((row) => row.map(String));
  const marks = await rows(
    `SELECT file_name, CAST(key AS VARCHAR), CAST(value AS VARCHAR) FROM parquet_kv_metadata(${files}) WHERE CAST(key AS VARCHAR) IN (${MARKS.map(literal).join(', ')})`,
  );
  const byFile = Map.groupBy(marks, ([file]) => file!);
  const int96 = await rows(`SELECT DISTINCT file_name FROM parquet_schema(${files}) WHERE type = 'INT96'`);
  const withInt96 = new Set(int96.map(([file]) => file!));
  return new Map(
    paths.map((path) => {
      const metadata = new Map(byFile.get(path)?.map(([, key, value]) => [key!, value!]));
      return [path, calendarsOf(metadata, withInt96.has(path), unmarked)];
    }),
  );
}

function calendarsOf(metadata: ReadonlyMap<string, string>, hasInt96: boolean, unmarked: RawCalendars): FileCalendars {
  const said = sparkCalendars(metadata, hasInt96);
  const times = said.timeCalendar ?? (hasInt96 ? unmarked.int96 : unmarked.days);
  const zone = times === 'hybrid' ? metadata.get('org.apache.spark.timeZone') : undefined;
  return { days: said.dayCalendar ?? unmarked.days, times, ...(zone !== undefined && !isUtc(zone) && { zone }) };
}
