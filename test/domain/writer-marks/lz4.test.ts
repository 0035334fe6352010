import { describe, expect, it } from 'vitest';
import { lz4Decompressed } from '../../../src/domain/writer-marks/lz4.ts';

const textOf = (bytes: readonly number[]): string => lz4Decompressed(Buffer.from(bytes)).toString('latin1');

describe('a block of LZ4', () => {
  it('is literals, and matches in what was read, which may reach into themselves', () => {
    expect(textOf([0x30, 97, 98, 99])).toBe('abc');
    // "ab", then six bytes from two back; then "!" at the end.
    expect(textOf([0x22, 97, 98, 2, 0, 0x10, 33])).toBe('abababab!');
  });

  it('counts on where a length takes more than four bits', () => {
    const long = 15 + 255 + 3;
    expect(textOf([0xf0, 255, 3, ...Array<number>(long).fill(120)])).toBe('x'.repeat(long));
    expect(textOf([0x1f, 120, 1, 0, 255, 0, 0x10, 33])).toBe(`${'x'.repeat(1 + 15 + 255 + 4)}!`);
  });

  it('throws where it is cut', () => {
    expect(() => textOf([0x30, 97])).toThrow(RangeError);
    expect(() => textOf([0x12, 97, 1])).toThrow(RangeError);
  });

  it('throws where it would take all memory', () => {
    expect(() => textOf([0x1f, 120, 1, 0, ...Array<number>(70_000).fill(255), 0])).toThrow(RangeError);
  });
});
