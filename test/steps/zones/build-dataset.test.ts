import { DuckDBInstance } from '@duckdb/node-api';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { Anonymity, Dataset } from '../../../src/domain/privacy/dataset.ts';
import { datasetsInOrder } from '../../../src/domain/privacy/dataset-order.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { buildDataset, type BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallLake, smallMapping, type SmallTable } from './small-lake.ts';

const KEY = new Uint8Array(32).fill(7);
const SCHEME = { domain: 'rh', version: 1 };
const of = (value: string, field: 'text' | 'nir' = 'text') => pseudonym(SCHEME, KEY, field, value);

const TABLES: Record<string, SmallTable> = {
  'rh.people': {
    types: { id: 'string', nir: 'string', post: 'string', active: 'boolean', pay: 'decimal(10,2)', hired: 'date' },
    columns: {
      id: { class: 'identifier', treat: 'pseudonymise' },
      nir: { class: 'identifier', treat: 'pseudonymise:nir' },
      post: { class: 'quasi-identifier', treat: 'department' },
      active: { class: 'technical' },
      pay: { class: 'technical' },
      hired: { class: 'quasi-identifier', treat: 'year' },
    },
    lines: [
      'a|1850578006084|75011|true|100.10|2020-01-31',
      'b|1850578006085|20200|true|200.20|2021-02-28',
      'c|1850578006086|75012|false|300.30|\\N',
      '\\N|\\N|\\N|\\N|\\N|\\N',
    ],
  },
  'rh.leaves': {
    types: { nir: 'string', days: 'int', reason: 'string' },
    columns: {
      nir: { class: 'identifier', treat: 'pseudonymise:nir' },
      days: { class: 'technical' },
      reason: { class: 'public' },
    },
    // The same numbers, with their keys.
    lines: [
      '185057800608491|3|ill',
      '1 85 05 78 006 084 91|4|ill',
      '1850578006085|5|trip',
      '2999999999999|9|ill',
      '\\N|1|ill',
    ],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'lakelift-build-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function build(...datasets: (Pick<Dataset, 'from'> & Partial<Dataset>)[]): Promise<Map<string, BuiltDataset>> {
  const made = new Map<string, BuiltDataset>();
  const engine = new DuckDbDatasetEngine(smallLake(TABLES));
  const mapping = { ...smallMapping(TABLES), paths: {} };
  const { signal } = new AbortController();
  const pseudonyms = { ...SCHEME, keys: new Map([[1, KEY]]) };
  for (const dataset of datasetsInOrder(datasets.map(aDataset)))
    made.set(dataset.name, await buildDataset({ dataset, mapping, made, engine, pseudonyms, signal }));
  return made;
}

async function buildOne(dataset: Pick<Dataset, 'from'> & Partial<Dataset>): Promise<unknown[][]> {
  return rowsOf((await build(dataset)).get('people')!);
}

/** Rows as a reader of the files sees them, partitions from the names of folders. */
async function rowsOf({ name, files, partitionKeys }: BuiltDataset): Promise<unknown[][]> {
  const root = mkdtempSync(join(folder, `${name}-`));
  for (const { values, body } of files) {
    const place = join(root, ...values.map((value, index) => `${partitionKeys[index]!.name}=${value}`));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'part.parquet'), body);
  }
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    const sql = `SELECT * FROM read_parquet('${root}/**/*.parquet', hive_partitioning = true, hive_types_autocast = false) ORDER BY ALL`;
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
  }
}

const ONLY_ID: Dataset['columns'] = {
  nir: { treat: 'drop' },
  post: { treat: 'drop' },
  active: { treat: 'drop' },
  pay: { treat: 'drop' },
  hired: { treat: 'drop' },
};

