import pLimit, { type LimitFunction } from 'p-limit';
import type { Slots } from '../ports/slots.ts';

export interface AdaptiveLimitOptions {
  readonly first: number;
  readonly most: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
  /** Whether this machine had something left to do more with, since it was last asked; asked in each window. Always, unless said. */
  readonly hasRoom?: () => boolean;
}

/** How long a rate is measured before it is judged. */
const WINDOW_MS = 1000;
/** What one more at a time must bring to be worth it, and what twice as many must. */
const WORTHWHILE = 1.03;
const DOUBLING_WORTHWHILE = 1.3;
/** Windows to stay where growth brought nothing, before it is tried again: the ends may have others to serve. */
const PLATEAU_WINDOWS = 20;
/** Refusals of one burst count once. */
const BURST_MS = 2000;

/**
 * Work at a time, between 1 and `most`: at the beginning twice as many while that moves more bytes (slow start: Jacobson 1988), later one more, and half as many
 * when an end asks for less (additive increase, multiplicative decrease: Chiu and Jain 1989). What more at a time does not bring it costs: memory, and the caches.
 * So nothing is tried while this machine has no room for it.
 */
export class AdaptiveLimit implements Slots {
  readonly #most: number;
  readonly #now: () => number;
  readonly #hasRoom: () => boolean;
  readonly #limit: LimitFunction;
  #windowStartMs: number;
  #moved = 0;
  #wasFull = false;
  #lastRate = 0;
  /** From how many it has just grown. */
  #grownFrom: number | undefined;
  #isStarting = true;
  /** The first tells how connections are opened. */
  #restWindows = 1;
  #pressedAtMs = -Infinity;

  constructor({ first, most, now = () => performance.now(), hasRoom = () => true }: AdaptiveLimitOptions) {
    this.#most = most;
    this.#now = now;
    this.#hasRoom = hasRoom;
    this.#limit = pLimit(Math.max(1, Math.min(first, most)));
    this.#windowStartMs = now();
  }

  get concurrency(): number {
    return this.#limit.concurrency;
  }

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    // While nothing was to be done, nothing was moved: that is no rate.
    if (this.#limit.activeCount + this.#limit.pendingCount === 0) this.#beginWindow();
    const result = this.#limit(work);
    if (this.#limit.pendingCount > 0) this.#wasFull = true;
    return result;
  }

  /** To be told of all bytes (or whatever is counted) moved; growth is judged by them. */
  moved(amount: number): void {
    this.#moved += amount;
    const elapsedMs = this.#now() - this.#windowStartMs;
    if (elapsedMs < WINDOW_MS) return;
    if (this.#limit.pendingCount > 0) this.#wasFull = true;
    this.#judge(this.#moved / elapsedMs);
    this.#beginWindow();
  }

  /** To be told when an end refuses work because of its amount. */
  pressed(): void {
    const now = this.#now();
    if (now - this.#pressedAtMs < BURST_MS) return;
    this.#pressedAtMs = now;
    this.#change(Math.max(1, this.concurrency >> 1));
    this.#grownFrom = undefined;
    this.#isStarting = false;
    this.#lastRate = 0;
    this.#restWindows = 3;
    this.#beginWindow();
  }

  #judge(rate: number): void {
    const hasRoom = this.#hasRoom();
    if (this.#restWindows > 0) {
      this.#restWindows--;
      return;
    }
    const isWorthwhile = rate > this.#lastRate * (this.#isStarting ? DOUBLING_WORTHWHILE : WORTHWHILE);
    if (this.#grownFrom !== undefined && !isWorthwhile) {
      this.#change(this.#grownFrom);
      this.#restWindows = PLATEAU_WINDOWS;
      this.#grownFrom = undefined;
      this.#isStarting = false;
      this.#lastRate = 0;
      return;
    }
    this.#lastRate = rate;
    const { concurrency } = this;
    this.#grownFrom = this.#wasFull && hasRoom && concurrency < this.#most ? concurrency : undefined;
    if (this.#grownFrom === undefined) return;
    this.#change(this.#isStarting ? Math.min(2 * concurrency, this.#most) : concurrency + 1);
  }

  #change(concurrency: number): void {
    this.#limit.concurrency = concurrency;
  }

  #beginWindow(): void {
    this.#windowStartMs = this.#now();
    this.#moved = 0;
    this.#wasFull = false;
  }
}
