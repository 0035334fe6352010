import type { Limits } from '../exchange-limits.ts';
import { DataNodeConnection } from './data-node-connection.ts';
import type { LocatedBlock } from './located-blocks.ts';
import type { BlockSums } from './packet-stream.ts';

/** DataNodes close a connection that has waited 4 s (dfs.datanode.socket.reuse.keepalive). */
const REUSE_WITHIN_MS = 3000;

export interface BlockTask {
  readonly block: LocatedBlock;
  /** In the block, of the first byte to read. */
  readonly offset: number;
  /** Filled whole; undefined in content after a rejection, and no longer written to. */
  readonly target: Uint8Array;
  readonly limits: Limits;
}

/** Whatever carries blocks here: the connections below, or a program's own threads, which hold such connections themselves. */
export interface BlockTransfers {
  /** From the DataNode at `address` (`host:port`). Rejects with WebHdfsError, or the signal's reason. */
  read(address: string, task: BlockTask): Promise<BlockSums>;
  close(): void;
}

/** Connections to the data ports of DataNodes, kept for the next block. */
export class DataNodeConnections implements BlockTransfers {
  readonly #idle = new Map<string, { connection: DataNodeConnection; since: number }[]>();
  #isClosed = false;

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
    return this.#readFrom(new DataNodeConnection(address), task);
  }

  close(): void {
    this.#isClosed = true;
    for (const connections of this.#idle.values()) for (const { connection } of connections) connection.close();
    this.#idle.clear();
  }

  async #readFrom(connection: DataNodeConnection, { block, offset, target, limits }: BlockTask): Promise<BlockSums> {
    const sums = await connection.read(block, offset, target, limits);
    const idle = this.#idle.get(connection.address) ?? [];
    if (this.#isClosed) connection.close();
    else if (connection.isOpen) idle.push({ connection, since: Date.now() });
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
