import { translateArithmetic } from './arithmetic.ts';
import type { CallContext, FunctionRule } from './call-context.ts';
import { cast, convert } from './conversions.ts';
import {
  BIGINT,
  commonNumber,
  decimalShape,
  DOUBLE,
  hiveSpelling,
  isInteger,
  isNumber,
  nameOf,
  primitive,
} from './sql-type.ts';
import type { Value } from './translation.ts';

/** Functions on numbers whose results are exact; logarithms and the like may differ in their last digit and are not translated. */
export const NUMBER_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  abs: (call) => absolute(call),
  round: (call) => rounded(call),
  floor: (call) => toWhole(call, 'floor'),
  ceil: (call) => toWhole(call, 'ceil'),
  ceiling: (call) => toWhole(call, 'ceil'),
  sqrt: (call) => squareRoot(call),
  pmod: (call) => positiveRemainder(call),
};

function numberAt(call: CallContext, index: number): Value {
  const value = call.args[index]!;
  if (isNumber(value.type)) return value;
  return convert(call.translation, value, DOUBLE, call.node.place);
}

function absolute(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = numberAt(call, 0);
  return { sql: `abs(${sql})`, type };
}

/** Rounds half away from zero on the number as it is written, as Hive does, and not on its binary form. */
function rounded(call: CallContext): Value {
  call.arity(1, 2);
  const digits = call.args.length === 2 ? call.literalWhole(1) : 0;
  const value = numberAt(call, 0);
  if (digits < 0 || digits > 15) return call.refuse(`rounding to ${digits} decimals is not translated`);
  if (isInteger(value.type)) return value;
  if (nameOf(value.type) === 'decimal') return roundedDecimal(value, digits);
  if (nameOf(value.type) !== 'double') return call.refuse('of float it is not translated');
  call.change('round goes through a decimal, so that halves are rounded as in Hive');
  const decimal = `TRY_CAST(CAST(${value.sql} AS varchar) AS decimal(38,${digits}))`;
  return call.typed(`COALESCE(CAST(${decimal} AS double), ${value.sql})`, DOUBLE);
}

function roundedDecimal(value: Value, digits: number): Value {
  const { precision, scale } = decimalShape(value.type)!;
  if (digits >= scale) return cast(value.sql, primitive('decimal', precision - scale + 1 + scale, scale));
  return cast(`round(${value.sql}, ${digits})`, primitive('decimal', precision - scale + 1 + digits, digits));
}

function toWhole(call: CallContext, name: string): Value {
  call.arity(1);
  const value = numberAt(call, 0);
  if (isInteger(value.type)) return cast(value.sql, BIGINT);
  if (nameOf(value.type) !== 'decimal') return cast(`${name}(${value.sql})`, BIGINT);
  const { precision, scale } = decimalShape(value.type)!;
  return cast(`${name}(${value.sql})`, primitive('decimal', Math.min(38, precision - scale + 1), 0));
}

/** Below zero there is NULL in Hive. */
function squareRoot(call: CallContext): Value {
  call.arity(1);
  const { sql } = convert(call.translation, numberAt(call, 0), DOUBLE, call.node.place);
  return call.typed(`CASE WHEN ${sql} >= 0 THEN sqrt(${sql}) END`, DOUBLE);
}

function positiveRemainder(call: CallContext): Value {
  call.arity(2);
  const [left, right] = [call.args[0]!, call.args[1]!];
  if (!isInteger(left.type) || !isInteger(right.type))
    return call.refuse(`of ${hiveSpelling(left.type)} it is not translated`);
  const { place } = call.node;
  const inner = translateArithmetic(call.translation, { operator: '%', left, right, place });
  call.change('pmod becomes two remainders');
  return {
    sql: `((${inner.sql} + ${right.sql}) % NULLIF(${right.sql}, 0))`,
    type: commonNumber(left.type, right.type)!,
  };
}
