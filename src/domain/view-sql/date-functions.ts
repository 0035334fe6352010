import { quoteString } from './hive-string.ts';
import type { CallContext, FunctionRule } from './call-context.ts';
import { BIGINT, DATE, INT, isInteger, isText, nameOf, TIMESTAMP } from './sql-type.ts';
import type { Value } from './translation.ts';

/** Stands for from_unixtime over unix_timestamp; no name that a view can hold. */
export const REFORMAT = 'from_unixtime(unix_timestamp)';

/** Functions on dates and instants. Text is read as Hive reads it; Athena wants dates. */
export const DATE_FUNCTIONS: Readonly<Record<string, FunctionRule>> = {
  to_date: (call) => (call.arity(1), call.typed(call.date(0), DATE)),
  year: (call) => datePart(call, 'year'),
  quarter: (call) => datePart(call, 'quarter'),
  month: (call) => datePart(call, 'month'),
  day: (call) => datePart(call, 'day'),
  dayofmonth: (call) => datePart(call, 'day'),
  weekofyear: (call) => datePart(call, 'week'),
  dayofweek: (call) => dayOfWeek(call),
  hour: (call) => timePart(call, 'hour'),
  minute: (call) => timePart(call, 'minute'),
  second: (call) => timePart(call, 'second'),
  datediff: (call) => daysBetween(call),
  date_add: (call) => shiftedDays(call, ''),
  date_sub: (call) => shiftedDays(call, '-'),
  add_months: (call) => shiftedMonths(call),
  last_day: (call) => lastDay(call),
  trunc: (call) => truncated(call),
  date_format: (call) => formatted(call),
  from_unixtime: (call) => fromUnixTime(call),
  unix_timestamp: (call) => unixTime(call),
  current_date: (call) => today(call),
  [REFORMAT]: (call) => reformatted(call),
};

function datePart(call: CallContext, name: string): Value {
  call.arity(1);
  if (name !== call.node.name) call.change(`${call.node.name} becomes ${name}`);
  return call.cast(`${name}(${call.date(0)})`, INT);
}

function timePart(call: CallContext, name: string): Value {
  call.arity(1);
  if (nameOf(call.args[0]!.type) !== 'timestamp') call.refuse('it is translated of timestamps only');
  return call.cast(`${name}(${call.args[0]!.sql})`, INT);
}

/** Hive counts from Sunday = 1, Athena from Monday = 1. */
function dayOfWeek(call: CallContext): Value {
  call.arity(1);
  call.change('dayofweek counts from Sunday, as in Hive');
  return call.cast(`day_of_week(${call.date(0)}) % 7 + 1`, INT);
}

function daysBetween(call: CallContext): Value {
  call.arity(2);
  call.change('datediff(end, start) becomes date_diff(day, start, end)');
  return call.cast(`date_diff('day', ${call.date(1)}, ${call.date(0)})`, INT);
}

function shiftedDays(call: CallContext, sign: string): Value {
  call.arity(2);
  call.change(`${call.node.name} becomes date_add of days`);
  return call.typed(`date_add('day', ${sign}${call.whole(1)}, ${call.date(0)})`, DATE);
}

/** The last day of a month stays the last day; Hive answers with text. */
function shiftedMonths(call: CallContext): Value {
  call.arity(2);
  call.change('add_months becomes date_add of months; the last day of a month stays the last, as in Hive');
  const date = call.date(0);
  const shifted = `date_add('month', ${call.whole(1)}, ${date})`;
  return call.string(
    `CAST(IF(${date} = last_day_of_month(${date}), last_day_of_month(${shifted}), ${shifted}) AS varchar)`,
  );
}

function lastDay(call: CallContext): Value {
  call.arity(1);
  call.change('last_day becomes last_day_of_month');
  return call.string(`CAST(last_day_of_month(${call.date(0)}) AS varchar)`);
}

const UNITS: Readonly<Record<string, string>> = {
  MONTH: 'month',
  MON: 'month',
  MM: 'month',
  YEAR: 'year',
  YYYY: 'year',
  YY: 'year',
  Q: 'quarter',
  QUARTER: 'quarter',
};

