import { Readable } from 'node:stream';
import { aclEntries, hasNoAcls, type AclEntry } from './acl.ts';
import { AvoidedDataNodes } from './avoided-data-nodes.ts';
import { privateBlock, publicBlock, type BlockLocation } from './block-location.ts';
import { BlockReader, SHORT_READ_BYTES, type BlockRead } from './blocks/block-reader.ts';
import { ChecksumReader } from './blocks/checksum-reader.ts';
import { DataNodePool } from './blocks/data-node-pool.ts';
import { locatedBlocks, type LocatedBlocks } from './blocks/located-blocks.ts';
import { contentSummary, type ContentSummary } from './content-summary.ts';
import { DataNodes } from './data-nodes.ts';
import { DirectoryListing } from './directory-listing.ts';
import { parseExactJson } from './exact-json.ts';
import { fileChecksum, type FileChecksum } from './file-checksum.ts';
import { fileStatus, list, member, type FileStatus } from './file-status.ts';
import { NameNodeRouter, Redirect, unexpectedAnswer, type Operation, type WebHdfsOptions } from './name-node-router.ts';
import { countedStream, readInto } from './range-reader.ts';
import { snapshotChanges, snapshotNames, type SnapshotChange } from './snapshots.ts';
import { NameNodeRpc } from './rpc/name-node-rpc.ts';
import { isUnknownOperation, WebHdfsError } from './webhdfs-error.ts';

export interface Range {
  readonly offset: number;
  readonly length: number;
}

const WHOLE_FILE: Range = { offset: 0, length: Number.MAX_SAFE_INTEGER };

/**
 * Reads HDFS over WebHDFS or HttpFS. Paths are absolute and decoded; every call takes an abort signal.
 * Failures are {@link WebHdfsError}; an aborted call rejects with the signal's reason.
 */
export class WebHdfsClient {
  readonly #router: NameNodeRouter;
  readonly #dataNodes = new DataNodes();
  readonly #avoided: AvoidedDataNodes;
  readonly #dataPorts: DataNodePool;
  readonly #blocks: BlockReader | undefined;
  readonly #checksums: ChecksumReader | undefined;
  readonly #rpc: NameNodeRpc | undefined;
  readonly #listing = new DirectoryListing((operation) => this.#ask(operation));

  constructor(options: WebHdfsOptions) {
    this.#router = new NameNodeRouter(options);
    this.#avoided = new AvoidedDataNodes(this.#router);
    this.#dataPorts = new DataNodePool(options.blockTransfers, options.onDataNodePressure);
    // Blocks travel in the clear, and so do calls: never where WebHDFS does not.
    if (options.readsBlocks !== true || !options.nameNodes.every((base) => base.startsWith('http:'))) return;
    const limitsOf = (signal?: AbortSignal) => this.#router.limitsOf({ method: 'GET', op: 'OPEN', path: '/', signal });
    const rpc = new NameNodeRpc({
      findAddress: (signal) => this.#router.findRpcAddress(signal),
      authentication: options.authentication,
      idleMs: limitsOf().idleMs,
    });
    this.#rpc = rpc;
    const locate = (path: string, range: Range, signal?: AbortSignal) => this.#locateBlocks(path, range, signal);
    this.#blocks = new BlockReader({ locate, limitsOf }, this.#dataPorts);
    const locateAll = (path: string, signal?: AbortSignal) => rpc.locate(path, WHOLE_FILE, signal);
    this.#checksums = new ChecksumReader({ locate: locateAll, limitsOf }, this.#dataPorts);
  }

