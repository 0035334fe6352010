import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import type { Agent as TlsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { ExchangeLimits, type Limits } from './exchange-limits.ts';
import { errorFromAnswer, WebHdfsError } from './webhdfs-error.ts';

// An import would load all that the module can give, undici with it: 27 ms of a start in place of 3.
const http = process.getBuiltinModule('node:http');
const https = process.getBuiltinModule('node:https');

export interface ExchangeRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  readonly limits: Limits;
  /** The body is handed on as a stream, to be read at the consumer's pace. */
  readonly isStream?: boolean | undefined;
}

/** One HTTP exchange without following anything; resolves when the headers are there. Redirect URLs hold tokens: no error quotes the URL. */
export class HttpExchange {
  readonly #httpAgent: Agent = new http.Agent({ keepAlive: true, maxSockets: 256 });
  readonly #httpsAgent: TlsAgent;

  constructor(tls: ConnectionOptions | undefined) {
    this.#httpsAgent = new https.Agent({ keepAlive: true, maxSockets: 256, ...tls });
  }

  async send(request: ExchangeRequest): Promise<IncomingMessage> {
    request.limits.signal?.throwIfAborted();
    try {
      return await this.#sendOnce(request);
    } catch (error) {
      // A server may close a kept connection just as it is used again: nothing was asked yet, so that asking again is safe.
      if (!(error instanceof StaleConnection) || request.method !== 'GET') throw error;
      return this.#sendOnce(request);
    }
  }

  #sendOnce(request: ExchangeRequest): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const outgoing = this.#start(request);
    let incoming: IncomingMessage | undefined;
    const limits = new ExchangeLimits(request.limits, (error) => {
      (incoming ?? outgoing).destroy(error);
      reject(error);
    });
    outgoing.on('socket', (socket) => whenConnected(socket, () => limits.connected()));
    outgoing.setTimeout(request.limits.idleMs, () => {
      // Unread bytes wait for the consumer: the server is not the silent one. Look again later.
      if (incoming !== undefined && incoming.readableLength > 0) outgoing.socket?.setTimeout(request.limits.idleMs);
      else limits.silent();
    });
    outgoing.on('error', (cause) => {
      limits.end();
      reject(
        outgoing.reusedSocket && isReset(cause) ? new StaleConnection(request.url) : unreachable(request.url, cause),
      );
    });
    outgoing.on('response', (message) => {
      incoming = message;
      if (request.isStream === true) limits.streaming();
      message.once('close', () => limits.end());
      resolve(message);
    });
    outgoing.end(request.body);
    return promise;
  }

  #start({ method, url, body, headers: given }: ExchangeRequest): ClientRequest {
    const isTls = url.protocol === 'https:';
    const headers: Record<string, string | number> = { ...given };
    if (method === 'PUT' || method === 'POST') headers['content-length'] = body?.length ?? 0;
    const agent = isTls ? this.#httpsAgent : this.#httpAgent;
    return (isTls ? https : http).request(url, { method, agent, headers });
  }

  close(): void {
    this.#httpAgent.destroy();
    this.#httpsAgent.destroy();
  }
}

function whenConnected(socket: Socket, connected: () => void): void {
  const isTls = socket instanceof TLSSocket;
  // A kept socket is connected already; `secureConnecting` is not in the types of every Node line.
  const isPending =
    socket.connecting || (isTls && (socket as TLSSocket & { secureConnecting?: boolean }).secureConnecting === true);
  if (isPending) socket.once(isTls ? 'secureConnect' : 'connect', connected);
  else connected();
}

export function unreachable(url: URL, cause: Error): Error {
  if (cause instanceof WebHdfsError) return cause;
  const what = cause.message === '' ? (cause as NodeJS.ErrnoException).code : cause.message;
  return new WebHdfsError(`${url.host} does not answer: ${what}`, { failure: 'unavailable', cause });
}

class StaleConnection extends WebHdfsError {
  constructor(url: URL) {
    super(`${url.host} closed a kept connection`, { failure: 'unavailable' });
  }
}

function isReset(cause: Error): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/** The whole body as text; fails when the connection ends before its announced length. */
export async function readText(incoming: IncomingMessage): Promise<string> {
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
export async function expectText(incoming: IncomingMessage): Promise<string> {
  const text = await readText(incoming);
  const status = incoming.statusCode ?? 0;
  if (status < 200 || status > 299) throw errorFromAnswer(status, text);
  return text;
}