describe('Rows of a dataset', () => {
  it.each([
    [{ column: 'active', is: '=', values: [true] }, ['a', 'b']],
    [{ column: 'active', is: '!=', values: [true] }, ['c']],
    [{ column: 'pay', is: '>', values: [100.1] }, ['b', 'c']],
    [{ column: 'pay', is: '<=', values: [200.2] }, ['a', 'b']],
    [{ column: 'post', is: '>=', values: [75000] }, ['a', 'c']],
    [{ column: 'post', is: '<', values: ['7'] }, ['b']],
    [{ column: 'hired', is: '<', values: ['2021-02-28'] }, ['a']],
    [{ column: 'id', is: 'in', values: ['a', "o'c", 'c'] }, ['a', 'c']],
    [{ column: 'id', is: '>', values: [1] }, []],
    [{ column: 'hired', is: 'not-null', values: [] }, ['a', 'b']],
    [{ column: 'hired', is: 'null', values: [] }, ['c', undefined]],
  ] as const)('are chosen by %j', async (filter, expected) => {
    const rows = await buildOne({ from: 'rh.people', columns: ONLY_ID, where: [filter] });
    const wanted = expected.map((id) => (id === undefined ? null : of(id)));
    expect(rows.flat().toSorted()).toEqual(wanted.toSorted());
  });

  const join = { with: 'rh.people', on: { nir: 'nir' }, where: [], columns: { post: { as: 'dept' } } };

  it('are joined by pseudonyms, however their numbers are written; NULL meets nothing', async () => {
    const inner = await buildOne({
      from: 'rh.leaves',
      columns: { nir: { treat: 'drop' } },
      joins: [{ ...join, kind: 'inner' }],
    });
    expect(inner).toEqual([
      [3, 'ill', '75'],
      [4, 'ill', '75'],
      [5, 'trip', '2B'],
    ]);
    const left = await buildOne({ from: 'rh.leaves', joins: [{ ...join, kind: 'left' }] });
    expect(left).toHaveLength(5);
    expect(left).toContainEqual([of('2999999999999', 'nir'), 9, 'ill', null]);
    expect(left).toContainEqual([null, 1, 'ill', null]);
  });

  it('are chosen on both sides of a join', async () => {
    const where = [{ column: 'id', is: '=', values: ['b'] }] as const;
    const rows = await buildOne({
      from: 'rh.leaves',
      columns: { nir: { treat: 'drop' } },
      joins: [{ ...join, kind: 'inner', where }],
    });
    expect(rows).toEqual([[5, 'trip', '2B']]);
  });

  it('are not joined by what can never meet, or is not there', async () => {
    const other = build({
      from: 'rh.leaves',
      columns: { nir: { treat: 'pseudonymise' } },
      joins: [{ ...join, kind: 'left' }],
    });
    await expect(other).rejects.toThrow(
      'nir and rh.people.nir never meet: pseudonymise:text here, pseudonymise:nir there',
    );
    const absent = build({ from: 'rh.leaves', joins: [{ ...join, kind: 'left', on: { nri: 'nir' } }] });
    await expect(absent).rejects.toThrow('nri cannot be joined by');
    const nothing = build({ from: 'rh.leaves', joins: [{ ...join, kind: 'left', columns: { dept: {} } }] });
    await expect(nothing).rejects.toThrow('rh.people has no column dept');
    await expect(build({ from: 'rh.leave' })).rejects.toMatchObject({ hint: 'Tables of the mapping: rh.leaves.' });
  });

  it('are summed up exactly, after classes of too few are gone', async () => {
    const aggregate = {
      by: ['reason'],
      measures: {
        n: 'count',
        known: 'count:nir',
        people: 'distinct:nir',
        days: 'sum:days',
        most: 'max:days',
        mean: 'avg:days',
      },
    };
    const anonymity = { k: 2, over: ['reason'], onFailure: 'suppress' } as const;
    const made = (await build({ from: 'rh.leaves', aggregate, anonymity })).get('people')!;
    expect(made).toMatchObject({ sourceRows: 5, suppressedRows: 1, smallestClass: 4, rows: 1 });
    expect(made.types.map(({ type }) => type)).toEqual([
      'string',
      'bigint',
      'bigint',
      'bigint',
      'bigint',
      'int',
      'double',
    ]);
    expect(await rowsOf(made)).toEqual([['ill', '4', '3', '2', '17', 9, 4.25]]);
    const money = await buildOne({
      from: 'rh.people',
      aggregate: { by: ['active'], measures: { pay: 'sum:pay', mean: 'avg:pay' } },
    });
    expect(money).toEqual([
      [false, '300.30', 300.3],
      [true, '300.30', 150.15],
      [null, null, null],
    ]);
  });

  it('stand in classes of so many people as are asked for, whatever rows they have; those of nobody count for none', async () => {
    const columns = { days: { treat: 'drop' } };
    const built = async (anonymity: Omit<Anonymity, 'over' | 'onFailure'>): Promise<BuiltDataset> =>
      (
        await build({
          from: 'rh.leaves',
          columns,
          anonymity: { over: ['reason'], onFailure: 'suppress', ...anonymity },
        })
      ).get('people')!;
    // Ill are two people with three rows, and somebody unknown.
    expect(await built({ k: 4 })).toMatchObject({ smallestClass: 4, pseudonymsNotCounted: ['nir'] });
    expect(await built({ k: 2, of: ['nir'] })).toMatchObject({
      ...{ suppressedRows: 1, smallestClass: 2, rows: 4, pseudonymsNotCounted: [] },
    });
    expect(await built({ k: 3, of: ['nir'] })).toMatchObject({ suppressedRows: 5, smallestClass: undefined });
    const diversity = { of: 'reason', l: 2 };
    expect(await built({ k: 2, of: ['nir'], diversity })).toMatchObject({ rows: 0, leastDiversity: undefined });
    const refused = build({
      from: 'rh.leaves',
      anonymity: { k: 3, over: ['reason'], of: ['nir'], onFailure: 'refuse' },
    });
    await expect(refused).rejects.toThrow('5 of 5 rows stand in classes of fewer than 3 people');
  });

  it('stay without some of their cells where that makes classes large enough', async () => {
    const built = async (anonymity: Partial<Anonymity>): Promise<BuiltDataset> =>
      (
        await build({
          from: 'rh.people',
          columns: { nir: { treat: 'drop' }, hired: { treat: 'drop' }, pay: { treat: 'drop' } },
          anonymity: {
            k: 2,
            over: ['active', 'post'],
            of: ['id'],
            blank: ['post'],
            onFailure: 'suppress',
            ...anonymity,
          },
        })
      ).get('people')!;
    const made = await built({});
    // True are two people of two départements; false is one alone, and nobody is nobody.
    expect(made).toMatchObject({
      ...{ sourceRows: 4, suppressedRows: 2, blankedRows: 2, blankedCells: 2, smallestClass: 2 },
      types: [{ name: 'id' }, { name: 'post', type: 'string' }, { name: 'active', type: 'boolean' }],
    });
    expect(await rowsOf(made)).toEqual([of('a'), of('b')].toSorted().map((id) => [id, null, true]));
    const refused = built({ onFailure: 'refuse' });
    await expect(refused).rejects.toThrow('2 of 4 rows still stand in classes of fewer than 2 people');
    // A row without a département that failed as well is one of those that are together then.
    expect(await built({ k: 4, of: undefined, over: ['post'] })).toMatchObject({ rows: 4, blankedCells: 3 });
    expect(await built({ k: 2, over: ['active'], blank: ['active'] })).toMatchObject({ rows: 2, blankedCells: 0 });
  });

  it('with values that may tell who somebody is need a decision, which may be a reason', async () => {
    const undecided = (given: Partial<Dataset>) => build({ from: 'rh.people', notAnonymous: undefined, ...given });
    await expect(undecided({})).rejects.toThrow(
      'people cannot be built: post, hired may tell who somebody is: say how many are to share them ("anonymity"), or why not ("notAnonymous")',
    );
    await expect(undecided({ aggregate: { by: ['active'], measures: { last: 'max:hired' } } })).rejects.toThrow(
      'last may',
    );
    for (const given of [{ notAnonymous: 'nobody reads it' }, { columns: ONLY_ID }])
      await expect(undecided(given)).resolves.toBeDefined();
    const counts = { by: ['active'], measures: { people: 'count:hired' } };
    await expect(undecided({ aggregate: counts })).resolves.toBeDefined();
  });

  it('that part people of one class need a place in it, or a reason', async () => {
    const classes: Anonymity = { k: 2, over: ['post'], onFailure: 'suppress' };
    const undecided = (given: Partial<Anonymity>, dataset: Partial<Dataset> = {}) =>
      build({ from: 'rh.people', notAnonymous: undefined, anonymity: { ...classes, ...given }, ...dataset });
    const apart = 'may tell smaller groups apart than the classes of "over"';
    await expect(undecided({})).rejects.toThrow(`people cannot be built: hired ${apart}`);
    await expect(undecided({}, { columns: { hired: { treat: 'pseudonymise' } } })).rejects.toThrow(`hired ${apart}`);
    await expect(undecided({ except: { hierd: 'a slip of the pen' } })).rejects.toThrow(
      'an exception is made of hierd (did you mean hired?), which it does not have',
    );
    const decided = [{ except: { hired: 'read by nobody' } }, { over: ['post', 'hired'] }];
    for (const given of [...decided, { diversity: { of: 'hired', l: 2 } }])
      await expect(undecided(given)).resolves.toBeDefined();

    const summed = (by: string[], measures: Record<string, string>) => ({ aggregate: { by, measures } });
    await expect(undecided({}, summed(['post', 'active'], { n: 'count' }))).rejects.toThrow(`active ${apart}`);
    await expect(undecided({}, summed(['post'], { last: 'max:hired' }))).rejects.toThrow(`last ${apart}`);
    // A sum over people of a class is of a class; over fewer of them it may be of one.
    const years = { years: 'sum:hired' };
    await expect(undecided({}, summed(['post'], years))).resolves.toBeDefined();
    const finer = undecided({ except: { active: 'of two values' } }, summed(['post', 'active'], years));
    await expect(finer).rejects.toThrow(`years ${apart}`);
    await expect(undecided({}, summed(['post', 'id'], { n: 'count' }))).resolves.toBeDefined();
  });

  it('are not counted by people whom no pseudonym stands for', async () => {
    const by = (...of: string[]) =>
      build({ from: 'rh.leaves', anonymity: { k: 2, over: ['reason'], of, onFailure: 'suppress' } });
    await expect(by('days')).rejects.toThrow(
      'people are to be counted by days, which is no pseudonym of it (it has nir)',
    );
    await expect(by('matricule')).rejects.toThrow('people are to be counted by matricule, which is no pseudonym of it');
  });

  it('of a dataset made of others come treated, and keep their classes', async () => {
    const made = await build(
      {
        name: 'sums',
        from: 'leaves',
        target: { zone: 'refined', database: 'refined_rh', table: 'sums' },
        joins: [{ with: 'people', kind: 'inner', on: { nir: 'nir' }, where: [], columns: { post: {} } }],
        aggregate: { by: ['post'], measures: { days: 'sum:days' } },
      },
      { name: 'people', from: 'rh.people' },
      { name: 'leaves', from: 'rh.leaves', target: { zone: 'cleaned', database: 'cleaned_rh', table: 'leaves' } },
    );
    expect(await rowsOf(made.get('sums')!)).toEqual([
      ['2B', '5'],
      ['75', '7'],
    ]);
    expect(made.get('sums')!.columns[0]).toMatchObject({
      class: 'quasi-identifier',
      treatment: { kind: 'keep' },
      earlier: { kind: 'department' },
    });
  });

  it('lie in a folder for each value of their partitions, in their types', async () => {
    const made = (
      await build({ from: 'rh.people', columns: { ...ONLY_ID, hired: { as: 'year' } }, partitions: ['year'] })
    ).get('people')!;
    expect(made.partitionKeys).toEqual([{ name: 'year', type: 'int' }]);
    expect(made.files.map(({ values }) => values)).toEqual([['2020'], ['2021'], ['__HIVE_DEFAULT_PARTITION__']]);
    expect(await rowsOf(made)).toHaveLength(4);
    const whole = build({ from: 'rh.people', columns: ONLY_ID, partitions: ['id'] });
    await expect(whole).rejects.toThrow('no column is left');
  });
});

