import type { HiveType } from '../rules/hive-type.ts';
import { quoteString } from './hive-string.ts';
import { hiveSpelling, isInteger, nameOf, trinoSpelling } from './sql-type.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

const WHOLE = '^\\s*([+-]?[0-9]+)(\\.[0-9]*)?\\s*$';
const FRACTION = '^\\s*[+-]?\\.[0-9]+\\s*$';
const DATE_TEXT = '^\\s*([0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2})( .*)?\\s*$';
const TIMESTAMP_TEXT =
  '^\\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(\\.[0-9]{1,3}0*)?)?\\s*$';
const ALMOST_TIMESTAMP = '^\\s*[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}';

/**
 * Text that Hive turns into another type. What is no such value gives NULL, as in Hive; dates and instants that Hive rolls over
 * (`2024-02-30`) or reads in part make the query fail, so that nothing comes out otherwise. Undefined where that is not known.
 */
export function convertText(translation: Translation, value: Value, type: HiveType, place: Place): Value | undefined {
  const name = nameOf(type);
  if (name === 'string') return { ...value, type };
  const done = (sql: string): Value => {
    translation.change(place, `text is turned into ${hiveSpelling(type)} as Hive does it`);
    return { sql, type, isExact: true };
  };
  if (name === 'varchar' || name === 'char')
    return { sql: `CAST(${value.sql} AS ${trinoSpelling(type)})`, type, isExact: true };
  if (isInteger(type)) return done(integerSql(value.sql, trinoSpelling(type)));
  switch (name) {
    case 'float':
    case 'double':
      return done(`TRY_CAST(${value.sql} AS ${trinoSpelling(type)})`);
    case 'decimal':
      return done(`TRY_CAST(trim(${value.sql}) AS ${trinoSpelling(type)})`);
    case 'date':
      return done(`CAST(regexp_extract(${value.sql}, ${quoteString(DATE_TEXT)}, 1) AS date)`);
    case 'timestamp':
      return done(timestampSql(value.sql));
    case 'binary':
      return done(`to_utf8(${value.sql})`);
    default:
      return undefined;
  }
}

/** Hive reads `1.9` as 1 and `.5` as 0. */
function integerSql(sql: string, type: string): string {
  const whole = `regexp_extract(${sql}, ${quoteString(WHOLE)}, 1)`;
  return `TRY_CAST(CASE WHEN regexp_like(${sql}, ${quoteString(FRACTION)}) THEN '0' ELSE ${whole} END AS ${type})`;
}

function timestampSql(sql: string): string {
  const type = 'timestamp(3)';
  return (
    `CASE WHEN regexp_like(${sql}, ${quoteString(TIMESTAMP_TEXT)}) THEN CAST(replace(trim(${sql}), 'T', ' ') AS ${type}) ` +
    `WHEN regexp_like(${sql}, ${quoteString(ALMOST_TIMESTAMP)}) THEN CAST('Hive reads this otherwise: ' || ${sql} AS ${type}) END`
  );
}
