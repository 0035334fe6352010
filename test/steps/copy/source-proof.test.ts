import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listedLayout } from '../../../src/domain/checksum/block-layout.ts';
import { crcOf } from '../../../src/domain/checksum/crc.ts';
import type { CrcType } from '../../../src/domain/checksum/hdfs-checksum.ts';
import { partRanges } from '../../../src/domain/part-size.ts';
import { SourceProof, type PartSums } from '../../../src/steps/copy/source-proof.ts';
import { plainHdfsMd5 } from '../../domain/checksum/plain-hdfs-md5.ts';

/** Blocks of any size, as appended and concatenated files have them; parts; and an order to take them in. */
const FILES = fc
  .record({
    blockSizes: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 7 }),
    chunksPerPart: fc.integer({ min: 1, max: 9 }),
    crcType: fc.constantFrom<CrcType>('CRC32', 'CRC32C'),
    seed: fc.integer({ min: 0, max: 250 }),
  })
  .chain((file) => {
    const layout = listedLayout(file.blockSizes);
    const bytes = Uint8Array.from({ length: layout.sizeBytes }, (_, i) => (i * 7 + file.seed) & 255);
    const parts = partRanges(layout, file.chunksPerPart * 512);
    const order = fc.shuffledSubarray(parts, { minLength: parts.length, maxLength: parts.length });
    return order.map((ordered) => ({ ...file, bytes, layout, ordered }));
  });

describe('The proof of a file in parts', () => {
  it('is the same in whatever order the parts arrive, of CRC32 files too, from the CRCs that HDFS keeps, and says no to a single other bit', () => {
    fc.assert(
      fc.property(FILES, fc.nat(), ({ blockSizes, bytes, layout, ordered, crcType }, anywhere) => {
        const md5 = plainHdfsMd5(bytes, blockSizes, crcType);
        const expected = { kind: 'md5-of-md5-of-crc', crcType, bytesPerCrc: 512, crcPerBlock: 0, md5 } as const;
        const proven = (content: Uint8Array) => {
          const recorded = new Map<number, PartSums>();
          const proof = new SourceProof(layout, expected, (partNumber) => recorded.get(partNumber)!.chunkCrcs);
          for (const range of ordered) {
            const sums = proof.sum(content.subarray(range.offset, range.offset + range.length), range.offset);
            recorded.set(range.partNumber, sums);
            proof.add(range, sums.crc32c, sums.chunkCrcs);
          }
          return proof.verdict();
        };
        expect(proven(bytes)).toEqual({ crc32c: crcOf('CRC32C').sum(bytes), isSource: true });
        const proof = new SourceProof(layout, expected, () => new Uint8Array());
        for (const range of ordered) {
          const sums = proof.sum(bytes.subarray(range.offset, range.offset + range.length), range.offset);
          const kept = { crcType, chunkCrcs: sums.chunkCrcs };
          expect(proof.sumOfKept(kept, range)).toEqual(crcType === 'CRC32C' ? sums : undefined);
          expect(proof.sumOfKept({ crcType, chunkCrcs: sums.chunkCrcs.subarray(4) }, range)).toBeUndefined();
        }
        const other = Uint8Array.from(bytes);
        other[anywhere % bytes.length]! ^= 1;
        expect(proven(other).isSource).toBe(false);
      }),
    );
  });

  it('is none while a part is missing', () => {
    const layout = listedLayout([1024, 10]);
    const proof = new SourceProof(layout, undefined, () => new Uint8Array());
    const [, second] = partRanges(layout, 512);
    proof.add(second!, 0);
    expect(() => proof.verdict()).toThrow(RangeError);
  });
});
