import { versionsIn } from '../privacy/pseudonym.ts';

/** What the items of one person are told by. */
export interface ServedPerson {
  /** Their pseudonyms, of each version that there was. */
  readonly pseudonyms: readonly string[];
  /** Versions whose pseudonyms can be told apart: an item with another may be anybody's. */
  readonly versions: readonly number[];
}

/**
 * Whose an item is, as JSON: pseudonyms stand in any attribute, and within texts, since keys are composed of them (`PROSPECT#v1.…`). An item without any is of nobody
 * who could be found.
 */
export function ownerOf(item: string, { pseudonyms, versions }: ServedPerson): 'theirs' | 'others' | 'unknown' {
  if (pseudonyms.some((one) => item.includes(one))) return 'theirs';
  return versionsIn(item).every((version) => versions.includes(version)) ? 'others' : 'unknown';
}
