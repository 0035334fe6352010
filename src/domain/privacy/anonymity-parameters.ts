import type { Anonymity } from './dataset.ts';

/** What the table of a dataset says of it, so that its readers know which of its NULLs may stand for a value. */
export function anonymityParameters({ k, blank }: Anonymity): Readonly<Record<string, string>> {
  return { 'lakelift.k-anonymity': String(k), ...(blank && { 'lakelift.blanked-columns': blank.join(',') }) };
}
