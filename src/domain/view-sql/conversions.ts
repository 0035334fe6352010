import type { HiveType } from '../rules/hive-type.ts';
import { convertText } from './text-conversions.ts';
import {
  decimalShape,
  hiveSpelling,
  isInteger,
  isNumber,
  isSameType,
  isText,
  isVoid,
  nameOf,
  STRING,
  trinoSpelling,
} from './sql-type.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

/** Decimals of more digits come out of Hive's cast to string otherwise, or not at all. */
const TEXT_DIGITS = 18;

export function cast(sql: string, type: HiveType): Value {
  return { sql: `CAST(${sql} AS ${trinoSpelling(type)})`, type, isExact: true };
}

function tryCast(sql: string, type: HiveType): Value {
  return { sql: `TRY_CAST(${sql} AS ${trinoSpelling(type)})`, type, isExact: true };
}

/** The value as Hive converts it, asked for or not. Refuses where the two engines give different values. */
export function convert(translation: Translation, value: Value, type: HiveType, place: Place): Value {
  if (isSameType(value.type, type)) return value;
  if (isVoid(value.type)) return cast('NULL', type);
  const converted = converterOf(translation, value, type, place);
  if (converted !== undefined) return converted;
  return translation.refuse(
    place,
    `${hiveSpelling(value.type)} is not turned into ${hiveSpelling(type)} in the same way by both engines`,
  );
}

function converterOf(translation: Translation, value: Value, type: HiveType, place: Place): Value | undefined {
  if (isText(value.type)) return convertText(translation, { ...value, sql: plainText(value).sql }, type, place);
  if (isText(type)) return toSizedText(toText(value), type);
  if (isInteger(value.type)) return fromInteger(value, type);
  switch (nameOf(value.type)) {
    case 'boolean':
      return isInteger(type) ? cast(value.sql, type) : undefined;
    case 'float':
    case 'double':
      return fromFloat(value, type);
    case 'decimal':
      return fromDecimal(value, type);
    case 'date':
      return nameOf(type) === 'timestamp' ? cast(value.sql, type) : undefined;
    case 'timestamp':
      return nameOf(type) === 'date' ? cast(value.sql, type) : undefined;
    default:
      return undefined;
  }
}

/** A char of Hive counts without its padding wherever it meets other text. */
export function plainText(value: Value): Value {
  if (nameOf(value.type) !== 'char') return value;
  return { sql: `rtrim(CAST(${value.sql} AS varchar))`, type: STRING, isExact: true };
}

/** The text that Hive makes of a value; undefined where Athena would write it otherwise. */
export function toText(value: Value): Value | undefined {
  if (isText(value.type)) return { ...plainText(value), type: STRING };
  const text = (sql: string): Value => ({ sql, type: STRING, isExact: true });
  const varchar = `CAST(${value.sql} AS varchar)`;
  if (isInteger(value.type)) return text(varchar);
  switch (nameOf(value.type)) {
    case 'boolean':
      return text(`upper(${varchar})`);
    case 'date':
      return text(varchar);
    case 'timestamp':
      return text(withoutZeros(varchar));
    case 'decimal':
      return decimalText(value, varchar);
    case 'void':
      return text('CAST(NULL AS varchar)');
    default:
      return undefined;
  }
}

function decimalText(value: Value, varchar: string): Value | undefined {
  const { precision, scale } = decimalShape(value.type)!;
  if (precision > TEXT_DIGITS) return undefined;
  return { sql: scale === 0 ? varchar : withoutZeros(varchar), type: STRING, isExact: true };
}

/** Hive writes no zeros at the end of a fraction. */
function withoutZeros(varchar: string): string {
  return `regexp_replace(${varchar}, '\\.?0+$')`;
}

/** varchar(n) and char(n) keep the first n characters. */
function toSizedText(value: Value | undefined, type: HiveType): Value | undefined {
  if (value === undefined) return undefined;
  return nameOf(type) === 'string' ? value : cast(value.sql, type);
}

function fromInteger(value: Value, type: HiveType): Value | undefined {
  if (nameOf(type) === 'boolean') return { sql: `(${value.sql} <> 0)`, type, isExact: true };
  if (nameOf(type) === 'decimal') return tryCast(value.sql, type);
  return isNumber(type) ? cast(value.sql, type) : undefined;
}

/** Hive cuts decimals off where Athena rounds. */
function fromFloat(value: Value, type: HiveType): Value | undefined {
  if (nameOf(type) === 'boolean') return { sql: `(${value.sql} <> 0)`, type, isExact: true };
  if (isInteger(type)) return cast(`truncate(CAST(${value.sql} AS double))`, type);
  if (nameOf(type) === 'decimal')
    return nameOf(value.type) === 'double' ? tryCast(`CAST(${value.sql} AS varchar)`, type) : undefined;
  return isNumber(type) ? cast(value.sql, type) : undefined;
}

function fromDecimal(value: Value, type: HiveType): Value | undefined {
  if (nameOf(type) === 'boolean') return { sql: `(${value.sql} <> 0)`, type, isExact: true };
  if (isInteger(type)) return cast(`truncate(${value.sql})`, type);
  if (nameOf(type) === 'decimal') return tryCast(value.sql, type);
  return isNumber(type) ? cast(value.sql, type) : undefined;
}
