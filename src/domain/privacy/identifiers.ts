import { canonical, keyedDigest, nextPseudonym, pseudonym, type PseudonymScheme } from './pseudonym.ts';
import { PSEUDONYM_FIELDS, type PseudonymField } from './treatment.ts';

/** A number or address that one person is known by. */
export interface Identifier {
  readonly field: PseudonymField;
  readonly value: string;
}

/** Reads lines such as `nir 1 85 05 78 006 084` or `text M00001`. Throws RangeError that names the line and repeats nothing of it. */
export function parseIdentifiers(text: string): Identifier[] {
  const identifiers = text.split(/\r?\n/).flatMap((line, index): Identifier[] => {
    if (line.trim() === '') return [];
    const [, word, value] = /^\s*(\w+)[ \t:]+(\S.*?)\s*$/.exec(line) ?? [];
    const field = PSEUDONYM_FIELDS.find((one) => one === word);
    if (field === undefined || value === undefined)
      throw new RangeError(`line ${index + 1} is not one of ${PSEUDONYM_FIELDS.join(', ')}, a blank and a value`);
    return [{ field, value }];
  });
  if (identifiers.length === 0) throw new RangeError('there is no identifier');
  return identifiers;
}

/** As it stands in what is published: by all keys that the scheme has gone through. */
export function publishedPseudonym(
  scheme: PseudonymScheme,
  keys: ReadonlyMap<number, Uint8Array>,
  identifier: Identifier,
): string {
  return pseudonymsSince(scheme, keys, identifier).at(-1)!;
}

/** The same of each version that the scheme has gone through, the first of them first: as it stands in what was published before a rotation, too. */
export function pseudonymsSince(
  { domain, version, from = [] }: PseudonymScheme,
  keys: ReadonlyMap<number, Uint8Array>,
  { field, value }: Identifier,
): string[] {
  const [first = version, ...later] = [version, ...from].reverse();
  const pseudonyms = [pseudonym({ domain, version: first }, keys.get(first)!, field, value)];
  for (const next of later)
    pseudonyms.push(nextPseudonym({ domain, version: next }, keys.get(next)!, pseudonyms.at(-1)!));
  return pseudonyms;
}

/** The same for the same identifiers in any order, and of no use to anybody without the key: it is no pseudonym that a dataset has. */
export function personToken(
  { version }: PseudonymScheme,
  keys: ReadonlyMap<number, Uint8Array>,
  identifiers: readonly Identifier[],
): string {
  const canonicals = new Set(identifiers.map(({ field, value }) => `${field}\0${canonical(field, value)}`));
  return keyedDigest(keys.get(version)!, `erasure\0${[...canonicals].sort().join('\0')}`);
}

/** Tells values of one person from those of others, without any key. */
export class PersonTest {
  /** In one form, by kind; what holds nothing but blanks and hyphens is nobody's. */
  readonly #wanted: readonly Identifier[];

  constructor(identifiers: readonly Identifier[]) {
    this.#wanted = identifiers
      .map(({ field, value }) => ({ field, value: canonical(field, value) }))
      .filter(({ value }) => value !== '');
  }

  /** In whichever form it is written. */
  isTheirs(text: string): boolean {
    return this.#wanted.some(({ field, value }) => canonical(field, text) === value);
  }

  /** Anywhere in a text that has no columns, between words and numbers that are others: M00001 is not in M000012. */
  isIn(text: string): boolean {
    return this.#wanted.some((one) => isWithin(one, text));
  }

  /** A place without the parts of its path that hold them. */
  masked(location: string): string {
    const parts = location.split('/').map((part) => (this.isIn(decoded(part)) ? 'masked' : part));
    return parts.join('/');
  }
}

/** More words and numbers than any of these has when it is written with separators. */
const MOST_WORDS = 24;

function isWithin({ field, value }: Identifier, text: string): boolean {
  // Inside a text nobody can tell the 0 of a telephone number from +33.
  const part = field === 'phone' ? value.replace(/^0(?=.)/, '') : value;
  if (!canonical(field, text).includes(part)) return false;
  // What begins or ends in neither a letter nor a digit has no edge to look for.
  if (/^[^\p{L}\p{N}]|[^\p{L}\p{N}]$/u.test(value)) return true;
  const words = [...text.matchAll(/\p{L}+|\p{N}+/gu)].map(
    ({ 0: word, index }) => [index, index + word.length] as const,
  );
  const most = Math.max(MOST_WORDS, value.match(/\p{L}+|\p{N}+/gu)?.length ?? 0);
  return words.some(([start], first) =>
    words
      .slice(first, first + most)
      .some(([, end]) => canonical(field, text.slice(text[start - 1] === '+' ? start - 1 : start, end)) === value),
  );
}

/** Values of partitions are percent-encoded in names. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
