import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CONNECT_TIMEOUT_MS } from '../aws/aws-settings.ts';
import { answerIn, type HttpAnswer } from './http-answer.ts';

export interface RequestLimits {
  /** For the whole. */
  readonly timeoutMs: number;
  /** Longest time in which nothing moves. */
  readonly silenceMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Asked {
  readonly isHead: boolean;
  readonly outcome: PromiseWithResolvers<HttpAnswer>;
  readonly limit: NodeJS.Timeout;
}

/** Far more than the headers of an answer and the text of an error. */
const LONGEST_ANSWER_BYTES = 64 * 1024;
const READ_BYTES = 16 * 1024;

/**
 * A kept connection to an S3 endpoint, for one request after the other: HTTP/1.1 with bodies of known length, and no more of it than that. What node:http does
 * for every request (objects, events, timers) costs twice what the request itself does.
 */
export class StoreConnection {
  readonly #socket: Socket;
  #asked: Asked | undefined;
  #answer = '';
  #signal: AbortSignal | undefined;
  /** Good for another request. */
  isOpen = true;

  constructor(endpoint: URL) {
    this.#socket = open(endpoint, (bytes) => this.#take(bytes));
    this.#socket
      .on('timeout', () => this.#fail(new Error('silence')))
      .on('error', (error) => this.#fail(error))
      .on('end', () => this.#fail(new Error('closed')))
      .on('close', () => this.#fail(new Error('closed')));
    const patience = setTimeout(() => this.#fail(new Error('no connection')), CONNECT_TIMEOUT_MS);
    this.#socket.once('connect', () => clearTimeout(patience)).once('close', () => clearTimeout(patience));
  }

  /** Sends a request and waits for its answer. Rejects when there is none that is whole; the connection is of no use then. */
  send(head: string, body: Uint8Array, { timeoutMs, silenceMs, signal }: RequestLimits): Promise<HttpAnswer> {
    const outcome = Promise.withResolvers<HttpAnswer>();
    this.#asked = {
      isHead: head.startsWith('HEAD '),
      outcome,
      limit: setTimeout(() => this.#fail(new Error('too slow')), timeoutMs),
    };
    this.#answer = '';
    this.#watch(signal);
    this.#socket.ref();
    this.#socket.setTimeout(silenceMs);
    this.#socket.cork();
    this.#socket.write(head, 'latin1');
    if (body.length > 0) this.#socket.write(body);
    this.#socket.uncork();
    return outcome.promise;
  }

  close(): void {
    this.#fail(new Error('closed'));
  }

  /** One listener for all requests under the same signal: adding and removing one each time costs as much as the signature. */
  #watch(signal: AbortSignal | undefined): void {
    if (signal?.aborted === true) this.#fail(new Error('aborted'));
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    if (this.#asked !== undefined) this.#fail(new Error('aborted'));
  };

  #take(bytes: Uint8Array): void {
    this.#answer += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    if (this.#asked === undefined || this.#answer.length > LONGEST_ANSWER_BYTES)
      return this.#fail(new Error('an answer that nobody asked for'));
    try {
      const answer = answerIn(this.#answer, this.#asked.isHead);
      if (answer !== undefined) this.#end(answer);
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #end(answer: HttpAnswer): void {
    const { outcome, limit } = this.#asked!;
    this.#asked = undefined;
    clearTimeout(limit);
    // Before all of the body was taken: what follows on this connection is no request.
    if (!answer.keepsConnection || this.#socket.writableLength > 0) this.close();
    else this.#socket.unref();
    outcome.resolve(answer);
  }

  #fail(error: Error): void {
    this.isOpen = false;
    const asked = this.#asked;
    this.#asked = undefined;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    clearTimeout(asked?.limit);
    asked?.outcome.reject(error);
    this.#socket.destroy();
  }
}

function open({ protocol, hostname, port }: URL, onBytes: (bytes: Uint8Array) => void): Socket {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:')
    return connectTls({ host, port: Number(port || 443), servername: host, ALPNProtocols: ['http/1.1'] })
      .setNoDelay()
      .on('data', onBytes);
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (bytes: number): boolean => {
    onBytes(buffer.subarray(0, bytes));
    return true;
  };
  return connectPlain({ host, port: Number(port || 80), noDelay: true, onread: { buffer, callback } });
}
