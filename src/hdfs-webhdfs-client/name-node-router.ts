import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockTransfers } from './blocks/data-node-connections.ts';
import { credentialsOf, type Authentication, type Credentials } from './authentication.ts';
import { DEFAULT_TIMEOUTS, type Limits, type Timeouts } from './exchange-limits.ts';
import { HttpExchange, expectText, readText } from './http-exchange.ts';
import { encodePath } from './path-encoding.ts';
import { SessionCookies } from './session-cookies.ts';
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
  /**
   * Read blocks from the data ports of DataNodes where `readBlocksInto` is called, and ask the NameNode's RPC port for them; plain http servers only. Off unless said: the ports must be
   * reachable, and clusters with dfs.data.transfer.protection refuse (it then gives up by itself).
   */
  readonly readsBlocks?: boolean | undefined;
  /** What carries those blocks; connections of the client's own unless said. Closed with the client. */
  readonly blockTransfers?: BlockTransfers | undefined;
  /** A DataNode that gave out blocks hangs up or is silent: read less at a time. The call itself goes on elsewhere, so that nothing else tells of it. */
  readonly onDataNodePressure?: (() => void) | undefined;
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
  /** Checksums, which take longer. */
  readonly isSlow?: boolean | undefined;
  readonly isStream?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Where the bytes of an operation are. Good for one use: it pins a NameNode, and may hold a token. */
export class Redirect {
  readonly url: URL;
  /** Credentials, only where the redirect stays at the server that was asked, as Knox's do. A DataNode never sees them. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(url: URL, headers: Readonly<Record<string, string>>) {
    this.url = url;
    this.headers = headers;
  }
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Sends operations to the active NameNode, finding it again when it changes, and hands out DataNode URLs. */
export class NameNodeRouter {
  readonly #bases: readonly URL[];
  readonly #authentication: Authentication | undefined;
  readonly #rounds: number;
  readonly #exchange: HttpExchange;
  readonly #timeouts: Timeouts;
  readonly #cookies = new SessionCookies();
  #active = 0;

  constructor(options: WebHdfsOptions) {
    if (options.nameNodes.length === 0) throw new RangeError('At least one NameNode is needed');
    this.#bases = options.nameNodes.map((base) => new URL(base.replace(/\/+$/, '')));
    this.#authentication = options.authentication;
    this.#rounds = options.rounds ?? 4;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#exchange = new HttpExchange(options.tls);
  }

  /** The JSON text of an operation, wherever it is redirected. */
  async askText(operation: Operation): Promise<string> {
    const answer = await this.locate(operation);
    return expectText(answer instanceof Redirect ? await this.follow(operation, answer) : answer);
  }

  async follow(operation: Operation, { url, headers }: Redirect, body?: Uint8Array): Promise<IncomingMessage> {
    const { method, isStream } = operation;
    const type = body === undefined ? {} : { 'content-type': 'application/octet-stream' };
    return this.#exchange.send({
      method,
      url,
      headers: { ...headers, ...type },
      body,
      limits: this.limitsOf(operation),
      isStream,
    });
  }

  limitsOf({ isSlow, signal }: Operation): Limits {
    const { connectMs, idleMs, totalMs, checksumMs } = this.#timeouts;
    return isSlow === true
      ? { connectMs, idleMs: checksumMs, totalMs: checksumMs, signal }
      : { connectMs, idleMs, totalMs, signal };
  }

  /**
   * Asks the NameNodes in turn, from the one that answered last, until one is active: where the bytes are, or the answer itself (HttpFS).
   * A redirect is never kept: after a failure ask again.
   */
  async locate(operation: Operation): Promise<Redirect | IncomingMessage> {
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

  /**
   * `host:port` of the RPC port of the NameNode that answered last, while it is active, as its JMX page says (`NameNodeStatusMXBean`). undefined from
   * servers of other kinds, and where that page is not open to everybody.
   */
  async findRpcAddress(signal: AbortSignal | undefined): Promise<string | undefined> {
    const url = new URL('/jmx?qry=Hadoop:service=NameNode,name=NameNodeStatus', this.#bases[this.#active]);
    const limits = this.limitsOf({ method: 'GET', op: 'JMX', path: '/', signal });
    const { beans } = JSON.parse(
      await expectText(await this.#exchange.send({ method: 'GET', url, headers: {}, limits })),
    ) as {
      beans?: { State?: unknown; HostAndPort?: unknown }[];
    };
    const [{ State: state, HostAndPort: address } = {}] = beans ?? [];
    return state === 'active' && typeof address === 'string' ? address : undefined;
  }

  async #askOne(base: URL, operation: Operation, isAgain = false): Promise<Redirect | IncomingMessage> {
    const { query, headers } = await this.#credentials(base);
    const url = new URL(base);
    url.pathname = `${base.pathname.replace(/\/$/, '')}${DATA_NODE_ROOT}${encodePath(operation.path)}`;
    // Some versions of Hadoop read "+" as a space and some do not: %20 is understood by all.
    url.search = new URLSearchParams(queryOf(operation, query)).toString().replaceAll('+', '%20');
    const { method, isStream } = operation;
    const answer = await this.#exchange.send({ method, url, headers, limits: this.limitsOf(operation), isStream });
    const status = answer.statusCode ?? 0;
    if (status < 400) this.#cookies.keep(base, answer.headers['set-cookie']);
    if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
      await readText(answer);
      return redirectTo(answer.headers.location, { url, headers, path: operation.path });
    }
    if (status >= 200 && status <= 299) return answer;
    const refusal = errorFromAnswer(status, await readText(answer));
    if (isAgain || refusal.failure !== 'denied' || !(await this.#hasOthers(base, status, { query, headers })))
      throw refusal;
    return this.#askOne(base, operation, true);
  }

  /** Whether what was refused has been replaced: a session that ended, or a token that expired on its way. */
  async #hasOthers(base: URL, status: number, { query, headers }: Credentials): Promise<boolean> {
    if (this.#authentication?.kind === 'delegation-token')
      return (await credentialsOf(this.#authentication)).query['delegation'] !== query['delegation'];
    const isOver = status === 401 && headers['cookie'] !== undefined;
    if (isOver) this.#cookies.forget(base);
    return isOver;
  }

  /** What proves who asks: a session that stands, or else a negotiation. */
  async #credentials(server: URL): Promise<Credentials> {
    const cookie = this.#authentication?.kind === 'header' ? this.#cookies.find(server) : undefined;
    return cookie === undefined ? credentialsOf(this.#authentication) : { query: {}, headers: { cookie } };
  }

  close(): void {
    this.#exchange.close();
  }
}

const DATA_NODE_ROOT = '/webhdfs/v1';

interface Asked {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
}

/**
 * NameNodes write their redirects with java.net.URI.toASCIIString, which composes accents (NFC): the DataNode would open, or write,
 * the file of another name. The path is put back as it was asked for; gateways that hide it are left alone.
 */
function redirectTo(location: string, asked: Asked): Redirect {
  // No cause: the message of an invalid URL holds the URL, and that a token.
  if (!URL.canParse(location, asked.url.href)) throw unexpectedAnswer('a redirect');
  const url = new URL(location, asked.url);
  if (!/^https?:$/.test(url.protocol)) throw unexpectedAnswer('a redirect');
  const wasChanged = asked.path !== asked.path.normalize('NFC') && url.pathname.startsWith(`${DATA_NODE_ROOT}/`);
  if (wasChanged) url.pathname = `${DATA_NODE_ROOT}${encodePath(asked.path)}`;
  return new Redirect(url, url.origin === asked.url.origin ? asked.headers : {});
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
