import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { performance, type EventLoopUtilization } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { errorOf, type ThreadAnswer, type ThreadTask } from './thread-task.ts';

/** The thread is gone before it answered: nothing is known of the task, and nothing writes to its memory any more. */
export class ThreadLost extends Error {}

/** What moves lies outside it. Left to itself, a thread takes twice the memory. */
const HEAP = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

// Threads share compiled WebAssembly, which reads their TypeScript: V8 13.6 (Node 24) may free it twice, and abort the process (nodejs/node#66366).
// So it stays once it is compiled, some megabytes.
setFlagsFromString('--no-wasm-code-gc');

/** One thread, from the side of those who ask. */
export class SocketThreadHandle {
  readonly #worker = new Worker(new URL('./socket-thread.ts', import.meta.url), {
    execArgv: [],
    env: environment(),
    resourceLimits: HEAP,
  });
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;
  #seen: EventLoopUtilization | undefined;
  isAlive = true;
  /** Of tasks that it has not answered. */
  bytesInFlight = 0;

  constructor() {
    this.#worker.unref();
    this.#worker
      .on('message', (answer: ThreadAnswer) => this.#take(answer))
      .on('error', () => this.#lose())
      .on('exit', () => this.#lose());
  }

  /**
   * Resolves with what the thread gives, rejects with its failure or {@link ThreadLost}. An aborted `signal` ends the task; the promise settles when the thread has
   * let go of its memory, not before.
   */
  async run(task: ThreadTask, sizeBytes: number, signal: AbortSignal | undefined): Promise<unknown> {
    const id = ++this.#lastId;
    const outcome = Promise.withResolvers<unknown>();
    const onAbort = (): void => this.#worker.postMessage({ id, kind: 'stop' });
    this.#waiting.set(id, outcome);
    this.bytesInFlight += sizeBytes;
    this.#worker.ref();
    this.#worker.postMessage({ id, ...task });
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await outcome.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
      this.bytesInFlight -= sizeBytes;
    }
  }

  /** Share of the time since the last call in which it was at work. */
  utilization(): number {
    const now = this.#worker.performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, this.#seen);
    this.#seen = now;
    return utilization;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: ThreadAnswer): void {
    const outcome = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (this.#waiting.size === 0) this.#worker.unref();
    if ('failure' in answer) outcome?.reject(errorOf(answer.failure));
    else outcome?.resolve(answer.result);
  }

  #lose(): void {
    this.isAlive = false;
    for (const outcome of this.#waiting.values()) outcome.reject(new ThreadLost('A thread has ended'));
    this.#waiting.clear();
  }
}

/** Where this thread keeps compiled code: the others do not hear of it by themselves, and compiling takes 25 MB that stay. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  // Inside it is one folder for each version of Node.
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) };
}
