import { CHUNK_BYTES, crcOf, type Crc } from '../../domain/checksum/crc.ts';
import type { FileNode } from './nodes.ts';

/** What the chunks of a file are summed by. */
export function crcOfFile({ flags }: FileNode): Crc {
  return crcOf(flags.isOldCrc === true ? 'CRC32' : 'CRC32C');
}

/** The CRCs that a DataNode keeps of `content`, whole chunks of a file: 4 bytes big-endian each. */
export function chunkCrcsOf(file: FileNode, content: Uint8Array): Uint8Array {
  const crcs = new Uint8Array(Math.ceil(content.length / CHUNK_BYTES) * 4);
  crcOfFile(file).sumChunks(content, crcs);
  return crcs;
}
