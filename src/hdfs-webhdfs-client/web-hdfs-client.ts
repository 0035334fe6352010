import { Readable, Transform, type TransformCallback } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { parseExactJson } from './exact-json.ts';
import { fileChecksum, type FileChecksum } from './file-checksum.ts';
import { fileStatus, isRecord, list, member, number, text, type FileStatus } from './file-status.ts';
import { NameNodeRouter, unexpectedAnswer, type Operation, type WebHdfsOptions } from './name-node-router.ts';
import { expectSuccess, readInto, shortBody } from './range-reader.ts';
import { WebHdfsError } from './webhdfs-error.ts';

export interface ContentSummary {
  readonly sizeBytes: bigint;
  readonly fileCount: bigint;
  readonly directoryCount: bigint;
  readonly spaceConsumedBytes: bigint;
}

export interface BlockLocation {
  readonly offset: number;
  readonly sizeBytes: number;
  readonly hosts: readonly string[];
  readonly isCorrupt: boolean;
}

export interface Range {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads HDFS over WebHDFS or HttpFS. Paths are absolute and decoded; every call takes an abort signal.
 * Failures are {@link WebHdfsError}; an aborted call rejects with the signal's reason.
 */
export class WebHdfsClient {
  readonly #router: NameNodeRouter;
  #hasBatchListing = true;

  constructor(options: WebHdfsOptions) {
    this.#router = new NameNodeRouter(options);
  }

  /** Throws `not-found`. */
  async getStatus(path: string, signal?: AbortSignal): Promise<FileStatus> {
    const json = await this.#ask({ method: 'GET', op: 'GETFILESTATUS', path, signal });
    return fileStatus(member(json, 'FileStatus'), path);
  }

  /** Direct children in the server's order, page by page where the server pages (LISTSTATUS_BATCH, Hadoop 3). A file lists itself. */
  async *list(path: string, signal?: AbortSignal): AsyncGenerator<FileStatus> {
    if (this.#hasBatchListing) {
      try {
        yield* this.#listInBatches(path, signal);
        return;
      } catch (error) {
        if (!isUnknownOperation(error)) throw error;
        this.#hasBatchListing = false;
      }
    }
    const json = await this.#ask({ method: 'GET', op: 'LISTSTATUS', path, signal });
    for (const entry of list(json, 'FileStatuses', 'FileStatus')) yield fileStatus(entry, path);
  }

  /** Throws `not-found`. */
  async getContentSummary(path: string, signal?: AbortSignal): Promise<ContentSummary> {
    const summary = member(await this.#ask({ method: 'GET', op: 'GETCONTENTSUMMARY', path, signal }), 'ContentSummary');
    const count = (name: string): bigint => BigInt(member(summary, name) as number | bigint);
    return {
      sizeBytes: count('length'),
      fileCount: count('fileCount'),
      directoryCount: count('directoryCount'),
      spaceConsumedBytes: count('spaceConsumed'),
    };
  }

  /** The bytes of a range (to the end of the file without `range`). Errors rather than ending short; destroying it closes the connection. */
  async open(path: string, range?: Range, signal?: AbortSignal): Promise<Readable> {
    const { sizeBytes } = range === undefined ? await this.getStatus(path, signal) : { sizeBytes: 0 };
    const { offset, length } = range ?? { offset: 0, length: sizeBytes };
    if (length === 0) return Readable.from([]);
    const incoming = await this.#openRange(path, { offset, length }, signal);
    await expectSuccess(incoming);
    const counted = new ExactLength(length);
    incoming.on('error', (cause) =>
      counted.destroy(
        signal?.aborted === true ? (signal.reason as Error) : shortBody(counted.passedBytes, length, cause),
      ),
    );
    counted.once('close', () => incoming.destroy());
    return incoming.pipe(counted);
  }

  /** Fills `target` from `offset` on. `target` is undefined after a rejection. */
  async readRange(path: string, offset: number, target: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (target.length === 0) return;
    try {
      await readInto(await this.#openRange(path, { offset, length: target.length }, signal), target);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  }

  /** undefined when the server has none to give (mixed CRC types). Throws `failed` for a file open for write. */
  async findChecksum(path: string, signal?: AbortSignal): Promise<FileChecksum | undefined> {
    return fileChecksum(
      await this.#ask({
        method: 'GET',
        op: 'GETFILECHECKSUM',
        path,
        totalMs: this.#router.timeouts.checksumMs,
        signal,
      }),
    );
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
    this.#router.close();
  }

  async *#listInBatches(path: string, signal: AbortSignal | undefined): AsyncGenerator<FileStatus> {
    for (let startAfter: string | undefined, remaining = 1; remaining > 0;) {
      const json = await this.#ask({ method: 'GET', op: 'LISTSTATUS_BATCH', path, query: { startAfter }, signal });
      const entries = list(json, 'DirectoryListing', 'partialListing', 'FileStatuses', 'FileStatus').map((entry) =>
        fileStatus(entry, path),
      );
      yield* entries;
      remaining = Number(member(json, 'DirectoryListing', 'remainingEntries'));
      const last = entries.at(-1)?.path;
      if (remaining > 0 && last === undefined) throw unexpectedAnswer('LISTSTATUS_BATCH');
      startAfter = last?.slice(last.lastIndexOf('/') + 1);
    }
  }

  async #openRange(path: string, { offset, length }: Range, signal: AbortSignal | undefined): Promise<IncomingMessage> {
    const operation: Operation = { method: 'GET', op: 'OPEN', path, query: { offset, length }, signal };
    const answer = await this.#router.locate(operation);
    return answer instanceof URL ? this.#router.send(operation, answer) : answer;
  }

  async #ask(operation: Operation): Promise<unknown> {
    try {
      return parseExactJson(await this.#router.askText(operation));
    } catch (error) {
      operation.signal?.throwIfAborted();
      throw error;
    }
  }
}

/** Servers answer an operation that they do not know with IllegalArgumentException, HttpFS also with a message about the enum. */
function isUnknownOperation(error: unknown): boolean {
  return (
    error instanceof WebHdfsError &&
    error.failure === 'unsupported' &&
    /No enum constant|Invalid value for webhdfs parameter "op"/i.test(error.message)
  );
}

function publicBlock(json: unknown): BlockLocation {
  if (!isRecord(json)) throw unexpectedAnswer('BlockLocation');
  return {
    offset: number(json, 'offset'),
    sizeBytes: number(json, 'length'),
    hosts: list(json, 'hosts').map(String),
    isCorrupt: json['corrupt'] === true,
  };
}

function privateBlock(json: unknown): BlockLocation {
  const block = member(json, 'block');
  if (!isRecord(json) || !isRecord(block)) throw unexpectedAnswer('LocatedBlock');
  const hosts = list(json, 'locations').map((node) => (isRecord(node) ? (text(node, 'hostName') ?? '') : ''));
  return {
    offset: number(json, 'startOffset'),
    sizeBytes: number(block, 'numBytes'),
    hosts,
    isCorrupt: json['isCorrupt'] === true,
  };
}

class ExactLength extends Transform {
  readonly #expectedBytes: number;
  passedBytes = 0;

  constructor(expectedBytes: number) {
    super();
    this.#expectedBytes = expectedBytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passedBytes += chunk.length;
    done(this.passedBytes > this.#expectedBytes ? shortBody(this.passedBytes, this.#expectedBytes) : null, chunk);
  }

  override _flush(done: TransformCallback): void {
    done(this.passedBytes === this.#expectedBytes ? null : shortBody(this.passedBytes, this.#expectedBytes));
  }
}
