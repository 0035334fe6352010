import type { HttpAnswer } from './http-answer.ts';
import { StoreConnection, type RequestLimits } from './store-connection.ts';

/** A request whose head is written and signed. */
export interface SignedRequest extends RequestLimits {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly head: string;
  /** Empty where there is none; no longer read after the promise settles. */
  readonly body: Uint8Array;
}

/** Whatever carries requests to the store, those with large bodies above all: the connections below, or a program's own threads, which hold such connections themselves. */
export interface BodyTransfers {
  /** Rejects when there is no answer that is whole. */
  send(request: SignedRequest): Promise<HttpAnswer>;
  close(): void;
}

/** Connections to S3 endpoints, kept for the next request. */
export class StoreConnections implements BodyTransfers {
  readonly #idle = new Map<string, StoreConnection[]>();
  #isClosed = false;

  async send({ origin, head, body, ...limits }: SignedRequest): Promise<HttpAnswer> {
    const connection = this.#take(origin);
    const answer = await connection.send(head, body, limits);
    if (this.#isClosed) connection.close();
    else if (connection.isOpen) this.#idle.get(origin)!.push(connection);
    return answer;
  }

  close(): void {
    this.#isClosed = true;
    for (const connections of this.#idle.values()) for (const connection of connections) connection.close();
    this.#idle.clear();
  }

  /** The last one used is the least likely to be closed by the server. */
  #take(origin: string): StoreConnection {
    const idle = this.#idle.get(origin) ?? [];
    this.#idle.set(origin, idle);
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) if (last.isOpen) return last;
    return new StoreConnection(new URL(origin));
  }
}
