import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isLakeliftError } from '../../../src/errors.ts';
import { COLUMN, FILE, GROUP, METADATA } from '../../../src/domain/parquet/format.ts';
import { changed, int32, int64, neededNumber } from '../../../src/domain/parquet/thrift-struct.ts';
import { withoutRows } from '../../../src/domain/parquet/without-rows.ts';
import { run, stored, withChunks, withColumns, withFooter, withGroups, written } from './parquet-files.ts';

const NAME = { type: 8, bytes: Uint8Array.of(1, 0x61) };
const EMPTY_STRUCT = { type: 12, bytes: Uint8Array.of(0) };
const IMPALA = stored('alltypes_dictionary');
const [LZO, UNKNOWN_CODEC] = [3, 12];

const refusalOf = (file: Uint8Array, rows: readonly number[] = [0]): string => {
  try {
    withoutRows(file, rows);
  } catch (error) {
    expect(error).toMatchObject({
      kind: 'unsupported',
      code: 'PARQUET_NOT_REWRITTEN',
      hint: expect.stringContaining('left as it is') as string,
    });
    return (error as Error).message.replace('Rows cannot be taken out of a Parquet file that ', '');
  }
  return 'none';
};

it.each([
  ['an encrypted footer', Buffer.concat([IMPALA.subarray(0, -4), Buffer.from('PARE')]), 'is encrypted'],
  [
    'encrypted columns below a plain footer',
    withFooter(IMPALA, (footer) => changed(footer, [[FILE.encryption, EMPTY_STRUCT]])),
    'is encrypted',
  ],
  [
    'an encrypted column',
    withColumns(IMPALA, (column) => changed(column, [[COLUMN.crypto, EMPTY_STRUCT]])),
    'is encrypted',
  ],
  [
    'chunks in another file',
    withColumns(IMPALA, (column) => changed(column, [[COLUMN.filePath, NAME]])),
    'has id in another file',
  ],
  ['LZO', withChunks(IMPALA, (chunk) => changed(chunk, [[METADATA.codec, int32(LZO)]])), 'is compressed with LZO'],
  [
    'a codec of later',
    withChunks(IMPALA, (chunk) => changed(chunk, [[METADATA.codec, int32(UNKNOWN_CODEC)]])),
    'is compressed with codec 12',
  ],
  [
    'another type',
    withChunks(IMPALA, (chunk) => changed(chunk, [[METADATA.type, int32(0)]])),
    'has another column in place of id',
  ],
  [
    'rows that do not add up',
    withFooter(IMPALA, (footer) => changed(footer, [[FILE.rows, int64(3)]])),
    'has 2 rows, and not those of its footer',
  ],
  [
    'entries that do not add up',
    withChunks(IMPALA, (chunk) => changed(chunk, [[METADATA.values, int64(3)]])),
    'has 3 entries of id in 2 rows',
  ],
  [
    'a row group of few columns',
    withGroups(IMPALA, (group) => changed(group, [[GROUP.columns, { type: 9, bytes: Uint8Array.of(0x0c) }]])),
    'has a row group that is not of its schema',
  ],
  [
    'sizes that do not add up',
    withChunks(IMPALA, (chunk) =>
      changed(chunk, [[METADATA.compressedBytes, int64(neededNumber(chunk, METADATA.compressedBytes) + 1)]]),
    ),
    /^cannot be read|do not add up/,
  ],
  ['nothing', new Uint8Array(), 'does not begin and end as Parquet does'],
  ['another format', Buffer.from('ORC and something more'), 'does not begin and end as Parquet does'],
  ['a footer longer than itself', Buffer.from('PAR1\xff\xff\0\0PAR1', 'latin1'), 'is shorter than its footer'],
] as const)('refuses %s', (_, file, message) => {
  expect(refusalOf(file)).toMatch(message);
});

it('refuses rows that it has not', () => {
  expect(refusalOf(IMPALA, [2])).toBe('has 2 rows, and no row 2');
  expect(refusalOf(IMPALA, [-1])).toBe('has 2 rows, and no row -1');
});

it('refuses what DuckDB compressed with LZ4 or encrypted', async () => {
  expect(refusalOf(await written('SELECT * FROM range(9)', ', COMPRESSION lz4_raw'))).toBe(
    'is compressed with LZ4_RAW',
  );
  await run("SET force_mbedtls_unsafe = 'true'");
  await run("PRAGMA add_parquet_key('key', '0123456789012345')");
  expect(refusalOf(await written('SELECT * FROM range(9)', ", ENCRYPTION_CONFIG {footer_key: 'key'}"))).toBe(
    'is encrypted',
  );
});

it.each(['alltypes_dictionary', 'nullable.impala', 'datapage_v2.snappy'])('refuses each beginning of %s', (name) => {
  const file = stored(name);
  const taken = Array.from({ length: file.length }, (_, length) => length).filter((length) =>
    isWritten(file.subarray(0, length)),
  );
  expect(taken).toEqual([]);
});

it.each(['alltypes_dictionary', 'nullable.impala', 'datapage_v2.snappy', 'rle-dict-snappy-checksum'])(
  'refuses %s with other bytes, or writes it, and does nothing else',
  (name) => {
    const file = stored(name);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = Uint8Array.from(file);
        damaged[at]! ^= bits;
        isWritten(damaged);
      }),
      { numRuns: 500 },
    );
  },
);

/** False where it is refused; throws what else is thrown. */
function isWritten(file: Uint8Array): boolean {
  try {
    withoutRows(file, [0]);
    return true;
  } catch (error) {
    if (isLakeliftError(error, 'unsupported')) return false;
    throw error;
  }
}
