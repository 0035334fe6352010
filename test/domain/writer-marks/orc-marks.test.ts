import { deflateRawSync, inflateRawSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { orcMarks } from '../../../src/domain/writer-marks/orc-marks.ts';

/** Seven rows of (id int, d date, t timestamp), days of year 1 and 1500 among them, as Hive 4.0.1 wrote them unless told otherwise. */
const OF_HIVE_4 = Buffer.from(
  [
    'T1JDEQAACgYSBAgHUAArAAAKEwoDAAAAEgwIBxIGCAIQDhg4UAA0AADjkuJiZ4AAIX4ONitOju9PwgUOND1jCmAEAEgAAONS4+JigAMhCQ42Ly',
    'GJ//vPHH+8QEbh3/t/C3/NLTZgDGAEAAkAAMAGAgIFAAD//CkAAG4FAJrKAJxuBFDnFfJ3WYFAAMe9BQAA//xBAAB4BQAiyHlQACTyL1AHkKeL',
    'fR2Yck//dVafZv4AqUkcAR0AAF4FA90AAAAvAAAfPQDOhAAA42LjYBNgkODmAtGMEhJgmklCFkwzS6gDaUagODuQZgCKs4L5TBLiYD4zlM8soQ',
    'ykWYG0oBATBwMQM8GwFHNoiDMAjwAACkUKBAgHUAAKDggHEgYIAhAOGDhQAFgHChEIBjoJCPfkVxDAguYCUAFYHAoaCAZKEhj/v8zH46AcIP7v',
    '/qH6nXMwAVABWDkGAQDjYBboZpLi4mAWSJeIUXDVYFcS5OARYmZkYpZiykyRYgSiEiUmDmYg5gdiTgN2KxYO9gAGKz4OdiE2DiYBPgmLAIYIdi',
    'tBDjYrTo7vT8IFDjQ9YwpgjJCxkuJg8xKS+L//zPHHC2QU/r3/t/DX3GIDRqCcpcMEPw+GCMYkVkM9Cz1TAAiGARABGICAECICAAwoSjAJgvQD',
    'A09SQxg=',
  ].join(''),
  'base64',
);
const POSTSCRIPT_BYTES = OF_HIVE_4.at(-1)!;
const FOOTER_END = OF_HIVE_4.length - 1 - POSTSCRIPT_BYTES;
/** In the postscript: the length of the footer is a varint of one byte here. */
const FOOTER_BYTES = OF_HIVE_4[FOOTER_END + 1]!;
const FOOTER = inflateRawSync(OF_HIVE_4.subarray(FOOTER_END - FOOTER_BYTES + 3, FOOTER_END));

/** Field 11, the calendar, is the last but for the software version. */
const CALENDAR = Buffer.from([11 * 8, 1]);

function withFooter(footer: Buffer, codec: number, compress: (bytes: Buffer) => Buffer): Buffer {
  const chunk = codec === 0 ? footer : chunked(compress(footer), false);
  const length = [(chunk.length & 0x7f) | 0x80, chunk.length >> 7];
  const postscript = Buffer.from([8, ...length, 16, codec, 0x82, 0xf4, 3, 3, ...Buffer.from('ORC')]);
  return Buffer.concat([chunk, postscript, Buffer.from([postscript.length])]);
}

function chunked(bytes: Buffer, isOriginal: boolean): Buffer {
  const header = Buffer.alloc(3);
  header.writeUIntLE(bytes.length * 2 + Number(isOriginal), 0, 3);
  return Buffer.concat([header, bytes]);
}

/** Literals only, which is Snappy too. */
function snappy(bytes: Buffer): Buffer {
  const length = [(bytes.length & 0x7f) | 0x80, bytes.length >> 7];
  return Buffer.concat([Buffer.from([...length, 60 << 2, bytes.length - 1]), bytes]);
}

/** Literals only, which is LZ4 too. */
function lz4(bytes: Buffer): Buffer {
  const more = bytes.length - 15;
  return Buffer.concat([Buffer.from([15 << 4, ...Array<number>(Math.floor(more / 255)).fill(255), more % 255]), bytes]);
}

describe('what an ORC file says of its writer', () => {
  const marks = {
    ...{ dayCalendar: 'hybrid', timeCalendar: 'hybrid', oldColumns: ['d', 't'], codecs: ['ZLIB'] },
    columnNames: ['id', 'd', 't'],
  };

  it('names the calendar, the columns, and those that reach back beyond 15 October 1582', () => {
    expect(orcMarks(OF_HIVE_4)).toEqual(marks);
  });

  it.each<[string, number, (bytes: Buffer) => Buffer]>([
    ['NONE', 0, (bytes) => bytes],
    ['ZLIB', 1, deflateRawSync],
    ['SNAPPY', 2, snappy],
    ['LZ4', 4, lz4],
    ['ZSTD', 5, zstdCompressSync],
  ])('is read in %s', (name, codec, compress) => {
    expect(orcMarks(withFooter(FOOTER, codec, compress))).toEqual({ ...marks, codecs: [name] });
  });

  it.each([
    ['LZO', 3],
    ['BROTLI', 6],
    ['number 7', 7],
  ])('is the codec alone in %s', (name, codec) => {
    expect(orcMarks(withFooter(FOOTER, codec, (bytes) => bytes))).toEqual({ oldColumns: [], codecs: [name] });
  });

  it('is that columns are encrypted, where the footer has field 10', () => {
    const encryption = Buffer.from([(10 << 3) | 2, 0]);
    const marks = orcMarks(withFooter(Buffer.concat([FOOTER, encryption]), 0, (bytes) => bytes));
    expect(marks).toMatchObject({ isEncrypted: true });
  });

  it('may say that it counts by the calendar of today, or nothing', () => {
    const place = FOOTER.lastIndexOf(CALENDAR);
    const calendarAs = (bytes: readonly number[]) =>
      orcMarks(
        withFooter(
          Buffer.concat([FOOTER.subarray(0, place), Buffer.from(bytes), FOOTER.subarray(place + 2)]),
          0,
          snappy,
        ),
      );
    expect(calendarAs([11 * 8, 2])).toMatchObject({ dayCalendar: 'proleptic', timeCalendar: 'proleptic' });
    expect(calendarAs([])).toEqual({
      dayCalendar: undefined,
      timeCalendar: undefined,
      oldColumns: ['d', 't'],
      codecs: ['NONE'],
      columnNames: ['id', 'd', 't'],
    });
  });

  it('asks for as many bytes as the footer has, and takes nothing else for ORC', () => {
    const reading = orcMarks(OF_HIVE_4.subarray(-40));
    expect(reading).toEqual({ neededBytes: 1 + POSTSCRIPT_BYTES + FOOTER_BYTES });
    expect(orcMarks(OF_HIVE_4.subarray(-1 - POSTSCRIPT_BYTES - FOOTER_BYTES))).toEqual(marks);
    expect(orcMarks(Buffer.from('a,b\n1,2\n'))).toBeUndefined();
    expect(orcMarks(new Uint8Array())).toBeUndefined();
  });
});
