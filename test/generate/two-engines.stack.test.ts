import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Dataset } from '../../src/domain/privacy/dataset.ts';
import type { Filter } from '../../src/domain/privacy/filter.ts';
import { aDataset } from '../domain/privacy/a-dataset.ts';
import { madeByBoth, type LocalTable } from './two-engines.ts';

const stack = inject('stack');
const KEPT = { class: 'technical' } as const;
const MESURES: LocalTable['columns'] = {
  id: ['int', KEPT],
  texte: ['string', KEPT],
  grand: ['bigint', KEPT],
  reel: ['double', KEPT],
  court: ['float', KEPT],
  prix: ['decimal(10,2)', KEPT],
  fin: ['decimal(20,9)', KEPT],
  jour: ['date', KEPT],
  vu: ['timestamp', KEPT],
  vrai: ['boolean', KEPT],
  octets: ['binary', KEPT],
  qui: ['string', { class: 'identifier', treat: 'pseudonymise' }],
  lieu: ['string', { class: 'identifier', treat: 'pseudonymise' }],
};
const AUTRES: LocalTable['columns'] = {
  numero: ['bigint', KEPT],
  nom: ['string', KEPT],
  taux: ['decimal(6,3)', KEPT],
  quand: ['timestamp', KEPT],
};
/** As SQL of DuckDB has them, in the order of their columns. */
const ROWS = {
  mesures: [
    "1, 'a', 1, 0.1, 0.1, 12.50, 0.000000001, '2024-01-31', '2024-01-31 10:00:00.5', true, 'ab''c', 'P1', 's'",
    "2, 'a', 2, 1e20, 1e10, 0.00, 0, '2024-01-31', '2024-01-31 10:00:00', false, '\\x00\\xC3\\xA9', 'P2', 's'",
    "3, 'É', 9007199254740993, 12345678.9, 16777216, -0.01, -12.5, '0985-07-13', '0985-07-13 00:00:00', true, '', 'P1', 's'",
    "4, '12', -1, '-0.0', '-0.0', 99999999.99, 99999999999.999999999, '0001-12-30 (BC)', '0001-12-30 (BC) 01:02:03', false, 'x', 'P1', 's'",
    "5, '1e1', 0, 0.0, 0.0, 1.10, 1, '9999-12-31', '9999-12-31 23:59:59.999999', NULL, '\\xFF', 'P3', NULL",
    "6, '', 7, 'nan', 'nan', 1.1, 0.1, '1970-01-01', '1969-12-31 23:59:59', true, NULL, 'P1', 't'",
    "7, 'true', 7, 1e-7, 1e-7, 2, 2, '2024-02-29', '2024-02-29 00:00:00', false, 'a b', NULL, 's'",
    "8, 'a', 4611686018427387904, 123456789012345.67, 0.3, 3, 3, '2024-01-31', '2024-01-31 10:00:00', true, 'a', 'P2', 's'",
    '9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL',
    "10, 'a', 3, 1e100, 1e30, 4, 4, '10000-01-01', '10000-01-01 00:00:00', false, 'b', 'P3', 's'",
  ],
  autres: [
    "1, 'a', 1, '2024-01-31 00:00:00'",
    "1, 'É', 2.5, '2024-01-31 10:00:00'",
    "2, 'a', 2, '9999-12-31 00:00:00'",
    "7, '', 12.5, NULL",
    "9007199254740993, '12', 0, '0985-07-13 00:00:00'",
    'NULL, NULL, NULL, NULL',
  ],
} as const;

/** All but some columns go. A job looks into each one that stays for values of people. */
const only = (...kept: string[]): Dataset['columns'] =>
  Object.fromEntries(Object.keys(MESURES).flatMap((name) => (kept.includes(name) ? [] : [[name, { treat: 'drop' }]])));
const where = (name: string, column: string, is: Filter['is'], ...values: Filter['values'][number][]): Dataset =>
  aDataset({ name, from: 'rh.mesures', where: [{ column, is, values }], columns: only('id') });
const named = (name: string, given: Partial<Dataset>): Dataset => aDataset({ name, from: 'rh.mesures', ...given });

const FILTERS = [
  where('text_any', 'texte', 'in', 'É', 10, true),
  where('double_text', 'reel', 'in', '1e+20', '1e-07', 'nan', '123456789012345.67', '-0.0', '1e+100'),
  where('float_text', 'court', 'in', '0.1', '0.3', '1e-07', '16777216.0', '1e+30', '10000000000.0'),
  where('fine_text', 'fin', 'in', '0.000000001', '0.000000000', '-12.500000000'),
  where('day_old', 'jour', '<', '0985-07-14'),
];

