import { createHash, type Hash } from 'node:crypto';
import type { BlockLayout } from './block-layout.ts';
import { CHUNK_BYTES } from './crc.ts';
import type { CrcType, Md5Md5CrcChecksum } from './hdfs-checksum.ts';

const CRC_BYTES = 4;
/** Hadoop's DataOutputBuffer starts at 32 bytes and doubles; the file MD5 covers its capacity, zeros included (FileChecksumHelper). */
const SMALLEST_BUFFER_BYTES = 32;

/** HDFS file checksum (MD5 of the blocks' MD5s of their chunk CRCs), fed in the order of the file. Holds 16 bytes per block. */
export class HdfsFileHash {
  readonly #layout: BlockLayout;
  readonly #crcType: CrcType;
  readonly #blockMd5s: Buffer[] = [];
  #block: Hash = createHash('md5');
  #offset = 0;

  constructor(layout: BlockLayout, crcType: CrcType) {
    this.#layout = layout;
    this.#crcType = crcType;
  }

  /** CRCs of the chunks that follow, 4 bytes big-endian each. */
  append(chunkCrcs: Uint8Array): void {
    for (let done = 0; done < chunkCrcs.length;) {
      if (this.#offset >= this.#layout.sizeBytes) throw new RangeError('There are more chunk CRCs than chunks');
      const blockEnd = this.#layout.endOf(this.#offset);
      const chunksToBlockEnd = Math.ceil((blockEnd - this.#offset) / CHUNK_BYTES);
      const slice = chunkCrcs.subarray(done, done + chunksToBlockEnd * CRC_BYTES);
      this.#block.update(slice);
      done += slice.length;
      this.#offset = Math.min(blockEnd, this.#offset + (slice.length / CRC_BYTES) * CHUNK_BYTES);
      if (this.#offset === blockEnd) this.#closeBlock();
    }
  }

  /** Throws RangeError when chunks are missing. */
  digest(): Md5Md5CrcChecksum {
    const { sizeBytes, blockCount, firstBlockBytes } = this.#layout;
    if (this.#offset < sizeBytes) throw new RangeError(`The chunk CRCs from byte ${this.#offset} on are missing`);
    return {
      kind: 'md5-of-md5-of-crc',
      // An empty file has no block to take the type from, and Hadoop falls back to CRC32 (HDFS-4090).
      crcType: sizeBytes === 0 ? 'CRC32' : this.#crcType,
      bytesPerCrc: sizeBytes === 0 ? 0 : CHUNK_BYTES,
      crcPerBlock: blockCount > 1 ? Math.ceil(firstBlockBytes / CHUNK_BYTES) : 0,
      md5: createHash('md5')
        .update(padded(Buffer.concat(this.#blockMd5s)))
        .digest('hex'),
    };
  }

  #closeBlock(): void {
    this.#blockMd5s.push(this.#block.digest());
    this.#block = createHash('md5');
  }
}

function padded(md5s: Buffer): Buffer {
  let capacity = SMALLEST_BUFFER_BYTES;
  while (capacity < md5s.length) capacity *= 2;
  return Buffer.concat([md5s, Buffer.alloc(capacity - md5s.length)]);
}
