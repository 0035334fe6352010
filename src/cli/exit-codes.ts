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
  windowClosed: 8,
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
  'window-closed': EXIT.windowClosed,
};

export function exitCodeOf(error: unknown): number {
  return isLakeliftError(error) ? (BY_KIND[error.kind] ?? EXIT.unexpected) : EXIT.unexpected;
}

/** What several use cases end with: the first of these that occurs. Data that differs comes before what did not happen at all, and that before what waits for a person. */
const WORST_FIRST: readonly number[] = [
  EXIT.interrupted,
  EXIT.differences,
  EXIT.unexpected,
  EXIT.denied,
  EXIT.usage,
  EXIT.locked,
  EXIT.stalePlan,
  EXIT.itemsFailed,
  EXIT.windowClosed,
];

export function worstExit(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT.ok;
}
