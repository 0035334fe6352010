import { createHash } from 'node:crypto';
import { CHUNK_BYTES } from '../../domain/checksum/crc.ts';
import { readBlob } from './blobs.ts';
import { chunkCrcsOf, crcOfFile } from './chunk-crcs.ts';
import type { FileNode } from './nodes.ts';

/** GETFILECHECKSUM as a DataNode answers it (MD5MD5CRC32FileChecksum), or HttpFS with dfs.checksum.combine.mode=COMPOSITE_CRC. */
export function fileChecksumJson(file: FileNode, mode: 'md5' | 'composite'): unknown {
  if (file.flags.hasNoChecksum === true) return { FileChecksum: null };
  // Even in composite mode an empty file keeps the MD5 form.
  if (mode === 'composite' && file.sizeBytes > 0) return composite(file);
  const blocks = file.blockSizes.map((length, index) => blockMd5(file, index, length));
  const isEmpty = file.sizeBytes === 0;
  const bytesPerCrc = isEmpty ? 0 : CHUNK_BYTES;
  const crcPerBlock = blocks.length > 1 ? Math.ceil(file.blockSizes[0]! / CHUNK_BYTES) : 0;
  const bytes = Buffer.alloc(32);
  bytes.writeInt32BE(bytesPerCrc, 0);
  bytes.writeBigInt64BE(BigInt(crcPerBlock), 4);
  paddedMd5(Buffer.concat(blocks)).copy(bytes, 12);
  const algorithm = `MD5-of-${crcPerBlock}MD5-of-${bytesPerCrc}${isEmpty ? 'CRC32' : crcOfFile(file).type}`;
  return { FileChecksum: { algorithm, bytes: bytes.toString('hex'), length: 28 } };
}

function composite(file: FileNode): unknown {
  const bytes = Buffer.alloc(4);
  const crc = crcOfFile(file);
  bytes.writeUInt32BE(crc.sum(readBlob(file, 0, file.sizeBytes)));
  return { FileChecksum: { algorithm: `COMPOSITE-${crc.type}`, bytes: bytes.toString('hex'), length: 4 } };
}

function offsetOf(file: FileNode, block: number): number {
  return file.blockSizes.slice(0, block).reduce((sum, sizeBytes) => sum + sizeBytes, 0);
}

function blockMd5(file: FileNode, index: number, sizeBytes: number): Buffer {
  const crcs = chunkCrcsOf(file, readBlob(file, offsetOf(file, index), sizeBytes));
  return createHash('md5').update(crcs).digest();
}

function paddedMd5(md5s: Buffer): Buffer {
  let capacity = 32;
  while (capacity < md5s.length) capacity *= 2;
  return createHash('md5')
    .update(Buffer.concat([md5s], capacity))
    .digest();
}
