import pLimit from 'p-limit';
import type { RunId } from '../../domain/names.ts';
import { isGood, type Outcome } from '../../domain/outcome.ts';
import type { FileItem } from '../../domain/plan.ts';
import { isLakeliftError, messageOf } from '../../errors.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { Progress } from '../../ports/progress.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { copyFile } from './copy-file.ts';
import type { CopyContext, CopyLimits } from './copy-context.ts';
import { PartBuffers } from './part-buffers.ts';

export interface CopyRequest {
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly source: SourceFileSystem;
  readonly target: TargetObjectStore;
  readonly limits: CopyLimits;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Copies every planned file that has no good outcome in this run yet, several at once, and records what became of each.
 * A file that fails is an outcome; what stops all files (rights on the bucket, the ledger, an interruption) is thrown after those in flight have ended.
 */
export async function copyFiles(request: CopyRequest): Promise<void> {
  const { ledger, runId, limits } = request;
  const stop = new AbortController();
  const signal = AbortSignal.any([request.signal, stop.signal]);
  const context: CopyContext = {
    ...request,
    signal,
    parts: pLimit(limits.partsAtOnce),
    buffers: new PartBuffers(limits.partsAtOnce),
  };
  const files = pLimit(limits.filesAtOnce);
  const inFlight = new Set<Promise<void>>();
  for (const item of ledger.listItems({ kind: 'file', verdict: 'copy' })) {
    if (signal.aborted) break;
    if (item.kind !== 'file' || isDone(ledger.findOutcome(runId, item.id))) continue;
    const task = files(() => copyAndRecord(item, context)).catch((error: unknown) => stop.abort(error));
    inFlight.add(task);
    void task.finally(() => inFlight.delete(task));
    // The list of a million files is not turned into a million promises.
    if (inFlight.size >= 2 * limits.filesAtOnce) await Promise.race(inFlight);
  }
  await Promise.all(inFlight);
  await ledger.flush();
  if (stop.signal.aborted) throw stop.signal.reason;
  request.signal.throwIfAborted();
}

function isDone(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && isGood(outcome.status);
}

async function copyAndRecord(item: FileItem, context: CopyContext): Promise<void> {
  if (context.signal.aborted) return;
  const outcome = await copyFile(item, context).catch((error: unknown) => {
    if (context.signal.aborted || stopsTheRun(error)) throw error;
    const known = isLakeliftError(error) ? error : undefined;
    return {
      itemId: item.id,
      status: 'failed',
      errorCode: known?.code ?? 'UNEXPECTED',
      message: messageOf(error),
      hint: known?.hint,
      sizeBytes: item.source.sizeBytes,
    } satisfies Outcome;
  });
  context.ledger.recordOutcome(context.runId, outcome);
  context.progress({ kind: 'item', outcome });
}

/** What would happen to every other file too. */
function stopsTheRun(error: unknown): boolean {
  if (!isLakeliftError(error)) return true;
  return error.kind === 'denied' || error.kind === 'not-found' || error.code.startsWith('LEDGER_');
}
