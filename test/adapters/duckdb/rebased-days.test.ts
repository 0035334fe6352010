import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FileCalendars } from '../../../src/adapters/duckdb/parquet-calendars.ts';
import { rebased } from '../../../src/adapters/duckdb/rebased-days.ts';
import { parseHiveType } from '../../../src/domain/rules/hive-type.ts';

/** Spark's table: from which day on (since 1970) how many days are between both calendars. */
const SPARK = [
  [-719_164, 2],
  [-682_945, 1],
  [-646_420, 0],
  [-609_895, -1],
  [-536_845, -2],
  [-500_320, -3],
  [-463_795, -4],
  [-390_745, -5],
  [-354_220, -6],
  [-317_695, -7],
  [-244_645, -8],
  [-208_120, -9],
  [-171_595, -10],
  [-141_427, 0],
] as const;
const HYBRID: FileCalendars = { days: 'hybrid', times: 'hybrid' };

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});
afterAll(() => connection.closeSync());

const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();

async function read(value: string, type: string, calendars = HYBRID): Promise<unknown> {
  const sql = `SELECT CAST(${rebased('v', parseHiveType(type), calendars)} AS VARCHAR) FROM (SELECT ${value} AS v)`;
  return (await query(sql))[0]![0];
}

it('moves each day, and each instant by whole days, by as many as Spark’s table says', async () => {
  const moved = `SELECT CAST(n AS INT) AS n, CAST(r - d AS INT) AS days, t - i = to_days(days) AS is_alike
     FROM (SELECT *, ${rebased('d', parseHiveType('date'), HYBRID)} AS r, ${rebased('i', parseHiveType('timestamp'), HYBRID)} AS t
           FROM (SELECT n, DATE '1970-01-01' + CAST(n AS INT) AS d, d + TIME '23:59:59.999999' AS i FROM range(-719164, -141000) r(n)))`;
  const switches = `SELECT n, days FROM (${moved}) QUALIFY days IS DISTINCT FROM lag(days) OVER (ORDER BY n) ORDER BY n`;
  expect(await query(switches)).toEqual(SPARK);
  expect(await query(`SELECT bool_and(is_alike) FROM (${moved})`)).toEqual([[true]]);
});

it('goes on before the year 1, as Java’s calendar does', async () => {
  // The 29th of February of 101 before Christ was a day there alone; that of 401 before Christ is one in both.
  const days = ["'0001-12-30 (BC)'", "'0101-02-26 (BC)'", "'0101-02-27 (BC)'", "'0401-03-01 (BC)'"];
  const found = await Promise.all(days.map((day) => read(`CAST(${day} AS DATE)`, 'date')));
  expect(found).toEqual(['0001-01-01', '0101-03-01 (BC)', '0101-03-01 (BC)', '0401-03-06 (BC)']);
});

it.each([
  ['array<date>', `[DATE '1500-03-10', NULL]`, '[1500-03-01, NULL]'],
  ['array<array<date>>', `[[DATE '1500-03-10'], NULL]`, '[[1500-03-01], NULL]'],
  ['struct<le:date,n:int>', `{'le': DATE '1500-03-10', 'n': 1}`, "{'le': 1500-03-01, 'n': 1}"],
  ['map<string,timestamp>', `MAP {'a': TIMESTAMP '1500-03-10 01:02:03'}`, "{a='1500-03-01 01:02:03'}"],
  ['array<struct<le:timestamp>>', `[{'le': TIMESTAMP '2024-01-31'}, NULL]`, "[{'le': '2024-01-31 00:00:00'}, NULL]"],
  ['array<date>', 'CAST(NULL AS DATE[])', null],
  ['struct<le:date>', 'CAST(NULL AS STRUCT(le DATE))', null],
  ['map<date,int>', 'CAST(NULL AS MAP(DATE, INT))', null],
  ['date', 'CAST(NULL AS DATE)', null],
])('finds days in %s', async (type, value, expected) => {
  expect(await read(value, type)).toBe(expected);
});

it('leaves the calendar of today, and what is no day, as they are', async () => {
  const ofToday = { days: 'proleptic', times: 'proleptic' } as const;
  expect(await read(`DATE '1500-03-10'`, 'date', ofToday)).toBe('1500-03-10');
  expect(await read(`TIMESTAMP '1500-03-10'`, 'timestamp', { ...ofToday, days: 'hybrid' })).toBe('1500-03-10 00:00:00');
  expect(rebased('v', parseHiveType('struct<`date`:string>'), HYBRID)).toBe('v');
});

it('fails for instants of another clock than UTC, from before all clocks were those of today', async () => {
  const inParis = { ...HYBRID, zone: 'Europe/Paris' };
  expect(await read(`TIMESTAMP '1900-01-01'`, 'timestamp', inParis)).toBe('1900-01-01 00:00:00');
  expect(await read(`DATE '1500-03-10'`, 'date', inParis)).toBe('1500-03-01');
  await expect(read(`TIMESTAMP '1899-12-31'`, 'timestamp', inParis)).rejects.toThrow('the clock of Europe/Paris');
});
