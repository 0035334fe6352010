import { describe, expect, it } from 'vitest';
import { classOfRubric } from '../../../src/domain/dsn/classification.ts';
import type { DsnFault, DsnRecord } from '../../../src/domain/dsn/dsn-record.ts';
import { dsnRow, dsnTable, typedValue, type DsnRow } from '../../../src/domain/dsn/dsn-table.ts';
import { BLOCKS, rubricNumbers } from '../../../src/domain/dsn/norm.ts';

const record = (block: string, values: Readonly<Record<number, string>>): DsnRecord => ({
  block,
  line: 10,
  parentLine: 9,
  declarationLine: 4,
  rubrics: Object.keys(values).map(Number),
  values: Object.values(values),
  lines: Object.keys(values).map((_, index) => 10 + index),
});

function rowOf(one: DsnRecord): { row: Record<string, string | null>; faults: DsnFault[] } {
  const faults: DsnFault[] = [];
  const cells = dsnRow(one, 'a.dsn', (fault) => faults.push(fault));
  expect(cells.values).toHaveLength(cells.columns.length);
  expect(cells.columns).toEqual([...new Set(cells.columns)].sort((a, b) => a - b));
  const at = ({ columns, values }: DsnRow, index: number): string | null => values[columns.indexOf(index)] ?? null;
  const row = Object.fromEntries(dsnTable(one.block).columns.map(({ name }, index) => [name, at(cells, index)]));
  return { row, faults };
}

describe('A table of a DSN', () => {
  it('holds rubrics by number, with where they come from', () => {
    const { row, faults } = rowOf(record('S21.G00.60', { 1: '01', 2: '15022024', 600: '00000000000000' }));
    expect(faults).toEqual([]);
    expect(row).toMatchObject({
      dsn_file: 'a.dsn',
      dsn_line: '10',
      dsn_parent_line: '9',
      dsn_declaration_line: '4',
      r001: '01',
      r002: '2024-02-15',
      r003: null,
      r600: '00000000000000',
      dsn_other: null,
    });
  });

  it('keeps rubrics and blocks of other editions', () => {
    expect(rowOf(record('S21.G00.60', { 1: '01', 99: 'x' })).row).toMatchObject({
      r001: '01',
      dsn_other: '{"S21.G00.60.099":"x"}',
    });
    expect(dsnTable('S21.G00.99')).toMatchObject({ name: 's21_g00_99', parent: undefined });
    expect(rowOf(record('S21.G00.99', { 1: 'a', 2: 'b' })).row['dsn_other']).toBe(
      '{"S21.G00.99.001":"a","S21.G00.99.002":"b"}',
    );
  });

  it('has null for what is not of its type, and tells the line it is on', () => {
    const { row, faults } = rowOf(record('S21.G00.60', { 1: '01', 2: '31022024', 3: '2024' }));
    expect(row).toMatchObject({ r001: '01', r002: null, r003: null });
    expect(faults).toEqual([
      { line: 11, kind: 'not-of-its-type', code: 'S21.G00.60.002', text: '31022024' },
      { line: 12, kind: 'not-of-its-type', code: 'S21.G00.60.003', text: '2024' },
    ]);
  });

  it.each([
    ['29022024', '2024-02-29'],
    ['29022023', undefined],
    ['29021900', undefined],
    ['29022000', '2000-02-29'],
    ['31042024', undefined],
    ['00012024', undefined],
    ['01132024', undefined],
    ['99999999', undefined],
    ['1012024', undefined],
    ['', null],
  ])('reads the date %s as %s', (value, expected) => expect(typedValue(value, 'date')).toBe(expected));

  it.each([
    ['0012.50', '12.50'],
    ['-12.50', '-12.50'],
    ['0.00', '0.00'],
    ['100.000', '100.000'],
    ['12345678901234567.99', '12345678901234567.99'],
    ['12,50', undefined],
    ['.5', undefined],
    ['1e3', undefined],
    ['', null],
  ])('reads the amount %s as %s', (value, expected) => expect(typedValue(value, 'decimal')).toBe(expected));

  it('leaves birth dates as text, since days and months may be unknown (99)', () => {
    const { row, faults } = rowOf(record('S21.G00.30', { 6: '99991950' }));
    expect(row['r006']).toBe('99991950');
    expect(faults).toEqual([]);
  });
});

describe('The norm', () => {
  it('has a parent and a name of its own for every block, and types for rubrics that exist', () => {
    const names = Object.values(BLOCKS).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const [block, { parent, rubrics, dates, decimals, integers }] of Object.entries(BLOCKS)) {
      expect(parent === undefined ? ['S10.G00.00', 'S90.G00.90'].includes(block) : BLOCKS[parent] !== undefined).toBe(
        true,
      );
      const all = rubricNumbers(rubrics);
      for (const typed of [dates, decimals, integers])
        expect(all).toEqual(expect.arrayContaining(rubricNumbers(typed)));
    }
  });
});

describe('Classes of rubrics', () => {
  it.each([
    ['S21.G00.30.001', 'identifier'],
    ['S21.G00.30.002', 'identifier'],
    ['S21.G00.30.006', 'quasi-identifier'],
    ['S21.G00.30.009', 'quasi-identifier'],
    ['S21.G00.60.001', 'sensitive'],
    ['S21.G00.60.007', 'identifier'],
    ['S21.G00.65.001', 'sensitive'],
    ['S21.G00.62.002', 'sensitive'],
    ['S21.G00.40.006', 'free-text'],
    ['S21.G00.40.072', 'sensitive'],
    ['S21.G00.50.006', 'sensitive'],
    ['S21.G00.06.001', 'public'],
    ['S10.G00.00.006', 'technical'],
    ['S21.G00.30.099', 'unclassified'],
  ])('%s is %s', (code, expected) => expect(classOfRubric(code)).toBe(expected));

  it('are known of every rubric of the norm', () => {
    for (const [block, { rubrics }] of Object.entries(BLOCKS))
      for (const number of rubricNumbers(rubrics)) expect(classOfRubric(`${block}.${number}`)).not.toBe('unclassified');
  });
});
