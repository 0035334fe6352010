import { createHash, type Hash } from 'node:crypto';
import { CHUNK_BYTES } from './crc.ts';
import type { CrcType, Md5Md5CrcChecksum } from './hdfs-checksum.ts';

const CRC_BYTES = 4;
/** Hadoop's DataOutputBuffer starts at 32 bytes and doubles; the file MD5 covers its capacity, zeros included (FileChecksumHelper). */
const SMALLEST_BUFFER_BYTES = 32;

/**
 * HDFS file checksum (MD5 of the blocks' MD5s of their chunk CRCs) from chunk CRCs that arrive in any order.
 * Holds only what arrived early: in order, nothing is kept.
 */
export class HdfsFileHash {
  readonly #blockSizeBytes: number;
  readonly #sizeBytes: number;
  readonly #crcType: CrcType;
  readonly #early = new Map<number, Uint8Array>();
  readonly #blockMd5s: Buffer[] = [];
  #block: Hash = createHash('md5');
  #offset = 0;

  /** `blockSizeBytes` must be a multiple of 512, as HDFS demands. */
  constructor(file: { readonly sizeBytes: number; readonly blockSizeBytes: number }, crcType: CrcType) {
    if (file.blockSizeBytes <= 0 || file.blockSizeBytes % CHUNK_BYTES !== 0)
      throw new RangeError(`A block of ${file.blockSizeBytes} bytes is no multiple of ${CHUNK_BYTES}`);
    this.#sizeBytes = file.sizeBytes;
    this.#blockSizeBytes = file.blockSizeBytes;
    this.#crcType = crcType;
  }

  /** CRCs of the chunks from `offset` (a multiple of 512) on, 4 bytes big-endian each. Kept until what lies before has arrived. */
  add(offset: number, chunkCrcs: Uint8Array): void {
    this.#early.set(offset, chunkCrcs);
    for (let next = this.#early.get(this.#offset); next !== undefined; next = this.#early.get(this.#offset)) {
      this.#early.delete(this.#offset);
      this.#append(next);
    }
  }

  /** Throws RangeError when chunks are missing. */
  digest(): Md5Md5CrcChecksum {
    if (this.#offset < this.#sizeBytes) throw new RangeError(`The chunk CRCs from byte ${this.#offset} on are missing`);
    const blockCount = this.#blockMd5s.length + (this.#isInsideBlock() ? 1 : 0);
    const md5s = this.#isInsideBlock() ? [...this.#blockMd5s, this.#block.copy().digest()] : this.#blockMd5s;
    return {
      kind: 'md5-of-md5-of-crc',
      // An empty file has no block to take the type from, and Hadoop falls back to CRC32 (HDFS-4090).
      crcType: this.#sizeBytes === 0 ? 'CRC32' : this.#crcType,
      bytesPerCrc: this.#sizeBytes === 0 ? 0 : CHUNK_BYTES,
      crcPerBlock: blockCount > 1 ? this.#blockSizeBytes / CHUNK_BYTES : 0,
      md5: createHash('md5')
        .update(padded(Buffer.concat(md5s)))
        .digest('hex'),
    };
  }

  #isInsideBlock(): boolean {
    return this.#sizeBytes % this.#blockSizeBytes !== 0;
  }

  #append(chunkCrcs: Uint8Array): void {
    for (let done = 0; done < chunkCrcs.length;) {
      const chunksToBlockEnd = (this.#blockSizeBytes - (this.#offset % this.#blockSizeBytes)) / CHUNK_BYTES;
      const slice = chunkCrcs.subarray(done, done + chunksToBlockEnd * CRC_BYTES);
      this.#block.update(slice);
      done += slice.length;
      this.#offset = Math.min(this.#sizeBytes, this.#offset + (slice.length / CRC_BYTES) * CHUNK_BYTES);
      if (this.#offset % this.#blockSizeBytes === 0) this.#closeBlock();
    }
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
