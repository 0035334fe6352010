import { beginsWithIban, isFiness, isNir, isRpps, isSiren, isSiret, isVat } from './check-digits.ts';

export const VALUE_KINDS = ['nir', 'iban', 'email', 'phone', 'rpps', 'siren', 'siret', 'vat', 'finess'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** Numbers of companies and establishments: personal only where the company is one person. */
const BUSINESS_KINDS: ReadonlySet<ValueKind> = new Set(['siren', 'siret', 'vat', 'finess']);

/**
 * How much must be valid before a column is said to hold a kind. `one`: a single value, since chance makes next to none. `form`: half of what has the shape,
 * since there are no check digits. `many`: five values and four fifths of what has the shape: one number in ten has a right check digit of one.
 */
export type Proof = 'one' | 'form' | 'many';

/** How a kind of value is told within any text: a cell, what a struct holds, a name, a comment. */
export interface ValuePattern {
  readonly kind: ValueKind;
  /** All that has the shape, valid or not, with the separators that people put in. Global. */
  readonly shape: RegExp;
  /** Of a text without separators, in capitals. */
  readonly isValid: (compact: string) => boolean;
  readonly proof: Proof;
}

const GAP = String.raw`[ .\u00a0\u202f-]?`;
const PHONE_GAP = String.raw`[ ./\u00a0\u202f-]`;

/** No part of a longer word or number. */
function alone(...groups: readonly string[]): RegExp {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${groups.join(GAP)})(?![\p{L}\p{N}])`, 'giu');
}

/** `+33 (0)6 …` as well. With slashes only where no more of them are beside it: folders are called by month, day, hour, minute and second. */
function phones(): RegExp {
  const pairs = (gap: string): string => String.raw`(?:${gap}\d{2}){4}`;
  const abroad = String.raw`(?:\+33|0033)${PHONE_GAP}?(?:(?:\(0\)|0)${PHONE_GAP}?)?[1-9]${pairs(`${PHONE_GAP}?`)}`;
  const slashed = String.raw`(?<!/)0[1-9]${pairs('/')}(?!/)`;
  const inside = String.raw`0[1-9]${pairs(PHONE_GAP.replace('/', ''))}`;
  return new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${abroad}|${inside}|${slashed})(?![\p{L}\p{N}])`, 'gu');
}

const numbers = (...lengths: readonly number[]): string[] => lengths.map((length) => `[0-9]{${length}}`);
const NIR = [...numbers(1, 2, 2), '(?:[0-9]{2}|2[AB])', ...numbers(3, 3)];
const isAnything = (): boolean => true;

export const VALUE_PATTERNS: readonly ValuePattern[] = [
  { kind: 'nir', shape: alone(...NIR, '[0-9]{2}'), isValid: isNir, proof: 'one' },
  {
    kind: 'iban',
    shape: alone(`[A-Z]{2}[0-9]{2}(?:${GAP}[A-Z0-9]{4}){2,7}`, '[A-Z0-9]{0,3}'),
    isValid: beginsWithIban,
    proof: 'one',
  },
  { kind: 'nir', shape: alone(...NIR), isValid: isNir, proof: 'form' },
  {
    kind: 'email',
    shape: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu,
    isValid: isAnything,
    proof: 'one',
  },
  // Written as nothing but a telephone number is.
  { kind: 'phone', shape: phones(), isValid: isAnything, proof: 'one' },
  { kind: 'phone', shape: alone('[0-9]{10}'), isValid: (compact) => /^0[1-9]/.test(compact), proof: 'form' },
  { kind: 'rpps', shape: alone('[0-9]{11}'), isValid: isRpps, proof: 'many' },
  { kind: 'siren', shape: alone(...numbers(3, 3, 3)), isValid: isSiren, proof: 'many' },
  { kind: 'siret', shape: alone(...numbers(3, 3, 3, 5)), isValid: isSiret, proof: 'many' },
  { kind: 'vat', shape: alone('FR', '[0-9A-Z]{2}', ...numbers(3, 3, 3)), isValid: isVat, proof: 'one' },
  { kind: 'finess', shape: alone('(?:[0-9]{2}|2[AB])[0-9]{7}'), isValid: isFiness, proof: 'many' },
];

/** Without these there is nothing in a text that any pattern finds: a FINESS of Corsica has eight digits and a letter. */
const WORTH_LOOKING = /@|(?:\d\D{0,2}){8}/;

/** The text without what separates its groups, in capitals. */
export function compact(text: string): string {
  return text.replace(/[\s.\u00a0\u202f-]/g, '').toUpperCase();
}

/** What in a text has the shape of a pattern, and where. */
export function shaped(text: string, { shape }: ValuePattern): RegExpExecArray[] {
  return WORTH_LOOKING.test(text) ? [...text.matchAll(shape)] : [];
}

/** Whether it is part of a number with decimals, which is an amount. One of them that is zero is none: so floating numbers that are whole are written. */
export function isAmount({ 0: match, index, input }: RegExpExecArray): boolean {
  return (
    /\d\.$/.test(input.slice(0, index).slice(-2)) ||
    /^\d+\.(?:\d{2,}|[1-9])(?![ .\u00a0\u202f-]?\d)/.test(input.slice(index)) ||
    /^\.(?:\d{2}|[1-9])/.test(input.slice(index + match.length))
  );
}

/** Numbers of companies are none of them. */
export const PATTERNS_OF_PEOPLE: readonly ValuePattern[] = VALUE_PATTERNS.filter(
  ({ kind }) => !BUSINESS_KINDS.has(kind),
);

/** Values of people that need no second one to be told: what takes them out of names, comments and logs. */
export const PERSONAL_PATTERNS: readonly ValuePattern[] = PATTERNS_OF_PEOPLE.filter(({ proof }) => proof !== 'many');

/** The text with three asterisks in place of each value of a person. */
export function withoutPeople(text: string): string {
  if (!WORTH_LOOKING.test(text)) return text;
  return PERSONAL_PATTERNS.reduce(
    (left, { shape, isValid }) => left.replace(shape, (match) => (isValid(compact(match)) ? '***' : match)),
    text,
  );
}

/** For names, of which each stands alone: what chance makes, such as an instant in milliseconds, is taken for a person only where that `isSuspect`. */
export function namesSomebody(name: string, isSuspect = false): boolean {
  if (!WORTH_LOOKING.test(name)) return false;
  const patterns = isSuspect ? PATTERNS_OF_PEOPLE : PERSONAL_PATTERNS.filter(({ proof }) => proof === 'one');
  return patterns.some((pattern) => shaped(name, pattern).some(([match]) => pattern.isValid(compact(match))));
}
