import { doubleQuotes, standardLiteral, withoutZeros, type Dialect } from './dialect.ts';

/** DuckDB 1.5. */
export const DUCKDB: Dialect = {
  textType: 'varchar',
  quote: doubleQuotes,
  literal: standardLiteral,
  // concat() leaves NULL out.
  join: (parts) => parts.join(' || '),
  field: (struct, name) => `struct_extract(${struct}, ${standardLiteral(name)})`,
  unpaddedText: (value) => `rtrim(${value}, ' ')`,
  hexText: (binary) => `hex(${binary})`,
  decimalText: (value) => withoutZeros(`cast(${value} as varchar)`),
  timestampText: (value) => `strftime(${value} + interval 500 microseconds, '%Y-%m-%d %H:%M:%S.%g')`,
  isNaN: (double) => `isnan(${double})`,
  doubleBits: (double) => `cast(cast(${double} as bit) as bigint)`,
  md5: (text) => `md5(${text})`,
  hashNumber: (md5, from) => `cast('0x' || substr(${md5}, ${from}, 15) as bigint)`,
  size: (collection, kind) => (kind === 'map' ? `cardinality(${collection})` : `len(${collection})`),
  unfold: (rows, kind) =>
    kind === 'map'
      ? `(SELECT y.*, x.key AS mk, x.value AS mv FROM (SELECT z.*, unnest(map_entries(c)) AS x FROM (${rows}) z) y) z`
      : `(SELECT z.*, unnest(c) AS e, cast(generate_subscripts(c, 1) - 1 as varchar) AS i FROM (${rows}) z) z`,
  keyText: (key) => `cast(${key} as varchar)`,
  numberText: (number) => `cast(${number} as varchar)`,
  readsRows: '',
};
