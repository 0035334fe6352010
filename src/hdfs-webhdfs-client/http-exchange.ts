import http from 'node:http';
import https from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { errorFromAnswer, WebHdfsError } from './webhdfs-error.ts';

export interface Timeouts {
  /** Until the TCP (and TLS) connection stands. */
  readonly connectMs: number;
  /** Longest silence while waiting for an answer or between its bytes. */
  readonly idleMs: number;
  /** The whole exchange, body included; for checksums, which the DataNode computes block by block, `checksumMs` instead. */
  readonly totalMs: number;
  readonly checksumMs: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  idleMs: 60_000,
  totalMs: 600_000,
  checksumMs: 1_800_000,
};

export interface ExchangeRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly timeouts: Timeouts;
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** One HTTP exchange without following anything; resolves when the headers are there. Redirect URLs hold tokens: no error quotes the URL. */
export class HttpExchange {
  readonly #httpAgent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  readonly #httpsAgent: https.Agent;

  constructor(tls: ConnectionOptions | undefined) {
    this.#httpsAgent = new https.Agent({ keepAlive: true, maxSockets: 256, ...tls });
  }

  async send(request: ExchangeRequest): Promise<http.IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const isTls = request.url.protocol === 'https:';
    const headers: Record<string, string | number> = { ...request.headers };
    if (request.body !== undefined) headers['content-length'] = request.body.length;
    else if (request.method === 'PUT' || request.method === 'POST') headers['content-length'] = 0;
    const outgoing = (isTls ? https : http).request(request.url, {
      method: request.method,
      agent: isTls ? this.#httpsAgent : this.#httpAgent,
      headers,
    });
    const end = limit(outgoing, request);
    outgoing.on('error', (cause) => reject(unreachable(request, cause)));
    outgoing.on('response', (incoming) => {
      incoming.once('close', end);
      resolve(incoming);
    });
    outgoing.once('close', end);
    outgoing.end(request.body);
    return promise;
  }

  close(): void {
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }
}

/** Puts the three time-outs and the abort signal on a request; returns what takes them off. */
function limit(outgoing: http.ClientRequest, { timeouts, totalMs, signal }: ExchangeRequest): () => void {
  const fail = (what: string): void => void outgoing.destroy(new WebHdfsError(what, { failure: 'unavailable' }));
  const total = setTimeout(() => fail(`no complete answer within ${totalMs} ms`), totalMs);
  const connect = setTimeout(() => fail(`no connection within ${timeouts.connectMs} ms`), timeouts.connectMs);
  const onAbort = (): void =>
    void outgoing.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
  outgoing.on('socket', (socket) => {
    const connected = (): void => clearTimeout(connect);
    if (socket.connecting) socket.once('connect', connected);
    else connected();
  });
  outgoing.setTimeout(timeouts.idleMs, () => fail(`silent for ${timeouts.idleMs} ms`));
  if (signal?.aborted === true) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return () => {
    clearTimeout(total);
    clearTimeout(connect);
    signal?.removeEventListener('abort', onAbort);
  };
}

function unreachable(request: ExchangeRequest, cause: Error): Error {
  if (request.signal?.aborted === true || cause instanceof WebHdfsError) return cause;
  return new WebHdfsError(
    `${request.url.host} does not answer: ${cause.message || (cause as NodeJS.ErrnoException).code}`,
    { failure: 'unavailable', cause },
  );
}

/** The whole body as text; fails when the connection ends before its announced length. */
export async function readText(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
  } catch (cause) {
    if (cause instanceof WebHdfsError) throw cause;
    throw new WebHdfsError('The answer was cut off', { failure: 'unavailable', cause });
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The body of a good answer; a bad one becomes its error. */
export async function expectText(incoming: http.IncomingMessage): Promise<string> {
  const text = await readText(incoming);
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 299) throw errorFromAnswer(status, text);
  return text;
}
