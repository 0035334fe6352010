import { createHash } from 'node:crypto';
import { CHUNK_BYTES, crcOf } from '../../../src/domain/checksum/crc.ts';
import type { CrcType } from '../../../src/domain/checksum/hdfs-checksum.ts';

/** The checksum of a file as Hadoop writes its rule down: nothing is shared with the code under test but the CRC of a chunk, which has vectors of its own. */
export function plainHdfsMd5(bytes: Uint8Array, blockSizes: readonly number[], crcType: CrcType = 'CRC32C'): string {
  const chunkSum = crcOf(crcType);
  const blockMd5s: Buffer[] = [];
  let start = 0;
  for (const size of blockSizes) {
    const block = bytes.subarray(start, start + size);
    start += size;
    const md5 = createHash('md5');
    for (let chunk = 0; chunk < block.length; chunk += CHUNK_BYTES) {
      const crc = Buffer.alloc(4);
      crc.writeUInt32BE(chunkSum.sum(block.subarray(chunk, chunk + CHUNK_BYTES)));
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

export function regularBlocks(sizeBytes: number, blockSizeBytes: number): number[] {
  const count = Math.ceil(sizeBytes / blockSizeBytes);
  return Array.from({ length: count }, (_, i) => Math.min(blockSizeBytes, sizeBytes - i * blockSizeBytes));
}
