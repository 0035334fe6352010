import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, crcFromBase64, crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';

const crc32c = crcOf('CRC32C');
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Straight from the definition, one bit at a time. */
function bitwiseCrc32c(bytes: Uint8Array): number {
  let c = -1;
  for (const byte of bytes) {
    c ^= byte;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  }
  return ~c >>> 0;
}

describe('CRC', () => {
  it('agrees with the published check values', () => {
    expect(crc32c.sum(bytesOf('123456789'))).toBe(0xe3069283);
    expect(crcOf('CRC32').sum(bytesOf('123456789'))).toBe(0xcbf43926);
    expect(crc32c.sum(bytesOf('bar\n'))).toBe(0xfb1d06c8);
    expect(crc32c.sum(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c.sum(new Uint8Array(0))).toBe(0);
  });

  it('agrees with the definition and with zlib for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
        expect(crc32c.sum(bytes)).toBe(bitwiseCrc32c(bytes));
        expect(crcOf('CRC32').sum(bytes)).toBe(crc32(bytes));
      }),
    );
  });

  it('continues from a previous sum and combines sums, wherever the bytes are cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(2000), (bytes, cut) => {
        const [a, b] = [bytes.subarray(0, cut), bytes.subarray(cut)];
        const whole = crc32c.sum(bytes);
        expect(crc32c.sum(b, crc32c.sum(a))).toBe(whole);
        expect(crc32c.combine(crc32c.sum(a), crc32c.sum(b), b.length)).toBe(whole);
      }),
    );
  });

  it('combines over lengths beyond 32 bits as over the same zeros in steps', () => {
    const step = 2 ** 31;
    const zeros = (length: number, crc: number): number => crc32c.combine(crc, 0, length);
    expect(zeros(3 * step, 0x12345678)).toBe(zeros(step, zeros(step, zeros(step, 0x12345678))));
  });

  it.each(['CRC32C', 'CRC32'] as const)('sums %s chunks and the whole in one pass', (type) => {
    const crc = crcOf(type);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 * CHUNK_BYTES + 7 }), fc.integer(), (length, seed) => {
        const bytes = Uint8Array.from({ length }, (_, i) => (seed ^ (i * 31)) & 255);
        const chunkCrcs = new Uint8Array(Math.ceil(length / CHUNK_BYTES) * 4);
        expect(crc.sumChunks(bytes, chunkCrcs)).toBe(crc.sum(bytes));
        const view = new DataView(chunkCrcs.buffer);
        for (let start = 0; start < length; start += CHUNK_BYTES)
          expect(view.getUint32((start / CHUNK_BYTES) * 4)).toBe(crc.sum(bytes.subarray(start, start + CHUNK_BYTES)));
      }),
    );
  });

  it('writes sums in the base64 that S3 shows', () => {
    expect(crcToBase64(0xfb1d06c8)).toBe('+x0GyA==');
    expect(crcFromBase64('+x0GyA==')).toBe(0xfb1d06c8);
  });
});
