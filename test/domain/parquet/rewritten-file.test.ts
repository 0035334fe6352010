import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../src/domain/parquet/byte-reader.ts';
import { COLUMN, FILE, GROUP, METADATA, PAGE } from '../../../src/domain/parquet/format.ts';
import { parquetLayout } from '../../../src/domain/parquet/layout.ts';
import { chunkPages } from '../../../src/domain/parquet/pages.ts';
import {
  changed,
  int16,
  int64,
  neededNumber,
  neededStruct,
  neededStructs,
  numberOf,
  readStruct,
  type ThriftStruct,
} from '../../../src/domain/parquet/thrift-struct.ts';
import { withoutRows } from '../../../src/domain/parquet/without-rows.ts';
import { read, stored, withChunks, withColumns, withFooter, withGroups, written } from './parquet-files.ts';

const PERSON = '~1850578006084 PERSONNE UNIQUE';
const NUMBER = 0x7a6b_5c4d_3e2f_1a0bn;
const NUMBER_BYTES = Buffer.from('0b1a2f3e4d5c6b7a', 'hex');

/** 3 row groups of 3000 rows at most; the person is row 2500, the largest of each column. */
const PEOPLE = `SELECT i AS "row", CASE WHEN i = 2500 THEN '${PERSON}' ELSE 'nom ' || i % 9 END AS few,
  CASE WHEN i = 2500 THEN '${PERSON}' ELSE md5(i::VARCHAR) END AS many, CASE WHEN i = 2500 THEN ${NUMBER} ELSE i % 5 END AS number,
  [few, NULL] AS list, {'a': [{'b': many}]} AS nested, map {few: many} AS map FROM range(7000) AS rows(i)`;
const LAID_OUT = ', COMPRESSION uncompressed, ROW_GROUP_SIZE 2048, STRING_DICTIONARY_PAGE_SIZE_LIMIT 100000';

const holdsPerson = (file: Uint8Array): boolean =>
  Buffer.from(file).includes('PERSONNE') || Buffer.from(file).includes(NUMBER_BYTES);
const groupsOf = (file: Uint8Array): readonly ThriftStruct[] => neededStructs(parquetLayout(file).footer, FILE.groups);
const columnsOf = (file: Uint8Array): readonly ThriftStruct[] =>
  groupsOf(file).flatMap((group) => neededStructs(group, GROUP.columns));
const chunksOf = (file: Uint8Array): readonly ThriftStruct[] =>
  columnsOf(file).map((column) => neededStruct(column, COLUMN.metadata));

describe('a file without a person', () => {
  it.each(['V1', 'V2'])(
    'of DuckDB, %s, has neither a value of theirs nor a byte that it does not account for',
    async (version) => {
      const file = await written(PEOPLE, `${LAID_OUT}, PARQUET_VERSION ${version}`);
      expect(holdsPerson(file)).toBe(true);
      const left = withoutRows(file, [2500]);
      expect(holdsPerson(left)).toBe(false);
      const { groups, data } = parquetLayout(left);
      let next = 4;
      for (const chunk of groups.flatMap(({ chunks }) => chunks)) {
        expect(chunk.start).toBe(next);
        next = chunkPages(data, chunk).end;
      }
      expect(next).toBe(data.length);
      expect(await read(left)).toEqual((await read(file)).filter((_, row) => row !== 2500));
      const few = await read(left, "SELECT count(*) FROM read_parquet($file) WHERE few = 'nom 1' AND number > 3");
      expect(few).toEqual([
        [
          String(
            Array.from({ length: 7000 }, (_, i) => i).filter((i) => i !== 2500 && i % 9 === 1 && i % 5 > 3).length,
          ),
        ],
      ]);
    },
  );

  it('of hyparquet-writer has none in statistics, indexes of columns and Bloom filters', async () => {
    const names = Array.from({ length: 300 }, (_, at) => (at === 123 ? PERSON : `nom ${at % 7}`));
    const file = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'few', data: names, type: 'STRING', columnIndex: true, bloomFilter: true },
          { name: 'plain', data: names, type: 'STRING', encoding: 'PLAIN', columnIndex: true, bloomFilter: true },
        ],
        codec: 'UNCOMPRESSED',
        pageSize: 40,
        rowGroupSize: 100,
        statisticsTruncateLength: 100,
      }),
    );
    expect(Buffer.from(file).toString('latin1').split(PERSON).length - 1).toBeGreaterThan(4);
    const left = withoutRows(file, [123]);
    expect(holdsPerson(left)).toBe(false);
    expect(await read(left)).toEqual(names.filter((name) => name !== PERSON).map((name) => [name, name]));
    const kept = await read(
      left,
      'SELECT row_group_id, stats_max_value, bloom_filter_offset FROM parquet_metadata($file)',
    );
    const [stays, isGone] = ['nom 6', null];
    expect(kept).toEqual([
      ['0', stays, null],
      ['0', stays, null],
      ['1', isGone, null],
      ['1', isGone, null],
      ['2', stays, null],
      ['2', stays, null],
    ]);
  });

  it('is copied where the row groups are of others, to the byte', async () => {
    const file = await written(PEOPLE, LAID_OUT);
    const left = withoutRows(file, [2500]);
    const bytesOf = (of: Uint8Array, group: number): Buffer[] =>
      parquetLayout(of).groups[group]!.chunks.map(({ start, sizeBytes }) =>
        Buffer.from(of.subarray(start, start + sizeBytes)),
      );
    for (const group of [0, 2, 3]) expect(bytesOf(left, group)).toEqual(bytesOf(file, group));
    expect(bytesOf(left, 1)).not.toEqual(bytesOf(file, 1));
  });

  it('has a dictionary again where it had one, of what is left, and says which encodings it has', async () => {
    const file = stored('alltypes_dictionary');
    const left = withoutRows(file, [1]);
    const dictionaries = (of: Uint8Array) => chunksOf(of).map((chunk) => chunk.has(METADATA.dictionaryOffset));
    expect(dictionaries(left)).toEqual(dictionaries(file));
    const encodings = await read(left, 'SELECT encodings FROM parquet_metadata($file)');
    expect(encodings).toEqual(dictionaries(file).map((has) => [has ? 'PLAIN_DICTIONARY, RLE' : 'PLAIN, RLE']));
    expect(left.length).toBeLessThan(file.length);
  });
});

