import type { CrcType } from './hdfs-checksum.ts';

/** Bytes covered by one CRC in HDFS (`dfs.bytes-per-checksum`). */
export const CHUNK_BYTES = 512;

/** Reflected polynomials (RFC 3720 for CRC32C, ISO 3309 for CRC32). */
const POLYNOMIALS: Readonly<Record<CrcType, number>> = { CRC32C: 0x82f63b78, CRC32: 0xedb88320 };

/** One CRC of the reflected kind: sums over bytes, and joins of sums over neighbouring bytes. All sums are unsigned 32 bits. */
export interface Crc {
  readonly type: CrcType;
  /** CRC of `bytes` appended to bytes whose CRC is `previous` (0 for none). */
  sum(bytes: Uint8Array, previous?: number): number;
  /**
   * One pass over `bytes`: writes the CRC of each 512-byte chunk (the last may be short) into `chunkCrcs`, 4 bytes big-endian each, as HDFS keeps them.
   * Returns the CRC of all bytes. `chunkCrcs` must hold 4 bytes per chunk.
   */
  sumChunks(bytes: Uint8Array, chunkCrcs: Uint8Array): number;
  /** CRC of the `lengthBytes` bytes whose chunks have these CRCs, 4 bytes big-endian each: the bytes themselves are not needed. */
  joinChunks(chunkCrcs: Uint8Array, lengthBytes: number): number;
  /** CRC of A followed by B, from their CRCs and the length of B: crc(A) · x^(8·|B|) mod P, xor crc(B). */
  combine(crcA: number, crcB: number, lengthB: number): number;
}

const cache = new Map<CrcType, Crc>();

export function crcOf(type: CrcType): Crc {
  let crc = cache.get(type);
  if (crc === undefined) cache.set(type, (crc = createCrc(type)));
  return crc;
}

