import type { UseCaseId } from './names.ts';

export const STATE_SCHEMA = 'lakelift/state/1';

/** Who holds the state of a use case, for the people who wait for it. */
export interface LeaseOwner {
  /** `user@host` */
  readonly startedBy: string;
  readonly processId: number;
  /** Page of the CI job, where there is one. */
  readonly jobUrl?: string | undefined;
}

/** The right to write the state of a use case, for as long as it is renewed. */
export interface Lease extends LeaseOwner {
  readonly id: string;
  /** ISO 8601, UTC, as all times of the state. */
  readonly since: string;
  readonly renewedAt: string;
  /** For how long each renewal counts. */
  readonly ttlMs: number;
}

/** A ledger in the bucket. Its name is never used twice: what is written is never written over. */
export interface SavedLedger {
  readonly name: string;
  /** SHA-256, hex, of the ledger before it was compressed. */
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly savedAt: string;
}

/**
 * The one object that says who holds the state of a use case and which ledger is the latest. It is only ever replaced under the condition that it is
 * still the one that was read: a holder that lost its lease can change nothing any more, not even at the very moment of the loss.
 */
export interface StateHead {
  readonly schema: typeof STATE_SCHEMA;
  readonly useCase: UseCaseId;
  /** Makes each version another object, since stores tell objects apart by a digest of their bytes. */
  readonly revision: string;
  readonly lease?: Lease | undefined;
  readonly ledger?: SavedLedger | undefined;
}

/** HTTP tells times in whole seconds: an age may seem a second longer than it is, at either end. */
const CLOCK_GRAIN_MS = 2000;

/** True once a lease was surely not renewed for its time. `ageMs` is that of the object by the clock of the store, which is one for all. */
export function isExpired({ ttlMs }: Lease, ageMs: number): boolean {
  return ageMs > ttlMs + CLOCK_GRAIN_MS;
}