describe('the footer', () => {
  const UNKNOWN = 99;

  it('keeps schema, metadata, writer and what nobody knows, to the byte', async () => {
    const file = withFooter(
      await written(PEOPLE, `${LAID_OUT}, KV_METADATA {'writer.time.zone': 'Europe/Paris', 'é': 'ü'}`),
      (footer) => changed(footer, [[UNKNOWN, { type: 8, bytes: Uint8Array.of(2, 0xff, 0) }]]),
    );
    const before = parquetLayout(file).footer;
    const after = parquetLayout(withoutRows(file, [2500])).footer;
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [id, field] of before) {
      if (id !== FILE.rows && id !== FILE.groups)
        expect([after.get(id)?.type, Buffer.from(after.get(id)!.bytes)]).toEqual([
          field.type,
          Buffer.from(field.bytes),
        ]);
    }
    expect(neededNumber(after, FILE.rows)).toBe(6999);
  });

  it('counts row groups and says where they are, if it did before', async () => {
    const file = withGroups(await written(PEOPLE, LAID_OUT), (group) =>
      changed(group, [
        [GROUP.offset, int64(7)],
        [GROUP.compressedBytes, int64(7)],
        [GROUP.ordinal, int16(7)],
        [UNKNOWN, int64(7)],
      ]),
    );
    const erased = Array.from({ length: 2048 }, (_, at) => at + 2048);
    const left = withoutRows(file, [0, ...erased]);
    const { groups } = parquetLayout(left);
    expect(groups.map(({ rows }) => rows)).toEqual([2047, 2048, 856]);
    for (const [at, { struct, chunks }] of groups.entries()) {
      expect(struct.has(UNKNOWN)).toBe(false);
      expect(numberOf(struct, GROUP.ordinal)).toBe(at);
      expect(numberOf(struct, GROUP.offset)).toBe(chunks[0]!.start);
      expect(numberOf(struct, GROUP.compressedBytes)).toBe(chunks.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    }
    expect(await read(left)).toEqual((await read(file)).filter((_, row) => row > 4095 || (row > 0 && row < 2048)));
  });

  it('says of a chunk only what is known: no field of other places or values', async () => {
    const file = withColumns(
      withChunks(await written(PEOPLE, LAID_OUT), (chunk) => changed(chunk, [[UNKNOWN, int64(7)]])),
      (column) =>
        changed(column, [
          [COLUMN.offset, int64(4)],
          [UNKNOWN, int64(7)],
        ]),
    );
    const left = withoutRows(file, [2500]);
    expect(columnsOf(left).map((column) => [...column.keys()])).toEqual(
      columnsOf(left).map(() => [COLUMN.offset, COLUMN.metadata]),
    );
    expect(columnsOf(left).every((column) => neededNumber(column, COLUMN.offset) === 0)).toBe(true);
    expect(chunksOf(left).some((chunk) => chunk.has(UNKNOWN))).toBe(false);
  });

  it('is left where all rows are gone, with the schema', async () => {
    const file = await written(PEOPLE, LAID_OUT);
    const left = withoutRows(
      file,
      Array.from({ length: 7000 }, (_, at) => at),
    );
    expect(await read(left)).toEqual([]);
    const schema = 'SELECT * EXCLUDE file_name FROM parquet_schema($file)';
    expect(await read(left, schema)).toEqual(await read(file, schema));
    expect(groupsOf(left)).toEqual([]);
    expect(await read(withoutRows(left, []))).toEqual([]);
  });

  it('may leave the header of the dictionary out of the size of a chunk, as old writers did', async () => {
    const file = await written(PEOPLE, LAID_OUT);
    const old = withChunks(file, (chunk) => {
      const start = numberOf(chunk, METADATA.dictionaryOffset);
      if (start === undefined) return chunk;
      const reader = new ByteReader(file, start);
      readStruct(reader);
      return changed(chunk, [
        [METADATA.compressedBytes, int64(neededNumber(chunk, METADATA.compressedBytes) - (reader.offset - start))],
      ]);
    });
    expect(old).not.toEqual(file);
    expect(withoutRows(old, [2500])).toEqual(withoutRows(file, [2500]));
  });
});

it('has checksums where the pages had some', () => {
  const file = stored('rle-dict-snappy-checksum');
  const left = withoutRows(file, [7]);
  const checksums = (of: Uint8Array): boolean[] => {
    const { data, groups } = parquetLayout(of);
    return groups.flatMap(({ chunks }) =>
      chunks.flatMap((chunk) => chunkPages(data, chunk).pages.map(({ hasCrc }) => hasCrc)),
    );
  };
  expect(checksums(left)).toEqual(checksums(file));
  expect(checksums(left)).toContain(true);
  const reader = new ByteReader(left, 4);
  expect(readStruct(reader).has(PAGE.crc)).toBe(true);
  const damaged = Uint8Array.from(left);
  damaged[reader.offset + 3]! ^= 1;
  expect(() => withoutRows(damaged, [7])).toThrow('a page of long_field that is not what it was');
});