/** Big-endian bytes of a CRC in base64, as S3 shows checksums. */
export function crcToBase64(crc: number): string {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

export function crcFromBase64(text: string): number {
  return Buffer.from(text, 'base64').readUInt32BE();
}

function createCrc(type: CrcType): Crc {
  const polynomial = POLYNOMIALS[type];
  const tables = slicingTables(polynomial);
  const chunkStep = shiftTables(polynomial, CHUNK_BYTES);
  const combine = (crcA: number, crcB: number, lengthB: number): number =>
    (multiply(polynomial, crcA, xToThe(polynomial, lengthB)) ^ crcB) >>> 0;
  return {
    type,
    sum: (bytes, previous = 0) => (sumRange(tables, bytes, { start: 0, end: bytes.length }, ~previous) ^ -1) >>> 0,
    sumChunks: (bytes, chunkCrcs) => {
      const wholeBytes = bytes.length - (bytes.length % CHUNK_BYTES);
      const crc = sumWholeChunks(tables, chunkStep, bytes.subarray(0, wholeBytes), chunkCrcs);
      if (wholeBytes === bytes.length) return crc;
      const last = (sumRange(tables, bytes, { start: wholeBytes, end: bytes.length }, -1) ^ -1) >>> 0;
      writeBigEndian(chunkCrcs, (wholeBytes / CHUNK_BYTES) * 4, last);
      return combine(crc, last, bytes.length - wholeBytes);
    },
    joinChunks: (chunkCrcs, lengthBytes) => {
      const wholeChunks = Math.floor(lengthBytes / CHUNK_BYTES);
      const crcs = new DataView(chunkCrcs.buffer, chunkCrcs.byteOffset, chunkCrcs.byteLength);
      const total = joinWholeChunks(chunkStep, crcs, wholeChunks);
      const rest = lengthBytes % CHUNK_BYTES;
      return rest === 0 ? total >>> 0 : combine(total >>> 0, crcs.getUint32(wholeChunks * 4), rest);
    },
    combine,
  };
}

function shift(step: Int32Array, crc: number): number {
  return (
    step[crc & 255]! ^ step[256 + ((crc >>> 8) & 255)]! ^ step[512 + ((crc >>> 16) & 255)]! ^ step[768 + (crc >>> 24)]!
  );
}

/** Only the loop: with what follows it, V8 took back what it had compiled at each call (measured: 20 times for 1.5 GB). */
function joinWholeChunks(step: Int32Array, crcs: DataView, chunks: number): number {
  let total = 0;
  for (let chunk = 0; chunk < chunks; chunk++) total = shift(step, total) ^ crcs.getInt32(chunk * 4);
  return total;
}

/**
 * Whole chunks in one loop nest with everything local: called per chunk as a function, the same code costs about twice as much.
 * Slicing-by-16 (Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC Generators").
 */
function sumWholeChunks(tables: Int32Array, chunkStep: Int32Array, bytes: Uint8Array, chunkCrcs: Uint8Array): number {
  const t = tables;
  const b = bytes;
  let total = 0;
  let out = 0;
  for (let start = 0; start < b.length; start += CHUNK_BYTES) {
    let c = -1;
    for (let i = start, end = start + CHUNK_BYTES; i < end; i += 16) {
      c ^= b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
      c =
        t[3840 + (c & 255)]! ^
        t[3584 + ((c >>> 8) & 255)]! ^
        t[3328 + ((c >>> 16) & 255)]! ^
        t[3072 + (c >>> 24)]! ^
        t[2816 + b[i + 4]!]! ^
        t[2560 + b[i + 5]!]! ^
        t[2304 + b[i + 6]!]! ^
        t[2048 + b[i + 7]!]! ^
        t[1792 + b[i + 8]!]! ^
        t[1536 + b[i + 9]!]! ^
        t[1280 + b[i + 10]!]! ^
        t[1024 + b[i + 11]!]! ^
        t[768 + b[i + 12]!]! ^
        t[512 + b[i + 13]!]! ^
        t[256 + b[i + 14]!]! ^
        t[b[i + 15]!]!;
    }
    c = ~c;
    chunkCrcs[out] = c >>> 24;
    chunkCrcs[out + 1] = c >>> 16;
    chunkCrcs[out + 2] = c >>> 8;
    chunkCrcs[out + 3] = c;
    out += 4;
    total =
      chunkStep[total & 255]! ^
      chunkStep[256 + ((total >>> 8) & 255)]! ^
      chunkStep[512 + ((total >>> 16) & 255)]! ^
      chunkStep[768 + (total >>> 24)]! ^
      c;
  }
  return total >>> 0;
}

function sumRange(t: Int32Array, b: Uint8Array, range: { start: number; end: number }, state: number): number {
  let c = state;
  let i = range.start;
  for (const wholeEnd = range.end - 7; i < wholeEnd; i += 8) {
    c ^= b[i]! | (b[i + 1]! << 8) | (b[i + 2]! << 16) | (b[i + 3]! << 24);
    c =
      t[1792 + (c & 255)]! ^
      t[1536 + ((c >>> 8) & 255)]! ^
      t[1280 + ((c >>> 16) & 255)]! ^
      t[1024 + (c >>> 24)]! ^
      t[768 + b[i + 4]!]! ^
      t[512 + b[i + 5]!]! ^
      t[256 + b[i + 6]!]! ^
      t[b[i + 7]!]!;
  }
  for (; i < range.end; i++) c = (c >>> 8) ^ t[(c ^ b[i]!) & 255]!;
  return c;
}

/** 16 tables of 256 entries; table k advances a byte that is followed by k zero bytes. */
function slicingTables(polynomial: number): Int32Array {
  const tables = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let c = byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1;
    tables[byte] = c;
  }
  for (let i = 256; i < tables.length; i++) tables[i] = (tables[i - 256]! >>> 8) ^ tables[tables[i - 256]! & 255]!;
  return tables;
}

/** Four tables that multiply a CRC by x^(8·length): four look-ups instead of a polynomial product. */
function shiftTables(polynomial: number, lengthBytes: number): Int32Array {
  const factor = xToThe(polynomial, lengthBytes);
  const tables = new Int32Array(4 * 256);
  for (let byte = 0; byte < 4; byte++)
    for (let value = 0; value < 256; value++)
      tables[byte * 256 + value] = multiply(polynomial, (value << (8 * byte)) >>> 0, factor);
  return tables;
}

/** a · b mod P over GF(2), reflected: bit 31 is x^0. */
function multiply(polynomial: number, a: number, b: number): number {
  let product = 0;
  let power = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= power;
    power = power & 1 ? (power >>> 1) ^ polynomial : power >>> 1;
  }
  return product >>> 0;
}

/** x^(8·length) mod P by squaring. Lengths may exceed 32 bits. */
function xToThe(polynomial: number, lengthBytes: number): number {
  let result = 0x80000000;
  let square = 0x00800000; // x^8
  for (let rest = lengthBytes; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = multiply(polynomial, result, square);
    square = multiply(polynomial, square, square);
  }
  return result;
}

function writeBigEndian(bytes: Uint8Array, offset: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(offset, value);
}
