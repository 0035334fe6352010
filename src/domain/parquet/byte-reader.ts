const MORE = 0x80;

/** Reads on from an offset, and throws a RangeError where the bytes end before what is asked for. */
export class ByteReader {
  readonly bytes: Uint8Array;
  offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes;
    this.offset = offset;
  }

  byte(): number {
    const byte = this.bytes[this.offset];
    if (byte === undefined) throw new RangeError(`there is no byte ${this.offset} of ${this.bytes.length}`);
    this.offset += 1;
    return byte;
  }

  /** A view, not a copy. */
  take(length: number): Uint8Array {
    const end = this.offset + length;
    if (!(length >= 0) || end > this.bytes.length) {
      throw new RangeError(`${length} bytes from ${this.offset} are not within ${this.bytes.length}`);
    }
    const taken = this.bytes.subarray(this.offset, end);
    this.offset = end;
    return taken;
  }

  rest(): Uint8Array {
    return this.take(this.bytes.length - this.offset);
  }

  /** Four bytes, the lowest first. */
  uint32(): number {
    const [a, b, c, d] = this.take(4) as unknown as [number, number, number, number];
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }

  /** Unsigned LEB128, of numbers that a JavaScript number holds exactly. */
  varint(): number {
    let value = 0;
    let unit = 1;
    for (let more = true; more; unit *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * unit;
      more = (byte & MORE) !== 0;
      if (value > Number.MAX_SAFE_INTEGER || unit > Number.MAX_SAFE_INTEGER)
        throw new RangeError('a number is too large');
    }
    return value;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  skipVarint(): void {
    while ((this.byte() & MORE) !== 0);
  }
}
