import { doubleQuotes, standardLiteral } from '../fingerprint/dialect.ts';
import type { CheckRule } from './check.ts';
import { numberSql } from './filter-sql.ts';

/** DuckDB's query for how many rows of `dataset` break a rule; of a number of rows, by how many it is missed. */
export function checkSql(check: CheckRule): string {
  switch (check.rule) {
    case 'unique': {
      const columns = check.columns.map(doubleQuotes);
      const known = columns.map((column) => `${column} IS NOT NULL`).join(' AND ');
      return `SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM dataset WHERE ${known} GROUP BY ${columns.join(', ')}) WHERE n > 1`;
    }
    case 'row-count':
      return `SELECT greatest(${check.min ?? 0} - count(*), count(*) - ${check.max ?? 'count(*)'}, 0) FROM dataset`;
    default:
      return `SELECT count(*) FROM dataset WHERE ${brokenBy(check)}`;
  }
}

function brokenBy(check: Exclude<CheckRule, { rule: 'unique' | 'row-count' }>): string {
  const column = doubleQuotes(check.column);
  const text = `CAST(${column} AS VARCHAR)`;
  switch (check.rule) {
    case 'not-null':
      return `${column} IS NULL`;
    case 'between': {
      const number = numberSql(text);
      const bounds = [
        ...(check.min === undefined ? [] : [`${number} >= CAST('${check.min}' AS DOUBLE)`]),
        ...(check.max === undefined ? [] : [`${number} <= CAST('${check.max}' AS DOUBLE)`]),
      ];
      return `${column} IS NOT NULL AND NOT coalesce(${bounds.join(' AND ')}, false)`;
    }
    case 'in':
      return `${column} IS NOT NULL AND ${text} NOT IN (${check.values.map(standardLiteral).join(', ')})`;
    case 'matches':
      return `${column} IS NOT NULL AND NOT regexp_full_match(${text}, ${standardLiteral(check.pattern)})`;
  }
}
