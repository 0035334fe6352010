/** Paths asked for within so long of each other go together. */
const TOGETHER_MS = 10;

interface Waiting<Answer> extends PromiseWithResolvers<Answer> {
  readonly path: string;
}

/**
 * Questions about single paths, put together: no more than one call leaves in some milliseconds, the first after a pause at once.
 * `ask` answers for all paths, in their order; what it throws, all of them get.
 */
export class GatheredCalls<Answer> {
  readonly #ask: (paths: readonly string[], signal: AbortSignal | undefined) => Promise<readonly Answer[]>;
  readonly #most: number;
  #waiting: Waiting<Answer>[] = [];
  #signal: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sentAtMs = -Infinity;

  constructor(
    ask: (paths: readonly string[], signal: AbortSignal | undefined) => Promise<readonly Answer[]>,
    most: number,
  ) {
    this.#ask = ask;
    this.#most = most;
  }

  find(path: string, signal: AbortSignal | undefined): Promise<Answer> {
    // One call ends under one signal.
    if (this.#waiting.length > 0 && signal !== this.#signal) this.#send();
    const waiting = { path, ...Promise.withResolvers<Answer>() };
    this.#signal = signal;
    if (this.#waiting.push(waiting) === this.#most) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), Math.max(0, this.#sentAtMs + TOGETHER_MS - performance.now()));
    return waiting.promise;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sentAtMs = performance.now();
    const asked = this.#waiting;
    this.#waiting = [];
    this.#ask(
      asked.map(({ path }) => path),
      this.#signal,
    ).then(
      (answers) => asked.forEach(({ resolve }, index) => resolve(answers[index]!)),
      (error: unknown) => asked.forEach(({ reject }) => reject(error)),
    );
  }
}
