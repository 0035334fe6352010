import { PERSONAL_PATTERNS, compact } from '../rules/personal-patterns.ts';
import { pseudonymsSince, publishedPseudonym, type Identifier } from './identifiers.ts';
import { canonical, type PseudonymScheme } from './pseudonym.ts';
import { PSEUDONYM_FIELDS, type PseudonymField } from './treatment.ts';

/** Of which kinds each is: its own, and of a text the one that it is told to be by its form and check digits, since columns may be declared by either. */
export function kindsOfPerson(identifiers: readonly Identifier[]): Identifier[] {
  return identifiers.flatMap(({ field, value }) => [{ field, value }, ...toldBy(field, value)]);
}

/**
 * The same, and what a column of plain texts (`pseudonymise`) may have of each: pseudonyms of texts differ with every blank, so that each way is tried in which such
 * numbers and addresses are written.
 */
function formsOfPerson(identifiers: readonly Identifier[]): Identifier[] {
  const kinds = kindsOfPerson(identifiers);
  const texts = kinds.flatMap(({ field, value }) => [value, ...writtenForms(field, value)]);
  return [...kinds, ...[...new Set(texts)].map((value) => ({ field: 'text' as const, value }))];
}

/** As they may stand in what is published, each once: by all keys that the scheme has gone through. */
export function pseudonymsOfPerson(scheme: Keyed, identifiers: readonly Identifier[]): string[] {
  return eachForm(identifiers).map((one) => publishedPseudonym(scheme, scheme.keys, one));
}

/** The same of each version that the scheme has gone through: as they may stand in what no rotation has reached. */
export function pseudonymsOfPersonSince(scheme: Keyed, identifiers: readonly Identifier[]): string[] {
  return eachForm(identifiers).flatMap((one) => pseudonymsSince(scheme, scheme.keys, one));
}

type Keyed = PseudonymScheme & { readonly keys: ReadonlyMap<number, Uint8Array> };

function eachForm(identifiers: readonly Identifier[]): Identifier[] {
  const forms = new Map(
    formsOfPerson(identifiers).map((one) => [`${one.field}\0${canonical(one.field, one.value)}`, one]),
  );
  return [...forms.values()];
}

/** How many of the columns that are pseudonyms are of each kind that a person is given by. A text that is told to be of another kind counts those as well. */
export function columnsOfKinds(
  identifiers: readonly Identifier[],
  columns: readonly PseudonymField[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const given of identifiers) {
    const kinds = new Set(kindsOfPerson([given]).map(({ field }) => field));
    const count = columns.filter((one) => kinds.has(one)).length;
    counts[given.field] = Math.max(counts[given.field] ?? 0, count);
  }
  return counts;
}

function toldBy(field: PseudonymField, value: string): Identifier[] {
  if (field !== 'text') return [];
  const text = value.trim();
  const told = PERSONAL_PATTERNS.filter(
    ({ kind, shape, isValid, proof }) =>
      // Of ten digits nobody knows whether they are a telephone number.
      (proof === 'one' || kind === 'nir') &&
      [...text.matchAll(shape)].some(([match]) => match === text && isValid(compact(match))),
  );
  const kinds = new Set<string>(told.map(({ kind }) => kind));
  return PSEUDONYM_FIELDS.filter((one) => kinds.has(one)).map((one) => ({ field: one, value }));
}

function writtenForms(field: PseudonymField, value: string): string[] {
  const bare = canonical(field, value);
  switch (field) {
    case 'nir':
      return nirForms(bare);
    case 'iban':
      return eachCase([bare, bare.replace(/.{4}(?=.)/g, '$& ')]);
    case 'email':
      return eachCase([bare]);
    case 'phone':
      return phoneForms(bare);
    case 'text':
      return [];
  }
}

/** `1850578006084`, `1 85 05 78 006 084`, each with its key as well, joined or apart. */
function nirForms(bare: string): string[] {
  const parts = /^(.)(..)(..)(..)(...)(...)$/.exec(bare)?.slice(1);
  if (parts === undefined) return eachCase([bare]);
  const key = nirKey(bare);
  const plain = ['', ' ', '.', '-'].map((gap) => parts.join(gap));
  const keyed = key === undefined ? [] : plain.flatMap((one) => [`${one}${key}`, `${one} ${key}`, `${one}-${key}`]);
  const dotted = key === undefined ? [] : [`${plain[2]!}.${key}`];
  return eachCase([...plain, ...keyed, ...dotted]);
}

/** Two digits: what is missing to a multiple of 97, Corsica's letters counting as 19 and 18. */
function nirKey(bare: string): string | undefined {
  const digits = bare.replace('2A', '19').replace('2B', '18');
  return /^\d{13}$/.test(digits) ? String(97 - Number(BigInt(digits) % 97n)).padStart(2, '0') : undefined;
}

/** `0612345678`, and with blanks, points or hyphens, or +33 or 0033 in place of the 0. */
function phoneForms(bare: string): string[] {
  const parts = /^0(\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(bare)?.slice(1);
  if (parts === undefined) return [bare];
  return ['', ' ', '.', '-'].flatMap((gap) => {
    const rest = parts.join(gap);
    return [`0${rest}`, `+33${rest}`, `+33${gap}${rest}`, `0033${rest}`, `0033${gap}${rest}`, `+33${gap}(0)${rest}`];
  });
}

function eachCase(texts: readonly string[]): string[] {
  return texts.flatMap((text) => [text, text.toLowerCase(), text.toUpperCase()]);
}
