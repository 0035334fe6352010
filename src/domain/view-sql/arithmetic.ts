import type { HiveType } from '../rules/hive-type.ts';
import { cast, convert } from './conversions.ts';
import {
  BIGINT,
  commonNumber,
  decimalShape,
  DOUBLE,
  hiveSpelling,
  isInteger,
  isNumber,
  isText,
  nameOf,
  primitive,
  trinoSpelling,
} from './sql-type.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

interface Operation {
  readonly operator: string;
  readonly left: Value;
  readonly right: Value;
  readonly place: Place;
}

/** `+ - * / % DIV` with the result types of Hive (`GenericUDFBaseNumeric`). Where Hive's integers wrap round, Athena's query fails. */
export function translateArithmetic(translation: Translation, { operator, left, right, place }: Operation): Value {
  const operation = {
    operator,
    left: numberOf(translation, left, place),
    right: numberOf(translation, right, place),
    place,
  };
  if (operator === 'DIV') return wholeDivision(translation, operation);
  if (operator === '/') return division(translation, operation);
  return sameKind(translation, operation);
}

/** Text in arithmetic is a double. */
function numberOf(translation: Translation, value: Value, place: Place): Value {
  if (isNumber(value.type)) return value;
  if (isText(value.type)) return convert(translation, value, DOUBLE, place);
  return translation.refuse(place, `arithmetic with ${hiveSpelling(value.type)} is not translated`);
}

function sameKind(translation: Translation, operation: Operation): Value {
  const { operator, left, right } = operation;
  const divisor = operator === '%' ? notZero(translation, operation) : right.sql;
  if (isDecimal(left, right))
    return { sql: `(${left.sql} ${operator} ${divisor})`, type: decimalResult(translation, operation) };
  const type = commonNumber(left.type, right.type)!;
  const isWidened = nameOf(type) === 'double' && nameOf(left.type) !== 'double' && nameOf(right.type) !== 'double';
  return { sql: `(${isWidened ? cast(left.sql, DOUBLE).sql : left.sql} ${operator} ${divisor})`, type };
}

function isDecimal(left: Value, right: Value): boolean {
  const names = [nameOf(left.type), nameOf(right.type)];
  return names.includes('decimal') && !names.includes('float') && !names.includes('double');
}

/** Literals count with the digits they have, columns with those of their type. */
function shapeOf(value: Value): { readonly precision: number; readonly scale: number } {
  if (value.literal?.literal === 'number' && isInteger(value.type))
    return { precision: value.literal.text.replace(/\D/g, '').length, scale: 0 };
  return decimalShape(value.type)!;
}

function decimalResult(translation: Translation, { operator, left, right, place }: Operation): HiveType {
  const [a, b] = [shapeOf(left), shapeOf(right)];
  const scale = operator === '*' ? a.scale + b.scale : Math.max(a.scale, b.scale);
  const whole = [a.precision - a.scale, b.precision - b.scale] as const;
  const digits =
    operator === '*'
      ? a.precision + b.precision + 1
      : operator === '%'
        ? Math.min(...whole) + scale
        : Math.max(...whole) + scale + 1;
  return decimalOf(translation, digits, scale, place);
}

function decimalOf(translation: Translation, precision: number, scale: number, place: Place): HiveType {
  if (precision <= 38) return primitive('decimal', precision, scale);
  return translation.refuse(
    place,
    'a decimal of more than 38 digits would arise, which Hive and Athena cut differently',
  );
}

function division(translation: Translation, operation: Operation): Value {
  const { left, right, place } = operation;
  const divisor = notZero(translation, operation);
  if (!isDecimal(left, right)) {
    if (isInteger(left.type) || isInteger(right.type))
      translation.change(place, '/ of whole numbers gives a double, as in Hive');
    return { sql: `(CAST(${left.sql} AS double) / ${divisor})`, type: DOUBLE };
  }
  const [a, b] = [shapeOf(left), shapeOf(right)];
  const scale = Math.max(6, a.scale + b.precision + 1);
  const type = decimalOf(translation, a.precision - a.scale + b.scale + scale, scale, place);
  const dividend = decimalOf(translation, a.precision - a.scale + scale, scale, place);
  translation.change(place, '/ of decimals keeps as many decimals as in Hive');
  return cast(`CAST(${left.sql} AS ${trinoSpelling(dividend)}) / ${divisor}`, type);
}

/** Division by zero is NULL in Hive. */
function notZero(translation: Translation, { right, place }: Operation): string {
  if (right.literal !== undefined && /[1-9]/.test(right.literal.text)) return right.sql;
  translation.change(place, 'division by zero gives NULL, as in Hive');
  return `NULLIF(${right.sql}, 0)`;
}

function wholeDivision(translation: Translation, { left, right, place }: Operation): Value {
  if (!isInteger(left.type) || !isInteger(right.type))
    return translation.refuse(place, 'DIV of other than whole numbers is not translated');
  translation.change(place, 'DIV becomes a division of bigint');
  return { sql: `(CAST(${left.sql} AS bigint) / ${right.sql})`, type: BIGINT };
}

export function translateBits(translation: Translation, { operator, left, right, place }: Operation): Value {
  const name = { '&': 'bitwise_and', '|': 'bitwise_or', '^': 'bitwise_xor' }[operator]!;
  const type = commonNumber(left.type, right.type);
  if (!isInteger(left.type) || !isInteger(right.type) || type === undefined)
    return translation.refuse(place, `${operator} of other than whole numbers is not translated`);
  translation.change(place, `${operator} becomes ${name}`);
  return cast(`${name}(${left.sql}, ${right.sql})`, type);
}
