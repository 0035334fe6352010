import { WIRE } from './wire.ts';

/** Writes Thrift's binary protocol into a buffer that grows. */
export class BinaryWriter {
  #bytes = Buffer.allocUnsafe(1024);
  #size = 0;

  byte(value: number): void {
    this.#bytes.writeInt8(value, this.#grow(1));
  }

  i16(value: number): void {
    this.#bytes.writeInt16BE(value, this.#grow(2));
  }

  i32(value: number): void {
    this.#bytes.writeInt32BE(value, this.#grow(4));
  }

  i64(value: bigint): void {
    this.#bytes.writeBigInt64BE(value, this.#grow(8));
  }

  double(value: number): void {
    this.#bytes.writeDoubleBE(value, this.#grow(8));
  }

  /** Throws RangeError for text that UTF-8 cannot hold (a lone surrogate): it would arrive as another text. */
  string(text: string): void {
    if (!text.isWellFormed()) throw new RangeError('text with a lone surrogate cannot be sent');
    const size = Buffer.byteLength(text);
    this.i32(size);
    this.#bytes.write(text, this.#grow(size), 'utf8');
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
