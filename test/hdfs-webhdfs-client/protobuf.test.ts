import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeVarint, encodeMessage, Message, type Value } from '../../src/hdfs-webhdfs-client/blocks/protobuf.ts';

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

  it('reads fixed widths, as the headers of packets have them, and takes the last of several', () => {
    // Field 1 twice and field 2 of 64 bits, field 4 of 32.
    const message = new Message(
      Buffer.from('090100000000000000' + '09ffffffffff0f0000' + '11feffffffffffffff' + '25feffffff', 'hex'),
    );
    expect([1, 2, 4].map((field) => message.integer(field))).toEqual([2n ** 44n - 1n, -2n, -2n]);
    expect([1, 2, 4].map((field) => message.number(field))).toEqual([2 ** 44 - 1, -2, -2]);
    const tooLarge = new Message(Buffer.from('090000000000002000', 'hex'));
    expect(tooLarge.integer(1)).toBe(2n ** 53n);
    expect(() => tooLarge.number(1)).toThrow('out of range');
  });

  it('keeps repeated messages apart, and one message from the next', () => {
    const first = encodeMessage([
      [1, 'a'],
      [2, 7],
      [1, 'b'],
    ]);
    encodeMessage([[1, 'x'.repeat(10_000)]]);
    expect(new Message(first).all(1).map(String)).toEqual(['a', 'b']);
  });

  it('refuses what is cut off or no number', () => {
    const message = encodeMessage([
      [1, 'testing'],
      [2, 2n ** 60n],
    ]);
    for (let end = 1; end < message.length; end++) {
      if (end === 9) continue;
      expect(() => new Message(message.subarray(0, end))).toThrow(RangeError);
    }
    expect(() => decodeVarint(Buffer.alloc(11, 0xff), 0)).toThrow(RangeError);
    expect(() => new Message(Buffer.from([0x08, ...Buffer.alloc(10, 0xff), 1]))).toThrow('more than 64 bits');
    expect(decodeVarint(Buffer.from([0xff, 0xff, 0xff, 0xff]), 0)).toBeUndefined();
    expect(() => new Message(Buffer.from([0x0b]))).toThrow('Wire type 3');
  });
});

function expectSame(fields: readonly (readonly [number, Value])[]): void {
  const message = new Message(encodeMessage(fields));
  for (const [field, value] of fields) {
    if (typeof value === 'string' || value instanceof Uint8Array) {
      const bytes = Buffer.from(value as string);
      expect([message.bytes(field), message.text(field), message.all(field)]).toEqual([bytes, String(bytes), [bytes]]);
      expect(() => message.integer(field)).toThrow('no number');
      expect(() => message.number(field)).toThrow('no number');
    } else {
      const integer = BigInt.asUintN(64, BigInt(value));
      expect([message.integer(field), message.all(field)]).toEqual([integer, []]);
      expect(() => message.bytes(field)).toThrow('is missing');
      if (integer > Number.MAX_SAFE_INTEGER) expect(() => message.number(field)).toThrow('out of range');
      else expect(message.number(field)).toBe(Number(value));
    }
  }
  const absent = Math.max(0, ...fields.map(([field]) => field)) + 1;
  expect([message.has(absent), message.integer(absent), message.number(absent)]).toEqual([false, undefined, undefined]);
  expect([message.text(absent), message.all(absent)]).toEqual(['', []]);
  expect(() => message.nested(absent)).toThrow('is missing');
}
