import type { HdfsPath } from './names.ts';

/** A regular file of the source as its file status shows it. Directories and symbolic links are not source files. */
export interface SourceFile {
  readonly path: HdfsPath;
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly blockSizeBytes: number;
  /** HDFS inode id; undefined through HttpFS before Hadoop 3.1.3. */
  readonly fileId?: bigint | undefined;
  /** In an encryption zone: its HDFS checksum covers the ciphertext. */
  readonly isEncrypted: boolean;
  readonly isErasureCoded: boolean;
  readonly owner: string;
  readonly group: string;
  /** Octal text, e.g. `644`. */
  readonly permission: string;
}

/** What identifies one version of a file; a difference between two readings means that the source moved. */
export interface SourceVersion {
  readonly sizeBytes: number;
  readonly modifiedAtMs: number;
  readonly fileId?: bigint | undefined;
}

export function isSameVersion(a: SourceVersion, b: SourceVersion): boolean {
  const isSameFile = a.fileId === undefined || b.fileId === undefined || a.fileId === b.fileId;
  return isSameFile && a.sizeBytes === b.sizeBytes && a.modifiedAtMs === b.modifiedAtMs;
}
