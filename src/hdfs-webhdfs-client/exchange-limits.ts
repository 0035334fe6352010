import { WebHdfsError } from './webhdfs-error.ts';

export interface Timeouts {
  /** Until the TCP connection stands, and TLS with it. */
  readonly connectMs: number;
  /** Longest silence while waiting for an answer or between its bytes. A consumer that does not read is not silence. */
  readonly idleMs: number;
  /** The whole exchange, body included; a stream ends when its consumer likes, so that for `open` it is the time until the first byte. */
  readonly totalMs: number;
  /** Instead of `totalMs` for checksums, which a DataNode computes block by block. Also its longest silence. */
  readonly checksumMs: number;
}

/** Silence longer than a DataNode itself keeps while it waits for another one, 60 s (dfs.client.socket-timeout): it then goes on from a third. */
export const DEFAULT_TIMEOUTS: Timeouts = {
  connectMs: 10_000,
  idleMs: 90_000,
  totalMs: 600_000,
  checksumMs: 600_000,
};

export interface Limits {
  readonly connectMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Time-outs and the abort signal of one exchange, whatever carries it; `fail` is told at most once, with what it should reject with. */
export class ExchangeLimits {
  readonly #limits: Limits;
  readonly #fail: (error: Error) => void;
  readonly #total: NodeJS.Timeout;
  readonly #connect: NodeJS.Timeout;
  readonly #onAbort = (): void => this.#end(abortError(this.#limits.signal!));

  constructor(limits: Limits, fail: (error: Error) => void) {
    this.#limits = limits;
    this.#fail = fail;
    const { connectMs, totalMs, signal } = limits;
    this.#total = setTimeout(() => this.#timeOut(`no complete answer within ${totalMs} ms`), totalMs);
    this.#connect = setTimeout(() => this.#timeOut(`no connection within ${connectMs} ms`), connectMs);
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  connected(): void {
    clearTimeout(this.#connect);
  }

  silent(): void {
    this.#timeOut(`silent for ${this.#limits.idleMs} ms`);
  }

  /** From now on only silence and an abort end the exchange: its body is read at the consumer's pace. */
  streaming(): void {
    clearTimeout(this.#total);
  }

  /** The exchange is over. */
  end(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#connect);
    this.#limits.signal?.removeEventListener('abort', this.#onAbort);
  }

  #timeOut(what: string): void {
    this.#end(new WebHdfsError(what, { failure: 'unavailable' }));
  }

  #end(error: Error): void {
    this.end();
    this.#fail(error);
  }
}

export function abortError({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('Aborted', { cause: reason });
}
