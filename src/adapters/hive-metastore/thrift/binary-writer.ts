import { WIRE } from './wire.ts';

/** Writes Thrift's binary protocol into a buffer that grows. */
export class BinaryWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #size = 0;

  byte(value: number): void {
    const start = this.#grow(1);
    this.#bytes.writeInt8(value, start);
  }

  i16(value: number): void {
    const start = this.#grow(2);
    this.#bytes.writeInt16BE(value, start);
  }

  i32(value: number): void {
    const start = this.#grow(4);
    this.#bytes.writeInt32BE(value, start);
  }

  i64(value: bigint): void {
    const start = this.#grow(8);
    this.#bytes.writeBigInt64BE(value, start);
  }

  double(value: number): void {
    const start = this.#grow(8);
    this.#bytes.writeDoubleBE(value, start);
  }

  /** Throws RangeError for text that UTF-8 cannot hold (a lone surrogate): it would arrive as another text. */
  string(text: string): void {
    if (!text.isWellFormed()) throw new RangeError('text with a lone surrogate cannot be sent');
    const size = Buffer.byteLength(text);
    this.i32(size);
    const start = this.#grow(size);
    this.#bytes.write(text, start, 'utf8');
  }

  binary(bytes: Uint8Array): void {
    this.i32(bytes.length);
    const start = this.#grow(bytes.length);
    this.#bytes.set(bytes, start);
  }

  listHeader(elementType: number, count: number): void {
    this.byte(elementType);
    this.i32(count);
  }

  mapHeader(keyType: number, valueType: number, count: number): void {
    this.byte(keyType);
    this.listHeader(valueType, count);
  }

  fieldHeader(wireType: number, id: number): void {
    this.byte(wireType);
    this.i16(id);
  }

  endOfFields(): void {
    this.byte(WIRE.stop);
  }

  /** What was written so far; valid until the next write. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  /** Where to write; may replace the buffer, so it must come before any use of it. */
  #grow(size: number): number {
    const start = this.#size;
    this.#size += size;
    if (this.#size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#size, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, start);
      this.#bytes = larger;
    }
    return start;
  }
}
