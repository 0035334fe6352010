import type { GlueIndex } from './glue-index.ts';

/** Serves one operation: its input as JSON came, its output as JSON goes. */
export type GlueHandler<Input = never, Output = object> = (input: Input, index: GlueIndex) => Output;

/** Every sandbox catalog belongs to this account. */
export const CATALOG_ID = '000000000000';

export function nowSeconds(): number {
  return Math.round(Date.now()) / 1000;
}

/** Continuation tokens are opaque to clients. */
export function encodeToken(position: string): string {
  return Buffer.from(position).toString('base64url');
}

export function decodeToken(token: string | undefined): string {
  return token === undefined ? '' : Buffer.from(token, 'base64url').toString();
}

/** One page out of what was read with a limit one larger than the page. */
export function pageOf<T>(
  found: readonly T[],
  size: number,
  position: (last: T) => string,
): { readonly items: T[]; readonly token: { readonly NextToken?: string } } {
  const items = found.slice(0, size);
  return { items, token: found.length > size ? { NextToken: encodeToken(position(items.at(-1)!)) } : {} };
}
