import type { Limits } from '../exchange-limits.ts';
import { askBlockChecksum } from './ask-block-checksum.ts';
import type { BlockChecksum } from './block-message.ts';
import { DataNodeConnection } from './data-node-connection.ts';
import type { LocatedBlock } from './located-blocks.ts';
import type { BlockSums } from './packet-stream.ts';

/** DataNodes close a connection that has waited 4 s (dfs.datanode.socket.reuse.keepalive). */
const REUSE_WITHIN_MS = 3000;
const PASS_OVER_MS = 60_000;
/** So many failures without any success: the cluster wants what is not spoken here (SASL), or its ports are closed. */
const GIVE_UP_AFTER = 3;
const CONNECT_MS = 3000;

interface BlockTask {
  readonly block: LocatedBlock;
  readonly offset: number;
  readonly target: Uint8Array;
  readonly limits: Limits;
}

/** Connections to the data ports of DataNodes, kept for the next block, and what is known of who answers. */
export class DataNodePool {
  readonly #idle = new Map<string, { connection: DataNodeConnection; since: number }[]>();
  readonly #passedOver = new Map<string, number>();
  #hasSucceeded = false;
  #failures = 0;
  #turn = 0;

  /** False once it has shown that nothing can be read this way. */
  get isUsable(): boolean {
    return this.#hasSucceeded || this.#failures < GIVE_UP_AFTER;
  }

  /** Addresses to try, another one first each time: the parts of a block are read from all who hold it. */
  inTurn(addresses: readonly string[]): string[] {
    const now = Date.now();
    const able = addresses.filter((address) => (this.#passedOver.get(address) ?? 0) < now);
    const start = this.#turn++ % Math.max(1, able.length);
    return [...able.slice(start), ...able.slice(0, start)];
  }

  async read(address: string, task: BlockTask): Promise<BlockSums> {
    task.limits.signal?.throwIfAborted();
    const waiting = this.#takeIdle(address);
    if (waiting !== undefined) {
      try {
        return await this.#readFrom(waiting, task);
      } catch {
        // It may have been closed while it waited, which says nothing of the DataNode.
        task.limits.signal?.throwIfAborted();
      }
    }
    return this.#noted(address, task.limits, () => this.#readFrom(new DataNodeConnection(address), task));
  }

  /** Rejects like {@link askBlockChecksum}. */
  async checksum(address: string, block: LocatedBlock, limits: Limits): Promise<BlockChecksum> {
    return this.#noted(address, limits, () => askBlockChecksum(address, block, withShortConnect(limits)));
  }

  close(): void {
    for (const connections of this.#idle.values()) for (const { connection } of connections) connection.close();
    this.#idle.clear();
  }

  /** What a new connection came to is remembered of its DataNode. */
  async #noted<Result>(address: string, { signal }: Limits, work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      this.#hasSucceeded = true;
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      this.#failures++;
      this.#passedOver.set(address, Date.now() + PASS_OVER_MS);
      throw error;
    }
  }

  async #readFrom(connection: DataNodeConnection, { block, offset, target, limits }: BlockTask): Promise<BlockSums> {
    const sums = await connection.read(block, offset, target, withShortConnect(limits));
    const idle = this.#idle.get(connection.address) ?? [];
    if (connection.isOpen) idle.push({ connection, since: Date.now() });
    this.#idle.set(connection.address, idle);
    return sums;
  }

  #takeIdle(address: string): DataNodeConnection | undefined {
    const idle = this.#idle.get(address) ?? [];
    for (let last = idle.pop(); last !== undefined; last = idle.pop()) {
      if (last.connection.isOpen && Date.now() - last.since < REUSE_WITHIN_MS) return last.connection;
      last.connection.close();
    }
    return undefined;
  }
}

function withShortConnect(limits: Limits): Limits {
  return { ...limits, connectMs: Math.min(CONNECT_MS, limits.connectMs) };
}
