import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { TYPE } from '../../../src/domain/parquet/format.ts';
import { withoutRows } from '../../../src/domain/parquet/without-rows.ts';
import { physicalView, read, retyped, stored, written, type Physical } from './parquet-files.ts';

/** Rows of which `isErased` is true. */
const numbersOf = (isErased: readonly boolean[]): number[] => isErased.flatMap((one, at) => (one ? [at] : []));
const COMPRESSORS = {
  GZIP: (bytes: Uint8Array) => gzipSync(bytes),
  ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes),
  BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes),
};

/** Columns of every type of DuckDB, NULL in places, some of few values; `i` is the number of the row, and `$h` a number that looks like chance. */
const COLUMNS = {
  bool: '$h % 2 = 0',
  tiny: '($h % 5)::TINYINT',
  int: '($h % 4294967295 - 2147483647)::INTEGER',
  uint: '($h % 4294967295)::UINTEGER',
  big: '$h - 4611686018427387904',
  sequence: 'i',
  float: "CASE WHEN $h % 9 = 0 THEN 'NaN'::FLOAT ELSE $h::FLOAT END",
  double: "CASE WHEN $h % 9 = 0 THEN '-Infinity'::DOUBLE ELSE $h::DOUBLE / 7 END",
  small_decimal: '($h % 100000 / 100)::DECIMAL(7, 2)',
  decimal: '($h::DECIMAL(38, 0) - 9223372036854775807)::DECIMAL(38, 5)',
  day: "DATE '0950-03-01' + ($h % 500000)::INTEGER",
  moment: "TIMESTAMP '1500-01-01' + INTERVAL ($h % 20000000) MINUTE",
  nanos: 'make_timestamp_ns($h % 4000000000000000000 - 2000000000000000000)',
  time: "TIME '00:00:00' + INTERVAL ($h % 86400) SECOND",
  span: 'INTERVAL ($h % 100) DAY',
  uuid: 'md5($h::VARCHAR)::UUID',
  few: "'value ' || $h % 7",
  text: "repeat('é', ($h % 20)::INTEGER) || $h",
  bytes: 'unhex(md5($h::VARCHAR))',
  kind: "['a', 'b', 'c'][$h % 3 + 1]::ENUM('a', 'b', 'c')",
  list: 'list_transform(range($h % 4), x -> CASE WHEN x = 1 THEN NULL ELSE $h + x END)',
  lists:
    "list_transform(range($h % 3), x -> CASE WHEN x = 2 THEN NULL ELSE list_transform(range(x), y -> {'a': $h % 11, 'b': [y::VARCHAR]}) END)",
  struct:
    "{'a': CASE WHEN $h % 3 = 0 THEN NULL ELSE $h::VARCHAR END, 'b': {'c': ($h % 7)::SMALLINT, 'd': [$h % 2 = 0, NULL]}}",
  map: "map_from_entries(list_transform(range($h % 3), x -> {'k': 'k' || x, 'v': {'w': nullif($h % 5, 0)}}))",
  nothing: 'NULL::VARCHAR',
};

function tableOf(rows: number, seed: number): string {
  const columns = Object.entries(COLUMNS).map(([name, sql], at) => {
    const value = sql.replaceAll('$h', `(hash(i, ${seed}, ${at}) >> 1)::BIGINT`);
    return `CASE WHEN hash(${at}, ${seed}, i) % 5 = 0 THEN NULL ELSE ${value} END AS ${name}`;
  });
  return `SELECT ${columns.join(', ')} FROM range(${rows}) AS rows(i)`;
}

describe('rows of files that DuckDB wrote', () => {
  it('are gone, and the others as they were, whatever the codec, encoding and nesting', async () => {
    const settings = fc.record({
      codec: fc.constantFrom('uncompressed', 'snappy', 'gzip', 'zstd', 'brotli'),
      version: fc.constantFrom('V1', 'V2'),
      rows: fc.integer({ min: 1, max: 5000 }),
      seed: fc.nat(),
      erased: fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      step: fc.constantFrom(1, 2, 1000),
    });
    await fc.assert(
      fc.asyncProperty(settings, async ({ codec, version, rows, seed, erased, step }) => {
        const options = `, COMPRESSION ${codec}, PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048`;
        const file = await written(tableOf(rows, seed), options);
        // Some here and there, and of some files one in so many of the first row group.
        const gone = new Set([
          ...erased.map((row) => row % rows),
          ...Array.from({ length: 2048 / step }, (_, at) => (at * step) % rows),
        ]);
        const expected = await read(file);
        const left = withoutRows(
          file,
          [...gone].sort((a, b) => a - b),
        );
        expect(await read(left)).toEqual(expected.filter((_, row) => !gone.has(row)));
      }),
      { numRuns: 10 },
    );
  });
});

/** A value by its bytes, of few or many. */
const bytes = (size: number | undefined): fc.Arbitrary<Uint8Array> => {
  const any =
    size === undefined ? fc.uint8Array({ maxLength: 9 }) : fc.uint8Array({ minLength: size, maxLength: size });
  return fc.oneof(
    fc.nat(2).map((one) => new Uint8Array(size ?? one).fill(one)),
    any,
  );
};
const nullable = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 4 });
const list = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(value, { maxLength: 3 });

const fixed = (name: string, size: number, repetition: 'OPTIONAL' | 'REQUIRED' = 'OPTIONAL'): SchemaElement => ({
  name,
  type: 'FIXED_LEN_BYTE_ARRAY',
  type_length: size,
  repetition_type: repetition,
});
const group = (name: string, ...children: SchemaElement[]): SchemaElement[] => [
  { name, num_children: 1, repetition_type: 'OPTIONAL', converted_type: 'LIST' },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  ...children,
];

