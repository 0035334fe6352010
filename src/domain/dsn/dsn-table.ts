import type { ColumnClass } from '../mapping.ts';
import { classOfRubric } from './classification.ts';
import type { DsnFault, DsnRecord } from './dsn-record.ts';
import { BLOCKS, rubricNumbers } from './norm.ts';

export type DsnType = 'string' | 'date' | 'decimal' | 'integer';

export interface DsnColumn {
  readonly name: string;
  readonly type: DsnType;
  /** `S21.G00.30.001`; undefined of the columns that say where a row comes from. */
  readonly code: string | undefined;
  readonly class: ColumnClass;
}

/** One table per block. */
export interface DsnTable {
  readonly block: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly columns: readonly DsnColumn[];
}

/** What of a row is not null. */
export interface DsnRow {
  /** Places of its columns in its table, rising. */
  readonly columns: readonly number[];
  /** Dates as `2026-01-31`, numbers without needless zeros. */
  readonly values: readonly string[];
}

/** Where a row comes from: file, lines of itself, of what contains it and of its declaration; then rubrics that the norm does not list, as JSON. */
const PLACE: readonly DsnColumn[] = [
  { name: 'dsn_file', type: 'string', code: undefined, class: 'technical' },
  { name: 'dsn_line', type: 'integer', code: undefined, class: 'technical' },
  { name: 'dsn_parent_line', type: 'integer', code: undefined, class: 'technical' },
  { name: 'dsn_declaration_line', type: 'integer', code: undefined, class: 'technical' },
];
const OTHERS: DsnColumn = { name: 'dsn_other', type: 'string', code: undefined, class: 'unclassified' };

const TABLES = new Map<string, Layout>();

interface Layout {
  readonly table: DsnTable;
  /** Column of each rubric. */
  readonly at: ReadonlyMap<number, number>;
}

/** The same for every file, so that tables of several years can be read as one. A block that the norm does not know has its rubrics in `dsn_other`. */
export function dsnTable(block: string): DsnTable {
  return layoutOf(block).table;
}

/** By the code of its rubric, `S21.G00.30.001`; undefined where the norm has none. */
export function dsnColumn(code: string): DsnColumn | undefined {
  const [, block = ''] = /^(S\d\d\.G\d\d\.\d\d)\.\d{3}$/.exec(code) ?? [];
  return BLOCKS[block] && dsnTable(block).columns.find((column) => column.code === code);
}

/** Amounts have up to 17 digits and 3 more, counts up to 18: see {@link typedValue}. */
export const HIVE_TYPES: Readonly<Record<DsnType, string>> = {
  string: 'string',
  date: 'date',
  decimal: 'decimal(20,3)',
  integer: 'bigint',
};

function layoutOf(block: string): Layout {
  const known = TABLES.get(block);
  if (known !== undefined) return known;
  const definition = BLOCKS[block];
  const typeOf = typesOf(block);
  const numbers = rubricNumbers(definition?.rubrics);
  const rubrics = numbers.map((number): DsnColumn => {
    const code = `${block}.${number}`;
    return { name: `r${number}`, type: typeOf(number), code, class: classOfRubric(code) };
  });
  const table = {
    block,
    name: definition?.name ?? block.toLowerCase().replaceAll('.', '_'),
    parent: definition?.parent,
    columns: [...PLACE, ...rubrics, OTHERS],
  };
  const layout = { table, at: new Map(numbers.map((number, index) => [Number(number), PLACE.length + index])) };
  TABLES.set(block, layout);
  return layout;
}

function typesOf(block: string): (number: string) => DsnType {
  const { dates, decimals, integers } = BLOCKS[block] ?? {};
  const types = new Map<string, DsnType>();
  for (const number of rubricNumbers(dates)) types.set(number, 'date');
  for (const number of rubricNumbers(decimals)) types.set(number, 'decimal');
  for (const number of rubricNumbers(integers)) types.set(number, 'integer');
  return (number) => types.get(number) ?? 'string';
}

/** A record as a row of its table. What is not of its type is null there, and told as a fault with its own line. */
export function dsnRow(record: DsnRecord, file: string, onFault: (fault: DsnFault) => void): DsnRow {
  const { table, at } = layoutOf(record.block);
  const { columns, values } = placeOf(record, file);
  let others: Record<string, string> | undefined;
  for (let index = 0; index < record.rubrics.length; index++) {
    const number = record.rubrics[index]!;
    const value = record.values[index]!;
    const column = at.get(number);
    if (column === undefined) {
      (others ??= {})[codeOf(record.block, number)] = value;
      continue;
    }
    const typed = typedValue(value, table.columns[column]!.type);
    if (typed === undefined) {
      const code = codeOf(record.block, number);
      onFault({ line: record.lines[index]!, kind: 'not-of-its-type', code, text: value });
    } else if (typed !== null) {
      columns.push(column);
      values.push(typed);
    }
  }
  if (others !== undefined) {
    columns.push(table.columns.length - 1);
    values.push(JSON.stringify(others));
  }
  return { columns, values };
}

/** The cells of {@link PLACE}. */
function placeOf({ line, parentLine, declarationLine }: DsnRecord, file: string) {
  const columns = [0, 1];
  const values = [file, String(line)];
  for (const [column, value] of [
    [2, parentLine],
    [3, declarationLine],
  ] as const) {
    if (value === undefined) continue;
    columns.push(column);
    values.push(String(value));
  }
  return { columns, values };
}

function codeOf(block: string, number: number): string {
  return `${block}.${String(number).padStart(3, '0')}`;
}

/** undefined when it is not of that type; null when it is empty. */
export function typedValue(value: string, type: DsnType): string | null | undefined {
  if (type === 'string') return value;
  if (value === '') return null;
  if (type === 'date') return isoDate(value);
  const form = type === 'decimal' ? DECIMAL : INTEGER;
  if (form.usual.test(value)) return value;
  const number = form.any.exec(value);
  return number === null ? undefined : `${number[1]}${number[2]}`;
}

/** Zeros before the first digit are allowed, and nearly never there. */
const DECIMAL = { usual: /^-?[1-9]\d{0,16}(?:\.\d{1,3})?$/, any: /^(-?)0*(\d{1,17}(?:\.\d{1,3})?)$/ };
const INTEGER = { usual: /^-?[1-9]\d{0,17}$/, any: /^(-?)0*(\d{1,18})$/ };

/** DDMMYYYY that the calendar has. */
function isoDate(value: string): string | undefined {
  if (!/^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{4}$/.test(value)) return undefined;
  const day = value.slice(0, 2);
  const month = value.slice(2, 4);
  const year = value.slice(4);
  if (year === '0000' || (day > '28' && Number(day) > daysIn(Number(year), Number(month)))) return undefined;
  return `${year}-${month}-${day}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
