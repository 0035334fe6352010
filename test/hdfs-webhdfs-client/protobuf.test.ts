import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeMessage,
  decodeRepeated,
  decodeVarint,
  encodeMessage,
  type Value,
} from '../../src/hdfs-webhdfs-client/blocks/protobuf.ts';

describe('Protocol Buffers', () => {
  it('writes the examples of its specification (protobuf.dev, "Encoding")', () => {
    expect(encodeMessage([[1, 150]]).toString('hex')).toBe('089601');
    expect(encodeMessage([[2, 'testing']]).toString('hex')).toBe('120774657374696e67');
    expect(encodeMessage([[3, Buffer.from('089601', 'hex')]]).toString('hex')).toBe('1a03089601');
    expect(encodeMessage([[1, -2]]).toString('hex')).toBe('08feffffffffffffffff01');
  });

  it('reads what it writes: numbers of every length, negative ones as 64 bits, bytes and texts of any size', () => {
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
    const value = fc.oneof(number, fc.boolean(), fc.string({ unit: 'grapheme' }), fc.uint8Array({ maxLength: 20_000 }));
    const fields = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 2 ** 28 - 1 }), value), {
      selector: ([field]) => field,
    });
    fc.assert(fc.property(fields, (message) => expectSame(message)));
  });

  it('keeps repeated messages apart, and one message from the next', () => {
    const first = encodeMessage([
      [1, 'a'],
      [2, 7],
      [1, 'b'],
    ]);
    encodeMessage([[1, 'x'.repeat(10_000)]]);
    expect(decodeRepeated(first, 1).map((bytes) => Buffer.from(bytes).toString())).toEqual(['a', 'b']);
  });

  it('refuses what is cut off or no number', () => {
    const message = encodeMessage([
      [1, 'testing'],
      [2, 2n ** 60n],
    ]);
    for (let end = 1; end < message.length; end++) {
      if (end === 9) continue;
      expect(() => decodeMessage(message.subarray(0, end))).toThrow(RangeError);
    }
    expect(() => decodeVarint(Buffer.alloc(11, 0xff), 0)).toThrow(RangeError);
    expect(decodeVarint(Buffer.from([0xff, 0xff, 0xff, 0xff]), 0)).toBeUndefined();
    expect(() => decodeMessage(Buffer.from([0x0b]))).toThrow('Wire type 3');
  });
});

function expectSame(message: readonly (readonly [number, Value])[]): void {
  const decoded = decodeMessage(encodeMessage(message));
  expect(decoded.size).toBe(message.length);
  for (const [field, value] of message) {
    const expected =
      typeof value === 'string' || value instanceof Uint8Array
        ? Buffer.from(value as string)
        : BigInt.asUintN(64, BigInt(value));
    expect(decoded.get(field)).toEqual(expected);
  }
}
