import { doubleQuotes, standardLiteral, withoutZeros, type Dialect } from './dialect.ts';

/** Trino 476 and Athena engine version 3. */
export const TRINO: Dialect = {
  textType: 'varchar',
  quote: doubleQuotes,
  literal: standardLiteral,
  // concat() takes 127 arguments at most.
  join: (parts) => parts.join(' || '),
  field: (struct, name) => `${struct}.${doubleQuotes(name)}`,
  // rtrim() would take tabs and line ends off too.
  unpaddedText: (value) => `trim(trailing ' ' from cast(${value} as varchar))`,
  hexText: (binary) => `to_hex(${binary})`,
  decimalText: (value) => withoutZeros(`cast(${value} as varchar)`),
  timestampText: (value) => `cast(cast(${value} as timestamp(3)) as varchar)`,
  isNaN: (double) => `is_nan(${double})`,
  doubleBits: (double) => `from_big_endian_64(to_ieee754_64(${double}))`,
  md5: (text) => `lower(to_hex(md5(to_utf8(${text}))))`,
  hashNumber: (md5, from) => `cast(from_base(substr(${md5}, ${from}, 15), 16) as decimal(38,0))`,
  size: (collection) => `cardinality(${collection})`,
  unfold: (rows, kind) =>
    kind === 'map'
      ? `(${rows}) z CROSS JOIN UNNEST(c) AS u(mk, mv)`
      : // An array of rows would be unfolded into the fields of its rows.
        `(SELECT z.*, e, cast(o - 1 as varchar) AS i FROM (${rows}) z CROSS JOIN UNNEST(transform(c, y -> row(y))) WITH ORDINALITY AS u(e, o)) z`,
  keyText: (key) => `cast(${key} as varchar)`,
  numberText: (number) => `cast(${number} as varchar)`,
  readsRows: '',
};
