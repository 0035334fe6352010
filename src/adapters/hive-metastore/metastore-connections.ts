import pLimit from 'p-limit';
import { isLakeliftError, messageOf } from '../../errors.ts';
import type { MetastoreAddress } from './message-transport.ts';
import { UNREACHABLE, unavailable } from './metastore-error.ts';
import { MetastoreConnection, type ConnectionOptions } from './metastore-connection.ts';

/** At most `size` sessions, each with one call at a time, over the first of several addresses that answers. */
export class MetastoreConnections {
  readonly #addresses: readonly MetastoreAddress[];
  readonly #options: ConnectionOptions;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #open = new Set<MetastoreConnection>();
  #idle: MetastoreConnection[] = [];
  #isClosed = false;

  constructor(addresses: readonly MetastoreAddress[], options: ConnectionOptions, size: number) {
    this.#addresses = addresses;
    this.#options = options;
    this.#limit = pLimit(size);
  }

  /**
   * Lends a session. Work whose session breaks is done once more on a new one: metastores close idle sessions and restart, and
   * nothing here writes.
   */
  use<T>(work: (connection: MetastoreConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    return this.#limit(async () => {
      try {
        return await this.#lend(work, signal);
      } catch (error) {
        if (!isLakeliftError(error) || error.code !== 'METASTORE_CLOSED' || this.#isClosed) throw error;
        return this.#lend(work, signal);
      }
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open) connection.close();
    this.#open.clear();
    this.#idle = [];
  }

  async #lend<T>(work: (connection: MetastoreConnection) => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const connection = await this.#take(signal);
    try {
      return await work(connection);
    } finally {
      if (connection.isOpen && !this.#isClosed) this.#idle.push(connection);
      else this.#drop(connection);
    }
  }

  async #take(signal?: AbortSignal): Promise<MetastoreConnection> {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isOpen) return idle;
      this.#drop(idle);
    }
    if (this.#isClosed) throw unavailable('METASTORE_CLOSED', 'this catalog was closed');
    const connection = await this.#connect(signal);
    this.#open.add(connection);
    return connection;
  }

  #drop(connection: MetastoreConnection): void {
    connection.close();
    this.#open.delete(connection);
  }

  async #connect(signal?: AbortSignal): Promise<MetastoreConnection> {
    const failures: unknown[] = [];
    for (const address of this.#addresses) {
      try {
        return await MetastoreConnection.open(address, this.#options, signal);
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(error);
      }
    }
    const telling = failures.find((error) => !isLakeliftError(error, 'unavailable'));
    if (telling !== undefined) throw telling as Error;
    throw unavailable(UNREACHABLE, `no metastore answers: ${failures.map(messageOf).join('; ')}`, failures.at(-1));
  }
}
