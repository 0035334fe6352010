import { setTimeout as sleep } from 'node:timers/promises';
import { credentialsOf, type Authentication } from './authentication.ts';
import { DEFAULT_TIMEOUTS, HttpExchange, expectText, readText, type Timeouts } from './http-exchange.ts';
import { encodePath } from './path-encoding.ts';
import { errorFromAnswer, isElsewhere, WebHdfsError } from './webhdfs-error.ts';
import type { IncomingMessage } from 'node:http';
import type { ConnectionOptions } from 'node:tls';

export interface WebHdfsOptions {
  /** Base URLs of NameNodes, HttpFS servers or a gateway (`https://knox:8443/gateway/cdp-proxy-api`), tried in order. `/webhdfs/v1` is added. */
  readonly nameNodes: readonly string[];
  readonly authentication?: Authentication | undefined;
  readonly timeouts?: Partial<Timeouts> | undefined;
  /** Certificate authorities and the like, for https servers. */
  readonly tls?: ConnectionOptions | undefined;
  /** How many times the whole list of NameNodes is tried when none is active; between rounds it waits, longer each time. */
  readonly rounds?: number | undefined;
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Operation {
  readonly method: Method;
  readonly op: string;
  readonly path: string;
  readonly query?: Query | undefined;
  readonly totalMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Sends operations to the active NameNode, finding it again when it changes, and hands out DataNode URLs. */
export class NameNodeRouter {
  readonly #bases: readonly URL[];
  readonly #authentication: Authentication | undefined;
  readonly #rounds: number;
  readonly exchange: HttpExchange;
  readonly timeouts: Timeouts;
  #active = 0;

  constructor(options: WebHdfsOptions) {
    if (options.nameNodes.length === 0) throw new RangeError('At least one NameNode is needed');
    this.#bases = options.nameNodes.map((base) => new URL(base.replace(/\/+$/, '')));
    this.#authentication = options.authentication;
    this.#rounds = options.rounds ?? 4;
    this.timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.exchange = new HttpExchange(options.tls);
  }

  /** The JSON text of an operation, wherever it is redirected. */
  async askText(operation: Operation): Promise<string> {
    const answer = await this.#ask(operation);
    return expectText(answer instanceof URL ? await this.send(operation, answer) : answer);
  }

  /**
   * Where the bytes of an operation are: a DataNode's URL, or the answer itself (HttpFS).
   * A URL is good for one use and one NameNode; after a failure ask again.
   */
  async locate(operation: Operation): Promise<URL | IncomingMessage> {
    return this.#ask(operation);
  }

  /** A request to a DataNode: no credentials, they are in its URL. */
  async send(operation: Operation, url: URL, body?: Uint8Array): Promise<IncomingMessage> {
    const { method, signal } = operation;
    const headers = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
    return this.exchange.send({
      method,
      url,
      headers,
      body,
      timeouts: this.timeouts,
      totalMs: operation.totalMs ?? this.timeouts.totalMs,
      signal,
    });
  }

  /** Asks the NameNodes in turn, from the one that answered last, until one is active. */
  async #ask(operation: Operation): Promise<URL | IncomingMessage> {
    let lastError: unknown;
    for (let round = 0; round < this.#rounds; round++) {
      if (round > 0)
        await sleep(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (round - 1)), undefined, {
          signal: operation.signal,
        });
      for (let tried = 0; tried < this.#bases.length; tried++) {
        const index = (this.#active + tried) % this.#bases.length;
        try {
          const answer = await this.#askOne(this.#bases[index]!, operation);
          this.#active = index;
          return answer;
        } catch (error) {
          operation.signal?.throwIfAborted();
          if (!isElsewhere(error)) throw error;
          lastError = error;
        }
      }
      // With a single server there is nobody else to ask: the caller decides whether to repeat.
      if (this.#bases.length === 1) break;
    }
    throw lastError;
  }

  async #askOne(base: URL, operation: Operation): Promise<URL | IncomingMessage> {
    const credentials = await credentialsOf(this.#authentication);
    const url = new URL(base);
    url.pathname = `${base.pathname.replace(/\/$/, '')}/webhdfs/v1${encodePath(operation.path)}`;
    // Values go through URLSearchParams except that Hadoop reads "+" as a space only in some versions: %20 is understood by all.
    url.search = new URLSearchParams(queryOf(operation, credentials.query)).toString().replaceAll('+', '%20');
    const totalMs = operation.totalMs ?? this.timeouts.totalMs;
    const answer = await this.exchange.send({
      method: operation.method,
      url,
      headers: credentials.headers,
      timeouts: this.timeouts,
      totalMs,
      signal: operation.signal,
    });
    const status = answer.statusCode ?? 0;
    if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
      await readText(answer);
      return dataNodeUrl(new URL(answer.headers.location, url), operation.path);
    }
    if (status < 200 || status > 299) throw errorFromAnswer(status, await readText(answer));
    return answer;
  }

  close(): void {
    this.exchange.close();
  }
}

const DATA_NODE_ROOT = '/webhdfs/v1';

/**
 * NameNodes write their redirects with java.net.URI.toASCIIString, which composes accents (NFC): the DataNode would open, or write,
 * the file of another name. The path is put back as it was asked for; gateways that hide it are left alone.
 */
function dataNodeUrl(location: URL, path: string): URL {
  const wasChanged = path !== path.normalize('NFC') && location.pathname.startsWith(`${DATA_NODE_ROOT}/`);
  if (wasChanged) location.pathname = `${DATA_NODE_ROOT}${encodePath(path)}`;
  return location;
}

function queryOf(operation: Operation, credentials: Readonly<Record<string, string>>): [string, string][] {
  const all = { op: operation.op, ...credentials, ...operation.query };
  return Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
}

export function unexpectedAnswer(op: string): WebHdfsError {
  return new WebHdfsError(`The answer to ${op} has not the form that WebHDFS promises`, { failure: 'corrupt' });
}
