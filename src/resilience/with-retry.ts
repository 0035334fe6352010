import { setTimeout as sleep } from 'node:timers/promises';
import { isRetryable, messageOf } from '../errors.ts';
import type { Progress } from '../ports/progress.ts';
import type { SourceFileSystem } from '../ports/source-file-system.ts';
import type { TargetCatalog } from '../ports/target-catalog.ts';
import type { TargetObjectStore } from '../ports/target-object-store.ts';

export interface RetryPolicy {
  /** How long one call is repeated before its error is given to the caller. */
  readonly patienceMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
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

  async call<Result>(subject: string, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    const startedAt = performance.now();
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        signal?.throwIfAborted();
        const pauseMs = this.#pauseMs(attempt);
        if (!isRetryable(error) || performance.now() - startedAt + pauseMs > this.#policy.patienceMs) throw error;
        this.#progress({ kind: 'retry', subject, attempt, message: messageOf(error) });
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  /** Repeats only while nothing was yielded yet: what a consumer has seen cannot be taken back. */
  async *stream<Item>(
    subject: string,
    signal: AbortSignal | undefined,
    open: () => AsyncIterable<Item>,
  ): AsyncGenerator<Item> {
    const iterator = await this.call(subject, signal, async () => {
      const opened = open()[Symbol.asyncIterator]();
      return { first: await opened.next(), rest: opened };
    });
    for (let next = iterator.first; next.done !== true; next = await iterator.rest.next()) yield next.value;
  }

  #pauseMs(attempt: number): number {
    return Math.random() * Math.min(this.#policy.longestPauseMs, this.#policy.firstPauseMs * 2 ** (attempt - 1));
  }
}

export function retryingSource(port: SourceFileSystem, retry: Retry): SourceFileSystem {
  return {
    findEntry: (path, signal) => retry.call(path, signal, () => port.findEntry(path, signal)),
    listDirectory: (path, signal) => retry.stream(path, signal, () => port.listDirectory(path, signal)),
    getContentSummary: (path, signal) => retry.call(path, signal, () => port.getContentSummary(path, signal)),
    readRange: (path, range, target, signal) =>
      retry.call(path, signal, () => port.readRange(path, range, target, signal)),
    findChecksum: (path, signal) => retry.call(path, signal, () => port.findChecksum(path, signal)),
    listBlockSizes: (path, signal) => retry.call(path, signal, () => port.listBlockSizes(path, signal)),
  };
}

export function retryingStore(port: TargetObjectStore, retry: Retry): TargetObjectStore {
  return {
    checkBucket: (bucket, signal) => retry.call(bucket, signal, () => port.checkBucket(bucket, signal)),
    findObject: (address, signal) => retry.call(address.key, signal, () => port.findObject(address, signal)),
    listObjects: (bucket, prefix, signal) =>
      retry.stream(prefix, signal, () => port.listObjects(bucket, prefix, signal)),
    putObject: (request, signal) => retry.call(request.address.key, signal, () => port.putObject(request, signal)),
    createUpload: (address, metadata, signal) =>
      retry.call(address.key, signal, () => port.createUpload(address, metadata, signal)),
    uploadPart: (request, signal) => retry.call(request.address.key, signal, () => port.uploadPart(request, signal)),
    completeUpload: (request, signal) =>
      retry.call(request.address.key, signal, () => port.completeUpload(request, signal)),
    abortUpload: (address, uploadId, signal) =>
      retry.call(address.key, signal, () => port.abortUpload(address, uploadId, signal)),
    listUploads: (bucket, prefix, signal) =>
      retry.stream(prefix, signal, () => port.listUploads(bucket, prefix, signal)),
    listParts: (address, uploadId, signal) =>
      retry.stream(address.key, signal, () => port.listParts(address, uploadId, signal)),
    readObject: (address, signal) => retry.call(address.key, signal, () => port.readObject(address, signal)),
    close: () => port.close(),
  };
}

export function retryingCatalog(port: TargetCatalog, retry: Retry): TargetCatalog {
  return {
    hasDatabase: (database, signal) => retry.call(database, signal, () => port.hasDatabase(database, signal)),
    createDatabase: (database, description, signal) =>
      retry.call(database, signal, () => port.createDatabase(database, description, signal)),
    findTable: (table, signal) => retry.call(table.name, signal, () => port.findTable(table, signal)),
    createTable: (table, signal) => retry.call(table.name, signal, () => port.createTable(table, signal)),
    updateTable: (table, version, signal) =>
      retry.call(table.name, signal, () => port.updateTable(table, version, signal)),
    listPartitions: (table, signal) => retry.stream(table.name, signal, () => port.listPartitions(table, signal)),
    createPartitions: (table, partitions, signal) =>
      retry.call(table.name, signal, () => port.createPartitions(table, partitions, signal)),
    updatePartitions: (table, partitions, signal) =>
      retry.call(table.name, signal, () => port.updatePartitions(table, partitions, signal)),
    close: () => port.close(),
  };
}
