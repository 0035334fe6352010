import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partition, table } from '../../../../src/adapters/hive-metastore/metastore-structs.ts';
import { BinaryReader } from '../../../../src/adapters/hive-metastore/thrift/binary-reader.ts';
import { BinaryWriter } from '../../../../src/adapters/hive-metastore/thrift/binary-writer.ts';
import { MessageScanner } from '../../../../src/adapters/hive-metastore/thrift/message-scanner.ts';
import { MESSAGE, readHeader, writeMessage } from '../../../../src/adapters/hive-metastore/thrift/message.ts';
import * as thrift from '../../../../src/adapters/hive-metastore/thrift/thrift-type.ts';
import { isLakeliftError } from '../../../../src/errors.ts';

const MAX_BYTES = 1_000_000;
const header = { type: MESSAGE.reply, method: 'm', sequence: 7 };

const every = thrift.struct({
  bool: [1, thrift.bool],
  byte: [2, thrift.byte],
  i16: [3, thrift.i16],
  i32: [4, thrift.i32],
  i64: [5, thrift.i64],
  double: [6, thrift.double],
  string: [7, thrift.string],
  list: [8, thrift.list(thrift.list(thrift.string))],
  map: [9, thrift.map(thrift.list(thrift.string), thrift.string)],
  struct: [10, thrift.struct({ inner: [-3, thrift.map(thrift.i64, thrift.bool)] })],
});

const unicode = fc.string({ unit: 'grapheme' });
const value = fc.record(
  {
    bool: fc.boolean(),
    byte: fc.integer({ min: -128, max: 127 }),
    i16: fc.integer({ min: -32_768, max: 32_767 }),
    i32: fc.integer(),
    i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    double: fc.double(),
    string: unicode,
    list: fc.array(fc.array(unicode)),
    map: fc.array(fc.tuple(fc.array(unicode), unicode)),
    struct: fc.record({ inner: fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.boolean())) }),
  },
  { requiredKeys: [] },
);

function encoded<T>(type: thrift.ThriftType<T>, one: T): Buffer {
  const writer = new BinaryWriter();
  type.write(writer, one);
  return writer.bytes();
}

function corrupt(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    return isLakeliftError(error, 'corrupt');
  }
}

