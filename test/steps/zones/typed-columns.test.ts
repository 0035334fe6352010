import { describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { Dataset, DatasetColumn } from '../../../src/domain/privacy/dataset.ts';
import { buildDataset, type BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallLake, smallMapping, type SmallTable } from './small-lake.ts';

const TABLES: Record<string, SmallTable> = {
  'rh.texts': {
    types: { id: 'string', since: 'string', days: 'string' },
    columns: {
      id: { class: 'technical' },
      since: { class: 'quasi-identifier', treat: 'year' },
      days: { class: 'technical' },
    },
    lines: ['a|31/01/2020|3', 'b|28/02/2021| ', 'c|00/00/0000|4', 'd||05'],
  },
  'rh.years': {
    types: { day: 'date', label: 'string' },
    columns: { day: { class: 'technical' }, label: { class: 'public' } },
    lines: ['2020-01-31|first', '2021-02-28|second'],
  },
};

function build(given: Partial<Dataset>): Promise<BuiltDataset> {
  return buildDataset({
    dataset: aDataset({ from: 'rh.texts', ...given }),
    mapping: { ...smallMapping(TABLES), paths: {} },
    made: new Map(),
    engine: new DuckDbDatasetEngine(smallLake(TABLES)),
    pseudonyms: undefined,
    signal: new AbortController().signal,
  });
}

const typesOf = ({ types }: BuiltDataset) => Object.fromEntries(types.map(({ name, type }) => [name, type]));
const SINCE = { type: 'date:dd/MM/yyyy', because: 'art. 6.1.f, a test' };

describe('A column that is read as a type', () => {
  it('has it, and blank texts are NULL', async () => {
    const made = await build({ columns: { days: { type: 'int' } } });
    expect(typesOf(made)).toMatchObject({ id: 'string', days: 'int' });
    expect(made.checks).toEqual([
      { check: { rule: 'type', column: 'days', type: 'int', severity: 'refuse' }, failing: 0 },
    ]);
  });

  it('refuses the dataset for texts that are none, with their number and without their values', async () => {
    const refused = await build({ columns: { since: { ...SINCE, treat: 'keep' } } }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'DATASET_CHECK_FAILED' });
    expect(String(refused)).toContain('since of type date:dd/MM/yyyy (1)');
    expect(String(refused)).not.toContain('00/00/0000');
  });

  it('counts them where that is enough, in the rows that were chosen', async () => {
    const columns = { since: { ...SINCE, treat: 'keep', unreadable: 'warn' } } as const;
    expect(await build({ columns })).toMatchObject({ sourceRows: 4, checks: [{ failing: 1 }] });
    const where = [{ column: 'id', is: '!=', values: ['c'] }] as const;
    expect(await build({ columns, where })).toMatchObject({ sourceRows: 3, checks: [{ failing: 0 }] });
  });

  it('is treated as what it was read as', async () => {
    const made = await build({
      columns: { since: { type: 'date:dd/MM/yyyy', unreadable: 'warn' } },
      partitions: ['since'],
    });
    expect(made.files.map(({ values }) => values)).toEqual([['2020'], ['2021'], ['__HIVE_DEFAULT_PARTITION__']]);
  });

  it('is joined by what it was read as', async () => {
    const made = await build({
      columns: { since: { ...SINCE, treat: 'keep', unreadable: 'warn' } },
      joins: [
        {
          with: 'rh.years',
          kind: 'inner',
          on: { since: 'day' },
          where: [],
          columns: { label: {}, day: { type: 'date', treat: 'drop' } },
        },
      ],
    });
    expect(made.sourceRows).toBe(2);
  });

  it('is joined by nothing of another type', async () => {
    const refused = build({
      columns: { since: { ...SINCE, treat: 'keep', unreadable: 'warn' } },
      joins: [{ with: 'rh.years', kind: 'inner', on: { since: 'day' }, where: [], columns: { label: {} } }],
    });
    await expect(refused).rejects.toThrow('since and rh.years.day may never meet: date here, no "type" there');
  });

  it.each<[string, DatasetColumn, string]>([
    ['days', { type: 'integer' }, 'days: "integer" is no type to read as (there are int, bigint, '],
    ['since', { type: 'date', treat: 'keep' }, 'to keep it needs a reason'],
    ['days', { type: 'int', treat: 'pseudonymise' }, 'days: a pseudonym is of the text as it stands'],
  ])('of %s is decided before a row is read', async (column, asked, message) => {
    await expect(build({ columns: { [column]: asked } })).rejects.toThrow(message);
  });
});
