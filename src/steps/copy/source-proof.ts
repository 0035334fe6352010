import type { CrcType, HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { crcOf } from '../../domain/checksum/crc.ts';
import { HdfsFileHash } from '../../domain/checksum/hdfs-file-hash.ts';
import type { Proof } from '../../domain/outcome.ts';
import type { PartRange } from '../../domain/part-size.ts';
import type { SourceFile } from '../../domain/source-file.ts';

export interface SourceVerdict {
  readonly isCorrupt: boolean;
  readonly proof: Proof;
  /** CRC32C of the whole file. */
  readonly crc32c: number;
}

/** Sums up the parts of one file, in any order, into what proves both of its ends. */
export class SourceProof {
  readonly #file: SourceFile;
  readonly #expected: HdfsChecksum | undefined;
  readonly #chunkType: CrcType;
  readonly #hash: HdfsFileHash;
  readonly #partCrcs = new Map<number, { crc32c: number; length: number }>();

  constructor(file: SourceFile, expected: HdfsChecksum | undefined) {
    this.#file = file;
    this.#expected = expected;
    // An empty file announces CRC32 whatever the cluster uses; its checksum holds no CRC.
    this.#chunkType = expected?.kind === 'md5-of-md5-of-crc' && expected.bytesPerCrc > 0 ? expected.crcType : 'CRC32C';
    this.#hash = new HdfsFileHash(
      { sizeBytes: file.sizeBytes, blockSizeBytes: file.blockSizeBytes > 0 ? file.blockSizeBytes : 512 },
      this.#chunkType,
    );
  }

  /** One pass over the bytes of a part (two for the old CRC32 files, since S3 takes CRC32C). Returns the part's CRC32C and the chunk CRCs to keep. */
  sum(bytes: Uint8Array): { crc32c: number; chunkCrcs: Uint8Array } {
    const chunkCrcs = new Uint8Array(Math.ceil(bytes.length / 512) * 4);
    const crc = crcOf(this.#chunkType).sumChunks(bytes, chunkCrcs);
    return { crc32c: this.#chunkType === 'CRC32C' ? crc : crcOf('CRC32C').sum(bytes), chunkCrcs };
  }

  add(range: PartRange, crc32c: number, chunkCrcs: Uint8Array): void {
    this.#partCrcs.set(range.partNumber, { crc32c, length: range.length });
    this.#hash.add(range.offset, chunkCrcs);
  }

  /** Throws RangeError when parts are missing. */
  verdict(): SourceVerdict {
    const crc32c = this.#wholeCrc();
    if (this.#expected === undefined) return { isCorrupt: false, proof: 'target-only', crc32c };
    return { isCorrupt: !this.#agrees(this.#expected, crc32c), proof: 'end-to-end', crc32c };
  }

  #agrees(expected: HdfsChecksum, crc32c: number): boolean {
    // A composite CRC32 cannot be had from CRC32C sums; copyFile treats such files as without checksum.
    if (expected.kind === 'composite-crc') return expected.crc === crc32c;
    return expected.md5 === this.#hash.digest().md5;
  }

  #wholeCrc(): number {
    let crc = 0;
    let length = 0;
    for (let partNumber = 1; partNumber <= this.#partCrcs.size; partNumber++) {
      const part = this.#partCrcs.get(partNumber);
      if (part === undefined) throw new RangeError(`Part ${partNumber} of ${this.#file.path} is missing`);
      crc = crcOf('CRC32C').combine(crc, part.crc32c, part.length);
      length += part.length;
    }
    if (length !== this.#file.sizeBytes)
      throw new RangeError(`${length} of ${this.#file.sizeBytes} bytes of ${this.#file.path} were summed`);
    return crc;
  }
}