const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: 8 },
  fixed('needed', 8, 'REQUIRED'),
  fixed('four', 4),
  fixed('eight', 8),
  fixed('twelve', 12),
  fixed('five', 5),
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  ...group('moments', fixed('element', 12)),
  ...group('lists', ...group('element', { name: 'element', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' })),
];

const ROW = fc.record({
  needed: bytes(8),
  four: nullable(bytes(4)),
  eight: nullable(bytes(8)),
  twelve: nullable(bytes(12)),
  five: nullable(bytes(5)),
  bytes: nullable(bytes(undefined)),
  moments: nullable(list(nullable(bytes(12)))),
  lists: nullable(list(nullable(list(nullable(bytes(undefined)))))),
});
type Row = typeof ROW extends fc.Arbitrary<infer T> ? T : never;
const NAMES = ['needed', 'four', 'eight', 'twelve', 'five', 'bytes', 'moments', 'lists'] as const;

const IN_HEX = `SELECT hex(needed), hex(four), hex(eight), hex(twelve), hex(five), hex(bytes), list_transform(moments, x -> hex(x)),
  list_transform(lists, x -> list_transform(x, y -> hex(y))) FROM read_parquet($file)`;

const hex = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase();
  return Array.isArray(value) ? value.map(hex) : value;
};

describe('values of a physical type', () => {
  const layouts = fc.record({
    codec: fc.constantFrom('UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'),
    pageSize: fc.constantFrom(1, 30, 1000),
    rowGroupSize: fc.constantFrom(1, 3, 10, 100),
    encoding: fc.constantFrom(undefined, 'PLAIN', 'RLE_DICTIONARY'),
    ofBytes: fc.constantFrom(undefined, 'PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'),
    isFloat: fc.boolean(),
  });
  type Layout = typeof layouts extends fc.Arbitrary<infer T> ? T : never;

  function fileOf(rows: readonly Row[], { codec, pageSize, rowGroupSize, isFloat, ...encodings }: Layout): Uint8Array {
    const file = parquetWriteBuffer({
      schema: SCHEMA,
      columnData: NAMES.map((name) => {
        const encoding = name === 'bytes' || name === 'lists' ? encodings.ofBytes : encodings.encoding;
        const data = rows.map((row) => row[name]);
        return { name, data, columnIndex: true, ...(encoding === undefined ? {} : { encoding }) };
      }),
      codec,
      compressors: COMPRESSORS,
      pageSize,
      rowGroupSize,
    });
    const numbers: Readonly<Record<number, number>> = {
      4: isFloat ? TYPE.float : TYPE.int32,
      8: isFloat ? TYPE.double : TYPE.int64,
      12: TYPE.int96,
    };
    return retyped(new Uint8Array(file), ({ type, width }: Physical) => {
      const number = width === undefined ? undefined : numbers[width];
      return number === undefined ? { type, width } : { type: number, width: undefined };
    });
  }

  it('keep every bit, be they nanoseconds of INT96, NaN or numbers', async () => {
    const tables = fc.array(fc.tuple(ROW, fc.boolean()), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(tables, layouts, async (table, layout) => {
        const file = fileOf(
          table.map(([row]) => row),
          layout,
        );
        const left = withoutRows(file, numbersOf(table.map(([, isErased]) => isErased)));
        const kept = table.filter(([, isErased]) => !isErased).map(([row]) => row);
        expect(await read(physicalView(left), IN_HEX)).toEqual(kept.map((row) => NAMES.map((name) => hex(row[name]))));
      }),
      { numRuns: 60 },
    );
  });

  it('keep them also where rows are taken out again, of what was written here', async () => {
    const tables = fc.array(fc.tuple(ROW, fc.nat(2)), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(tables, layouts, async (table, layout) => {
        const file = fileOf(
          table.map(([row]) => row),
          layout,
        );
        const once = withoutRows(file, numbersOf(table.map(([, round]) => round === 1)));
        const twice = withoutRows(
          once,
          numbersOf(table.filter(([, round]) => round !== 1).map(([, round]) => round === 2)),
        );
        const all = withoutRows(file, numbersOf(table.map(([, round]) => round !== 0)));
        expect(await read(physicalView(twice), IN_HEX)).toEqual(await read(physicalView(all), IN_HEX));
      }),
      { numRuns: 20 },
    );
  });
});

describe('files of other writers', () => {
  const physical = (file: Uint8Array) => read(physicalView(file));
  const logical = (file: Uint8Array) => read(file);
  it.each([
    ['alltypes_dictionary', 'Impala, with INT96 and dictionaries', physical],
    ['nullable.impala', 'parquet-mr for Impala, with lists, maps and structs', physical],
    ['int96_from_spark', 'Spark, with instants that no other reader takes', physical],
    ['datapage_v2.snappy', 'Spark, with pages of V2 and differences', logical],
    ['rle-dict-snappy-checksum', 'parquet-mr, with checksums', physical],
    ['data_index_bloom_encoding_with_length', 'parquet-rs, with indexes and a Bloom filter', physical],
    ['repeated_primitive_no_list', 'parquet-rs, with repeated columns that are no lists', physical],
    ['page_v2_empty_compressed', 'Arrow, with pages of NULLs that have no bytes', physical],
  ] as const)('%s: %s', async (name, _, rowsOf) => {
    const file = stored(name);
    const expected = await rowsOf(file);
    expect(expected).not.toEqual([]);
    for (const erased of [[0], [expected.length - 1], expected.map((__, row) => row).filter((row) => row % 2 === 1)]) {
      const gone = new Set(erased);
      expect(await rowsOf(withoutRows(file, erased))).toEqual(expected.filter((__, row) => !gone.has(row)));
    }
  });
});
