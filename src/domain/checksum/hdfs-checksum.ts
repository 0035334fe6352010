/** What GETFILECHECKSUM answers, parsed by field. */
export type HdfsChecksum = Md5Md5CrcChecksum | CompositeCrcChecksum;

export type CrcType = 'CRC32' | 'CRC32C';

/** `MD5-of-<crcPerBlock>MD5-of-<bytesPerCrc><crcType>` (Hadoop: MD5MD5CRC32FileChecksum). */
export interface Md5Md5CrcChecksum {
  readonly kind: 'md5-of-md5-of-crc';
  readonly crcType: CrcType;
  /** 512 unless the cluster says otherwise; 0 for an empty file. */
  readonly bytesPerCrc: number;
  /** CRCs in the first block; 0 for a file of one block. */
  readonly crcPerBlock: number;
  /** 32 lower-case hex digits. */
  readonly md5: string;
}

/** `COMPOSITE-CRC32C`: the plain CRC of the whole content, independent of blocks (HDFS-13056). */
export interface CompositeCrcChecksum {
  readonly kind: 'composite-crc';
  readonly crcType: CrcType;
  /** Unsigned 32 bits. */
  readonly crc: number;
}

/** One line, as kept in the ledger and in object metadata: `MD5-of-0MD5-of-512CRC32C:27c0…` or `COMPOSITE-CRC32C:fb1d06c8`. */
export function formatHdfsChecksum(checksum: HdfsChecksum): string {
  if (checksum.kind === 'composite-crc')
    return `COMPOSITE-${checksum.crcType}:${checksum.crc.toString(16).padStart(8, '0')}`;
  return `MD5-of-${checksum.crcPerBlock}MD5-of-${checksum.bytesPerCrc}${checksum.crcType}:${checksum.md5}`;
}
