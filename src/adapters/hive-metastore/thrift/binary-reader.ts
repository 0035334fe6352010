import { isUtf8 } from 'node:buffer';
import { corruptMessage, fixedSizeOf, MAX_DEPTH, WIRE } from './wire.ts';

/** Reads Thrift's binary protocol out of one whole message. Every method throws `corrupt` when the bytes do not allow the value. */
export class BinaryReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  byte(): number {
    return this.#bytes.readInt8(this.#advance(1));
  }

  i16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  i64(): bigint {
    return this.#bytes.readBigInt64BE(this.#advance(8));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.#advance(8));
  }

  /** Refuses what is not UTF-8 rather than replacing characters. */
  string(): string {
    const size = this.#length(1);
    const start = this.#advance(size);
    const text = this.#bytes.subarray(start, start + size);
    if (!isUtf8(text)) throw corruptMessage('a text is not UTF-8');
    return text.toString('utf8');
  }

  /** A copy, so that the message can be forgotten. */
  binary(): Uint8Array {
    const size = this.#length(1);
    const start = this.#advance(size);
    return Uint8Array.prototype.slice.call(this.#bytes, start, start + size);
  }

  /** Passes over `encoded` when that is what comes next. */
  skipEqual(encoded: Uint8Array): boolean {
    const end = this.#position + encoded.length;
    if (encoded.length === 0 || end > this.#bytes.length) return false;
    if (this.#bytes.compare(encoded, 0, encoded.length, this.#position, end) !== 0) return false;
    this.#position = end;
    return true;
  }

  /** What `read` consumes, copied, so that the message can be forgotten. */
  copyOf(read: () => void): Uint8Array {
    const start = this.#position;
    read();
    return Uint8Array.prototype.slice.call(this.#bytes, start, this.#position);
  }

  /** Element type and count of a list or set. */
  listHeader(): { readonly elementType: number; readonly count: number } {
    const elementType = this.byte();
    return { elementType, count: this.#length(smallestSize(elementType)) };
  }

  mapHeader(): { readonly keyType: number; readonly valueType: number; readonly count: number } {
    const keyType = this.byte();
    const valueType = this.byte();
    const count = this.i32();
    if (count === 0) return { keyType, valueType, count };
    this.#check(count, smallestSize(keyType) + smallestSize(valueType));
    return { keyType, valueType, count };
  }

  /** Calls `read` for every field; it must consume the value and nothing else. */
  fields(read: (id: number, wireType: number) => void): void {
    for (let wireType = this.byte(); wireType !== WIRE.stop; wireType = this.byte()) read(this.i16(), wireType);
  }

  /** Passes over a value of any type. */
  skip(wireType: number, depth = 0): void {
    if (depth > MAX_DEPTH) throw corruptMessage('nested too deeply');
    const size = fixedSizeOf(wireType);
    if (size !== undefined) this.#advance(size);
    else if (wireType === WIRE.string) this.#advance(this.#length(1));
    else if (wireType === WIRE.struct) this.fields((_, type) => this.skip(type, depth + 1));
    else if (wireType === WIRE.map) this.#skipMap(depth);
    else if (wireType === WIRE.list || wireType === WIRE.set) this.#skipList(depth);
    else throw corruptMessage(`unknown type ${wireType}`);
  }

  #skipList(depth: number): void {
    const { elementType, count } = this.listHeader();
    for (let index = 0; index < count; index++) this.skip(elementType, depth + 1);
  }

  #skipMap(depth: number): void {
    const { keyType, valueType, count } = this.mapHeader();
    for (let index = 0; index < count; index++) {
      this.skip(keyType, depth + 1);
      this.skip(valueType, depth + 1);
    }
  }

  #length(elementSize: number): number {
    const count = this.i32();
    this.#check(count, elementSize);
    return count;
  }

  #check(count: number, elementSize: number): void {
    if (count < 0 || count * elementSize > this.remaining) throw corruptMessage(`impossible length ${count}`);
  }

  #advance(size: number): number {
    const start = this.#position;
    if (size > this.#bytes.length - start) throw corruptMessage('ends in the middle of a value');
    this.#position = start + size;
    return start;
  }
}

/** A string takes at least its length, a struct its stop byte, a list and a map their headers. */
function smallestSize(wireType: number): number {
  const fixed = fixedSizeOf(wireType);
  if (fixed !== undefined) return fixed;
  if (wireType === WIRE.string) return 4;
  if (wireType === WIRE.list || wireType === WIRE.set) return 5;
  return wireType === WIRE.map ? 6 : 1;
}