  /** Throws `not-found`. */
  async getStatus(path: string, signal?: AbortSignal): Promise<FileStatus> {
    return (await this.#rpc?.findStatus(path, signal)) ?? this.#askStatus(path, signal);
  }

  /** The same for a path where a file was seen. Many may be asked about in one call: it can take some milliseconds longer. Throws `not-found`. */
  async getFileStatus(path: string, signal?: AbortSignal): Promise<FileStatus> {
    return (await this.#rpc?.findFileStatus(path, signal)) ?? this.#askStatus(path, signal);
  }

  async #askStatus(path: string, signal: AbortSignal | undefined): Promise<FileStatus> {
    const json = await this.#ask({ method: 'GET', op: 'GETFILESTATUS', path, signal });
    return fileStatus(member(json, 'FileStatus'), path);
  }

  /** Direct children in the server's order, page by page where the server pages (LISTSTATUS_BATCH, Hadoop 3). A file lists itself. */
  list(path: string, signal?: AbortSignal): AsyncGenerator<FileStatus> {
    return this.#listing.list(path, signal);
  }

  /** Throws `not-found`. */
  async getContentSummary(path: string, signal?: AbortSignal): Promise<ContentSummary> {
    return contentSummary(await this.#ask({ method: 'GET', op: 'GETCONTENTSUMMARY', path, signal }));
  }

  /** What an ACL holds beside the rights of the status; empty too where the cluster keeps none (dfs.namenode.acls.enabled). Throws `not-found`. */
  async listAclEntries(path: string, signal?: AbortSignal): Promise<AclEntry[]> {
    try {
      return aclEntries(await this.#ask({ method: 'GET', op: 'GETACLSTATUS', path, signal }));
    } catch (error) {
      if (isUnknownOperation(error) || hasNoAcls(error)) return [];
      throw error;
    }
  }

  /**
   * The bytes of a range (to the end of the file without `range`), at the consumer's pace. Errors rather than ending short; destroying it closes
   * the connection.
   */
  async open(path: string, range?: Range, signal?: AbortSignal): Promise<Readable> {
    const { offset, length } = range ?? { offset: 0, length: (await this.getStatus(path, signal)).sizeBytes };
    if (length === 0) return Readable.from([]);
    return unlessAborted(signal, async () => {
      const operation = { ...openOperation(path, { offset, length }, signal), isStream: true };
      return this.#avoided.ask(operation, async (answer) => {
        const body = answer instanceof Redirect ? await this.#router.follow(operation, answer) : answer;
        return countedStream(body, length, signal);
      });
    });
  }

  /**
   * Fills `target`, which must be as long as the range, from a DataNode without holding the bytes anywhere else. `target` is undefined after a
   * rejection. Throws `unavailable` when the body is cut off, `corrupt` when the server announces another number of bytes.
   */
  async readRangeInto(path: string, range: Range, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (target.length !== range.length)
      throw new RangeError(`A buffer of ${target.length} bytes cannot take a range of ${range.length}`);
    if (range.length === 0) return;
    await unlessAborted(signal, async () => {
      const operation = openOperation(path, range, signal);
      await this.#avoided.ask(operation, async (answer) => {
        if (!(answer instanceof Redirect)) return readInto(answer, target);
        if (await this.#dataNodes.readInto(answer, target, this.#router.limitsOf(operation))) return;
        await readInto(await this.#router.follow(operation, answer), target);
      });
    });
  }

  /**
   * Fills `target` like {@link readRangeInto}, from the disks' side of DataNodes (see `readsBlocks`), with the CRCs that they keep.
   * Nobody has compared the two yet. undefined when nothing can be read this way: then use `readRangeInto`. Not for encrypted files, whose blocks
   * are ciphertext, nor for erasure-coded ones. Throws `not-found` and the like as the NameNode says it, `failed` for a file open for write.
   */
  async readBlocksInto(
    path: string,
    { offset, length, version }: Range & { readonly version?: string | undefined },
    target: Uint8Array,
    signal?: AbortSignal,
  ): Promise<BlockRead | undefined> {
    if (target.length !== length)
      throw new RangeError(`A buffer of ${target.length} bytes cannot take a range of ${length}`);
    return unlessAborted(signal, async () => this.#blocks?.read(path, { offset, version }, target, signal));
  }

  /** undefined when the server has none to give. Throws `failed` for a file open for write. */
  async findChecksum(path: string, signal?: AbortSignal): Promise<FileChecksum | undefined> {
    return unlessAborted(signal, async () => {
      const checksum = await this.#checksums?.find(path, signal);
      if (checksum !== undefined) return checksum;
      return fileChecksum(await this.#ask({ method: 'GET', op: 'GETFILECHECKSUM', path, isSlow: true, signal }));
    });
  }

  async getBlockLocations(path: string, signal?: AbortSignal): Promise<BlockLocation[]> {
    const operation = { method: 'GET', path, query: { offset: 0 }, signal } as const;
    try {
      const json = await this.#ask({ ...operation, op: 'GETFILEBLOCKLOCATIONS' });
      return list(json, 'BlockLocations', 'BlockLocation').map(publicBlock);
    } catch (error) {
      if (!isUnknownOperation(error)) throw error;
      // The private operation is far older (HDFS-11156 came in 3.2 only).
      return list(await this.#ask({ ...operation, op: 'GET_BLOCK_LOCATIONS' }), 'LocatedBlocks', 'locatedBlocks').map(
        privateBlock,
      );
    }
  }

  /** Names of the snapshots of a directory, in the server's order. Throws `not-found` where snapshots were never allowed. */
  async listSnapshots(directory: string, signal?: AbortSignal): Promise<string[]> {
    const path = `${directory === '/' ? '' : directory}/.snapshot`;
    return snapshotNames(await this.#ask({ method: 'GET', op: 'LISTSTATUS', path, signal }));
  }

  /** What changed from one snapshot to another. An empty name is the current state; HttpFS wants two names. */
  async diffSnapshots(
    directory: string,
    names: { readonly older: string; readonly newer: string },
    signal?: AbortSignal,
  ): Promise<SnapshotChange[]> {
    const query = { oldsnapshotname: names.older, snapshotname: names.newer };
    return snapshotChanges(await this.#ask({ method: 'GET', op: 'GETSNAPSHOTDIFF', path: directory, query, signal }));
  }

  /** Needs real authentication, not a token. */
  async getDelegationToken(renewer?: string, signal?: AbortSignal): Promise<string> {
    const json = await this.#ask({ method: 'GET', op: 'GETDELEGATIONTOKEN', path: '/', query: { renewer }, signal });
    const token = member(json, 'Token', 'urlString');
    if (typeof token !== 'string') throw unexpectedAnswer('GETDELEGATIONTOKEN');
    return token;
  }

  /** Returns the new time of expiry, in milliseconds since 1970. */
  async renewDelegationToken(token: string, signal?: AbortSignal): Promise<number> {
    return Number(
      member(
        await this.#ask({ method: 'PUT', op: 'RENEWDELEGATIONTOKEN', path: '/', query: { token }, signal }),
        'long',
      ),
    );
  }

  async cancelDelegationToken(token: string, signal?: AbortSignal): Promise<void> {
    await this.#router.askText({ method: 'PUT', op: 'CANCELDELEGATIONTOKEN', path: '/', query: { token }, signal });
  }

  close(): void {
    this.#dataPorts.close();
    this.#rpc?.close();
    this.#router.close();
  }

  /** undefined from servers that do not know the operation, which is a NameNode's own. */
  async #locateBlocks(path: string, range: Range, signal: AbortSignal | undefined): Promise<LocatedBlocks | undefined> {
    const isSmall = range.offset === 0 && range.length <= SHORT_READ_BYTES;
    const located = isSmall
      ? await this.#rpc?.locateFile(path, range.length, signal)
      : await this.#rpc?.locate(path, range, signal);
    if (located !== undefined) return located;
    try {
      return locatedBlocks(
        await this.#ask({ method: 'GET', op: 'GET_BLOCK_LOCATIONS', path, query: { ...range }, signal }),
      );
    } catch (error) {
      if (isUnknownOperation(error) || (error instanceof WebHdfsError && error.failure === 'corrupt')) return undefined;
      throw error;
    }
  }

  async #ask(operation: Operation): Promise<unknown> {
    return unlessAborted(operation.signal, async () => parseExactJson(await this.#avoided.askText(operation)));
  }
}

function openOperation(path: string, { offset, length }: Range, signal: AbortSignal | undefined): Operation {
  return { method: 'GET', op: 'OPEN', path, query: { offset, length }, signal };
}

/** However an aborted call fails, its caller sees the reason of the abort. */
async function unlessAborted<Result>(signal: AbortSignal | undefined, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
