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
  let end = 0;
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    const bytes = typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : undefined;
    reserve(end + 2 * LONGEST_VARINT_BYTES + (bytes?.length ?? 0));
    end = putVarint(end, (number << 3) | (bytes === undefined ? VARINT : DELIMITED));
    if (bytes === undefined) end = putVarint(end, value as Exclude<Value, string | Uint8Array>);
    else {
      end = putVarint(end, bytes.length);
      scratch.set(bytes, end);
      end += bytes.length;
    }
  }
  return Buffer.from(scratch.subarray(0, end));
}

const LONGEST_VARINT_BYTES = 10;
/** Where messages are put together: what is made of them is a copy. */
let scratch = Buffer.allocUnsafeSlow(4096);

function reserve(bytes: number): void {
  if (bytes <= scratch.length) return;
  const wider = Buffer.allocUnsafeSlow(2 * bytes);
  scratch.copy(wider);
  scratch = wider;
}

/** Negative numbers as two's complement of 64 bits, as int64 and uint64 are sent. Returns where it ends. */
function putVarint(at: number, value: number | bigint | boolean): number {
  // Most are small, and BigInt costs ten times as much.
  if (typeof value === 'number' && value >= 0 && value <= 0x7fffffff) return putSmall(at, value);
  let end = at;
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) scratch[end++] = Number(rest & 0x7fn) | 0x80;
  scratch[end++] = Number(rest);
  return end;
}

function putSmall(at: number, value: number): number {
  let end = at;
  let rest = value;
  for (; rest > 0x7f; rest >>= 7) scratch[end++] = (rest & 0x7f) | 0x80;
  scratch[end++] = rest;
  return end;
}

/** A message with its length before it (`writeDelimitedTo`). */
export function delimited(message: Uint8Array): Buffer {
  reserve(LONGEST_VARINT_BYTES);
  const end = putVarint(0, message.length);
  return Buffer.concat([scratch.subarray(0, end), message]);
}

/** Fields by number, the last of each; throws RangeError on bytes that are no message. */
export function decodeMessage(bytes: Uint8Array): Map<number, bigint | Uint8Array> {
  const fields = new Map<number, bigint | Uint8Array>();
  const reader = new FieldReader(bytes);
  while (!reader.isAtEnd) fields.set(reader.next(), reader.value());
  return fields;
}

/** All messages of a repeated field, in order; throws RangeError like {@link decodeMessage}. */
export function decodeRepeated(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const values: Uint8Array[] = [];
  const reader = new FieldReader(bytes);
  while (!reader.isAtEnd) {
    const number = reader.next();
    const value = reader.value();
    if (number === wanted && value instanceof Uint8Array) values.push(value);
  }
  return values;
}

/** Walks through a message: the number of a field, then its value. */
class FieldReader {
  readonly #bytes: Buffer;
  #at = 0;
  #wireType = VARINT;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  next(): number {
    const tag = this.#small();
    this.#wireType = tag & 7;
    return tag >>> 3;
  }

  value(): bigint | Uint8Array {
    switch (this.#wireType) {
      case VARINT:
        return this.#varint();
      case FIXED_64:
        return this.#bytes.readBigInt64LE((this.#at += 8) - 8);
      case FIXED_32:
        return BigInt(this.#bytes.readInt32LE((this.#at += 4) - 4));
      case DELIMITED:
        return this.#delimited();
      default:
        throw new RangeError(`Wire type ${this.#wireType} is unknown`);
    }
  }

  #delimited(): Uint8Array {
    const length = this.#small();
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new RangeError('A field is cut off');
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  /** Tags and lengths: one or two bytes nearly always. */
  #small(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || byte >= 0x80) return Number(this.#varint());
    this.#at++;
    return byte;
  }

  #varint(): bigint {
    const number = decodeVarint(this.#bytes, this.#at);
    if (number === undefined) throw new RangeError('A number is cut off');
    this.#at = number.end;
    return number.value;
  }
}

/** undefined when the bytes end before the number does. */
export function decodeVarint(bytes: Uint8Array, start: number): { value: bigint; end: number } | undefined {
  let low = 0;
  for (let at = start, shift = 0; at < bytes.length; at++, shift += 7) {
    if (shift === LOW_BITS) return decodeLong(bytes, { at, low });
    low |= (bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) return { value: BigInt(low), end: at + 1 };
  }
  return undefined;
}

/** So many bits are read without BigInt, which costs ten times as much. */
const LOW_BITS = 28;

function decodeLong(
  bytes: Uint8Array,
  begun: { readonly at: number; readonly low: number },
): ReturnType<typeof decodeVarint> {
  let value = BigInt(begun.low);
  for (let at = begun.at, shift = BigInt(LOW_BITS); at < bytes.length; at++, shift += 7n) {
    if (shift > 63n) throw new RangeError('A number has more than 64 bits');
    value |= BigInt(bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}
