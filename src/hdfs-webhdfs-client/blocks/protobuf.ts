/**
 * The part of Protocol Buffers' wire format that HDFS needs (protobuf.dev, "Encoding"): varints, fixed widths and delimited bytes.
 * 64-bit integers are BigInt when read, since block ids of old clusters fill all 64 bits.
 */
const VARINT = 0;
const FIXED_64 = 1;
const DELIMITED = 2;
const FIXED_32 = 5;

export type Value = number | bigint | string | Uint8Array | boolean;

/** A message of the given fields, in their order; undefined ones are left out. */
export function encodeMessage(fields: readonly (readonly [number: number, value: Value | undefined])[]): Buffer {
  const pieces: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    const isDelimited = typeof value === 'string' || value instanceof Uint8Array;
    pieces.push(encodeVarint(BigInt((number << 3) | (isDelimited ? DELIMITED : VARINT))));
    if (isDelimited) {
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      pieces.push(encodeVarint(BigInt(bytes.length)), bytes);
    } else pieces.push(encodeVarint(BigInt(value)));
  }
  return Buffer.concat(pieces);
}

/** A message with its length before it (`writeDelimitedTo`). */
export function delimited(message: Uint8Array): Buffer {
  return Buffer.concat([encodeVarint(BigInt(message.length)), message]);
}

/** Fields by number, the last of each; throws RangeError on bytes that are no message. */
export function decodeMessage(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
  return new Map(fieldsOf(bytes));
}

/** All messages of a repeated field, in order; throws RangeError like {@link decodeMessage}. */
export function decodeRepeated(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const [number, value] of fieldsOf(bytes))
    if (number === wanted && value instanceof Uint8Array) values.push(value);
  return values;
}

function* fieldsOf(bytes: Uint8Array): Generator<[number, bigint | Uint8Array]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < buffer.length;) {
    const tag = expectVarint(buffer, at);
    const { value, end } = decodeField(buffer, tag.end, Number(tag.value & 7n));
    yield [Number(tag.value >> 3n), value];
    at = end;
  }
}

function decodeField(buffer: Buffer, at: number, wireType: number): { value: bigint | Uint8Array; end: number } {
  switch (wireType) {
    case VARINT:
      return expectVarint(buffer, at);
    case FIXED_64:
      return { value: buffer.readBigInt64LE(at), end: at + 8 };
    case FIXED_32:
      return { value: BigInt(buffer.readInt32LE(at)), end: at + 4 };
    case DELIMITED: {
      const length = expectVarint(buffer, at);
      const end = length.end + Number(length.value);
      if (end > buffer.length) throw new RangeError('A field is cut off');
      return { value: buffer.subarray(length.end, end), end };
    }
    default:
      throw new RangeError(`Wire type ${wireType} is unknown`);
  }
}

/** undefined when the bytes end before the number does. */
export function decodeVarint(bytes: Uint8Array, start: number): { value: bigint; end: number } | undefined {
  let value = 0n;
  for (let at = start, shift = 0n; at < bytes.length; at++, shift += 7n) {
    if (shift > 63n) throw new RangeError('A number has more than 64 bits');
    value |= BigInt(bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

function expectVarint(bytes: Uint8Array, start: number): { value: bigint; end: number } {
  const number = decodeVarint(bytes, start);
  if (number === undefined) throw new RangeError('A number is cut off');
  return number;
}

/** Negative numbers as two's complement of 64 bits, as int64 and uint64 are sent. */
function encodeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
