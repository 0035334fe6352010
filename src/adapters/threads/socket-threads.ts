import { availableParallelism } from 'node:os';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { DataNodeConnections, type BlockSums, type BlockTransfers } from '../../hdfs-webhdfs-client/index.ts';
import type { HttpAnswer } from '../s3/http-answer.ts';
import { StoreConnections, type BodyTransfers } from '../s3/store-connections.ts';
import { SocketThreadHandle, ThreadLost } from './socket-thread-handle.ts';
import { SpareCores } from './spare-cores.ts';
import type { ThreadTask } from './thread-task.ts';

/** Of the last second or more. */
export interface Load {
  /** Share of the time in which the threads that move bytes were at work, on average. */
  readonly utilization: number;
  /** Cores of this machine that had nothing to do. */
  readonly spareCores: number;
}

export interface SocketThreadsOptions {
  /** Threads beside this one; 0 leaves everything to it. As many as there are other cores, up to {@link MOST}, unless said. */
  readonly most?: number | undefined;
  /** Of these, from the first bytes on; 0 unless said. */
  readonly first?: number;
  /** Whether one more would pay. */
  readonly isWorthwhile?: (load: Load) => boolean;
}

/** Each moves some hundred MB a second, which is more than the lines of most lakes take. */
const MOST = 3;
const WINDOW_MS = 1000;
/** More than that, and the sockets wait for the threads. Less than nearly a whole core idle, and threads would take turns, with each other or with the ends' own processes. */
const WORTHWHILE: Load = { utilization: 0.8, spareCores: 0.9 };

/** Handing over less would cost as much as moving it. */
const SMALLEST_BYTES = 1024 * 1024;

/**
 * Bytes on more than one core: parts are received and sent by this thread and, once it is busy while a core is idle, by others beside it, where their memory is shared.
 * They hold sockets and no more than that: what is asked, signed, compared and recorded stays here. Memory is shared only once there are such threads, since to write
 * to it takes twice as long (measured: 0.1 s/GB in place of 0.05).
 */
export class SocketThreads {
  #most: number;
  readonly #isWorthwhile: (load: Load) => boolean;
  readonly #spareCores = new SpareCores();
  readonly #reads = new DataNodeConnections();
  readonly #writes = new StoreConnections();
  #threads: SocketThreadHandle[];
  #ownBytesInFlight = 0;
  #lastTaskMs = -Infinity;
  #windowStartMs = 0;
  #seen: EventLoopUtilization | undefined;

  constructor({ most, first = 0, isWorthwhile }: SocketThreadsOptions) {
    this.#most = most ?? Math.min(MOST, availableParallelism() - 1);
    this.#threads = Array.from({ length: first }, () => new SocketThreadHandle());
    this.#isWorthwhile =
      isWorthwhile ??
      (({ utilization, spareCores }) => utilization > WORTHWHILE.utilization && spareCores > WORTHWHILE.spareCores);
  }

  /** How many there are beside this one. */
  get count(): number {
    return this.#threads.length;
  }

  readonly sharesMemory = (): boolean => this.#threads.length > 0;

  readonly blockTransfers: BlockTransfers = {
    read: (address, { block, offset, target, limits }) => {
      const { signal, ...others } = limits;
      const task = { kind: 'read', address, task: { block, offset, target, limits: others } } as const;
      const here = () => this.#reads.read(address, { block, offset, target, limits });
      return this.#move<BlockSums>(task, { bytes: target, signal, here });
    },
    close: () => this.#reads.close(),
  };

  readonly bodyTransfers: BodyTransfers = {
    send: ({ signal, ...request }) => {
      const here = () => this.#writes.send({ ...request, signal });
      return this.#move<HttpAnswer>({ kind: 'send', request }, { bytes: request.body, signal, here });
    },
    close: () => this.#writes.close(),
  };

  async close(): Promise<void> {
    this.blockTransfers.close();
    this.bodyTransfers.close();
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #move<Result>(
    task: ThreadTask,
    { bytes, signal, here }: { bytes: Uint8Array; signal: AbortSignal | undefined; here: () => Promise<Result> },
  ): Promise<Result> {
    if (this.#most === 0 || bytes.length < SMALLEST_BYTES) return here();
    this.#growIfWorthwhile();
    const thread = bytes.buffer instanceof SharedArrayBuffer ? this.#leastLoaded() : undefined;
    if (thread === undefined) return this.#byItself(bytes.length, here);
    try {
      // The thread was sent a task of this kind, and answers in kind.
      return (await thread.run(task, bytes.length, signal)) as Result;
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      signal?.throwIfAborted();
      return this.#byItself(bytes.length, here);
    }
  }

  /** undefined for this one. */
  #leastLoaded(): SocketThreadHandle | undefined {
    this.#threads = this.#threads.filter(({ isAlive }) => isAlive);
    let least: { bytesInFlight: number; thread?: SocketThreadHandle } = { bytesInFlight: this.#ownBytesInFlight };
    for (const thread of this.#threads)
      if (thread.bytesInFlight < least.bytesInFlight) least = { bytesInFlight: thread.bytesInFlight, thread };
    return least.thread;
  }

  async #byItself<Result>(sizeBytes: number, here: () => Promise<Result>): Promise<Result> {
    this.#ownBytesInFlight += sizeBytes;
    try {
      return await here();
    } finally {
      this.#ownBytesInFlight -= sizeBytes;
    }
  }

  #growIfWorthwhile(): void {
    const now = performance.now();
    const isAfterPause = now - this.#lastTaskMs > WINDOW_MS;
    this.#lastTaskMs = now;
    if (!isAfterPause && now - this.#windowStartMs < WINDOW_MS) return;
    this.#windowStartMs = now;
    const load = { utilization: this.#utilization(), spareCores: this.#spareCores.since() };
    // What was done before says nothing of the parts that come.
    if (isAfterPause || this.#threads.length >= this.#most || !this.#isWorthwhile(load)) return;
    try {
      this.#threads.push(new SocketThreadHandle());
    } catch {
      // The system gives no more threads: these do.
      this.#most = this.#threads.length;
    }
  }

  /** Of all threads, on average, since it was last asked. */
  #utilization(): number {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#seen);
    this.#seen = now;
    const others = this.#threads.map((thread) => thread.utilization());
    return others.reduce((sum, one) => sum + one, utilization) / (1 + others.length);
  }
}
