import type { Limits } from '../exchange-limits.ts';
import { WebHdfsError } from '../webhdfs-error.ts';
import { askBlockChecksum } from './ask-block-checksum.ts';
import type { BlockChecksum } from './block-message.ts';
import { DataNodeConnections, type BlockTask, type BlockTransfers } from './data-node-connections.ts';
import type { LocatedBlock } from './located-blocks.ts';
import type { BlockSums } from './packet-stream.ts';

const PASS_OVER_MS = 60_000;
/** So many failures without any success: the cluster wants what is not spoken here (SASL), or its ports are closed. */
const GIVE_UP_AFTER = 3;
const CONNECT_MS = 3000;

/** The DataNodes of a cluster, and what is known of who answers. */
export class DataNodePool {
  readonly #transfers: BlockTransfers;
  readonly #onPressure: (() => void) | undefined;
  readonly #served = new Set<string>();
  readonly #passedOver = new Map<string, number>();
  #failures = 0;
  #turn = 0;

  /** `onPressure` is told when a DataNode that has served is silent or hangs up: it does so when more read than it has threads for (dfs.datanode.max.transfer.threads). */
  constructor(transfers: BlockTransfers = new DataNodeConnections(), onPressure?: () => void) {
    this.#transfers = transfers;
    this.#onPressure = onPressure;
  }

  /** False once it has shown that nothing can be read this way. */
  get isUsable(): boolean {
    return this.#served.size > 0 || this.#failures < GIVE_UP_AFTER;
  }

  /** Addresses to try, another one first each time: the parts of a block are read from all who hold it. */
  inTurn(addresses: readonly string[]): string[] {
    const now = Date.now();
    const able = addresses.filter((address) => (this.#passedOver.get(address) ?? 0) < now);
    const start = this.#turn++ % Math.max(1, able.length);
    return [...able.slice(start), ...able.slice(0, start)];
  }

  async read(address: string, task: BlockTask): Promise<BlockSums> {
    const limits = withShortConnect(task.limits);
    return this.#noted(address, limits, () => this.#transfers.read(address, { ...task, limits }));
  }

  /** Rejects like {@link askBlockChecksum}. */
  async checksum(address: string, block: LocatedBlock, limits: Limits): Promise<BlockChecksum> {
    return this.#noted(address, limits, () => askBlockChecksum(address, block, withShortConnect(limits)));
  }

  close(): void {
    this.#transfers.close();
  }

  /** What became of it is remembered of the DataNode. */
  async #noted<Result>(address: string, { signal }: Limits, work: () => Promise<Result>): Promise<Result> {
    signal?.throwIfAborted();
    try {
      const result = await work();
      this.#served.add(address);
      return result;
    } catch (error) {
      signal?.throwIfAborted();
      this.#failures++;
      this.#passedOver.set(address, Date.now() + PASS_OVER_MS);
      const isLost = error instanceof WebHdfsError && error.failure === 'unavailable';
      if (isLost && this.#served.has(address)) this.#onPressure?.();
      throw error;
    }
  }
}

function withShortConnect(limits: Limits): Limits {
  return { ...limits, connectMs: Math.min(CONNECT_MS, limits.connectMs) };
}
