import { LakeliftError } from '../../errors.ts';

interface RawJson {
  readonly rawJSON: string;
}
/** JSON with access to the source text (ECMAScript proposal, Node 22 and later); TypeScript's library has no types for it yet. */
const exact = JSON as typeof JSON & { rawJSON(text: string): RawJson; isRawJSON(value: unknown): value is RawJson };

/** Reads an answer with every number as it is written: a bigint, decimal or double is never rounded on its way. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown);
  } catch (cause) {
    throw new LakeliftError('Trino’s answer is not readable JSON', {
      kind: 'corrupt',
      code: 'TRINO_ANSWER',
      hint: 'Check that target.engine.url is a Trino coordinator and nothing rewrites its answers; then run again.',
      cause,
    });
  }
}

function keepNumber(_key: string, value: unknown, { source }: { source?: string }): unknown {
  return typeof value === 'number' && source !== undefined ? exact.rawJSON(source) : value;
}

/** A value as the engine prints it; arrays, maps and rows as JSON. undefined for NULL. */
export function textOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value;
  return exact.isRawJSON(value) ? value.rawJSON : JSON.stringify(value);
}
