import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFileSystem } from '../ports/source-file-system.ts';

/** Bytes per second, changeable while in use: the cluster keeps serving others. `undefined` means no limit. */
export class RateLimit {
  bytesPerSecond: number | undefined;
  #nextFreeAtMs = 0;

  constructor(bytesPerSecond: number | undefined) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Resolves when `sizeBytes` more may pass. Callers are served in the order of their calls. */
  async take(sizeBytes: number, signal?: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === undefined) return;
    const now = performance.now();
    const startsAtMs = Math.max(now, this.#nextFreeAtMs);
    this.#nextFreeAtMs = startsAtMs + (sizeBytes / this.bytesPerSecond) * 1000;
    if (startsAtMs > now) await sleep(startsAtMs - now, undefined, { signal });
  }
}

export function rateLimitedSource(port: SourceFileSystem, limit: RateLimit): SourceFileSystem {
  return {
    findEntry: (path, signal) => port.findEntry(path, signal),
    listDirectory: (directory, signal) => port.listDirectory(directory, signal),
    getContentSummary: (directory, signal) => port.getContentSummary(directory, signal),
    findChecksum: (path, signal) => port.findChecksum(path, signal),
    listBlockSizes: (path, signal) => port.listBlockSizes(path, signal),
    readRange: async (path, range, target, signal) => {
      await limit.take(range.length, signal);
      await port.readRange(path, range, target, signal);
    },
  };
}
