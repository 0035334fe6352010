import type { NewMap } from '../domain/large-map.ts';

/**
 * Where a step keeps, for as long as it runs, what it must know of many things at once: memory does not grow with them.
 * Errors: `unavailable` with code LEDGER_DISK_FULL.
 */
export interface Scratch {
  readonly newMap: NewMap;
  /** Forgets all its maps. */
  close(): void;
}
