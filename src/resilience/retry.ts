import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable, LakeliftError, messageOf } from '../errors.ts';
import type { Progress } from '../ports/progress.ts';

export interface RetryPolicy {
  /** How long one call is repeated, from its first failure on, before its error is given to the caller. */
  readonly patienceMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Which errors are repeated; without it those that `isRetryable`. */
  readonly isRepeated?: ((error: unknown) => boolean) | undefined;
  /** Told of every failure that is repeated: an end is under pressure, or away. */
  readonly onPressure?: (() => void) | undefined;
}

export const PATIENT: RetryPolicy = { patienceMs: 15 * 60_000, firstPauseMs: 200, longestPauseMs: 30_000 };

/**
 * Repeats a call while its error is `throttled` or `unavailable`, with exponential back-off and full jitter
 * (AWS Architecture Blog, "Exponential Backoff And Jitter"). Needed above the SDK's own retries, whose quota fails bursts.
 */
export class Retry {
  readonly #policy: RetryPolicy;
  readonly #progress: Progress;

  constructor(policy: RetryPolicy, progress: Progress) {
    this.#policy = policy;
    this.#progress = progress;
  }

  /** The same with less patience, or as much where it has less itself, for some errors only. */
  within(patienceMs: number, isRepeated: (error: unknown) => boolean): Retry {
    const policy = { ...this.#policy, patienceMs: Math.min(patienceMs, this.#policy.patienceMs), isRepeated };
    return new Retry(policy, this.#progress);
  }

  async call<Result>(subject: string, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    let failingSinceMs: number | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        signal?.throwIfAborted();
        const pauseMs = this.#pauseMs(attempt);
        failingSinceMs ??= performance.now();
        const isPatient = performance.now() - failingSinceMs + pauseMs <= this.#policy.patienceMs;
        const { isRepeated = isRetryable } = this.#policy;
        if (!isRepeated(error) || !isPatient) throw error;
        this.#policy.onPressure?.();
        this.#progress({ kind: 'retry', subject, attempt, message: messageOf(error) });
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  /**
   * A listing that goes on after a failure: it is opened again, and what was already seen is passed over.
   * Throws `conflict` when what had been seen is no longer there in that order. `keyOf` tells items apart.
   */
  async *stream<Item>(
    subject: string,
    signal: AbortSignal | undefined,
    { open, keyOf }: { readonly open: () => AsyncIterable<Item>; readonly keyOf: (item: Item) => string },
  ): AsyncGenerator<Item> {
    let current: AsyncIterator<Item> | undefined;
    let seen = 0;
    let lastKey = '';
    const advance = async (): Promise<IteratorResult<Item>> => {
      const iterator = current ?? open()[Symbol.asyncIterator]();
      try {
        for (let i = current === undefined ? 0 : seen; i < seen; i++) {
          const passed = await iterator.next();
          if (i === seen - 1 && (passed.done === true || keyOf(passed.value) !== lastKey)) throw changed(subject);
        }
        current = iterator;
        return await iterator.next();
      } catch (error) {
        current = undefined;
        throw error;
      }
    };
    try {
      for (;;) {
        const next = await this.call(subject, signal, advance);
        if (next.done === true) return;
        seen++;
        lastKey = keyOf(next.value);
        yield next.value;
      }
    } finally {
      await current?.return?.();
    }
  }

  #pauseMs(attempt: number): number {
    return Math.random() * Math.min(this.#policy.longestPauseMs, this.#policy.firstPauseMs * 2 ** (attempt - 1));
  }
}

function changed(subject: string): LakeliftError {
  return new LakeliftError(`What was being listed below ${subject} changed while it was listed again after a failure`, {
    kind: 'conflict',
    code: 'LISTING_CHANGED',
    subject,
    hint: 'Run again.',
  });
}
