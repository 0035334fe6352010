import { createHash } from 'node:crypto';
import { keyedDigest, pseudonym, type PseudonymScheme } from './pseudonym.ts';

/** What functions name their objects by: the keys of pseudonyms, or the random bytes that one of them has put into raw. */
export type NamingKey =
  { readonly scheme: PseudonymScheme; readonly keys: ReadonlyMap<number, Uint8Array> } | Uint8Array;

/**
 * What a function may have called the object that it wrote of one of raw (`s3://bucket/key`), without the ending (`_source_id` of lakelift_small_files.py). The first key
 * of all names it, which no later one changes; functions of before named without one where nothing becomes a pseudonym.
 */
export function smallObjectNames(location: string, namings: readonly NamingKey[]): string[] {
  const former = createHash('sha256').update(location, 'utf8').digest('hex').slice(0, 32);
  return [...namings.flatMap((naming) => keyedNames(location, naming)), former];
}

function keyedNames(location: string, naming: NamingKey): string[] {
  if (naming instanceof Uint8Array) return [keyedDigest(naming, location)];
  const { domain, version, from = [] } = naming.scheme;
  const first = from.at(-1) ?? version;
  const key = naming.keys.get(first);
  return key === undefined ? [] : [pseudonym({ domain, version: first }, key, 'text', location)];
}