describe('the Thrift codec', () => {
  it('writes the bytes that the protocol prescribes', () => {
    const struct = thrift.struct({ a: [1, thrift.i64], b: [2, thrift.list(thrift.string)] });
    const bytes = writeMessage({ type: MESSAGE.call, method: 'get', sequence: 1 }, struct, { a: -2n, b: ['é'] });
    expect(bytes.toString('hex')).toBe(
      '8001000100000003676574000000010a0001fffffffffffffffe0f00020b0000000100000002c3a900',
    );
  });

  it('reads back every value that it writes', () => {
    fc.assert(
      fc.property(value, (one) => {
        expect(every.read(new BinaryReader(encoded(every, one)))).toEqual(one);
      }),
    );
  });

  it('skips fields that it does not know and fields of another type, whatever they hold', () => {
    const narrow = thrift.struct({ string: [7, thrift.string], i32: [5, thrift.i32] });
    fc.assert(
      fc.property(value, (one) => {
        const read = narrow.read(new BinaryReader(encoded(every, one)));
        expect(read).toEqual(one.string === undefined ? {} : { string: one.string });
      }),
    );
  });

  it('keeps keys apart that are lists', () => {
    const type = thrift.map(thrift.list(thrift.string), thrift.string);
    const pairs = [
      [['a', 'b'], '1'],
      [['a,b'], '2'],
      [[], '3'],
    ] as const;
    expect(type.read(new BinaryReader(encoded(type, pairs)))).toEqual(pairs);
  });

  it('refuses text that UTF-8 cannot hold, in both directions', () => {
    expect(() => encoded(thrift.string, 'a\ud800')).toThrow(RangeError);
    expect(corrupt(() => thrift.string.read(new BinaryReader(Buffer.from([0, 0, 0, 1, 0xff]))))).toBe(true);
  });

  it('calls a message cut anywhere corrupt', () => {
    fc.assert(
      fc.property(value, fc.nat(), (one, at) => {
        const bytes = encoded(every, one);
        expect(corrupt(() => every.read(new BinaryReader(bytes.subarray(0, at % bytes.length))))).toBe(true);
      }),
    );
  });

  it('answers garbage with a value or with corrupt, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        for (const type of [every, table, partition]) {
          const work = (): unknown => type.read(new BinaryReader(Buffer.from(bytes)));
          if (!corrupt(work)) work();
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('believes no length that exceeds what arrived', () => {
    const billion = '3b9aca00';
    const lists = [`0f00080f${billion}00`, `0b0007${billion}00`, `0d00090f0b${billion}00`, '0b0007ffffffff00'];
    for (const hex of lists) expect(corrupt(() => every.read(new BinaryReader(Buffer.from(hex, 'hex'))))).toBe(true);
  });

  it('does not follow endless nesting', () => {
    const nested = Buffer.concat([
      ...Array.from({ length: 100_000 }, () => Buffer.from('0c0063', 'hex')),
      Buffer.alloc(100_001),
    ]);
    expect(corrupt(() => every.read(new BinaryReader(nested)))).toBe(true);
    const message = Buffer.concat([writeMessage(header, thrift.struct({}), {}).subarray(0, -1), nested]);
    expect(corrupt(() => new MessageScanner(MAX_BYTES).scan(message))).toBe(true);
  });
});

describe('the scanner for the end of a message', () => {
  it('finds it wherever the chunks are cut, and not before', () => {
    fc.assert(
      fc.property(value, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (one, sizes) => {
        const bytes = writeMessage(header, every, one);
        const scanner = new MessageScanner(MAX_BYTES);
        let end: number | undefined;
        for (let arrived = 0, turn = 0; arrived < bytes.length; turn++) {
          expect(end).toBeUndefined();
          arrived = Math.min(bytes.length, arrived + sizes[turn % sizes.length]!);
          end = scanner.scan(bytes.subarray(0, arrived));
        }
        expect(end).toBe(bytes.length);
        expect(every.read(readHeader(bytes).reader)).toEqual(one);
      }),
    );
  });

  it('leaves what follows the message alone', () => {
    const bytes = writeMessage(header, every, { string: 'x' });
    expect(new MessageScanner(MAX_BYTES).scan(Buffer.concat([bytes, bytes]))).toBe(bytes.length);
  });

  it('never claims more bytes than there are, and calls what is no message corrupt', () => {
    const start = writeMessage(header, thrift.struct({}), {}).subarray(0, -1);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (body, hasHeader) => {
        const bytes = hasHeader ? Buffer.concat([start, body]) : Buffer.from(body);
        try {
          expect(new MessageScanner(MAX_BYTES).scan(bytes) ?? 0).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(isLakeliftError(error, 'corrupt')).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses a message beyond the limit as soon as its size is known', () => {
    const bytes = writeMessage(header, every, { string: 'x'.repeat(1000) });
    expect(corrupt(() => new MessageScanner(500).scan(bytes.subarray(0, 40)))).toBe(true);
  });
});

describe('a value that comes again', () => {
  it('is the same object while its bytes stay the same, and another one when they change', () => {
    const type = thrift.repeated(thrift.list(thrift.string));
    const writer = new BinaryWriter();
    for (const one of [['a', 'b'], ['a', 'b'], ['a', 'c'], [], ['a', 'b']]) type.write(writer, one);
    const reader = new BinaryReader(Buffer.from(writer.bytes()));
    const [first, again, other, none, back] = Array.from({ length: 5 }, () => type.read(reader));
    expect(again).toBe(first);
    expect([first, other, none, back]).toEqual([['a', 'b'], ['a', 'c'], [], ['a', 'b']]);
    expect(reader.remaining).toBe(0);
  });

  it('is never taken for one that only begins alike', () => {
    const type = thrift.repeated(thrift.string);
    const long = new BinaryWriter();
    type.write(long, 'abc');
    type.read(new BinaryReader(Buffer.from(long.bytes())));
    const cut = new BinaryReader(Buffer.from(long.bytes().subarray(0, 6)));
    expect(() => type.read(cut)).toThrow(/ends in the middle|impossible length/);
  });
});
