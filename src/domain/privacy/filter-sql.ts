import { doubleQuotes, standardLiteral } from '../fingerprint/dialect.ts';
import type { Filter, FilterValue } from './filter.ts';

/**
 * What numbers look like that are compared, so that all engines take the same texts for some: each bigint, decimal and double among them. They are compared as
 * doubles. The functions have the same (lakelift_rules.py), and so have the jobs (lakelift_job.py).
 */
export const NUMBER_PATTERN = '[+-]?[0-9]{1,38}([.][0-9]{1,38})?([eE][+-]?[0-9]{1,3})?';

/** Of those that are summed up, as exact decimals. */
const SUMMED_PATTERN = '[+-]?[0-9]{1,18}([.][0-9]{1,18})?([eE][+-]?[0-9]{1,2})?';

/** DuckDB's condition for a filter; that a value cannot be read as what it is compared with fulfils nothing. */
export function filterSql({ column, is, values }: Filter): string {
  const name = doubleQuotes(column);
  switch (is) {
    case 'null':
      return `${name} IS NULL`;
    case 'not-null':
      return `${name} IS NOT NULL`;
    case 'in':
      return `(${values.map((value) => comparisonSql(name, '=', value)).join(' OR ')})`;
    default:
      return comparisonSql(name, is, values[0]!);
  }
}

function comparisonSql(column: string, operator: string, value: FilterValue): string {
  const text = `CAST(${column} AS VARCHAR)`;
  if (typeof value === 'number') return `${numberSql(text)} ${operator} CAST('${value}' AS DOUBLE)`;
  if (typeof value === 'string') return `${text} ${operator} ${standardLiteral(value)}`;
  return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END ${operator} ${value}`;
}

/** NULL of what is no number. */
export function numberSql(text: string): string {
  return `TRY_CAST(${shapedSql(text, NUMBER_PATTERN)} AS DOUBLE)`;
}

/** Of a text, if it is that of a number that can be summed up. */
export function summedText(text: string): string {
  return shapedSql(text, SUMMED_PATTERN);
}

function shapedSql(text: string, pattern: string): string {
  return `CASE WHEN regexp_full_match(${text}, '${pattern}') THEN ${text} END`;
}
