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

/**
 * A message as its bytes, in which fields are looked up: of the many that HDFS sends few are read, and an object for each of the others would only be
 * garbage. Of a field that comes several times the last one counts. Throws RangeError on bytes that are no message.
 */
export class Message {
  readonly #bytes: Buffer;
  #field = 0;
  #wireType = VARINT;
  #valueAt = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < this.#bytes.length;) at = this.#step(at);
  }

  has(field: number): boolean {
    return this.#find(field) !== undefined;
  }

  /** All 64 bits; undefined where it is left out. */
  integer(field: number): bigint | undefined {
    const place = this.#find(field);
    return place && integerAt(this.#bytes, place);
  }

  /** The same without BigInt; throws RangeError where it would be rounded. */
  number(field: number): number | undefined {
    const place = this.#find(field);
    if (place === undefined) return undefined;
    const value = numberAt(this.#bytes, place);
    if (!Number.isSafeInteger(value)) throw new RangeError(`Field ${field} is out of range`);
    return value;
  }

  /** Throws RangeError where it is left out. */
  bytes(field: number): Buffer {
    const place = this.#find(field);
    if (place?.wireType !== DELIMITED) throw new RangeError(`Field ${field} is missing`);
    return delimitedAt(this.#bytes, place.at);
  }

  /** Throws RangeError where it is left out. */
  nested(field: number): Message {
    return new Message(this.bytes(field));
  }

  /** Empty where it is left out. */
  text(field: number): string {
    return this.has(field) ? this.bytes(field).toString() : '';
  }

  /** All messages, texts or bytes of a repeated field, in order. */
  all(field: number): Buffer[] {
    const values: Buffer[] = [];
    for (let at = 0; at < this.#bytes.length;) {
      at = this.#step(at);
      if (this.#field === field && this.#wireType === DELIMITED) values.push(delimitedAt(this.#bytes, this.#valueAt));
    }
    return values;
  }

  nestedAll(field: number): Message[] {
    return this.all(field).map((bytes) => new Message(bytes));
  }

  #find(field: number): Place | undefined {
    let found: Place | undefined;
    for (let at = 0; at < this.#bytes.length;) {
      at = this.#step(at);
      if (this.#field === field) found = { wireType: this.#wireType, at: this.#valueAt };
    }
    return found;
  }

  /** Looks at the field that begins there; returns where the next one does. */
  #step(at: number): number {
    this.#valueAt = endOfVarint(this.#bytes, at);
    const tag = smallAt(this.#bytes, at);
    this.#field = tag >>> 3;
    this.#wireType = tag & 7;
    return endOfValue(this.#bytes, this.#valueAt, this.#wireType);
  }
}

/** Where a value lies in its message, and how it is written. */
interface Place {
  readonly wireType: number;
  readonly at: number;
}

function endOfValue(bytes: Uint8Array, at: number, wireType: number): number {
  const end = at + lengthOfValue(bytes, at, wireType);
  if (end > bytes.length) throw new RangeError('A field is cut off');
  return end;
}

function lengthOfValue(bytes: Uint8Array, at: number, wireType: number): number {
  switch (wireType) {
    case VARINT:
      return endOfVarint(bytes, at) - at;
    case FIXED_64:
      return 8;
    case FIXED_32:
      return 4;
    case DELIMITED:
      return endOfVarint(bytes, at) - at + smallAt(bytes, at);
    default:
      throw new RangeError(`Wire type ${wireType} is unknown`);
  }
}

function delimitedAt(bytes: Buffer, at: number): Buffer {
  const start = endOfVarint(bytes, at);
  return bytes.subarray(start, start + smallAt(bytes, at));
}

function integerAt(bytes: Buffer, { wireType, at }: Place): bigint {
  switch (wireType) {
    case FIXED_64:
      return bytes.readBigInt64LE(at);
    case FIXED_32:
      return BigInt(bytes.readInt32LE(at));
    case DELIMITED:
      throw new RangeError('Bytes are no number');
    default:
      return decodeVarint(bytes, at)!.value;
  }
}

/** Beyond 2^53 it is rounded. */
function numberAt(bytes: Buffer, place: Place): number {
  // Most are varints, and BigInt costs ten times as much.
  return place.wireType === VARINT ? smallAt(bytes, place.at) : Number(integerAt(bytes, place));
}

/** A varint whose end was seen; beyond 2^53 it is rounded. */
function smallAt(bytes: Uint8Array, start: number): number {
  let value = 0;
  let scale = 1;
  for (let at = start; ; at++, scale *= 0x80) {
    value += (bytes[at]! & 0x7f) * scale;
    if (bytes[at]! < 0x80) return value;
  }
}

function endOfVarint(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at]! >= 0x80) at++;
  if (at >= bytes.length) throw new RangeError('A number is cut off');
  if (at - start >= LONGEST_VARINT_BYTES) throw new RangeError('A number has more than 64 bits');
  return at + 1;
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
