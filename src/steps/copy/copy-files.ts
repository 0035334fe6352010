import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import { isGood, type Outcome } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isLakeliftError, messageOf, type ErrorKind } from '../../errors.ts';
import { copyFile } from './copy-file.ts';
import type { CopySlots, Slots } from '../../ports/slots.ts';
import type { CopyContext, CopyLimits } from './copy-context.ts';
import { PartBuffers, type CopyBuffers } from './part-buffers.ts';
import { storeCheck } from './store-compares.ts';

export interface CopyRequest extends Omit<
  CopyContext,
  'slots' | 'buffers' | 'rereadUnproven' | 'readBack' | 'interruption' | 'storeCompares'
> {
  /** As many at a time as `limits` say, where none are given. */
  readonly slots?: CopySlots | undefined;
  /** Read back the objects whose source has no checksum to compare with (`reread` in place of `target-only`). */
  readonly rereadUnproven?: boolean;
  /** Read back all objects. */
  readonly readBack?: boolean;
}

/**
 * Copies every planned file that has no good outcome in this run yet, several at once, and records what became of each.
 * A file that moved is tried once more, as it is then. A file that fails is an outcome; what stops all files (rights on the bucket, the ledger,
 * an end that cannot be reached for good) is thrown after those in flight have ended. An aborted `signal` begins nothing new, lets what is in flight
 * end within {@link DRAIN_MS}, and throws its reason. What was recorded is on disk in any case.
 */
export async function copyFiles(request: CopyRequest): Promise<void> {
  const { ledger, limits } = request;
  const stop = new AbortController();
  const drained = abortedAfter(request.signal, DRAIN_MS);
  const signal = AbortSignal.any([drained.signal, stop.signal]);
  setMaxListeners(0, signal, request.signal);
  const slots = request.slots ?? { parts: fixedSlots(limits.partsAtOnce), smallFiles: fixedSlots(limits.filesAtOnce) };
  const buffers = buffersOf(slots, limits);
  const context: CopyContext = {
    rereadUnproven: false,
    readBack: false,
    ...request,
    interruption: request.signal,
    signal,
    storeCompares: storeCheck(request.target, signal),
    slots,
    buffers,
  };
  try {
    await copyAll(pending(context), context, stop);
    await copyAll(moved(context), context, stop);
  } finally {
    drained.dispose();
    await ledger.flush();
  }
}

const buffersBySlots = new WeakMap<CopySlots, CopyBuffers>();

/** Runs that share their slots share the memory behind them. */
function buffersOf(slots: CopySlots, { partsAtOnce, filesAtOnce }: CopyLimits): CopyBuffers {
  const known = buffersBySlots.get(slots) ?? {
    parts: new PartBuffers(partsAtOnce, slots.sharesMemory),
    smallFiles: new PartBuffers(filesAtOnce),
  };
  buffersBySlots.set(slots, known);
  return known;
}

/** How long an interrupted run waits for what is in flight: several parts at a modest speed, far less than a person's patience. */
const DRAIN_MS = 20_000;

/** Aborts some time after `signal` does, for its reason. */
function abortedAfter(signal: AbortSignal, delayMs: number): { readonly signal: AbortSignal; dispose(): void } {
  const later = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => void (timer = setTimeout(() => later.abort(signal.reason), delayMs).unref());
  if (signal.aborted) later.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: later.signal,
    dispose: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

function fixedSlots(count: number): Slots {
  return { run: pLimit(count), moved: () => undefined };
}

/** Files still without a good outcome in this run. */
function* pending({ ledger, runId }: CopyContext): Generator<FileItem> {
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file', verdict: 'copy' }))
    if (item.kind === 'file' && !isDone(outcome)) yield item;
}

function isDone(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && isGood(outcome.status);
}

/** Files that were not as planned, as they are now; those that are gone keep their outcome. */
async function* moved({ ledger, runId, source, signal }: CopyContext): AsyncGenerator<FileItem> {
  for (const { item } of ledger.listOutcomes(runId, { kind: 'file', status: 'source-moved' })) {
    if (item.kind !== 'file') continue;
    const entry = await source.findEntry(item.source.path, signal);
    if (entry?.kind === 'file') yield { ...item, source: entry.file };
  }
}

async function copyAll(
  items: Iterable<FileItem> | AsyncIterable<FileItem>,
  context: CopyContext,
  stop: AbortController,
): Promise<void> {
  const files = pLimit(context.limits.filesAtOnce);
  const inFlight = new Set<Promise<void>>();
  let oneEnded = Promise.withResolvers<void>();
  try {
    for await (const item of items) {
      if (context.signal.aborted || context.interruption.aborted) break;
      const task = files(() => copyAndRecord(item, context))
        // While draining, one interrupted file is no reason to cut the others off.
        .catch((error: unknown) => {
          if (!context.interruption.aborted) stop.abort(error);
        })
        .finally(() => {
          inFlight.delete(task);
          oneEnded.resolve();
        });
      inFlight.add(task);
      // A list of a million files is not turned into a million promises.
      if (inFlight.size < 2 * context.limits.filesAtOnce) continue;
      oneEnded = Promise.withResolvers();
      await oneEnded.promise;
    }
  } finally {
    await Promise.all(inFlight);
  }
  stop.signal.throwIfAborted();
  context.interruption.throwIfAborted();
}

async function copyAndRecord(item: FileItem, context: CopyContext): Promise<void> {
  if (context.signal.aborted || context.interruption.aborted) return;
  const outcome = await copyFile(item, context).catch((error: unknown) => {
    if (context.signal.aborted || context.interruption.aborted || stopsTheRun(error)) throw error;
    return unforeseen(item, error);
  });
  context.ledger.recordOutcome(context.runId, outcome);
  context.progress({ kind: 'item', outcome });
}

/** What the target refuses of one object only. */
function unforeseen(item: FileItem, error: unknown): Outcome {
  const { code, hint } = isLakeliftError(error) ? error : { code: 'UNEXPECTED', hint: undefined };
  const { sizeBytes } = item.source;
  return { itemId: item.id, status: 'failed', errorCode: code, message: messageOf(error), hint, sizeBytes };
}

/** What concerns one object: its key, or what stands there. All else would happen to every other file too, and one by one they would wait for it. */
const OF_ONE_FILE: ReadonlySet<ErrorKind> = new Set(['conflict', 'corrupt', 'unsupported']);

function stopsTheRun(error: unknown): boolean {
  return !isLakeliftError(error) || error.code.startsWith('LEDGER_') || !OF_ONE_FILE.has(error.kind);
}
