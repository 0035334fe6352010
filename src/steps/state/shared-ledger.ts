import type { SavedLedger } from '../../domain/state-head.ts';
import { isLakeliftError } from '../../errors.ts';
import type { LocalLedger } from '../../ports/local-ledger.ts';
import type { StateStore } from '../../ports/state-store.ts';
import { acquireLease, findHead, leaseLost, type LeaseRequest, type StateLease } from './state-lease.ts';

export interface SharedLedgerRequest extends Omit<LeaseRequest, 'ownLeaseId'> {
  readonly local: LocalLedger;
  /** How often the ledger is saved while it is held. */
  readonly saveEveryMs: number;
}

/** Renewed so many times within the life of a lease: three may fail before it is lost. */
const RENEWALS = 4;

/**
 * Takes the state of a use case: its lease, and its latest ledger brought to this machine. To be called under the local lock, which tells that no
 * process of this machine holds an earlier lease any more. Throws `locked`.
 */
export async function takeState(request: SharedLedgerRequest): Promise<SharedLedger> {
  const { local, store } = request;
  const lease = await acquireLease({ ...request, ownLeaseId: local.findMark()?.leaseId });
  try {
    if (lease.ledger !== undefined) await bringLedger(store, local, { useCase: request.useCase, saved: lease.ledger });
    local.putMark({ leaseId: lease.id, ledgerName: lease.ledger?.name });
    await removeLeftovers(store, lease, request.useCase);
  } catch (error) {
    await lease.release().catch(() => undefined);
    throw error;
  }
  return new SharedLedger(request, lease);
}

/** Brings the latest ledger to this machine, to be read only. `lock` is held while it is put in place; throws `locked` where a run of this machine has it. */
export async function refreshLedger(
  store: StateStore,
  local: LocalLedger,
  { useCase, lock }: { readonly useCase: string; readonly lock: () => () => void },
): Promise<void> {
  const found = await findHead(store, useCase);
  const saved = found?.head.ledger;
  if (saved !== undefined) await bringLedger(store, local, { useCase, saved, lock });
}

/** Unless the local one is that, or a continuation of it. */
async function bringLedger(
  store: StateStore,
  local: LocalLedger,
  { useCase, saved, lock }: { readonly useCase: string; readonly saved: SavedLedger; readonly lock?: () => () => void },
): Promise<void> {
  if (isContinued(local, saved)) return;
  try {
    await store.download(`${useCase}/ledgers/${saved.name}`, local.incomingPath());
    const release = lock?.();
    try {
      // A run may have brought it, and gone on from it, in the meantime.
      if (isContinued(local, saved)) return;
      await local.takeOver(saved.sha256);
      local.putMark({ leaseId: local.findMark()?.leaseId ?? 'none', ledgerName: saved.name });
    } finally {
      release?.();
    }
  } finally {
    local.clean();
  }
}

function isContinued(local: LocalLedger, saved: SavedLedger): boolean {
  const mark = local.findMark();
  return (
    mark !== undefined && local.exists() && (mark.ledgerName === saved.name || saved.name.startsWith(mark.leaseId))
  );
}

/** What the holder before uploaded and, killed, did not commit. Only its own: another's may be on its way to count. */
async function removeLeftovers(store: StateStore, lease: StateLease, useCase: string): Promise<void> {
  const { endedId, ledger } = lease;
  if (endedId === undefined) return;
  for await (const name of store.list(`${useCase}/ledgers/`))
    if (name.startsWith(endedId) && name !== ledger?.name) await store.remove(`${useCase}/ledgers/${name}`);
}

/** The state of a use case while this process holds it: renewed and saved in the background. */
export class SharedLedger {
  readonly #request: SharedLedgerRequest;
  readonly #lease: StateLease;
  readonly #lost = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];
  #saving: Promise<void> = Promise.resolve();
  #saves = 0;

  constructor(request: SharedLedgerRequest, lease: StateLease) {
    this.#request = request;
    this.#lease = lease;
    const { ttlMs, saveEveryMs } = request;
    this.#timers = [
      setInterval(() => void this.#renew(), ttlMs / RENEWALS),
      setInterval(() => void this.#saveInPassing(), saveEveryMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Aborted once the lease is lost: whoever works on the ledger must stop. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Puts what is committed now into the bucket. Throws `locked` once the lease is lost: then nothing was changed there. */
  save(): Promise<void> {
    const saving = this.#saving.then(() => this.#saveNow());
    this.#saving = saving.catch(() => undefined);
    return saving;
  }

  /** Saves a last time, and gives the lease back. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    if (this.#lost.signal.aborted) throw this.#lost.signal.reason;
    await this.save();
    await this.#lease.release();
  }

  async #saveNow(): Promise<void> {
    const { store, local, useCase } = this.#request;
    this.#lost.signal.throwIfAborted();
    const before = this.#lease.ledger;
    try {
      const { path, sha256, sizeBytes } = await local.copy();
      if (sha256 === before?.sha256) return;
      const name = `${this.#lease.id}-${String(++this.#saves).padStart(6, '0')}.sqlite.gz`;
      await this.#lease.renew();
      await store.upload(`${useCase}/ledgers/${name}`, path);
      await this.#lease.commit({ name, sha256, sizeBytes, savedAt: new Date().toISOString() });
      local.putMark({ leaseId: this.#lease.id, ledgerName: name });
    } catch (error) {
      this.#noticeLoss(error);
      throw error;
    } finally {
      local.clean();
    }
    await this.#remove(before?.name);
  }

  /** What was replaced just now: no head will ever name it again. A reader that is bringing it starts again. */
  async #remove(name: string | undefined): Promise<void> {
    const { store, useCase } = this.#request;
    if (name === undefined) return;
    // It costs a little storage where it stays.
    await store.remove(`${useCase}/ledgers/${name}`).catch(() => undefined);
  }

  async #saveInPassing(): Promise<void> {
    await this.save().catch((error: unknown) => this.#warn('the ledger could not be saved', error));
  }

  async #renew(): Promise<void> {
    try {
      await this.#lease.renew();
    } catch (error) {
      this.#noticeLoss(error);
      this.#warn('the lease could not be renewed', error);
    }
    // Away from the store for longer than the lease: somebody else may hold it by now.
    if (!this.#lease.isSurelyHeld) this.#lost.abort(leaseLost(this.#request.useCase));
  }

  #noticeLoss(error: unknown): void {
    if (isLakeliftError(error, 'locked')) this.#lost.abort(error);
  }

  #warn(what: string, error: unknown): void {
    const { progress, useCase } = this.#request;
    progress({ kind: 'note', level: 'warn', message: `${useCase}: ${what}: ${(error as Error).message}` });
  }
}
