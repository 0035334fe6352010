import { isRecord, member, text } from './file-status.ts';
import { unexpectedAnswer } from './name-node-router.ts';

export type FileChecksum =
  | {
      readonly kind: 'md5-of-md5-of-crc';
      readonly crcType: 'CRC32' | 'CRC32C';
      readonly bytesPerCrc: number;
      /** CRCs in the first block; 0 for a file of one block. */
      readonly crcPerBlock: number;
      /** 32 lower-case hex digits. */
      readonly md5: string;
    }
  | {
      readonly kind: 'composite-crc';
      readonly crcType: 'CRC32' | 'CRC32C';
      /** Unsigned 32 bits. */ readonly crc: number;
    };

/**
 * Reads GETFILECHECKSUM by field. MD5 form: int32 bytesPerCRC, int64 crcPerBlock, 16 bytes MD5, all big-endian, then 4 bytes that the 32-byte
 * buffer has left over: 64 hex digits though `length` says 28 (MD5MD5CRC32FileChecksum). undefined where the server has none to give.
 */
export function fileChecksum(json: unknown): FileChecksum | undefined {
  const checksum = member(json, 'FileChecksum');
  if (checksum === null) return undefined;
  if (!isRecord(checksum)) throw unexpectedAnswer('GETFILECHECKSUM');
  const algorithm = text(checksum, 'algorithm') ?? '';
  if (algorithm.endsWith('NULL')) return undefined;
  const bytes = Buffer.from(text(checksum, 'bytes') ?? '', 'hex');
  const composite = /^COMPOSITE-(CRC32C?)$/.exec(algorithm);
  if (composite !== null && bytes.length >= 4)
    return { kind: 'composite-crc', crcType: composite[1] as 'CRC32' | 'CRC32C', crc: bytes.readUInt32BE(0) };
  const md5 = /^MD5-of-\d+MD5-of-\d+(CRC32C?)$/.exec(algorithm);
  if (md5 === null || bytes.length < 28) throw unexpectedAnswer('GETFILECHECKSUM');
  return {
    kind: 'md5-of-md5-of-crc',
    crcType: md5[1] as 'CRC32' | 'CRC32C',
    bytesPerCrc: bytes.readInt32BE(0),
    crcPerBlock: Number(bytes.readBigInt64BE(4)),
    md5: bytes.toString('hex', 12, 28),
  };
}
