import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkSql } from '../../../src/domain/privacy/check-sql.ts';
import type { Check, CheckRule } from '../../../src/domain/privacy/check.ts';
import { dataQuality } from '../../../src/generate/dqdl/data-quality.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { run } from '../../stack/cache.ts';
import { dqdlJars } from '../../stack/install.ts';
import { runJobs } from '../../stack/run-jobs.ts';
import { smallMapping } from '../../steps/zones/small-lake.ts';
import { blueprintOf } from '../blueprint.ts';

const COLUMNS = {
  matricule: 'VARCHAR',
  jour: 'DATE',
  heures: 'DECIMAL(6,2)',
  brut: 'VARCHAR',
  nature: 'VARCHAR',
  code: 'VARCHAR',
};
const RULES: readonly CheckRule[] = [
  { rule: 'not-null', column: 'matricule' },
  { rule: 'unique', columns: ['matricule', 'jour'] },
  { rule: 'between', column: 'heures', min: -2.5, max: 24 },
  // Numbers that are text.
  { rule: 'between', column: 'brut', max: 1e6 },
  { rule: 'in', column: 'nature', values: ['CP', 'congé "été"', "l'autre"] },
  { rule: 'matches', column: 'code', pattern: String.raw`[0-9]{2}\.|"x"` },
  { rule: 'row-count', min: 1, max: 5 },
];
type Row = readonly (string | number | null)[];
const WELL: readonly Row[] = [
  ['M1', '2024-01-31', 7.5, '1000', 'CP', '75.'],
  ['M2', '2024-01-31', 24, '1e3', 'congé "été"', '"x"'],
  ['M2', '2024-02-01', -2.5, null, "l'autre", null],
];
const NULLS: Row = ['M', null, null, null, null, null];

/** Rows, and how many of them break each rule. */
const TABLES: Readonly<Record<string, readonly [rows: readonly Row[], broken: readonly number[]]>> = {
  well: [WELL, [0, 0, 0, 0, 0, 0, 0]],
  'of no value': [
    [NULLS, NULLS],
    [0, 0, 0, 0, 0, 0, 0],
  ],
  empty: [[], [0, 0, 0, 0, 0, 0, 1]],
  'without numbers': [
    [...WELL, [null, '2024-01-01', 24.01, '1', 'RTT', '75.'], [null, '2024-01-01', -2.51, '1', 'cp', null]],
    [2, 0, 2, 0, 2, 0, 0],
  ],
  'with twins, and too many': [
    [...WELL, NULLS, ['M1', '2024-01-31', 1, 'mille', 'CP', '75.\n'], ['M1', '2024-01-31', 1, '1000001', 'CP', 'x75.']],
    [0, 3, 0, 2, 0, 2, 1],
  ],
};

interface Answer {
  readonly job: readonly number[];
  readonly function: readonly (number | null)[];
  /** Two for the number of rows. */
  readonly rules: readonly boolean[];
}

const absences = await blueprintOf('absences');
const technical = Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, { class: 'technical' as const }]));
const { tables } = smallMapping({ 'rh.pointages': { types: {}, columns: technical, lines: [] } });
const blueprintWith = (checks: readonly Check[]) => {
  const datasets = [aDataset({ from: 'rh.pointages', checks }), aDataset({ name: 'none', from: 'rh.pointages' })];
  return {
    ...absences,
    mapping: { ...absences.mapping, tables },
    datasets: { ...absences.datasets, datasets },
  };
};
const CHECKS = RULES.map((rule): Check => ({ ...rule, severity: 'warn' }));

