import { doubleQuotes, standardLiteral } from '../fingerprint/dialect.ts';
import type { Filter, FilterValue } from './filter.ts';

/** What numbers look like, so that all engines take the same texts for some. */
export const NUMBER_PATTERN = '[+-]?[0-9]{1,18}([.][0-9]{1,18})?([eE][+-]?[0-9]{1,2})?';

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
  return `TRY_CAST(${numberText(text)} AS DOUBLE)`;
}

/** Of a text, if it is that of a number. */
export function numberText(text: string): string {
  return `CASE WHEN regexp_full_match(${text}, '${NUMBER_PATTERN}') THEN ${text} END`;
}
