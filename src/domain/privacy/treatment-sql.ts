import { departmentSql } from './department.ts';
import { pseudonymSql, type PseudonymScheme } from './pseudonym.ts';
import type { Treatment } from './treatment.ts';

/** DuckDB's SQL for a treated column; `column` is its quoted name. undefined when nothing of it is left. Whatever a treatment cannot read becomes NULL. */
export function treatmentSql(
  treatment: Treatment,
  column: string,
  scheme: PseudonymScheme | undefined,
): string | undefined {
  const text = `CAST(${column} AS VARCHAR)`;
  switch (treatment.kind) {
    case 'keep':
      return column;
    case 'drop':
      return undefined;
    case 'pseudonymise':
      if (scheme === undefined) throw new RangeError('A pseudonym needs a scheme');
      return pseudonymSql(scheme, treatment.field, text);
    case 'department':
      return departmentSql(text);
    case 'year':
      return yearSql(text);
    case 'month':
      return monthSql(text);
    case 'year-band':
      return bandSql(yearSql(text), treatment.width);
    case 'band':
      return bandSql(wholeSql(text), treatment.width);
    case 'mask':
      return `left(${text}, least(${treatment.shown}, length(${text}) // 2)) || '***'`;
  }
}

/** `1985-07-13`, with a time or not, and `13071985` as declarations write it, where day and month may be 99. */
function yearSql(text: string): string {
  return `TRY_CAST(coalesce(nullif(regexp_extract(${text}, '^([0-9]{4})-[0-9]{2}-[0-9]{2}', 1), ''), nullif(regexp_extract(${text}, '^[0-9]{4}([0-9]{4})$', 1), '')) AS INTEGER)`;
}

function monthSql(text: string): string {
  const iso = `nullif(regexp_extract(${text}, '^([0-9]{4}-(0[1-9]|1[0-2]))-[0-9]{2}', 1), '')`;
  const declared = `nullif(regexp_replace(regexp_extract(${text}, '^[0-9]{2}(0[1-9]|1[0-2])[0-9]{4}$'), '^..(..)(....)$', '\\2-\\1'), '')`;
  return `coalesce(${iso}, ${declared})`;
}

/** What numbers look like, so that all engines take the same texts for some; the cast would take `1_000` as well. */
const NUMBER = String.raw`[ \t\r\n]*[+-]?([0-9]{1,18}([.][0-9]{0,18})?|[.][0-9]{1,18})([eE]([+]?[0-9]{1,2}|-0?[0-9]))?[ \t\r\n]*`;

/** The whole number at or below a number of less than 10^18; NULL for larger ones. */
function wholeSql(text: string): string {
  const number = `CASE WHEN regexp_full_match(${text}, '${NUMBER}') THEN TRY_CAST(${text} AS DECIMAL(38, 9)) END`;
  return `TRY_CAST(TRY_CAST(floor(${number}) AS DECIMAL(18, 0)) AS BIGINT)`;
}

/** The last number that belongs to a band is named, so that bands are read without thinking: `0-9`, `10-19`. */
function bandSql(whole: string, width: number): string {
  const from = `(${whole} - (${whole} % ${width} + ${width}) % ${width})`;
  return `CAST(${from} AS VARCHAR) || '-' || CAST(${from} + ${width - 1} AS VARCHAR)`;
}
