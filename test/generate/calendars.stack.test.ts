import { DuckDBInstance } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Dataset } from '../../src/domain/privacy/dataset.ts';
import { aDataset } from '../domain/privacy/a-dataset.ts';
import { parquetByHive } from '../stack/hive-parquet.ts';
import { madeByBoth, type LocalTable } from './two-engines.ts';

const stack = inject('stack');
const DAYS = ['0001-01-01', '0300-02-28', '1000-12-31', '1500-03-10', '1582-10-04', '1582-10-15', '2024-02-29'];
const TIME = '10:00:00.123456';
const COLUMNS: LocalTable['columns'] = {
  cle: ['string', { class: 'technical' }],
  jour: ['date', { class: 'technical' }],
  vu: ['timestamp', { class: 'technical' }],
  jours: ['array<date>', { class: 'technical' }],
};

/** Who wrote the files of one table: neither DuckDB nor Hive 3 says its calendar, both Sparks do. Instants of Hive and of the second Spark have twelve bytes. */
const WRITERS = ['duckdb', 'hive', 'spark', 'spark_then'] as const;

describe.skipIf(stack === undefined)(
  'Days before 1582 in files of many writers, by the Glue job and by zones build',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'lakelift-days-'));
    const raw = join(folder, 'raw');
    const table = (calendar?: LocalTable['calendar']): LocalTable => ({
      format: 'parquet',
      columns: COLUMNS,
      partitionKey: ['ecrit', 'string'],
      calendar,
      folders: WRITERS.map((value) => ({ value, path: join(raw, value) })),
    });
    const named = (name: string, given: Partial<Dataset> = {}) => aDataset({ name, from: `rh.${name}`, ...given });
    const datasets = [
      named('today'),
      named('then'),
      named('int96'),
      named('joined', {
        from: 'rh.then',
        joins: [{ with: 'rh.today', kind: 'inner', on: { cle: 'cle' }, where: [], columns: { jour: { as: 'autre' } } }],
      }),
      named('years', { from: 'rh.then', columns: { jour: { treat: 'year' }, vu: { treat: 'month' } } }),
    ];
    let made: Awaited<ReturnType<typeof madeByBoth>>;

    beforeAll(async () => {
      for (const writer of WRITERS) mkdirSync(join(raw, writer), { recursive: true });
      await byDuckDb();
      const rows = DAYS.map((day, at) => `('hive-${at}', '${day}', '${day} ${TIME}')`);
      const database = `days_${randomUUID().slice(0, 8)}`;
      const hive = { columns: 'cle string, jour date, vu timestamp', rows };
      writeFileSync(join(raw, 'hive/000000_0'), await parquetByHive(stack!, database, hive));
      const tables = { 'rh.today': table(), 'rh.then': table('keep'), 'rh.int96': table('keep-int96') };
      made = await madeByBoth({ folder, tables, datasets, statements: bySpark() });
    }, 900_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    async function byDuckDb(): Promise<void> {
      const values = DAYS.map((day, at) => `('duckdb-${at}', DATE '${day}')`);
      // Of before the year 1, in any calendar.
      values.push("('duckdb-old', DATE '0101-02-26 (BC)')", "('duckdb-none', NULL)");
      const connection = await (await DuckDBInstance.create(':memory:')).connect();
      await connection.run(
        `COPY (SELECT cle, jour, jour + TIME '${TIME}' AS vu, [jour, NULL] AS jours FROM (VALUES ${values.join(', ')}) v(cle, jour)) TO '${join(raw, 'duckdb/0.parquet')}' (FORMAT parquet)`,
      );
      connection.closeSync();
    }

    function bySpark(): string[] {
      const written = (writer: string, mode: string, type: string): string[] => {
        const rows = DAYS.map(
          (day, at) => `('${writer}-${at}', DATE'${day}', TIMESTAMP'${day} ${TIME}', array(DATE'${day}'))`,
        );
        return [
          'SET spark.sql.session.timeZone=UTC',
          `SET spark.sql.parquet.datetimeRebaseModeInWrite=${mode}`,
          `SET spark.sql.parquet.int96RebaseModeInWrite=${mode}`,
          `SET spark.sql.parquet.outputTimestampType=${type}`,
          `INSERT OVERWRITE DIRECTORY 'file://${join(raw, writer)}' USING parquet SELECT * FROM VALUES ${rows.join(', ')} AS v(cle, jour, vu, jours)`,
        ];
      };
      return [...written('spark', 'CORRECTED', 'TIMESTAMP_MICROS'), ...written('spark_then', 'LEGACY', 'INT96')];
    }

    /** Of the row whose day was written as the tenth of March 1500, by writer. */
    function rowsOfMarch(name: string): Record<string, string> {
      const rows = made.get(name)!.duckDb.filter(([cle]) => cle!.endsWith('-3'));
      return Object.fromEntries(rows.map(([cle, jour, vu]) => [cle!.replace('-3', ''), `${jour} ${vu!.slice(0, 10)}`]));
    }

    it.each(datasets)('are the same in $name, to the last digit', ({ name }) => {
      const { spark, duckDb } = made.get(name)!;
      expect(duckDb).toHaveLength(WRITERS.length * DAYS.length + 2);
      expect(spark).toEqual(duckDb);
    });

    it('are by the calendar of then where the mapping says so of files that do not say it', () => {
      const [right, shifted] = ['1500-03-10', '1500-03-01'];
      const ofSpark = { spark: `${right} ${right}`, spark_then: `${right} ${right}` };
      const [asWritten, then] = [`${right} ${right}`, `${shifted} ${shifted}`];
      expect(rowsOfMarch('today')).toEqual({ ...ofSpark, duckdb: asWritten, hive: asWritten });
      expect(rowsOfMarch('then')).toEqual({ ...ofSpark, duckdb: then, hive: then });
      expect(rowsOfMarch('int96')).toEqual({ ...ofSpark, duckdb: asWritten, hive: `${right} ${shifted}` });
    });
  },
);
