import { decodeToken } from '../blocks/block-token.ts';
import type { LocatedBlocks } from '../blocks/located-blocks.ts';
import type { Authentication } from '../authentication.ts';
import type { FileStatus } from '../file-status.ts';
import {
  blockLocationsAnswer,
  blockLocationsRequest,
  fileInfoAnswer,
  fileInfoRequest,
  fileInfosAnswer,
  fileInfosRequest,
  filesAndBlocksRequest,
  readableBlocksAnswer,
} from './client-protocol.ts';
import { GatheredCalls } from './gathered-calls.ts';
import { RpcConnection, RpcRefusal, type RpcIdentity } from './rpc-connection.ts';

export interface RpcServers {
  /** `host:port` of the RPC port of the NameNode that is active; undefined where nobody says. */
  findAddress(signal: AbortSignal | undefined): Promise<string | undefined>;
  readonly authentication: Authentication | undefined;
  readonly idleMs: number;
}

interface Call<Result> {
  readonly signal: AbortSignal | undefined;
  readonly read: (message: Uint8Array) => Result;
}

const CONNECT_MS = 3000;
const PASS_OVER_MS = 60_000;
/** So many failures without any success: the port is closed, or wants what is not spoken here (Kerberos, privacy). */
const GIVE_UP_AFTER = 3;
/** A NameNode takes a hundred unless told otherwise (dfs.batched.ls.limit). */
const MOST_TOGETHER = 64;
/** How long it counts that blocks were given out without tokens. */
const TOKENLESS_MS = 60_000;

/**
 * Asks a NameNode over Hadoop's own protocol what is asked once for every file: a quarter of what WebHDFS costs it, and the client.
 * It knows success only: undefined means that WebHDFS should be asked, which says why. Identity is a user's name where security is off, or a
 * delegation token; nothing else is spoken here.
 */
