import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK_BYTES, crcOf } from '../../../src/domain/checksum/crc.ts';
import { HdfsFileHash } from '../../../src/domain/checksum/hdfs-file-hash.ts';
import { formatHdfsChecksum } from '../../../src/domain/checksum/hdfs-checksum.ts';

const crc32c = crcOf('CRC32C');

/** The rule as Hadoop writes it down, without sharing a line with the code under test. */
function straightforward(bytes: Uint8Array, blockSizeBytes: number): string {
  const blockMd5s: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += blockSizeBytes) {
    const block = bytes.subarray(start, start + blockSizeBytes);
    const md5 = createHash('md5');
    for (let chunk = 0; chunk < block.length; chunk += CHUNK_BYTES) {
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(crc32c.sum(block.subarray(chunk, chunk + CHUNK_BYTES)));
      md5.update(crc);
    }
    blockMd5s.push(md5.digest());
  }
  const md5s = Buffer.concat(blockMd5s);
  const capacity = Math.max(32, 2 ** Math.ceil(Math.log2(Math.max(1, md5s.length))));
  return createHash('md5')
    .update(Buffer.concat([md5s], capacity))
    .digest('hex');
}

function chunkCrcs(bytes: Uint8Array): Uint8Array {
  const crcs = new Uint8Array(Math.ceil(bytes.length / CHUNK_BYTES) * 4);
  crc32c.sumChunks(bytes, crcs);
  return crcs;
}

describe('HDFS file checksum', () => {
  it('gives what HDFS gives for "bar" and a newline', () => {
    const bytes = Buffer.from('bar\n');
    const hash = new HdfsFileHash({ sizeBytes: 4, blockSizeBytes: 1024 }, 'CRC32C');
    hash.add(0, chunkCrcs(bytes));
    expect(formatHdfsChecksum(hash.digest())).toBe('MD5-of-0MD5-of-512CRC32C:27c076e4987344253650d3335a5d08ce');
  });

  it('gives what HDFS gives for an empty file', () => {
    const hash = new HdfsFileHash({ sizeBytes: 0, blockSizeBytes: 1024 }, 'CRC32C');
    expect(formatHdfsChecksum(hash.digest())).toBe('MD5-of-0MD5-of-0CRC32:70bc8f4b72a86921468bf8e8441dce51');
  });

  it('does not depend on the size or the order of the parts', () => {
    const file = fc.record({
      size: fc.integer({ min: 1, max: 40_000 }),
      chunksPerBlock: fc.integer({ min: 1, max: 20 }),
      chunksPerPart: fc.integer({ min: 1, max: 30 }),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(file, ({ size, chunksPerBlock, chunksPerPart, seed }) => {
        const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + seed) & 255);
        const blockSizeBytes = chunksPerBlock * CHUNK_BYTES;
        const partBytes = chunksPerPart * CHUNK_BYTES;
        const offsets = Array.from({ length: Math.ceil(size / partBytes) }, (_, i) => i * partBytes);
        const hash = new HdfsFileHash({ sizeBytes: size, blockSizeBytes }, 'CRC32C');
        for (const offset of offsets.toSorted((a, b) => ((a * 31 + seed) % 17) - ((b * 31 + seed) % 17)))
          hash.add(offset, chunkCrcs(bytes.subarray(offset, offset + partBytes)));
        const digest = hash.digest();
        expect(digest.md5).toBe(straightforward(bytes, blockSizeBytes));
        expect(digest.crcPerBlock).toBe(size > blockSizeBytes ? chunksPerBlock : 0);
      }),
    );
  });

  it('refuses to give a checksum while chunks are missing', () => {
    const hash = new HdfsFileHash({ sizeBytes: 2048, blockSizeBytes: 1024 }, 'CRC32C');
    hash.add(1024, new Uint8Array(8));
    expect(() => hash.digest()).toThrow(/from byte 0 on are missing/);
  });
});
