import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, crcOf } from '../../../src/domain/checksum/crc.ts';
import { listedLayout, piecesOf, regularLayout, type BlockLayout } from '../../../src/domain/checksum/block-layout.ts';
import { HdfsFileHash } from '../../../src/domain/checksum/hdfs-file-hash.ts';
import { partRanges } from '../../../src/domain/part-size.ts';
import { formatHdfsChecksum } from '../../../src/domain/checksum/hdfs-checksum.ts';
import { plainHdfsMd5, regularBlocks } from './plain-hdfs-md5.ts';

const crc32c = crcOf('CRC32C');

function chunkCrcs(bytes: Uint8Array): Uint8Array {
  const crcs = new Uint8Array(Math.ceil(bytes.length / CHUNK_BYTES) * 4);
  crc32c.sumChunks(bytes, crcs);
  return crcs;
}

/** Fed part by part, each part cut where the layout wants it. */
function hashOf(bytes: Uint8Array, layout: BlockLayout, partBytes: number): HdfsFileHash {
  const hash = new HdfsFileHash(layout, 'CRC32C');
  for (const { offset, length } of partRanges(layout, partBytes))
    for (const { start, end } of piecesOf(layout, offset, length))
      hash.append(chunkCrcs(bytes.subarray(offset + start, offset + end)));
  return hash;
}

const bytesOf = (size: number, seed: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (i * 7 + seed + (i >> 8)) & 255);

describe('HDFS file checksum', () => {
  it('gives what HDFS gives for "bar" and a newline', () => {
    const hash = hashOf(Buffer.from('bar\n'), regularLayout(4, 1024), 512);
    expect(formatHdfsChecksum(hash.digest())).toBe('MD5-of-0MD5-of-512CRC32C:27c076e4987344253650d3335a5d08ce');
  });

  it('gives what HDFS gives for an empty file', () => {
    const hash = new HdfsFileHash(regularLayout(0, 1024), 'CRC32C');
    expect(formatHdfsChecksum(hash.digest())).toBe('MD5-of-0MD5-of-0CRC32:70bc8f4b72a86921468bf8e8441dce51');
  });

  it('does not depend on the size of the parts', () => {
    const file = fc.record({
      size: fc.integer({ min: 1, max: 40_000 }),
      chunksPerBlock: fc.integer({ min: 1, max: 20 }),
      chunksPerPart: fc.integer({ min: 1, max: 30 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(file, ({ size, chunksPerBlock, chunksPerPart, seed }) => {
        const bytes = bytesOf(size, seed);
        const blockSizeBytes = chunksPerBlock * CHUNK_BYTES;
        const digest = hashOf(bytes, regularLayout(size, blockSizeBytes), chunksPerPart * CHUNK_BYTES).digest();
        expect(digest.md5).toBe(plainHdfsMd5(bytes, regularBlocks(size, blockSizeBytes)));
        expect(digest.crcPerBlock).toBe(size > blockSizeBytes ? chunksPerBlock : 0);
      }),
    );
  });

  it('follows blocks of any sizes, as a concat or an append leaves them', () => {
    const blocks = fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(blocks, fc.integer({ min: 512, max: 5000 }), fc.integer(), (sizes, partBytes, seed) => {
        const bytes = bytesOf(
          sizes.reduce((sum, size) => sum + size, 0),
          seed,
        );
        const digest = hashOf(bytes, listedLayout(sizes), partBytes).digest();
        expect(digest.md5).toBe(plainHdfsMd5(bytes, sizes));
        expect(digest.crcPerBlock).toBe(sizes.length > 1 ? Math.ceil(sizes[0]! / CHUNK_BYTES) : 0);
      }),
    );
  });

  it('knows a regular layout by its blocks', () => {
    const isRegular = (...sizes: number[]): boolean => listedLayout(sizes).isRegular;
    expect([isRegular(), isRegular(7), isRegular(512, 512, 9), isRegular(1024, 1024)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([isRegular(512, 513), isRegular(512, 511, 512), isRegular(513, 513, 1)]).toEqual([false, false, false]);
  });

  it('refuses to give a checksum while chunks are missing, and to take more than there are', () => {
    const hash = new HdfsFileHash(regularLayout(2048, 1024), 'CRC32C');
    hash.append(new Uint8Array(8));
    expect(() => hash.digest()).toThrow(/from byte 1024 on are missing/);
    expect(() => hash.append(new Uint8Array(12))).toThrow(/more chunk CRCs than chunks/);
  });
});
