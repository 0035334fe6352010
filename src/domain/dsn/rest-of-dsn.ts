import { createHash } from 'node:crypto';
import { DsnParser } from './dsn-parser.ts';
import { TRAILER } from './norm.ts';
import type { LineRange } from './person-in-dsn.ts';

/** Texts have a longest length, which a file may exceed. */
const PIECE_BYTES = 1024 ** 2;

/**
 * Digest of all that a DSN says but for some of its lines, and for the counts of its trailers: each record with its place, its parent and its values, and each line that is none. The
 * same of what is left once these lines are gone, unless their going made a record the child of another, or two of them one.
 */
export function digestOfRest(content: Uint8Array, gone: readonly LineRange[] = []): string {
  const hash = createHash('sha256');
  const isGone = (line: number): boolean => gone.some(({ from, to }) => from <= line && line < to);
  const placeOf = (line: number | undefined): number | undefined =>
    line === undefined
      ? undefined
      : line - gone.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, line) - from), 0);
  const add = (...told: unknown[]): void => void hash.update(`${JSON.stringify(told)}\n`);
  const parser = new DsnParser({
    record: ({ block, line, parentLine, declarationLine, rubrics, values }) => {
      if (isGone(line)) return;
      const places = [line, parentLine, declarationLine].map(placeOf);
      add(block, places, rubrics, block === TRAILER ? undefined : values);
    },
    fault: ({ line, kind, offset, text }) => {
      if (!isGone(line)) add(kind, placeOf(line), offset, text);
    },
  });
  for (let at = 0; at < content.length; at += PIECE_BYTES) parser.push(content.subarray(at, at + PIECE_BYTES));
  parser.end();
  return hash.digest('hex');
}
