import fc from 'fast-check';
import { expect, it } from 'vitest';
import { regularLayout } from '../../src/domain/checksum/block-layout.ts';
import { partRanges, partSizeOf } from '../../src/domain/part-size.ts';

const MIB = 1024 ** 2;
const TIB = 1024 ** 4;

it('cuts files of any size that S3 takes into at most 10,000 parts of whole chunks, the wished ones where they do', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.integer({ min: 1, max: 5 * TIB }), fc.integer({ min: 150_000 * MIB, max: 170_000 * MIB })),
      fc.integer({ min: 1, max: 64 * MIB }),
      (sizeBytes, wishedBytes) => {
        const partSizeBytes = partSizeOf(sizeBytes, wishedBytes);
        const ranges = partRanges(regularLayout(sizeBytes, 128 * MIB), partSizeBytes);
        expect(ranges.length).toBeLessThanOrEqual(10_000);
        expect(ranges.slice(0, -1).every(({ length }) => length >= 5 * MIB && length % 512 === 0)).toBe(true);
        expect(partSizeBytes).toBeLessThanOrEqual(5 * 1024 * MIB);
        expect(ranges.reduce((sum, { length }) => sum + length, 0)).toBe(sizeBytes);
        if (sizeBytes <= 10_000 * Math.max(wishedBytes, 5 * MIB))
          expect(partSizeBytes - wishedBytes).toBeLessThan(Math.max(5 * MIB - wishedBytes + 1, MIB));
      },
    ),
    { numRuns: 60 },
  );
});

it('takes larger parts from 160,000 MiB on, where 16 MiB are wished', () => {
  expect(partSizeOf(160_000 * MIB, 16 * MIB)).toBe(16 * MIB);
  expect(partSizeOf(160_000 * MIB + 1, 16 * MIB)).toBe(17 * MIB);
});
