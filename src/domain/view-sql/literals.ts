import { instantLiteral } from './comparisons.ts';
import { quoteString } from './hive-string.ts';
import { BIGINT, BOOLEAN, DATE, DOUBLE, INT, primitive, STRING, TIMESTAMP, VOID } from './sql-type.ts';
import type { Literal } from './sql-tree.ts';
import type { Translation, Value } from './translation.ts';

const INT_MAX = 2_147_483_647n;
const BIGINT_MAX = 9_223_372_036_854_775_807n;

export function translateLiteral(translation: Translation, literal: Literal): Value {
  const { text, place } = literal;
  switch (literal.literal) {
    case 'null':
      return { sql: 'NULL', type: VOID, literal };
    case 'boolean':
      return { sql: text, type: BOOLEAN, literal, isExact: true };
    case 'string':
      return { sql: quoteString(text), type: STRING, literal };
    case 'number':
      return numberOf(translation, literal);
    case 'date':
    case 'timestamp': {
      const sql = instantLiteral(text, literal.literal);
      if (sql === undefined) return translation.refuse(place, `the ${literal.literal} "${text}" is not understood`);
      return { sql, type: literal.literal === 'date' ? DATE : TIMESTAMP, isExact: true };
    }
  }
}

const TYPED: Readonly<Record<string, { readonly type: string; readonly sql: (digits: string) => string }>> = {
  Y: { type: 'tinyint', sql: (digits) => `TINYINT '${digits}'` },
  S: { type: 'smallint', sql: (digits) => `SMALLINT '${digits}'` },
  L: { type: 'bigint', sql: (digits) => `BIGINT '${digits}'` },
};

/** Numbers with a decimal point are decimals since Hive 2.3, their last zeros left out. */
function numberOf(translation: Translation, literal: Literal): Value {
  const { digits, exponent, suffix } = partsOf(literal.text);
  const isWhole = /^\d+$/.test(digits) && exponent === '';
  const typed = TYPED[suffix];
  if (typed !== undefined && isWhole)
    return { sql: typed.sql(digits), type: primitive(typed.type), literal, isExact: true };
  if ((exponent !== '' && suffix === '') || suffix === 'D')
    return { sql: `DOUBLE '${digits}${exponent}'`, type: DOUBLE, literal, isExact: true };
  if (exponent !== '' || suffix === 'F' || typed !== undefined)
    return translation.refuse(literal.place, `the number ${literal.text} is not understood`);
  if (isWhole && suffix === '') return wholeNumber(translation, literal, BigInt(digits));
  return decimalNumber(translation, literal, digits);
}

function partsOf(text: string): { readonly digits: string; readonly exponent: string; readonly suffix: string } {
  const match = /^([\d.]+)(e[+-]?\d+)?(bd|[lsydf])?$/i.exec(text);
  return { digits: match?.[1] ?? '', exponent: match?.[2] ?? '', suffix: (match?.[3] ?? '').toUpperCase() };
}

function wholeNumber(translation: Translation, literal: Literal, value: bigint): Value {
  if (value <= INT_MAX) return { sql: String(value), type: INT, literal, isExact: true };
  if (value <= BIGINT_MAX) return { sql: String(value), type: BIGINT, literal, isExact: true };
  return translation.refuse(literal.place, `the number ${literal.text} is longer than a bigint`);
}

function decimalNumber(translation: Translation, literal: Literal, digits: string): Value {
  const [whole = '', fraction = ''] = digits.split('.');
  const kept = { whole: whole.replace(/^0+/, ''), fraction: fraction.replace(/0+$/, '') };
  const scale = kept.fraction.length;
  const precision = Math.max(kept.whole.length + scale, scale, 1);
  if (precision > 38) return translation.refuse(literal.place, `the number ${literal.text} has more than 38 digits`);
  const sql = `DECIMAL '${kept.whole === '' ? '0' : kept.whole}${scale === 0 ? '' : `.${kept.fraction}`}'`;
  return { sql, type: primitive('decimal', precision, scale), literal };
}
