import { findLedger, openLedger, openScratchLedger, runLock, whoAmI } from '../compose.ts';
import { leaseOwner, localLedger, stateStore } from '../compose-state.ts';
import type { Project } from '../config/config.ts';
import type { UseCaseId } from '../domain/names.ts';
import { isLakeliftError } from '../errors.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Progress } from '../ports/progress.ts';
import type { StateStore } from '../ports/state-store.ts';
import { refreshLedger, takeState, type SharedLedger } from '../steps/state/shared-ledger.ts';

export interface LockedLedgerRequest {
  readonly project: Project;
  readonly useCase: UseCaseId;
  readonly progress: Progress;
}

/**
 * Opens the ledger of a use case for writing: under the lock of this machine and, where the state is kept in a bucket, under its lease, with the latest
 * ledger brought here and what was written saved there. `lost` is aborted when the lease is: then the work must stop. Throws `locked` (exit code 6)
 * while somebody else has either.
 */
export async function withLockedLedger<Result>(
  request: LockedLedgerRequest,
  work: (ledger: Ledger, lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { project, useCase } = request;
  const release = lockHere(project, useCase);
  const store = stateStore(project);
  try {
    if (store === undefined)
      return await withLedger(project, useCase, (ledger) => work(ledger, new AbortController().signal));
    return await withState(request, store, work);
  } finally {
    store?.close();
    release();
  }
}

/** Opens the ledger for reading: as the bucket has it, unless it cannot be reached or a run of this machine is writing a later one. */
export async function withReadLedger<Result>(
  { project, useCase, progress }: LockedLedgerRequest,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const store = stateStore(project);
  if (store !== undefined) {
    try {
      await refreshHere(project, useCase, store);
    } catch (error) {
      if (!isLakeliftError(error, 'locked'))
        progress({ kind: 'note', level: 'warn', message: `${useCase}: ${store.place}: ${(error as Error).message}` });
    } finally {
      store.close();
    }
  }
  // Where no run has been there is nothing to read, and nothing is made to read from.
  const ledger = findLedger(project, useCase) ?? openScratchLedger(useCase);
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}

async function refreshHere(project: Project, useCase: UseCaseId, store: StateStore): Promise<void> {
  await refreshLedger(store, localLedger(project, useCase), { useCase, lock: () => lockHere(project, useCase) });
}

async function withState<Result>(
  { project, useCase, progress }: LockedLedgerRequest,
  store: StateStore,
  work: (ledger: Ledger, lost: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { leaseSeconds, saveEverySeconds } = project.config.state;
  const shared = await takeState({
    store,
    local: localLedger(project, useCase),
    useCase,
    owner: leaseOwner(whoAmI()),
    ttlMs: leaseSeconds * 1000,
    saveEveryMs: saveEverySeconds * 1000,
    progress,
  });
  let result: Result;
  try {
    result = await withLedger(project, useCase, (ledger) => work(ledger, shared.lost));
  } catch (error) {
    // How a broken run ended is kept too; why it broke is what the caller hears.
    await shared.close().catch((closing: unknown) => sayUnsaved(progress, shared, closing));
    throw error;
  }
  await shared.close();
  return result;
}

function sayUnsaved(progress: Progress, shared: SharedLedger, error: unknown): void {
  if (shared.lost.aborted) return;
  progress({ kind: 'note', level: 'warn', message: `the ledger could not be saved: ${(error as Error).message}` });
}

function lockHere(project: Project, useCase: UseCaseId): () => void {
  const holder = { startedBy: whoAmI(), processId: process.pid, sinceMs: Date.now() };
  const lock = runLock(project, useCase).acquire(holder);
  return () => lock.release();
}

async function withLedger<Result>(
  project: Project,
  useCase: UseCaseId,
  work: (ledger: Ledger) => Promise<Result>,
): Promise<Result> {
  const ledger = openLedger(project, useCase);
  try {
    return await work(ledger);
  } finally {
    ledger.close();
  }
}
