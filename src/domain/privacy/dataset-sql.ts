import { doubleQuotes } from '../fingerprint/dialect.ts';
import type { Measure } from './aggregate.ts';
import type { Anonymity } from './dataset.ts';
import { filterSql, summedText } from './filter-sql.ts';
import type { PlannedDataset, PlannedKey, PlannedSource } from './planned-dataset.ts';
import type { PseudonymScheme } from './pseudonym.ts';
import type { Reading } from './reading.ts';
import { readingSql, unreadableSql } from './reading-sql.ts';
import { treatmentSql } from './treatment-sql.ts';

/** DuckDB's query for the rows of a dataset before they are summed up: chosen, treated, then joined. `relationOf` gives the quoted name of a table or dataset. */
export function rowsSql(
  { from, joins, columns }: PlannedDataset,
  relationOf: (name: string) => string,
  scheme: PseudonymScheme | undefined,
): string {
  const joined = joins.map(({ kind, source, on }) => {
    const equal = on.map(({ here, there }) => `${doubleQuotes(here)} = ${doubleQuotes(there)}`).join(' AND ');
    return `${kind.toUpperCase()} JOIN (${sourceSql(source, relationOf, scheme)}) ON ${equal}`;
  });
  return [
    `SELECT ${columns.map(({ name }) => doubleQuotes(name)).join(', ')}`,
    `FROM (${sourceSql(from, relationOf, scheme)})`,
    ...joined,
  ].join(' ');
}

function sourceSql(
  { name, where, columns, keys }: PlannedSource,
  relationOf: (name: string) => string,
  scheme: PseudonymScheme | undefined,
): string {
  const selected = [...columns, ...keys].map(
    (one) => `${treatmentSql(one.treatment, valueSql(one), scheme)!} AS ${doubleQuotes(one.name)}`,
  );
  const chosen = where.length === 0 ? '' : ` WHERE ${where.map(filterSql).join(' AND ')}`;
  return `SELECT ${selected.join(', ')} FROM ${relationOf(name)}${chosen}`;
}

function valueSql({ source, read }: PlannedKey): string {
  return read === undefined ? doubleQuotes(source) : readingSql(read.reading, textSql(source));
}

function textSql(source: string): string {
  return `CAST(${doubleQuotes(source)} AS VARCHAR)`;
}

/** DuckDB's query for how many texts of a column, in the rows that were chosen, are none of the type that it is read as. */
export function unreadableRowsSql(
  { where }: PlannedSource,
  relation: string,
  { source, reading }: { readonly source: string; readonly reading: Reading },
): string {
  const conditions = [...where.map(filterSql), unreadableSql(reading, textSql(source))];
  return `SELECT count(*) FROM ${relation} WHERE ${conditions.join(' AND ')}`;
}

/** A condition of window functions over `dataset`. Classes are those of the treated columns: what a reader of the dataset can put together. */
export function anonymitySql(anonymity: Anonymity): string {
  const { over, k, diversity } = anonymity;
  const classes = `OVER (PARTITION BY ${over.map(doubleQuotes).join(', ')})`;
  const conditions = [`${sizeSql(anonymity)} ${classes} >= ${k}`];
  if (diversity !== undefined) conditions.push(`${diversitySql(anonymity, diversity)} ${classes} >= ${diversity.l}`);
  return conditions.join(' AND ');
}

/** Where a row stands in a class that is large enough as it is, and how many of its cells are emptied otherwise. */
export const [IS_LARGE, EMPTIED_CELLS] = ['_is_in_large_class', '_emptied_cells'];

/** `dataset` with {@link IS_LARGE} and {@link EMPTIED_CELLS}, and the cells of `blank` emptied where rows stand in classes that fail. */
export function blankedSql(anonymity: Anonymity, blank: readonly string[]): string {
  const columns = blank.map(doubleQuotes);
  const kept = columns.map((column) => `CASE WHEN ${IS_LARGE} THEN ${column} END AS ${column}`);
  const held = columns.map((column) => `CAST(${column} IS NOT NULL AS INT)`).join(' + ');
  const judged = `SELECT *, ${anonymitySql(anonymity)} AS ${IS_LARGE} FROM dataset`;
  return `SELECT * REPLACE (${kept.join(', ')}), CASE WHEN ${IS_LARGE} THEN 0 ELSE ${held} END AS ${EMPTIED_CELLS} FROM (${judged})`;
}

/** How large a class is: its people, or its rows where nothing says who they are of. */
export function sizeSql({ of }: Anonymity): string {
  if (of === undefined) return 'count(*)';
  return `count(DISTINCT ${ofSomebodySql(of, `(${of.map(doubleQuotes).join(', ')})`)})`;
}

/** How many values of a sensitive column people in a class have. */
export function diversitySql({ of }: Anonymity, sensitive: NonNullable<Anonymity['diversity']>): string {
  const value = doubleQuotes(sensitive.of);
  return `count(DISTINCT ${of === undefined ? value : ofSomebodySql(of, value)})`;
}

/** NULL of rows that are of nobody. */
function ofSomebodySql(of: readonly string[], value: string): string {
  return `CASE WHEN ${of.map((name) => `${doubleQuotes(name)} IS NOT NULL`).join(' AND ')} THEN ${value} END`;
}

/** Rows of `dataset` summed up; without an aggregate, its columns in the order in which they are written. `typeOf` gives the Hive type of a column of it. */
export function outputSql({ dataset, output }: PlannedDataset, typeOf: (column: string) => string): string {
  const selected = output.map(({ name, measure }) =>
    measure === undefined ? doubleQuotes(name) : `${measureSql(measure, typeOf)} AS ${doubleQuotes(name)}`,
  );
  const groups = dataset.aggregate?.by.map(doubleQuotes) ?? [];
  return `SELECT ${selected.join(', ')} FROM dataset${groups.length === 0 ? '' : ` GROUP BY ${groups.join(', ')}`}`;
}

/**
 * Sums are exact, so that no order of rows shows in them: whole numbers as BIGINT, others as decimals. An average is the exact sum divided once, as a double
 * of six decimals. Spark computes the same by the same steps (lakelift_job.py).
 */
function measureSql(measure: Measure, typeOf: (column: string) => string): string {
  if (measure.kind === 'count' && measure.column === undefined) return 'count(*)';
  const column = doubleQuotes(measure.column!);
  switch (measure.kind) {
    case 'count':
      return `count(${column})`;
    case 'distinct':
      return `count(DISTINCT ${column})`;
    case 'min':
    case 'max':
      return `${measure.kind}(${column})`;
    case 'sum':
      return sumSql(column, typeOf(measure.column));
    case 'avg': {
      const sum = sumSql(column, typeOf(measure.column));
      const mean = `CAST(CAST(${sum} AS VARCHAR) AS DOUBLE) / count(${column})`;
      return `CASE WHEN abs(${mean}) < 1e12 THEN floor(${mean} * 1000000 + 0.5) / 1000000 ELSE ${mean} END`;
    }
  }
}

function sumSql(column: string, type: string): string {
  if (/^(tiny|small|big)?int$/.test(type)) return `CAST(sum(${column}) AS BIGINT)`;
  const scale = /^decimal\(\d+,(\d+)\)$/.exec(type)?.[1];
  // By their digits: to shift the point of a double would round it.
  const exact = /^(float|double|string)$/.test(type) ? summedText(`CAST(${column} AS VARCHAR)`) : column;
  return `CAST(sum(TRY_CAST(${exact} AS DECIMAL(38, ${scale ?? 9}))) AS DECIMAL(38, ${scale ?? 9}))`;
}
