import type { HdfsChecksum } from '../../domain/checksum/hdfs-checksum.ts';
import { hdfsPath, type HdfsPath } from '../../domain/names.ts';
import type { FolderAccess } from '../../domain/permissions/folder-access.ts';
import type { FileStatus, WebHdfsClient } from '../../hdfs-webhdfs-client/index.ts';
import { isLakeliftError } from '../../errors.ts';
import type {
  ContentSummary,
  FileRange,
  KeptSums,
  ReadableFile,
  SourceEntry,
  SourceFileSystem,
} from '../../ports/source-file-system.ts';
import { folderAccess } from './folder-access.ts';
import { translateWebHdfsError } from './webhdfs-errors.ts';

/** HDFS over WebHDFS or HttpFS as the source's files. */
export class WebHdfsSourceFileSystem implements SourceFileSystem {
  readonly #client: WebHdfsClient;

  constructor(client: WebHdfsClient) {
    this.#client = client;
  }

  findEntry(path: HdfsPath, signal?: AbortSignal): Promise<SourceEntry | undefined> {
    return found(path, this.#client.getStatus(path, signal));
  }

  findEntryAgain(path: HdfsPath, signal?: AbortSignal): Promise<SourceEntry | undefined> {
    return found(path, this.#client.getFileStatus(path, signal));
  }

  async *listDirectory(directory: HdfsPath, signal?: AbortSignal): AsyncGenerator<SourceEntry> {
    try {
      for await (const status of this.#client.list(directory, signal)) yield entryOf(status);
    } catch (error) {
      throw translateWebHdfsError(error, directory);
    }
  }

  async findAccess(path: HdfsPath, signal?: AbortSignal): Promise<FolderAccess | undefined> {
    try {
      const status = await translated(path, this.#client.getStatus(path, signal));
      return folderAccess(status, await translated(path, this.#client.listAclEntries(path, signal)));
    } catch (error) {
      if (isLakeliftError(error, 'not-found')) return undefined;
      throw error;
    }
  }

  async getContentSummary(directory: HdfsPath, signal?: AbortSignal): Promise<ContentSummary> {
    return translated(directory, this.#client.getContentSummary(directory, signal));
  }

  /**
   * From the blocks where these come with their sums. All else over HTTP, where the DataNode itself compares: encrypted and erasure-coded files,
   * chunks of another size, ranges that tear one.
   */
  async readRange(
    { path, isEncrypted, isErasureCoded, fileId, modifiedAtMs }: ReadableFile,
    range: FileRange,
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<KeptSums | undefined> {
    // A mistake of the caller, not of the path, which is what a RangeError of the client means below.
    if (target.length !== range.length)
      throw new RangeError(`A buffer of ${target.length} bytes cannot take a range of ${range.length}`);
    if (!isEncrypted && !isErasureCoded && range.length > 0) {
      const read = await translated(
        path,
        this.#client.readBlocksInto(path, { ...range, version: `${fileId} ${modifiedAtMs}` }, target, signal),
      );
      if (read?.kept !== undefined) return read.kept;
    }
    await translated(path, this.#client.readRangeInto(path, range, target, signal));
    return undefined;
  }

  async findChecksum(path: HdfsPath, signal?: AbortSignal): Promise<HdfsChecksum | undefined> {
    return translated(path, this.#client.findChecksum(path, signal));
  }

  async listBlockSizes(path: HdfsPath, signal?: AbortSignal): Promise<number[]> {
    const blocks = await translated(path, this.#client.getBlockLocations(path, signal));
    return blocks.toSorted((a, b) => a.offset - b.offset).map(({ sizeBytes }) => sizeBytes);
  }
}

async function translated<Result>(path: string, call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw translateWebHdfsError(error, path);
  }
}

async function found(path: HdfsPath, status: Promise<FileStatus>): Promise<SourceEntry | undefined> {
  try {
    return entryOf(await translated(path, status));
  } catch (error) {
    if (isLakeliftError(error, 'not-found')) return undefined;
    throw error;
  }
}

function entryOf(status: FileStatus): SourceEntry {
  const path = hdfsPath(status.path);
  const { modifiedAtMs } = status;
  if (status.type === 'DIRECTORY') return { kind: 'directory', directory: { path, modifiedAtMs } };
  if (status.type === 'SYMLINK')
    return { kind: 'symlink', symlink: { path, symlinkTarget: status.symlinkTarget ?? '' } };
  const { sizeBytes, blockSizeBytes, fileId, isEncrypted, isErasureCoded, owner, group, permission } = status;
  return {
    kind: 'file',
    file: {
      path,
      sizeBytes,
      modifiedAtMs,
      blockSizeBytes,
      fileId,
      isEncrypted,
      isErasureCoded,
      owner,
      group,
      permission,
    },
  };
}
