import type { Anonymity } from './dataset.ts';

/** Of a table: the `k` that was asked for when it was made. */
export const K_PARAMETER = 'lakelift.k-anonymity';

/** What the table of a dataset says of it, so that its readers know which of its NULLs may stand for a value. */
export function anonymityParameters({ k, blank }: Anonymity): Readonly<Record<string, string>> {
  return { [K_PARAMETER]: String(k), ...(blank && { 'lakelift.blanked-columns': blank.join(',') }) };
}
