import { cast, convert, plainText } from './conversions.ts';
import { quoteString } from './hive-string.ts';
import { DATE, DOUBLE, hiveSpelling, isNumber, isText, isVoid, nameOf, TIMESTAMP } from './sql-type.ts';
import type { Translation, Value } from './translation.ts';
import type { Place } from './view-sql-error.ts';

/** Both sides of a comparison, brought to the type in which Hive compares them. */
export function comparable(
  translation: Translation,
  [left, right]: readonly [Value, Value],
  place: Place,
): [Value, Value] {
  if (isVoid(left.type) || isVoid(right.type)) return [left, right];
  if (isNumber(left.type) && isNumber(right.type)) return [left, right];
  if (isText(left.type) && isText(right.type)) return [plainText(left), plainText(right)];
  if (isText(left.type)) return [besideText(translation, left, right, place), numberOrSame(left, right)];
  if (isText(right.type)) return [numberOrSame(right, left), besideText(translation, right, left, place)];
  const names = [nameOf(left.type), nameOf(right.type)];
  if (names[0] === names[1] && ['boolean', 'date', 'timestamp', 'binary'].includes(names[0]!)) return [left, right];
  if (names.includes('date') && names.includes('timestamp'))
    return [left, right].map((side) => convert(translation, side, TIMESTAMP, place)) as [Value, Value];
  return translation.refuse(
    place,
    `${hiveSpelling(left.type)} is compared with ${hiveSpelling(right.type)}, which Athena does otherwise or not at all`,
  );
}

/** Text that meets a number, a date or an instant. */
function besideText(translation: Translation, text: Value, other: Value, place: Place): Value {
  if (isNumber(other.type)) return numberOfText(translation, text, other, place);
  const name = nameOf(other.type);
  if (name !== 'date' && name !== 'timestamp')
    return translation.refuse(place, `text is compared with ${hiveSpelling(other.type)}`);
  const type = name === 'date' ? DATE : TIMESTAMP;
  if (text.literal === undefined) return convert(translation, text, type, place);
  const literal = instantLiteral(text.literal.text, name);
  if (literal === undefined)
    return translation.refuse(place, `the text ${quoteString(text.literal.text)} is compared with ${name}`);
  translation.change(place, `text compared with ${name} becomes a ${name} literal`);
  return { sql: literal, type, isExact: true };
}

/** Hive reads a literal as a number of the other side's kind, and compares any other text as double. */
function numberOfText(translation: Translation, text: Value, other: Value, place: Place): Value {
  if (text.literal === undefined) return convert(translation, text, DOUBLE, place);
  const plain = text.literal.text;
  if (!/^-?\d{1,18}(\.\d{1,18})?$/.test(plain))
    return translation.refuse(place, `the text ${quoteString(plain)} is compared with ${hiveSpelling(other.type)}`);
  translation.change(place, 'text compared with a number becomes a number');
  const isFloat = ['float', 'double'].includes(nameOf(other.type));
  return {
    sql: isFloat
      ? `${plain.includes('.') ? plain : `${plain}.0`}E0`
      : plain.includes('.')
        ? `DECIMAL '${plain}'`
        : plain,
    type: other.type,
  };
}

/** Beside text that is no literal, numbers are compared as double. */
function numberOrSame(text: Value, other: Value): Value {
  return isNumber(other.type) && text.literal === undefined ? cast(other.sql, DOUBLE) : other;
}

/** `DATE '…'` or `TIMESTAMP '…'` for text that is exactly that; undefined for any other. */
export function instantLiteral(text: string, name: 'date' | 'timestamp'): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}:\d{2})(\.\d{1,3})?)?$/.exec(text);
  if (match === null || !exists(match[1]!, match[2] ?? '00:00:00')) return undefined;
  if (name === 'date') return match[2] === undefined ? `DATE '${match[1]}'` : undefined;
  return `TIMESTAMP '${match[1]} ${match[2] ?? '00:00:00'}${(match[3] ?? '.').padEnd(4, '0')}'`;
}

function exists(date: string, time: string): boolean {
  const instant = new Date(`${date}T${time}Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
}
