import type { CallContext, FunctionRule } from './call-context.ts';
import { cast, plainText } from './conversions.ts';
import {
  BIGINT,
  decimalShape,
  DOUBLE,
  INT,
  isInteger,
  isNumber,
  isText,
  nameOf,
  primitive,
  trinoSpelling,
} from './sql-type.ts';
import type { Value } from './translation.ts';

/** Aggregates, alone or over a window, and functions that only a window has. */
export const AGGREGATE_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  count: (call) => count(call),
  sum: (call) => sum(call),
  avg: (call) => average(call),
  min: (call) => extreme(call),
  max: (call) => extreme(call),
  stddev: (call) => deviation(call, 'stddev_pop'),
  std: (call) => deviation(call, 'stddev_pop'),
  stddev_pop: (call) => deviation(call, 'stddev_pop'),
  variance: (call) => deviation(call, 'var_pop'),
  var_pop: (call) => deviation(call, 'var_pop'),
  collect_list: (call) => collected(call, false),
  collect_set: (call) => collected(call, true),
  row_number: (call) => ranked(call),
  rank: (call) => ranked(call),
  dense_rank: (call) => ranked(call),
  ntile: (call) => ranked(call),
  lag: (call) => neighbour(call),
  lead: (call) => neighbour(call),
  first_value: (call) => edge(call),
  last_value: (call) => edge(call),
};

function windowOf(call: CallContext): string {
  return call.over === '' ? call.refuse('it needs OVER') : call.over;
}

/** DISTINCT over a window is refused: Athena does not have it. */
function distinct(call: CallContext): string {
  if (!call.node.isDistinct) return '';
  return call.over === '' ? 'DISTINCT ' : call.refuse('DISTINCT over a window is not translated');
}

/** Rows in which one of several values is NULL do not count in Hive. */
function count(call: CallContext): Value {
  if (call.node.isStar) return call.typed(`count(*)${call.over}`, BIGINT);
  call.arity(1, 20);
  const values = call.args.map((value) => plainText(value).sql);
  if (values.length === 1) return call.typed(`count(${distinct(call)}${values[0]!})${call.over}`, BIGINT);
  if (!call.node.isDistinct) return call.refuse('of several values it is translated with DISTINCT only');
  call.change('count(DISTINCT a, b) leaves out rows where one of them is NULL, as in Hive');
  const isWhole = values.map((sql) => `${sql} IS NOT NULL`).join(' AND ');
  return call.typed(
    `count(${distinct(call)}CASE WHEN ${isWhole} THEN ROW(${values.join(', ')}) END)${call.over}`,
    BIGINT,
  );
}

/** Text that is no number counts as 0 or as nothing, by the rows around it. */
function number(call: CallContext): Value {
  call.arity(1);
  const value = call.args[0]!;
  if (isNumber(value.type)) return value;
  return isText(value.type)
    ? call.refuse('of text it is not translated; cast it to a number')
    : call.refuse('a number is expected');
}

function sum(call: CallContext): Value {
  const value = number(call);
  const prefix = distinct(call);
  if (isInteger(value.type)) return call.typed(`sum(${prefix}${value.sql})${call.over}`, BIGINT);
  const shape = decimalShape(value.type);
  if (shape === undefined) return call.typed(`sum(${prefix}CAST(${value.sql} AS double))${call.over}`, DOUBLE);
  const type = primitive('decimal', Math.min(38, shape.precision + 10), shape.scale);
  return cast(`sum(${prefix}${value.sql})${call.over}`, type);
}

/** Hive gives decimals four more places; Athena none. */
function average(call: CallContext): Value {
  const value = number(call);
  const prefix = distinct(call);
  const shape = decimalShape(value.type);
  if (nameOf(value.type) !== 'decimal' || shape === undefined)
    return call.typed(`avg(${prefix}CAST(${value.sql} AS double))${call.over}`, DOUBLE);
  if (shape.precision > 30) return call.refuse('of a decimal with more than 30 digits it is not translated');
  const type = primitive('decimal', shape.precision + 4, shape.scale + 4);
  const wide = trinoSpelling(primitive('decimal', 38, shape.scale + 4));
  call.change('avg of a decimal becomes sum / count, with the decimals of Hive');
  return cast(
    `CAST(sum(${prefix}${value.sql})${call.over} AS ${wide}) / count(${prefix}${value.sql})${call.over}`,
    type,
  );
}

function extreme(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = call.args[0]!;
  if (type.kind !== 'primitive' || ['binary', 'boolean'].includes(nameOf(type)))
    call.refuse('a simple value is expected');
  return { sql: `${call.node.name}(${sql})${call.over}`, type };
}

function deviation(call: CallContext, name: string): Value {
  const { sql } = number(call);
  if (call.node.name !== name) call.change(`${call.node.name} becomes ${name}`);
  return call.typed(`${name}(${distinct(call)}CAST(${sql} AS double))${call.over}`, DOUBLE);
}

/** NULL is not collected, and nothing gives an empty array. */
function collected(call: CallContext, isSet: boolean): Value {
  call.arity(1);
  if (call.over !== '') call.refuse('over a window it is not translated');
  const value = call.args[0]!;
  const type = { kind: 'array', element: value.type } as const;
  const sql = value.literal === undefined ? value.sql : cast(value.sql, value.type).sql;
  const prefix = isSet || call.node.isDistinct ? 'DISTINCT ' : '';
  call.change(`${call.node.name} becomes array_agg without NULL`);
  return call.typed(
    `COALESCE(array_agg(${prefix}${sql}) FILTER (WHERE ${sql} IS NOT NULL), CAST(ARRAY[] AS ${trinoSpelling(type)}))`,
    type,
  );
}

function ranked(call: CallContext): Value {
  const argument = call.node.name === 'ntile' ? call.whole(0) : '';
  return call.cast(`${call.node.name}(${argument})${windowOf(call)}`, INT);
}

function neighbour(call: CallContext): Value {
  call.arity(1, 3);
  const value = call.args[0]!;
  const rest: string[] = [];
  if (call.args.length > 1) rest.push(String(call.literalWhole(1)));
  if (call.args.length > 2) rest.push(call.as(2, value.type));
  return { sql: `${call.node.name}(${[value.sql, ...rest].join(', ')})${windowOf(call)}`, type: value.type };
}

function edge(call: CallContext): Value {
  call.arity(1);
  const { sql, type } = call.args[0]!;
  return { sql: `${call.node.name}(${sql})${windowOf(call)}`, type };
}
