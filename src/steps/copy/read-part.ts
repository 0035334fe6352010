import { CHUNK_BYTES, crcOf } from '../../domain/checksum/crc.ts';
import type { FileItem } from '../../domain/plan.ts';
import type { FileRange, KeptSums } from '../../ports/source-file-system.ts';
import type { CopyContext } from './copy-context.ts';
import { READ_ATTEMPTS, readRange } from './source-calls.ts';
import type { PartSums, SourceProof } from './source-proof.ts';

/** Bytes in memory, and what they are to be compared with. */
export interface Part {
  readonly range: FileRange;
  readonly body: Uint8Array;
  readonly proof: SourceProof;
}

export interface Summed extends PartSums {
  /** Where the sums are those that HDFS keeps: the store is the first to compare them with the bytes. */
  readonly relied?: KeptSums;
}

/** Reads a range and sums it up; where HDFS keeps other sums than its bytes give, another replica is read. The last reading counts. */
export async function readPart(item: FileItem, part: Part, context: CopyContext): Promise<Summed> {
  for (let attempt = 1; ; attempt++) {
    const kept = await readRange(item, context, part.range, part.body);
    const sums = await sumUp(item, part, kept, context);
    if (kept === undefined || sums.relied !== undefined || attempt === READ_ATTEMPTS) return sums;
    if (agree(kept, sums, part.body)) return sums;
    kept.distrust();
  }
}

/**
 * The CRC32C of a part and of its chunks. Where HDFS sent those that it keeps on its disks, they are joined into that of the part, and no byte is summed:
 * the store refuses the part unless it receives bytes of that very CRC32C. Where the store does not compare, or HDFS keeps others, by a pass over the bytes.
 */
export async function sumUp(
  item: FileItem,
  { range, body, proof }: Part,
  kept: KeptSums | undefined,
  context: CopyContext,
): Promise<Summed> {
  const joined = kept === undefined ? undefined : proof.sumOfKept(kept, range);
  if (joined !== undefined && (await context.storeCompares(item.target))) return { ...joined, relied: kept! };
  return proof.sum(body, range.offset);
}

/** After the store has refused a part: was it read wrong, or did it change on its way there? */
export function blameReplica({ range, body, proof }: Part, { relied, crc32c }: Summed): void {
  if (relied !== undefined && proof.sum(body, range.offset).crc32c !== crc32c) relied.distrust();
}

/** Whether HDFS keeps these sums. Those of a file whose checksum cannot be compared are computed for this alone. */
function agree(kept: KeptSums, { chunkCrcs }: PartSums, body: Uint8Array): boolean {
  const computed = chunkCrcs.length === kept.chunkCrcs.length ? chunkCrcs : sumPieces(kept, body);
  return Buffer.compare(kept.chunkCrcs, computed) === 0;
}

function sumPieces({ crcType, chunkCrcs, pieceBytes }: KeptSums, body: Uint8Array): Uint8Array {
  const crc = crcOf(crcType);
  const computed = new Uint8Array(chunkCrcs.length);
  let at = 0;
  let done = 0;
  for (const bytes of pieceBytes) {
    crc.sumChunks(body.subarray(at, at + bytes), computed.subarray(done));
    at += bytes;
    done += Math.ceil(bytes / CHUNK_BYTES) * 4;
  }
  return computed;
}
