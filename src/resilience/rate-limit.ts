import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFileSystem } from '../ports/source-file-system.ts';

/** A waiting caller looks this often whether the rate was changed. */
const LOOK_AGAIN_MS = 200;

/** Bytes per second, changeable while in use: the cluster keeps serving others. `undefined` means no limit. */
export class RateLimit {
  bytesPerSecond: number | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(bytesPerSecond: number | undefined) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Resolves when `sizeBytes` more may pass. Callers are served in the order of their calls; a new rate holds at once, for those who wait too. */
  async take(sizeBytes: number, signal?: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === undefined) return;
    const turn = this.#last.then(() => this.#waitFor(sizeBytes, signal));
    // Who gives up must not keep the others waiting.
    this.#last = turn.catch(() => undefined);
    await turn;
  }

  async #waitFor(sizeBytes: number, signal: AbortSignal | undefined): Promise<void> {
    for (let waiting = sizeBytes; waiting > 0 && this.bytesPerSecond !== undefined;) {
      const rate = this.bytesPerSecond;
      const startedAt = performance.now();
      await sleep(Math.min(LOOK_AGAIN_MS, (waiting / rate) * 1000), undefined, { signal });
      waiting -= (rate * (performance.now() - startedAt)) / 1000;
    }
  }
}

export function rateLimitedSource(port: SourceFileSystem, limit: RateLimit): SourceFileSystem {
  return {
    findEntry: (path, signal) => port.findEntry(path, signal),
    findEntryAgain: (path, signal) => port.findEntryAgain(path, signal),
    listDirectory: (directory, signal) => port.listDirectory(directory, signal),
    findAccess: (path, signal) => port.findAccess(path, signal),
    getContentSummary: (directory, signal) => port.getContentSummary(directory, signal),
    findChecksum: (path, signal) => port.findChecksum(path, signal),
    listBlockSizes: (path, signal) => port.listBlockSizes(path, signal),
    readRange: async (file, range, target, signal) => {
      await limit.take(range.length, signal);
      return port.readRange(file, range, target, signal);
    },
  };
}
