import type { CrcType, HdfsChecksum } from '../domain/checksum/hdfs-checksum.ts';
import type { FolderAccess } from '../domain/permissions/folder-access.ts';
import type { HdfsPath } from '../domain/names.ts';
import type { SourceFile } from '../domain/source-file.ts';

export interface SourceDirectory {
  readonly path: HdfsPath;
  readonly modifiedAtMs: number;
}

export interface SourceSymlink {
  readonly path: HdfsPath;
  readonly symlinkTarget: string;
}

export type SourceEntry =
  | { readonly kind: 'file'; readonly file: SourceFile }
  | { readonly kind: 'directory'; readonly directory: SourceDirectory }
  | { readonly kind: 'symlink'; readonly symlink: SourceSymlink };

export interface ContentSummary {
  readonly sizeBytes: bigint;
  readonly fileCount: bigint;
  readonly directoryCount: bigint;
}

export interface FileRange {
  readonly offset: number;
  /** Bytes to read; offset + length never exceeds the file's size. */
  readonly length: number;
}

/** What has to be known of a file to read it: encrypted and erasure-coded ones cannot be read block by block. */
export type ReadableFile = Pick<SourceFile, 'path' | 'isEncrypted' | 'isErasureCoded'> &
  Partial<Pick<SourceFile, 'fileId' | 'modifiedAtMs'>>;

/** The CRCs that the cluster keeps on its disks of a range that was read, as they came with its bytes. */
export interface KeptSums {
  readonly crcType: CrcType;
  /** Of the 512-byte chunks of each block in turn, 4 bytes big-endian each. */
  readonly chunkCrcs: Uint8Array;
  /** How many bytes of the range lie in each block that it touches, in order. */
  readonly pieceBytes: readonly number[];
  /** Says that the bytes do not agree with them: the replicas they came from are not read again. */
  distrust(): void;
}

/**
 * Files of the source cluster. Nothing here can change HDFS.
 * Errors: `not-found`, `denied`, `unavailable` (safe to repeat), `corrupt` (fewer or other bytes than announced).
 */
export interface SourceFileSystem {
  /** The entry at `path`; undefined when nothing is there. */
  findEntry(path: HdfsPath, signal?: AbortSignal): Promise<SourceEntry | undefined>;
  /** The same of a path where a file was seen before. Questions about many may travel together, each some milliseconds later than alone. */
  findEntryAgain(path: HdfsPath, signal?: AbortSignal): Promise<SourceEntry | undefined>;
  /** Direct children of a directory, streamed in pages whatever its size, in the server's order. Throws `not-found`. */
  listDirectory(directory: HdfsPath, signal?: AbortSignal): AsyncIterable<SourceEntry>;
  /** Who may do what to a folder, named users and groups of its ACL included; undefined when nothing is there. */
  findAccess(path: HdfsPath, signal?: AbortSignal): Promise<FolderAccess | undefined>;
  /** Totals below a directory, computed by the cluster. Throws `not-found`. */
  getContentSummary(directory: HdfsPath, signal?: AbortSignal): Promise<ContentSummary>;
  /**
   * Fills `target` (exactly `range.length` bytes) from the file; rejects rather than ending short. `target` is undefined after a rejection.
   * Nobody has compared the bytes with what is returned; undefined says that the cluster has compared them with its sums itself.
   */
  readRange(
    file: ReadableFile,
    range: FileRange,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<KeptSums | undefined>;
  /** The cluster's own checksum; undefined when it has none (mixed or null checksums). Throws `unsupported` for a file open for write. */
  findChecksum(path: HdfsPath, signal?: AbortSignal): Promise<HdfsChecksum | undefined>;
  /** Sizes of the file's blocks in order; irregular after an append or a concat, and then the checksum follows them. */
  listBlockSizes(path: HdfsPath, signal?: AbortSignal): Promise<number[]>;
}
