import { randomUUID } from 'node:crypto';
import {
  isExpired,
  STATE_SCHEMA,
  type Lease,
  type LeaseOwner,
  type SavedLedger,
  type StateHead,
} from '../../domain/state-head.ts';
import type { UseCaseId } from '../../domain/names.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { Progress } from '../../ports/progress.ts';
import type { StateStore, StateText } from '../../ports/state-store.ts';
import type { WriteCondition } from '../../ports/target-object-store.ts';

export interface LeaseRequest {
  readonly store: StateStore;
  readonly useCase: UseCaseId;
  readonly owner: LeaseOwner;
  readonly ttlMs: number;
  /** A lease that this machine held itself and whose process is known to be gone: it need not be waited for. */
  readonly ownLeaseId?: string | undefined;
  readonly progress: Progress;
}

const ATTEMPTS = 5;

function headName(useCase: string): string {
  return `${useCase}/state.json`;
}

export async function findHead(
  store: StateStore,
  useCase: string,
): Promise<(StateText & { readonly head: StateHead }) | undefined> {
  const found = await store.findText(headName(useCase));
  return found && { ...found, head: JSON.parse(found.text) as StateHead };
}

/** Takes the lease of a use case, one that ran out included. Throws `locked` naming the holder. */
export async function acquireLease(request: LeaseRequest): Promise<StateLease> {
  for (let attempt = 1; ; attempt++) {
    const found = await findHead(request.store, request.useCase);
    const held = found?.head.lease;
    if (held !== undefined && held.id !== request.ownLeaseId && !isExpired(held, found!.ageMs))
      throw leasedBy(request.useCase, held, held.ttlMs - found!.ageMs);
    try {
      const lease = await putLease(request, found);
      if (held !== undefined)
        request.progress({ kind: 'note', level: 'warn', message: takenOver(request.useCase, held) });
      return lease;
    } catch (error) {
      // Somebody was faster: whoever holds it now is named on the next look. A lost answer leaves our own, which runs out.
      if (!isLakeliftError(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}

async function putLease(
  { store, useCase, owner, ttlMs }: LeaseRequest,
  found: Awaited<ReturnType<typeof findHead>>,
): Promise<StateLease> {
  const now = new Date().toISOString();
  const lease: Lease = { id: randomUUID(), ...owner, since: now, renewedAt: now, ttlMs };
  const head: StateHead = { ...(found?.head ?? { schema: STATE_SCHEMA, useCase }), revision: randomUUID(), lease };
  const renewedAt = performance.now();
  const condition: WriteCondition =
    found === undefined ? { kind: 'if-absent' } : { kind: 'if-match', etag: found.etag };
  const { etag } = await store.putText(headName(useCase), textOf(head), condition);
  return new StateLease(store, { head, etag, renewedAt, endedId: found?.head.lease?.id });
}

/** Ends a lease by its exact id, whoever holds it; for people. Throws `usage` when it is not that one. */
export async function breakLease(store: StateStore, useCase: UseCaseId, leaseId: string): Promise<Lease> {
  for (let attempt = 1; ; attempt++) {
    const found = await findHead(store, useCase);
    const lease = found?.head.lease;
    if (found === undefined || lease === undefined) throw notLeased(useCase);
    if (lease.id !== leaseId) throw anotherLease(useCase, lease);
    const text = textOf({ ...withoutLease(found.head), revision: randomUUID() });
    try {
      await store.putText(headName(useCase), text, { kind: 'if-match', etag: found.etag });
      return lease;
    } catch (error) {
      // A holder that is alive renews it in between.
      if (!isLakeliftError(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}

interface HeldLease {
  readonly head: StateHead;
  readonly etag: string;
  readonly renewedAt: number;
  readonly endedId: string | undefined;
}

/** A lease that is held. Its calls take turns; each throws `locked` (LEASE_LOST) once somebody else has changed the state. */
export class StateLease {
  readonly #store: StateStore;
  readonly id: string;
  /** The lease that it took over, if any. */
  readonly endedId: string | undefined;
  readonly #ttlMs: number;
  #head: StateHead;
  #etag: string;
  /** Before the last successful write was sent: no later than the store's own time of it. */
  #renewedAt: number;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: StateStore, held: HeldLease) {
    this.#store = store;
    this.endedId = held.endedId;
    this.id = held.head.lease!.id;
    this.#ttlMs = held.head.lease!.ttlMs;
    this.#head = held.head;
    this.#etag = held.etag;
    this.#renewedAt = held.renewedAt;
  }

  /** The ledger that counts. */
  get ledger(): SavedLedger | undefined {
    return this.#head.ledger;
  }

  /** False once it may have run out by the clock of the store: then somebody else may hold it. */
  get isSurelyHeld(): boolean {
    return performance.now() - this.#renewedAt < this.#ttlMs;
  }

  renew(): Promise<void> {
    return this.#change((head) => head);
  }

  /** Makes an uploaded ledger the one that counts, and renews. */
  commit(ledger: SavedLedger): Promise<void> {
    return this.#change((head) => ({ ...head, ledger }));
  }

  release(): Promise<void> {
    return this.#change(withoutLease);
  }

  #change(change: (head: StateHead) => StateHead): Promise<void> {
    const turn = this.#turn.then(() => this.#write(change(this.#renewed())));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #renewed(): StateHead {
    return {
      ...this.#head,
      revision: randomUUID(),
      lease: { ...this.#head.lease!, renewedAt: new Date().toISOString() },
    };
  }

  async #write(head: StateHead): Promise<void> {
    const name = headName(head.useCase);
    const text = textOf(head);
    for (let attempt = 1; ; attempt++) {
      const startedAt = performance.now();
      try {
        const { etag } = await this.#store.putText(name, text, { kind: 'if-match', etag: this.#etag });
        return this.#written(head, etag, startedAt);
      } catch (error) {
        if (!isLakeliftError(error, 'conflict') && !isLakeliftError(error, 'not-found')) throw error;
        const standing = await this.#store.findText(name);
        // The answer to an earlier attempt was lost.
        if (standing?.text === text) return this.#written(head, standing.etag, startedAt);
        if (standing?.etag !== this.#etag || attempt === ATTEMPTS) throw leaseLost(head.useCase, standing);
      }
    }
  }

  #written(head: StateHead, etag: string, startedAt: number): void {
    this.#head = head;
    this.#etag = etag;
    this.#renewedAt = startedAt;
  }
}

function withoutLease({ lease: _ended, ...head }: StateHead): StateHead {
  return head;
}

function textOf(head: StateHead): string {
  return `${JSON.stringify(head, null, 2)}\n`;
}

function describe({ startedBy, processId, since, jobUrl, id }: Lease): string {
  return `${startedBy} (process ${processId}${jobUrl === undefined ? '' : `, ${jobUrl}`}) since ${since}, lease ${id}`;
}

function leasedBy(useCase: UseCaseId, lease: Lease, leftMs: number): LakeliftError {
  return new LakeliftError(`Another run of this use case holds its state: ${describe(lease)}`, {
    kind: 'locked',
    code: 'STATE_LEASED',
    subject: useCase,
    hint: `Wait for it. If its job was killed, the lease runs out in ${Math.ceil(Math.max(0, leftMs) / 1000)} s; "lakelift unlock ${useCase} ${lease.id}" ends it at once.`,
  });
}

function takenOver(useCase: UseCaseId, lease: Lease): string {
  return `${useCase}: the lease of ${describe(lease)} was not renewed and is taken over`;
}

export function leaseLost(useCase: UseCaseId, standing?: StateText): LakeliftError {
  const holder = standing === undefined ? undefined : (JSON.parse(standing.text) as StateHead).lease;
  const whose = holder === undefined ? 'it was unlocked, or ran out' : `it is now held by ${describe(holder)}`;
  return new LakeliftError(`This run lost the lease of its state: ${whose}`, {
    kind: 'locked',
    code: 'LEASE_LOST',
    subject: useCase,
    hint: 'Nothing more is written to the state. What is at the target stays proven: run again once the other has ended.',
  });
}

function notLeased(useCase: UseCaseId): LakeliftError {
  return new LakeliftError(`Nobody holds the state of ${useCase}`, {
    kind: 'usage',
    code: 'NOT_LEASED',
    subject: useCase,
  });
}

function anotherLease(useCase: UseCaseId, lease: Lease): LakeliftError {
  return new LakeliftError(`The state of ${useCase} is held under another lease: ${describe(lease)}`, {
    kind: 'usage',
    code: 'LEASE_OTHER',
    subject: useCase,
    hint: `Make sure that its process is gone, then "lakelift unlock ${useCase} ${lease.id}".`,
  });
}
