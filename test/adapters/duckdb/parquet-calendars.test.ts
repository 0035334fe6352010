import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { LakeFile } from '../../../src/adapters/duckdb/lake-tables.ts';
import { OF_TODAY, rawCalendars, type RawCalendars } from '../../../src/domain/privacy/raw-calendars.ts';
import { PARQUET_STORAGE } from '../../../src/domain/rules/storage-format.ts';
import { datedParquet } from '../../domain/writer-marks/dated-parquet.ts';

const folder = mkdtempSync(join(tmpdir(), 'lakelift-calendars-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEPT = rawCalendars({ calendar: 'keep', storage: 'keep' });
/** The tenth of March 1500 of ours is the first by the calendar of that time. */
const DAY = "DATE '1500-03-10' AS jour, TIMESTAMP '1500-03-10 10:00:00' AS vu";
const [RIGHT, SHIFTED] = ['1500-03-10', '1500-03-01'];
const spark = (version: string, marks: Readonly<Record<string, string>> = {}) =>
  Object.fromEntries(Object.entries({ version, ...marks }).map(([name, value]) => [`org.apache.spark.${name}`, value]));

async function written(metadata: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const file = join(folder, 'written.parquet');
  const pairs = Object.entries(metadata).map(([key, value]) => `'${key}': '${value}'`);
  const marked = pairs.length === 0 ? '' : `, KV_METADATA {${pairs.join(', ')}}`;
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(`COPY (SELECT ${DAY}) TO '${file}' (FORMAT parquet${marked})`);
  connection.closeSync();
  return readFileSync(file);
}

/** Texts of a column, as the engine reads it from files of one table. */
async function read(files: readonly Uint8Array[], calendars: RawCalendars | undefined, column = 'jour') {
  const [database, name] = ['raw', 't'];
  const listed = files.map((body, at): LakeFile => ({
    name: `${at}.parquet`,
    sizeBytes: body.length,
    read: () => Promise.resolve(once(body)),
  }));
  const engine = new DuckDbDatasetEngine({
    findTable: () =>
      Promise.resolve({
        columns: [
          { name: 'jour', type: 'date' },
          { name: 'vu', type: 'timestamp' },
        ],
        partitionKeys: [],
        serdeLibrary: PARQUET_STORAGE.serdeLibrary,
        parameters: {},
        folders: [{ values: [], files: listed }],
      }),
  });
  const session = await engine.open([{ database, name, calendars }]);
  try {
    await session.create(`SELECT ${column} FROM ${session.relationOf({ database, name })}`);
    return (await Array.fromAsync(session.distinct(column))).flat().sort();
  } finally {
    await session.close();
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}

it.each([
  ['as they stand, unless told otherwise', {}, undefined, RIGHT],
  ['as they stand', {}, OF_TODAY, RIGHT],
  ['by the calendar of that time where the mapping says so', {}, KEPT, SHIFTED],
  ['by that of that time in files of Spark 2, whatever the mapping says', spark('2.4.8'), OF_TODAY, SHIFTED],
  ['as they stand in files of Spark 3, whatever the mapping says', spark('3.5.6'), KEPT, RIGHT],
  ['as Spark 3 says where it wrote the older one', spark('3.5.6', { legacyDateTime: '' }), OF_TODAY, SHIFTED],
  ['as Spark does, which reads nothing of what Hive says', { 'writer.date.proleptic': 'true' }, KEPT, SHIFTED],
])('days are read %s', async (_, metadata, calendars, expected) => {
  expect(await read([await written(metadata)], calendars)).toEqual([expected]);
  expect(await read([await written(metadata)], calendars, 'vu')).toEqual([`${expected} 10:00:00`]);
});

it('each file of a table is read by its own', async () => {
  const files = [await written({}), await written(spark('3.5.6'))];
  expect(await read(files, KEPT)).toEqual([SHIFTED, RIGHT]);
  expect(await read(files, OF_TODAY)).toEqual([RIGHT]);
});

it('instants of eight bytes are counted like days where those of twelve are in the calendar of that time', async () => {
  const ofTimes = rawCalendars({ calendar: 'keep-int96', storage: 'keep' });
  expect(await read([await written({})], ofTimes, 'vu')).toEqual([`${RIGHT} 10:00:00`]);
  expect(await read([datedParquet([-171_596], {}, { hasInt96: true })], ofTimes)).toEqual([RIGHT]);
  expect(await read([datedParquet([-171_596], {}, { hasInt96: true })], KEPT)).toEqual([SHIFTED]);
});

it('instants that Spark counted by another clock are refused where they are so old, and days are read', async () => {
  const inParis = await written(spark('3.5.6', { legacyDateTime: '', timeZone: 'Europe/Paris' }));
  expect(await read([inParis], OF_TODAY)).toEqual([SHIFTED]);
  await expect(read([inParis], OF_TODAY, 'vu')).rejects.toMatchObject({
    kind: 'unsupported',
    code: 'DUCKDB_INSTANTS',
    message: expect.stringContaining('the clock of Europe/Paris') as string,
  });
  const inUtc = await written(spark('3.5.6', { legacyDateTime: '', timeZone: 'UTC' }));
  expect(await read([inUtc], OF_TODAY, 'vu')).toEqual([`${SHIFTED} 10:00:00`]);
});

it('a table that is converted has the calendar of today', () => {
  expect(rawCalendars({ calendar: 'keep', storage: 'convert' })).toEqual(OF_TODAY);
});
