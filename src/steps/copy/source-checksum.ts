import { listedLayout, regularLayout, type BlockLayout } from '../../domain/checksum/block-layout.ts';
import type { HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { HdfsFileHash } from '../../domain/checksum/hdfs-file-hash.ts';
import { CHUNK_BYTES } from '../../domain/checksum/crc.ts';
import type { FileItem } from '../../domain/plan.ts';
import type { KeptSums } from '../../ports/source-file-system.ts';
import type { CopyContext, SourceChecksum } from './copy-context.ts';
import { fromSource } from './source-calls.ts';

/** Whether the blocks are taken to be regular, or asked for. */
export type BlockKnowledge = 'assumed' | 'listed';

/** What the bytes of a file are compared with. */
export interface SourceKnowledge {
  readonly known: SourceChecksum;
  readonly layout: BlockLayout;
}

/** The checksum that HDFS gives of a file, and where its blocks lie. */
export async function sourceOf(item: FileItem, context: CopyContext, blocks: BlockKnowledge): Promise<SourceKnowledge> {
  const known = await findSourceChecksum(item, context);
  const { checksum } = known;
  const isListed = blocks === 'listed' && checksum?.kind === 'md5-of-md5-of-crc';
  return { known, layout: await (isListed ? getLayout(item, context) : assumedLayout(item, checksum, context)) };
}

/** The same without asking, of a whole file whose bytes came with the CRCs that HDFS keeps of them: its checksum is made of these. */
export function sourceByKeptSums({ crcType, chunkCrcs, pieceBytes }: KeptSums): SourceKnowledge {
  const layout = listedLayout(pieceBytes);
  const hash = new HdfsFileHash(layout, crcType);
  hash.append(chunkCrcs);
  return { known: { checksum: hash.digest() }, layout };
}

/** What HDFS says of the bytes, where that can be compared with bytes read. */
async function findSourceChecksum(item: FileItem, context: CopyContext): Promise<SourceChecksum> {
  const { path, isEncrypted, isErasureCoded } = item.source;
  if (isEncrypted) return none('the file lies in an encryption zone, and its HDFS checksum covers the ciphertext');
  const checksum = await fromSource(item, context, () => context.source.findChecksum(path, context.signal));
  if (checksum === undefined) return none('HDFS has no checksum of this file (its blocks mix checksum types)');
  if (checksum.kind === 'composite-crc')
    return checksum.crcType === 'CRC32C' ? { checksum } : none('its composite checksum is a CRC32, not a CRC32C');
  if (isErasureCoded)
    return none(
      'the file is erasure-coded; set dfs.checksum.combine.mode=COMPOSITE_CRC on an HttpFS server to have it proven',
    );
  if (checksum.bytesPerCrc !== CHUNK_BYTES && checksum.bytesPerCrc !== 0)
    return none(`HDFS sums it by ${checksum.bytesPerCrc} bytes, not by ${CHUNK_BYTES}`);
  return { checksum };
}

function none(why: string): SourceChecksum {
  return { checksum: undefined, whyNone: `source-checksum-unavailable: ${why}` };
}

/** Where the blocks lie: taken to be regular unless the checksum itself says otherwise, since asking costs a call per file. */
async function assumedLayout(
  item: FileItem,
  checksum: HdfsChecksum | undefined,
  context: CopyContext,
): Promise<BlockLayout> {
  const { sizeBytes, blockSizeBytes } = item.source;
  // Where no sum of blocks is compared, one block is as good as many.
  if (checksum?.kind !== 'md5-of-md5-of-crc')
    return regularLayout(sizeBytes, CHUNK_BYTES * Math.ceil((sizeBytes + 1) / CHUNK_BYTES));
  const crcPerBlock = sizeBytes > blockSizeBytes ? blockSizeBytes / CHUNK_BYTES : 0;
  const isAsExpected = checksum.crcPerBlock === crcPerBlock && blockSizeBytes % CHUNK_BYTES === 0;
  return isAsExpected ? regularLayout(sizeBytes, Math.max(CHUNK_BYTES, blockSizeBytes)) : getLayout(item, context);
}

async function getLayout(item: FileItem, context: CopyContext): Promise<BlockLayout> {
  const { path } = item.source;
  return listedLayout(await fromSource(item, context, () => context.source.listBlockSizes(path, context.signal)));
}