describe.skipIf(inject('stack') === undefined)('data quality rules', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakelift-dqdl-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = async (text: string): Promise<string[][]> => {
    const file = join(folder, 'rules.dqdl');
    await writeFile(file, text);
    const program = join(import.meta.dirname, 'Rules.java');
    const said = await run('java', ['-cp', join(await dqdlJars(), '*'), program, file]);
    return said
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));
  };

  it('are read by the parser of AWS, one for each check, and two for a number of rows', async () => {
    const [file, ...more] = dataQuality(blueprintWith(RULES.map((rule) => ({ ...rule, severity: 'refuse' }))));
    expect(more).toEqual([]);
    expect(basename(file!.path)).toBe('people.refuse.dqdl');
    const rules = await read(file!.text);
    expect(rules.map(([kind]) => kind)).toEqual([...Array<string>(6).fill('CustomSql'), 'RowCount', 'RowCount']);
    expect(rules[0]).toEqual(['CustomSql', 'select count(*) from primary where `matricule` is null', '=0']);
    expect(rules[4]![1]).toContain(
      "not in ('CP', concat('congé ', char(34), 'été', char(34)), concat('l', char(39), 'autre'))",
    );
    expect(rules.slice(-2).map(([, , condition]) => condition)).toEqual(['>=1', '<=5']);
  });

  it('would be refused where they are none', async () => {
    const [file] = dataQuality(blueprintWith([{ rule: 'row-count', min: 1, severity: 'warn' }]));
    expect(basename(file!.path)).toBe('people.warn.dqdl');
    await expect(read(file!.text.replace('RowCount', 'RowCont ='))).rejects.toThrow(/InvalidDataQualityRuleset/);
  });

  /** Writes the tables for Spark; returns what DuckDB counts in each. */
  async function countedByDuckDb(): Promise<Record<string, number[]>> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const counted: Record<string, number[]> = {};
    try {
      const columns = Object.entries(COLUMNS).map(([column, type]) => `${column} ${type}`);
      for (const [name, [rows]] of Object.entries(TABLES)) {
        await connection.run(`CREATE OR REPLACE TABLE dataset (${columns.join(', ')})`);
        for (const row of rows)
          await connection.run('INSERT INTO dataset VALUES ($1, CAST($2 AS DATE), $3, $4, $5, $6)', [...row]);
        await connection.run(`COPY dataset TO '${fileOf(name)}' (FORMAT parquet)`);
        counted[name] = [];
        for (const rule of RULES)
          counted[name].push(Number((await connection.runAndReadAll(checkSql(rule))).getRows()[0]![0]));
      }
      return counted;
    } finally {
      connection.closeSync();
    }
  }
  const fileOf = (name: string): string => join(folder, `${name.replaceAll(/[ ,]+/g, '-')}.parquet`);

  it('hold where a build, the job and the function find nothing, and fail where these count rows', async () => {
    const expected = Object.fromEntries(Object.entries(TABLES).map(([name, [, broken]]) => [name, broken]));
    expect(await countedByDuckDb()).toEqual(expected);
    const blueprint = blueprintWith(CHECKS);
    const job = glueJobs(blueprint).find(({ path }) => path === 'glue/people.py')!.text;
    const lines = job.split('\n').filter((line) => line.startsWith('job.check('));
    const rules = await read(dataQuality(blueprint)[0]!.text);
    const files = Object.fromEntries(Object.keys(TABLES).map((name) => [name, fileOf(name)]));
    const plan = join(folder, 'plan.json');
    await writeFile(plan, JSON.stringify({ tables: files, lines, checks: CHECKS, rules }));
    const printed = await runJobs({
      directory: join(folder, 'spark'),
      modules: new URL('../../../src/generate/python/', import.meta.url).pathname,
      statements: [],
      jobs: [[join(import.meta.dirname, 'evaluate.py'), plan]],
    });
    const answers = JSON.parse(/^answers (.*)$/m.exec(printed)![1]!) as Record<string, Answer>;
    const rows = RULES.length - 1;
    for (const [name, broken] of Object.entries(expected)) {
      expect.soft(answers[name]!.job, name).toEqual(broken);
      // How many rows there are is nothing that one file could tell.
      expect.soft(answers[name]!.function, name).toEqual([...broken.slice(0, rows), null]);
      const holds = answers[name]!.rules;
      expect
        .soft([...holds.slice(0, rows), holds[rows]! && holds[rows + 1]!], name)
        .toEqual(broken.map((n) => n === 0));
    }
  }, 240_000);
});
