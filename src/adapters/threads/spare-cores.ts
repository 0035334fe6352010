import { cpus } from 'node:os';

/** Tells how many cores of this machine had nothing to do since the last time it was asked. */
export class SpareCores {
  #idleMs = 0;
  #allMs = 0;

  /** Fractions count: 0.5 is one core for half of the time. 0 at the first call. */
  since(): number {
    const cores = cpus();
    const idleMs = cores.reduce((sum, { times }) => sum + times.idle, 0);
    const allMs = cores.reduce((sum, { times }) => sum + Object.values(times).reduce((a, b) => a + b, 0), 0);
    const share = this.#allMs === 0 ? 0 : (idleMs - this.#idleMs) / Math.max(1, allMs - this.#allMs);
    this.#idleMs = idleMs;
    this.#allMs = allMs;
    return share * cores.length;
  }
}