describe('Checks of a dataset', () => {
  it.each([
    [{ rule: 'not-null', column: 'id' }, 1],
    [{ rule: 'unique', columns: ['post'] }, 2],
    [{ rule: 'unique', columns: ['id'] }, 0],
    [{ rule: 'between', column: 'pay', min: 100.1, max: 300 }, 1],
    [{ rule: 'between', column: 'post', min: 0 }, 1],
    [{ rule: 'in', column: 'post', values: ['75'] }, 1],
    [{ rule: 'matches', column: 'post', pattern: '[0-9]{2}|2[AB]' }, 0],
    [{ rule: 'matches', column: 'post', pattern: '[0-9]' }, 3],
    [{ rule: 'row-count', min: 6 }, 2],
    [{ rule: 'row-count', min: 1, max: 3 }, 1],
    [{ rule: 'row-count', min: 4 }, 0],
  ] as const)('count what breaks %j', async (rule, failing) => {
    const made = await build({ from: 'rh.people', checks: [{ ...rule, severity: 'warn' }] });
    expect(made.get('people')!.checks).toMatchObject([{ failing }]);
    const refusing = build({ from: 'rh.people', checks: [{ ...rule, severity: 'refuse' }] });
    if (failing === 0) await expect(refusing).resolves.toBeDefined();
    else await expect(refusing).rejects.toMatchObject({ code: 'DATASET_CHECK_FAILED' });
  });
});
