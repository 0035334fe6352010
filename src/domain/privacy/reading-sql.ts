import type { Reading } from './reading.ts';

/** What stands around a text and says nothing (lakelift_treatments.py has the same). */
const BLANKS = ' \t\r\n';

/** DuckDB's SQL for what a text says; NULL for a blank one, and for what is no value of the type. */
export function readingSql(reading: Reading, text: string): string {
  const bare = bareSql(text);
  if ('yes' in reading)
    return `CASE lower(${bare}) WHEN '${reading.yes}' THEN true WHEN '${reading.no}' THEN false END`;
  const whole = `^${reading.shape}$`;
  // A year 0 is one to DuckDB, and to no other engine.
  const isYear = /^(date|timestamp)$/.test(reading.type) ? ` AND NOT starts_with(${rewritten(whole)}, '0000')` : '';
  return `CASE WHEN regexp_full_match(${bare}, '${reading.shape}')${isYear} THEN TRY_CAST(${rewritten(whole)} AS ${reading.type.toUpperCase()}) END`;

  function rewritten(pattern: string): string {
    return `regexp_replace(${bare}, '${pattern}', '${(reading as { value: string }).value}')`;
  }
}

/** DuckDB's condition for a text that says something, and nothing of the type. */
export function unreadableSql(reading: Reading, text: string): string {
  return `(${bareSql(text)} <> '' AND (${readingSql(reading, text)}) IS NULL)`;
}

function bareSql(text: string): string {
  const blanks = [...BLANKS].map((blank) => `chr(${blank.codePointAt(0)})`).join(' || ');
  return `trim(${text}, ${blanks})`;
}
