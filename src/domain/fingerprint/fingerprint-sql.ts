import type { Column } from '../table.ts';
import { quoteTable, type Dialect } from './dialect.ts';
import {
  joinFields,
  spellColumns,
  spellElement,
  type Collection,
  type FingerprintColumn,
  type Spelling,
} from './row-text.ts';

/** A table or view as one side names it. */
export interface FingerprintedTable {
  readonly database: string;
  readonly table: string;
  readonly keys: readonly Column[];
  readonly columns: readonly FingerprintColumn[];
}

/** Partitions by their values as this engine printed them, undefined for NULL; absent for the whole table. */
export type PartitionFilter = readonly (readonly (string | undefined)[])[];

/** Rows per partition: its values, then the count. */
export function countSql(dialect: Dialect, table: FingerprintedTable, filter?: PartitionFilter): string {
  const keys = table.keys.map(({ name }) => dialect.quote(name));
  const selected = [...keys.map((key) => dialect.keyText(key)), dialect.numberText('count(*)')];
  const from = `${quoteTable(dialect, table)}${where(dialect, table, filter) || dialect.readsRows}`;
  return `SELECT ${selected.join(', ')} FROM ${from}${groupBy(keys)}`;
}

/**
 * Statements whose sums, added up, are the fingerprint per partition: its values, the number of rows, and two sums over numbers out of the
 * md5 of each row's text. Sums take no order and keep duplicates. The first reads the rows; each other one unfolds a collection, whose elements
 * are texts of their own, tied to their row by its text and their place. They are not united into one: Hive fails at jobs of many operators.
 */
export function fingerprintSqls(dialect: Dialect, table: FingerprintedTable, filter?: PartitionFilter): string[] {
  const keys = keyNames(table);
  return branches(dialect, rootRows(dialect, table, filter)).map((texts) => {
    const hashed = `SELECT ${[...keys, 'n', `${dialect.md5('r')} AS m`].join(', ')} FROM (${texts}) a`;
    return `SELECT ${[...keys, ...sums(dialect, 'sum(n)')].join(', ')} FROM (${hashed}) b${groupBy(keys)}`;
  });
}

/** Per partition: its values, the number of rows, and one sum for each column that holds no collection, in their order. */
export function columnSumsSql(dialect: Dialect, table: FingerprintedTable, filter?: PartitionFilter): string {
  const { source, keys } = rootRows(dialect, table, filter);
  const fields = table.columns.map((column) => joinFields(dialect, spellColumns(dialect, [column]).fields));
  const texts = fields.map((text, index) => `${text} AS f${index}`);
  const totals = fields.map((_, index) =>
    dialect.numberText(`sum(${dialect.hashNumber(dialect.md5(`f${index}`), 1)})`),
  );
  const names = keyNames(table);
  const selected = [...names, dialect.numberText('count(*)'), ...totals].join(', ');
  return `SELECT ${selected} FROM (SELECT ${[...keys, ...texts].join(', ')} FROM ${source}) a${groupBy(names)}`;
}

/** Hex digits of a hash by which rows are put into buckets. */
const BUCKET_DIGITS = 3;

export interface RowSelection {
  readonly filter?: PartitionFilter | undefined;
  /** Columns to look at one by one; none may hold a collection. Rows are put into buckets by all others, so that a changed row stays in its own. */
  readonly shown: readonly FingerprintColumn[];
}

/** For each bucket of rows: its digits, the number of rows, two sums. */
export function bucketsSql(dialect: Dialect, table: FingerprintedTable, selection: RowSelection): string {
  const rows = `SELECT ${bucket} AS d, m FROM (${hashedRows(dialect, table, selection)}) a`;
  return `SELECT d, ${sums(dialect, 'count(*)').join(', ')} FROM (${rows}) b GROUP BY d`;
}

/** Rows, or those of some buckets: the md5 of the row, that of what is not shown of it, and the field of each column shown. Values in clear. */
export function rowsSql(
  dialect: Dialect,
  table: FingerprintedTable,
  { buckets, limit, ...selection }: RowSelection & { readonly buckets?: readonly string[]; readonly limit: number },
): string {
  const columns = ['m', 'o', ...selection.shown.map((_, index) => `f${index}`)].join(', ');
  const wanted = buckets?.map((digits) => dialect.literal(digits)).join(', ');
  const chosen = wanted === undefined ? '' : ` WHERE ${bucket} IN (${wanted})`;
  return `SELECT ${columns} FROM (${hashedRows(dialect, table, selection)}) a${chosen} LIMIT ${limit}`;
}