export class NameNodeRpc {
  readonly #servers: RpcServers;
  #connection: Promise<RpcConnection | undefined> | undefined;
  #isProven = false;
  #failures = 0;
  /** By servers before Hadoop 3.3 (HDFS-13616), or set to take fewer at once. */
  #areBatchesRefused = false;
  readonly #gathered = new GatheredCalls<FileStatus | undefined>(
    (paths, signal) => this.#findStatuses(paths, signal),
    MOST_TOGETHER,
  );
  readonly #gatheredBlocks = new GatheredCalls<LocatedBlocks | undefined>(
    (paths, signal) => this.#locateFiles(paths, signal),
    MOST_TOGETHER,
  );
  #passedOverUntil = 0;
  #tokenlessUntil = 0;

  constructor(servers: RpcServers) {
    this.#servers = servers;
  }

  async locate(
    path: string,
    range: { readonly offset: number; readonly length: number },
    signal: AbortSignal | undefined,
  ): Promise<LocatedBlocks | undefined> {
    const message = blockLocationsRequest(path, range);
    const located = await this.#ask('getBlockLocations', message, { signal, read: blockLocationsAnswer });
    const [block] = located?.blocks ?? [];
    if (block !== undefined) this.#tokenlessUntil = block.token.identifier.length === 0 ? Date.now() + TOKENLESS_MS : 0;
    return located;
  }

  /**
   * All blocks of a file of few. Where DataNodes ask for no tokens, which are only given out file by file, those asked for within some milliseconds
   * cost the NameNode one call.
   */
  async locateFile(
    path: string,
    sizeBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<LocatedBlocks | undefined> {
    const isTogether = !this.#areBatchesRefused && Date.now() < this.#tokenlessUntil;
    const located = isTogether ? await this.#gatheredBlocks.find(path, signal) : undefined;
    return located ?? this.locate(path, { offset: 0, length: sizeBytes }, signal);
  }

  async findStatus(path: string, signal: AbortSignal | undefined): Promise<FileStatus | undefined> {
    return this.#ask('getFileInfo', fileInfoRequest(path), {
      signal,
      read: (message) => fileInfoAnswer(message, path),
    });
  }

  /** Of what is taken to be a file. Those asked for within some milliseconds cost the NameNode one call. */
  async findFileStatus(path: string, signal: AbortSignal | undefined): Promise<FileStatus | undefined> {
    return this.#areBatchesRefused ? this.findStatus(path, signal) : this.#gathered.find(path, signal);
  }

  async #findStatuses(
    paths: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (FileStatus | undefined)[]> {
    const each = () => Promise.all(paths.map((path) => this.findStatus(path, signal)));
    if (paths.length === 1 || this.#areBatchesRefused) return each();
    const found = await this.#askTogether(fileInfosRequest(paths), {
      signal,
      read: (message) => fileInfosAnswer(message, paths),
    });
    return found ?? each();
  }

  /** undefined for what has to be located by itself. */
  async #locateFiles(
    paths: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<readonly (LocatedBlocks | undefined)[]> {
    const { authentication } = this.#servers;
    const none = paths.map(() => undefined);
    if (paths.length === 1 || this.#areBatchesRefused || authentication?.kind !== 'user') return none;
    const found = await this.#askTogether(filesAndBlocksRequest(paths), {
      signal,
      read: (message) => readableBlocksAnswer(message, paths, authentication.user),
    });
    return found ?? none;
  }

  async #askTogether<Result>(message: Uint8Array, call: Call<Result>): Promise<Result | undefined> {
    const found = await this.#ask('getBatchedListing', message, call);
    if (found === undefined) this.#areBatchesRefused = Date.now() >= this.#passedOverUntil;
    return found;
  }

  close(): void {
    void this.#connection?.then((connection) => connection?.close());
    this.#passedOverUntil = Infinity;
  }

  async #ask<Result>(method: string, message: Uint8Array, { signal, read }: Call<Result>): Promise<Result | undefined> {
    signal?.throwIfAborted();
    try {
      const connection = await this.#connected(signal);
      if (connection === undefined) return undefined;
      const answer = read(await connection.call(method, message, signal));
      this.#isProven = true;
      return answer;
    } catch (error) {
      signal?.throwIfAborted();
      this.#passOver(error);
      return undefined;
    }
  }

  /** The connection that stands, or a new one; one at a time is opened. */
  async #connected(signal: AbortSignal | undefined): Promise<RpcConnection | undefined> {
    if (Date.now() < this.#passedOverUntil) return undefined;
    const current = this.#connection;
    const standing = await current;
    if (standing?.isOpen === true) return standing;
    // Whoever waited for the same one finds the new one here.
    if (this.#connection === current) this.#connection = this.#open(signal);
    return this.#connection;
  }

  async #open(signal: AbortSignal | undefined): Promise<RpcConnection | undefined> {
    const identity = await identityOf(this.#servers.authentication);
    const address = identity && (await this.#servers.findAddress(signal).catch(() => undefined));
    if (identity === undefined || address === undefined) {
      signal?.throwIfAborted();
      this.#passOver(undefined);
      return undefined;
    }
    return new RpcConnection(address, identity, { connectMs: CONNECT_MS, idleMs: this.#servers.idleMs });
  }

  /** What concerns one call (a path that is not there, a right) is for WebHDFS to say; a standby or a broken connection is left alone for a while. */
  #passOver(error: unknown): void {
    if (error instanceof RpcRefusal && !/StandbyException|RetriableException|SafeModeException/.test(error.message))
      return;
    this.#failures++;
    const isHopeless = !this.#isProven && this.#failures >= GIVE_UP_AFTER;
    this.#passedOverUntil = isHopeless ? Infinity : Date.now() + PASS_OVER_MS;
    void this.#connection?.then((connection) => connection?.close());
    this.#connection = undefined;
  }
}

async function identityOf(authentication: Authentication | undefined): Promise<RpcIdentity | undefined> {
  if (authentication?.kind === 'user') return { user: authentication.user };
  if (authentication?.kind === 'delegation-token') return { token: decodeToken(await authentication.token()) };
  return undefined;
}