const join_ = (on: Record<string, string>, kind: 'inner' | 'left', more: Partial<Dataset['joins'][number]> = {}) => ({
  with: 'rh.autres',
  kind,
  on,
  where: [],
  columns: { taux: {} },
  ...more,
});
const JOINS = [
  named('double_fraction', { columns: only('id', 'reel'), joins: [join_({ reel: 'numero' }, 'left')] }),
  named('treated', {
    columns: { ...only('id', 'texte', 'jour'), texte: { treat: 'pseudonymise' }, jour: { treat: 'year' } },
    joins: [
      join_({ texte: 'nom' }, 'inner', {
        where: [{ column: 'taux', is: '>', values: [1.5] }],
        columns: { nom: { treat: 'pseudonymise' }, quand: { treat: 'month' } },
      }),
    ],
  }),
];

const suppress = { k: 2, onFailure: 'suppress' } as const;
const ANONYMOUS = [
  named('by_double', { columns: only('id', 'reel'), anonymity: { ...suppress, over: ['reel'] } }),
  named('blanked_of', {
    columns: only('id', 'texte', 'jour', 'vrai', 'qui'),
    anonymity: { ...suppress, over: ['texte', 'jour', 'vrai'], of: ['qui'], blank: ['jour', 'vrai'] },
  }),
];

const TREATED = Object.keys(MESURES).filter((name) => !['id', 'qui', 'lieu'].includes(name));
const treat = (name: string, form: string): Dataset =>
  named(name, { columns: Object.fromEntries(TREATED.map((column) => [column, { treat: form }])) });
const TREATMENTS = [treat('kept', 'keep'), treat('hidden', 'pseudonymise')];

const numbers = ['id', 'grand', 'reel', 'court', 'prix', 'fin', 'vrai', 'texte'];
const figures = (kinds: readonly string[], columns: readonly string[]) =>
  Object.fromEntries(columns.flatMap((column) => kinds.map((kind) => [`${kind}_${column}`, `${kind}:${column}`])));
const SUMS = [
  named('all_rows', {
    where: [{ column: 'grand', is: '<', values: [1e18] }],
    aggregate: {
      by: ['vrai'],
      measures: {
        rows: 'count',
        ...figures(
          ['count', 'distinct', 'min', 'max'],
          Object.keys(MESURES).filter((name) => name !== 'vrai'),
        ),
        ...figures(
          ['sum', 'avg'],
          numbers.filter((name) => name !== 'vrai'),
        ),
      },
    },
  }),
];

describe.skipIf(stack === undefined)('The Glue job, by real Spark, and zones build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-two-'));
  const place = (name: string) => join(folder, 'raw', name);
  const table = (name: keyof typeof ROWS, columns: LocalTable['columns']): LocalTable => ({
    format: 'parquet',
    columns,
    folders: [{ path: place(name) }],
  });
  const datasets = [...FILTERS, ...JOINS, ...ANONYMOUS, ...TREATMENTS, ...SUMS];
  let made: Awaited<ReturnType<typeof madeByBoth>>;

  beforeAll(async () => {
    await written('mesures', MESURES);
    await written('autres', AUTRES);
    const tables = { 'rh.mesures': table('mesures', MESURES), 'rh.autres': table('autres', AUTRES) };
    made = await madeByBoth({ folder, tables, datasets, statements: [] });
  }, 900_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function written(name: keyof typeof ROWS, columns: LocalTable['columns']): Promise<void> {
    mkdirSync(place(name), { recursive: true });
    const types: Record<string, string> = { string: 'VARCHAR', binary: 'BLOB' };
    const names = Object.keys(columns);
    const typed = names.map(
      (column) => `CAST(${column} AS ${types[columns[column]![0]] ?? columns[column]![0]}) AS ${column}`,
    );
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    // Bare values would have one type a column.
    const rows = ROWS[name].map((row) => `SELECT ${typed.join(', ')} FROM (VALUES (${row})) v(${names.join(', ')})`);
    await connection.run(`COPY (${rows.join(' UNION ALL ')}) TO '${join(place(name), '0.parquet')}' (FORMAT parquet)`);
    connection.closeSync();
  }

  it.each(datasets)('make the same of $name', ({ name }) => {
    const { spark, duckDb } = made.get(name)!;
    expect(spark).toEqual(duckDb);
  });

  it('find rows by each filter, and leave some', () => {
    for (const { name } of FILTERS) {
      const { length } = made.get(name)!.duckDb;
      expect([name, length > 0 && length < ROWS.mesures.length]).toEqual([name, true]);
    }
  });
});