function truncated(call: CallContext): Value {
  call.arity(2);
  const unit = UNITS[call.literalText(1)];
  if (unit === undefined) return call.refuse('of that unit it is not translated');
  call.change('trunc becomes date_trunc');
  return call.string(`CAST(date_trunc('${unit}', ${call.date(0)}) AS varchar)`);
}

/** Letters that SimpleDateFormat and Athena's format_datetime read alike, whatever the language. */
const PATTERN = /^(?:yyyy|MM|dd|HH|mm|ss|SSS|'[^']*'|[^a-zA-Z'])*$/;

function patternOf(call: CallContext, index: number): string {
  const pattern = call.literalText(index);
  if (!PATTERN.test(pattern)) call.refuse(`the pattern "${pattern}" holds what the engines may write differently`);
  return quoteString(pattern);
}

function formatted(call: CallContext): Value {
  call.arity(2);
  call.change('date_format becomes format_datetime, which reads the same patterns');
  return call.string(`format_datetime(${call.as(0, TIMESTAMP)}, ${patternOf(call, 1)})`);
}

function zoneOf(call: CallContext): string {
  const { timeZone } = call.translation.options;
  return timeZone === undefined
    ? call.refuse('it depends on the time zone of the cluster: give it as "view: { timeZone: … }" in the mapping')
    : quoteString(timeZone);
}

const DEFAULT_PATTERN = quoteString('yyyy-MM-dd HH:mm:ss');

function fromUnixTime(call: CallContext): Value {
  call.arity(1, 2);
  if (!isInteger(call.args[0]!.type)) call.refuse('a whole number is expected');
  const pattern = call.args.length === 2 ? patternOf(call, 1) : DEFAULT_PATTERN;
  call.change('from_unixtime becomes format_datetime in the time zone of the cluster');
  return call.string(`format_datetime(from_unixtime(${call.args[0]!.sql}, ${zoneOf(call)}), ${pattern})`);
}

function unixTime(call: CallContext): Value {
  call.arity(1, 2);
  const isTextual = isText(call.args[0]!.type);
  const pattern = call.args.length === 2 ? patternOf(call, 1) : DEFAULT_PATTERN;
  const instant = isTextual ? textInstant(call, pattern) : plainInstant(call);
  call.change('unix_timestamp becomes to_unixtime in the time zone of the cluster');
  return call.typed(`CAST(floor(to_unixtime(with_timezone(${instant}, ${zoneOf(call)}))) AS bigint)`, BIGINT);
}

/** Text that begins like a number is read, and fails the query unless it fits the pattern: Hive would roll it over or read a part. */
function textInstant(call: CallContext, pattern: string): string {
  const text = call.text(0);
  return `CASE WHEN regexp_like(${text}, '^\\s*[+-]?[0-9]') THEN CAST(parse_datetime(${text}, ${pattern}) AS timestamp(3)) END`;
}

function plainInstant(call: CallContext): string {
  const name = nameOf(call.args[0]!.type);
  if (name !== 'timestamp' && name !== 'date') call.refuse('it is translated of dates, timestamps and text only');
  return call.as(0, TIMESTAMP);
}

/** `from_unixtime(unix_timestamp(text, pattern), pattern)`: the time zone cancels out, except for hours that a clock change leaves out. */
function reformatted(call: CallContext): Value {
  const [from, to] = [patternOf(call, 1), patternOf(call, 2)];
  call.change('from_unixtime(unix_timestamp(…)) becomes format_datetime(parse_datetime(…))');
  const instant = textInstant(call, from);
  return call.string(
    from.includes('HH')
      ? `format_datetime(with_timezone(${instant}, ${zoneOf(call)}), ${to})`
      : `format_datetime(${instant}, ${to})`,
  );
}

function today(call: CallContext): Value {
  call.arity(0);
  call.change('current_date is the day in the time zone of the cluster');
  return call.typed(`CAST(current_timestamp AT TIME ZONE ${zoneOf(call)} AS date)`, DATE);
}
