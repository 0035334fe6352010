import type { WriteAnswer } from './write-answer.ts';
import { WriteConnection, type WriteLimits } from './write-connection.ts';

/** A request whose head is written and signed. */
export interface SignedWrite extends WriteLimits {
  /** Scheme, host and port. */
  readonly origin: string;
  readonly head: string;
  /** No longer read after the promise settles. */
  readonly body: Uint8Array;
}

/** Whatever carries bodies to the store: the connections below, or a program's own threads, which hold such connections themselves. */
export interface BodyTransfers {
  /** Rejects when there is no answer that is whole. */
  send(write: SignedWrite): Promise<WriteAnswer>;
  close(): void;
}

/** Connections to S3 endpoints, kept for the next request. */
export class WriteConnections implements BodyTransfers {
  readonly #idle = new Map<string, WriteConnection[]>();
  #isClosed = false;

  async send({ origin, head, body, ...limits }: SignedWrite): Promise<WriteAnswer> {
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
  #take(origin: string): WriteConnection {
    const idle = this.#idle.get(origin) ?? [];
    this.#idle.set(origin, idle);
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) if (last.isOpen) return last;
    return new WriteConnection(new URL(origin));
  }
}
