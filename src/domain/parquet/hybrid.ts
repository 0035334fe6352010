import { ByteReader } from './byte-reader.ts';

/** What holds levels (of up to 255) or indexes into a dictionary. */
export type Numbers = Uint8Array | Uint32Array;

/** More bits than any dictionary that is used needs; hyparquet-writer writes up to as many. */
const MOST_BITS = 24;

/** Bits of each number of the hybrid where `most` is the largest of them. */
export function bitWidth(most: number): number {
  return 32 - Math.clz32(most);
}

/**
 * Fills `into` from the RLE and bit-packed hybrid of Parquet, of numbers of `width` bits. Throws a RangeError where they end too early; what follows them
 * is let be, since some writers end with an empty run.
 */
export function readHybrid(bytes: Uint8Array, width: number, into: Numbers): void {
  if (width > MOST_BITS) throw new RangeError(`numbers of ${width} bits`);
  const reader = new ByteReader(bytes);
  for (let seen = 0; seen < into.length;) {
    const header = reader.varint();
    const isPacked = header % 2 === 1;
    const count = Math.floor(header / 2) * (isPacked ? 8 : 1);
    const target = into.subarray(seen, seen + count);
    if (isPacked) unpack(runOf(reader, count * width), width, target);
    else target.fill(littleEndian(reader.take((width + 7) >> 3)));
    seen += count;
  }
}

/** The last run need not be as long as it says. */
function runOf(reader: ByteReader, bits: number): Uint8Array {
  return reader.take(Math.min(bits / 8, reader.bytes.length - reader.offset));
}

/** Each number from the lowest bit on, of bytes the first first. */
function unpack(bytes: Uint8Array, width: number, into: Numbers): void {
  if (bytes.length * 8 < into.length * width)
    throw new RangeError(`${into.length} numbers are not in ${bytes.length} bytes`);
  const mask = (1 << width) - 1;
  let held = 0;
  let bits = 0;
  let next = 0;
  for (let at = 0; at < into.length; at += 1) {
    for (; bits < width; bits += 8, next += 1) held |= bytes[next]! << bits;
    into[at] = held & mask;
    held >>>= width;
    bits -= width;
  }
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
}
