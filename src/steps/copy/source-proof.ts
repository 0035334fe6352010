import { piecesOf, type BlockLayout } from '../../domain/checksum/block-layout.ts';
import { CHUNK_BYTES, crcOf, type Crc } from '../../domain/checksum/crc.ts';
import type { HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { HdfsFileHash } from '../../domain/checksum/hdfs-file-hash.ts';
import type { PartRange } from '../../domain/part-size.ts';
import type { FileRange, KeptSums } from '../../ports/source-file-system.ts';

const crc32c = crcOf('CRC32C');
const NO_CHUNKS = new Uint8Array(0);

export interface PartSums {
  readonly crc32c: number;
  /** Empty where nothing is compared with them. */
  readonly chunkCrcs: Uint8Array;
}

/** Chunk CRCs of a part that was recorded earlier. */
export type RecallChunkCrcs = (partNumber: number) => Uint8Array;

/** Sums up the parts of one file, in any order, into what proves both of its ends. What arrives early is recalled in its turn, not held. */
export class SourceProof {
  readonly #expected: HdfsChecksum | undefined;
  readonly #layout: BlockLayout;
  readonly #recall: RecallChunkCrcs;
  readonly #chunkCrc: Crc;
  readonly #needsChunks: boolean;
  readonly #hash: HdfsFileHash;
  readonly #early = new Map<number, { readonly crc: number; readonly length: number }>();
  #nextPart = 1;
  #summedBytes = 0;
  #crc32c = 0;

  constructor(layout: BlockLayout, expected: HdfsChecksum | undefined, recall: RecallChunkCrcs) {
    this.#layout = layout;
    this.#expected = expected;
    this.#recall = recall;
    this.#needsChunks = expected?.kind === 'md5-of-md5-of-crc';
    // An empty file announces CRC32 whatever the cluster uses; its checksum holds no CRC.
    this.#chunkCrc = this.#needsChunks && layout.sizeBytes > 0 ? crcOf(expected!.crcType) : crc32c;
    this.#hash = new HdfsFileHash(layout, this.#chunkCrc.type);
  }

  /** One pass over the bytes of a part (two for the old CRC32 files, since S3 takes CRC32C): its CRC32C, and the CRCs of its chunks where they are needed. */
  sum(bytes: Uint8Array, offset: number): PartSums {
    const pieces = piecesOf(this.#layout, offset, bytes.length);
    const chunkCrcs = new Uint8Array(chunkBytesOf(pieces));
    let whole = 0;
    let done = 0;
    for (const { start, end } of pieces) {
      const crc = this.#chunkCrc.sumChunks(bytes.subarray(start, end), chunkCrcs.subarray(done));
      whole = pieces.length === 1 ? crc : this.#chunkCrc.combine(whole, crc, end - start);
      done += chunkBytesOf([{ start, end }]);
    }
    return {
      crc32c: this.#chunkCrc === crc32c ? whole : crc32c.sum(bytes),
      chunkCrcs: this.#needsChunks ? chunkCrcs : NO_CHUNKS,
    };
  }

  /**
   * The same without a pass over the bytes, from the CRCs that HDFS keeps of them: only good where somebody else compares the bytes with the
   * result, as S3 does with the CRC32C that a part is sent under. undefined when these CRCs are not those of a CRC32C file with this layout.
   */
  sumOfKept(
    { crcType, chunkCrcs }: Pick<KeptSums, 'crcType' | 'chunkCrcs'>,
    { offset, length }: FileRange,
  ): PartSums | undefined {
    if (!this.#needsChunks || crcType !== 'CRC32C' || this.#chunkCrc !== crc32c) return undefined;
    const pieces = piecesOf(this.#layout, offset, length);
    if (chunkBytesOf(pieces) !== chunkCrcs.length) return undefined;
    let whole = 0;
    let done = 0;
    for (const { start, end } of pieces) {
      const bytes = chunkBytesOf([{ start, end }]);
      const crc = crc32c.joinChunks(chunkCrcs.subarray(done, done + bytes), end - start);
      whole = crc32c.combine(whole, crc, end - start);
      done += bytes;
    }
    return { crc32c: whole, chunkCrcs };
  }

  /** Takes a part into account once. Without `chunkCrcs`, and whenever its turn comes later, they are recalled. */
  add({ partNumber, length }: PartRange, crc: number, chunkCrcs?: Uint8Array): void {
    this.#early.set(partNumber, { crc, length });
    for (let part = this.#early.get(this.#nextPart); part !== undefined; part = this.#early.get(this.#nextPart)) {
      const isThis = this.#nextPart === partNumber;
      if (this.#needsChunks) this.#hash.append((isThis ? chunkCrcs : undefined) ?? this.#recall(this.#nextPart));
      this.#crc32c = crc32c.combine(this.#crc32c, part.crc, part.length);
      this.#summedBytes += part.length;
      this.#early.delete(this.#nextPart++);
    }
  }

  /** CRC32C of the whole file, and whether HDFS agrees with the bytes seen (undefined: it has no say). Throws RangeError when parts are missing. */
  verdict(): { readonly crc32c: number; readonly isSource: boolean | undefined } {
    const { sizeBytes } = this.#layout;
    if (this.#summedBytes !== sizeBytes) throw new RangeError(`${this.#summedBytes} of ${sizeBytes} bytes were summed`);
    return { crc32c: this.#crc32c, isSource: this.#expected && this.#agrees(this.#expected) };
  }

  #agrees(expected: HdfsChecksum): boolean {
    return expected.kind === 'composite-crc' ? expected.crc === this.#crc32c : expected.md5 === this.#hash.digest().md5;
  }
}

/** What the CRCs of the chunks of some pieces take. */
function chunkBytesOf(pieces: readonly { readonly start: number; readonly end: number }[]): number {
  return pieces.reduce((bytes, { start, end }) => bytes + Math.ceil((end - start) / CHUNK_BYTES) * 4, 0);
}
