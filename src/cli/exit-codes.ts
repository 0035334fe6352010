import { isLakeliftError, type ErrorKind } from '../errors.ts';

/** Documented in the README and in --help; scripts rely on them. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  usage: 2,
  itemsFailed: 3,
  differences: 4,
  denied: 5,
  locked: 6,
  stalePlan: 7,
  interrupted: 130,
} as const;

const BY_KIND: Partial<Record<ErrorKind, number>> = {
  usage: EXIT.usage,
  'not-found': EXIT.usage,
  denied: EXIT.denied,
  locked: EXIT.locked,
  'stale-plan': EXIT.stalePlan,
  differs: EXIT.differences,
  interrupted: EXIT.interrupted,
};

export function exitCodeOf(error: unknown): number {
  return isLakeliftError(error) ? (BY_KIND[error.kind] ?? EXIT.unexpected) : EXIT.unexpected;
}
