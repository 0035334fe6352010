import { backticks, withoutZeros, type Dialect } from './dialect.ts';

/** Hive 3. Its reflect() would give the bits of a double at once, and is on the black list of many clusters. */
export const HIVE: Dialect = {
  textType: 'string',
  quote: backticks,
  literal: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  join: (parts) => (parts.length === 1 ? parts[0]! : `concat(${parts.join(', ')})`),
  field: (struct, name) => `${struct}.${backticks(name)}`,
  unpaddedText: (value) => `rtrim(cast(${value} as string))`,
  hexText: (binary) => `hex(${binary})`,
  decimalText: (value) => {
    // A cast to string gives NULL beyond about twenty digits.
    const text = `cast(${value} as varchar(60))`;
    return `if(instr(${text}, '.') > 0, ${withoutZeros(text)}, cast(${text} as string))`;
  },
  timestampText: (value) => {
    const text = `cast(${value} + interval '0.0005' second as string)`;
    return `substr(rpad(concat(${text}, if(instr(${text}, '.') = 0, '.', '')), 23, '0'), 1, 23)`;
  },
  isNaN: (double) => `cast(${double} as string) = 'NaN'`,
  doubleBits: bitsByArithmetic,
  md5: (text) => `md5(${text})`,
  hashNumber: (md5, from) => `cast(conv(substr(${md5}, ${from}, 15), 16, 10) as decimal(28,0))`,
  size: (collection) => `size(${collection})`,
  unfold: (rows, kind) => lateralView(rows, kind),
  keyText: (key) => `cast(${key} as varchar(65535))`,
  numberText: (number) => `cast(${number} as varchar(60))`,
  // Hive answers a bare count from statistics, which may be stale (hive.compute.query.using.stats); a condition makes it read the rows.
  readsRows: ' WHERE rand() >= 0',
};

export function lateralView(rows: string, kind: 'array' | 'map'): string {
  return kind === 'map'
    ? `(${rows}) z LATERAL VIEW explode(c) u AS mk, mv`
    : `(SELECT z.*, e, cast(o as string) AS i FROM (${rows}) z LATERAL VIEW posexplode(c) u AS o, e) z`;
}

/** A double taken apart by logarithm and powers of two, all of them exact; `log2` may be one off near a power, which is set right. */
function bitsByArithmetic(double: string): string {
  const number = (value: string): string => `cast(${value} as double)`;
  const two52 = 'cast(4503599627370496 as bigint)';
  const exponent = `greatest(least(cast(floor(log2(${double})) as bigint), cast(1023 as bigint)), cast(-1022 as bigint))`;
  const mantissa = `(${double} / power(${number('2')}, ${number(exponent)}))`;
  const normal = (fraction: string, power: string): string =>
    `((${power}) + 1023) * ${two52} + cast(${fraction} * ${number(two52)} as bigint) - ${two52}`;
  const subnormal = `cast(${double} * power(${number('2')}, ${number('537')}) * power(${number('2')}, ${number('537')}) as bigint)`;
  return `case when ${double} = 0 then cast(0 as bigint)
    when ${double} = ${number("'Infinity'")} then cast(9218868437227405312 as bigint)
    when ${double} < ${number("'2.2250738585072014E-308'")} then ${subnormal}
    when ${mantissa} < 1 then ${normal(`${mantissa} * 2`, `${exponent} - 1`)}
    when ${mantissa} >= 2 then ${normal(`${mantissa} / 2`, `${exponent} + 1`)}
    else ${normal(mantissa, exponent)} end`;
}