const bucket = `substr(o, 1, ${BUCKET_DIGITS})`;

function hashedRows(dialect: Dialect, table: FingerprintedTable, { filter, shown }: RowSelection): string {
  const { source, text } = rootRows(dialect, table, filter);
  const textOf = (columns: readonly FingerprintColumn[]) => joinFields(dialect, spellColumns(dialect, columns).fields);
  const rest = table.columns.filter(({ name }) => !shown.some((column) => column.name === name));
  const hashes = [`${dialect.md5(text)} AS m`, `${dialect.md5(textOf(rest))} AS o`];
  return `SELECT ${[...hashes, ...shown.map((column, at) => `${textOf([column])} AS f${at}`)].join(', ')} FROM ${source}`;
}

/** Rows or elements: where they come from, and their text. */
interface Rows {
  readonly source: string;
  /** Expressions that name the partition, each `AS k<n>`. */
  readonly keys: readonly string[];
  readonly text: string;
  readonly collections: readonly Collection[];
  readonly isElement?: boolean | undefined;
}

function rootRows(dialect: Dialect, table: FingerprintedTable, filter?: PartitionFilter): Rows {
  const { fields, collections } = spellColumns(dialect, table.columns);
  return {
    source: `${quoteTable(dialect, table)}${where(dialect, table, filter)}`,
    keys: table.keys.map(({ name }, index) => `${dialect.keyText(dialect.quote(name))} AS k${index}`),
    text: joinFields(dialect, fields),
    collections,
  };
}

/** One SELECT for the rows, and one for each collection at whatever depth. */
function branches(dialect: Dialect, rows: Rows): string[] {
  const counted = rows.isElement === true ? '0 AS n' : '1 AS n';
  const own = `SELECT ${[...rows.keys, counted, `${rows.text} AS r`].join(', ')} FROM ${rows.source}`;
  const below = rows.collections.map((collection, place) => elements(dialect, rows, { collection, place }));
  return [own, ...below.flatMap((each) => branches(dialect, each))];
}

function elements(
  dialect: Dialect,
  rows: Rows,
  { collection, place }: { readonly collection: Collection; readonly place: number },
): Rows {
  const { type, expression } = collection;
  const inner = [...rows.keys, `${rows.text} AS r`, `${expression} AS c`].join(', ');
  const spelling: Spelling = spellElement(dialect, type);
  // Entries of a map have no place.
  const where = type.kind === 'array' ? ['i', `'#'`] : [];
  return {
    source: dialect.unfold(`SELECT ${inner} FROM ${rows.source}`, type.kind),
    keys: rows.keys.map((_, index) => `k${index}`),
    text: dialect.join(['r', `'#${place}#'`, ...where, joinFields(dialect, spelling.fields)]),
    collections: spelling.collections,
    isElement: true,
  };
}

function sums(dialect: Dialect, count: string): string[] {
  return [count, `sum(${dialect.hashNumber('m', 1)})`, `sum(${dialect.hashNumber('m', 17)})`].map((each) =>
    dialect.numberText(each),
  );
}

function where(dialect: Dialect, { keys }: FingerprintedTable, filter: PartitionFilter | undefined): string {
  if (filter === undefined || keys.length === 0) return '';
  const partitions = filter.map((values) => {
    const conditions = keys.map(({ name }, index) => {
      const value = values[index];
      const key = dialect.quote(name);
      return value === undefined ? `${key} IS NULL` : `${dialect.keyText(key)} = ${dialect.literal(value)}`;
    });
    return `(${conditions.join(' AND ')})`;
  });
  return ` WHERE ${partitions.join(' OR ')}`;
}

function keyNames({ keys }: FingerprintedTable): string[] {
  return keys.map((_, index) => `k${index}`);
}

function groupBy(keys: readonly string[]): string {
  return keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
}
