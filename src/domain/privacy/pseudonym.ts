import { createHash, createHmac } from 'node:crypto';
import { hasValidKey } from '../rules/check-digits.ts';
import type { PseudonymField } from './treatment.ts';

/** Who shares pseudonyms, and under which key: rows of one domain can be joined, rows of two cannot. */
export interface PseudonymScheme {
  readonly domain: string;
  /** Grows with every new key, and stands in front of each pseudonym. */
  readonly version: number;
  /** Versions whose pseudonyms were turned into those of this one, the latest first: see {@link nextPseudonym}. */
  readonly from?: readonly number[] | undefined;
}

/** What travels with the data: `hmac-sha256-128 rh v2 from v1`. */
export function schemeText({ domain, version, from = [] }: PseudonymScheme): string {
  return `hmac-sha256-128 ${domain} ${[version, ...from].map((one) => `v${one}`).join(' from ')}`;
}

/** The same of it and of each that it goes on from, the latest first. */
export function schemeTexts({ domain, version, from = [] }: PseudonymScheme): string[] {
  const versions = [version, ...from];
  return versions.map((one, index) => schemeText({ domain, version: one, from: versions.slice(index + 1) }));
}

/**
 * Those versions of a scheme that only its own pseudonyms have in front, where a table says what it holds (`hmac-sha256-128 paie v1; hmac-sha256-128 rh v1`): another
 * domain's look like them, and are of another key.
 */
export function unmistakableVersions(
  versions: readonly number[],
  scheme: PseudonymScheme,
  said: string | undefined,
): readonly number[] {
  const own = new Set(schemeTexts(scheme));
  const others = (said ?? '').split('; ').filter((text) => !own.has(text));
  const taken = new Set(others.map((text) => Number(/ v(\d+)(?: from v\d+)*$/.exec(text)?.[1])));
  return versions.filter((one) => !taken.has(one));
}

/** Of SHA-256, in bytes. */
const BLOCK_BYTES = 64;
/** 128 bits: among a hundred million people, two share a pseudonym with a probability of some 10^-23. */
const HEX_DIGITS = 32;
const LEAST_KEY_BYTES = 32;

/**
 * HMAC-SHA-256 of the domain, the kind of value and the value in its canonical form, with a zero byte between them. The domain is part of it, so that two that were
 * given the same secret by mistake still do not meet, and the kind, so that a number that happens to be equal in two fields does not join them. A plain hash would be
 * no protection: there are some 10^12 social security numbers.
 */
export function pseudonym(
  { domain, version }: PseudonymScheme,
  key: Uint8Array,
  field: PseudonymField,
  value: string,
): string {
  return keyed(version, key, [domain, field, canonical(field, value)].join('\0'));
}

/**
 * The pseudonym of a new version of one that stands already, by a new key over the old pseudonym: values of raw are not needed, and neither is the old key. Decree
 * 2016-1930 (article 9) has it so for social security numbers, when a key is ten years old or may be known.
 */
export function nextPseudonym({ version }: PseudonymScheme, key: Uint8Array, earlier: string): string {
  return keyed(version, key, `${NEXT}\0${earlier}`);
}

/** Those versions of a scheme whose pseudonyms the keys at hand turn into its own, itself the first: each step takes the key of the version that it makes. */
export function turnableVersions(
  { version, from = [] }: PseudonymScheme,
  keys: ReadonlyMap<number, Uint8Array>,
): readonly number[] {
  const versions = [version, ...from];
  const missing = versions.findIndex((one) => !keys.has(one));
  return missing === -1 ? versions : versions.slice(0, missing + 1);
}

/** {@link nextPseudonym}, once for each later version of the scheme. What is of its own version, or of none that it goes on from, is left as it is. */
export function turnedPseudonym(
  { domain, version, from = [] }: PseudonymScheme,
  keys: ReadonlyMap<number, Uint8Array>,
  standing: string,
): string {
  const later = [version, ...from].slice(0, from.indexOf(versionOfPseudonym(standing)) + 1);
  return later.reduceRight((one, next) => nextPseudonym({ domain, version: next }, keys.get(next)!, one), standing);
}

/** The version of the key that it was made by. */
export function versionOfPseudonym(value: string): number {
  return Number.parseInt(value.slice(1), 10);
}

/** Versions of all pseudonyms in a text, also where they stand within words. */
export function versionsIn(text: string): number[] {
  return [...text.matchAll(ANYWHERE)].map(([value]) => versionOfPseudonym(value));
}

const ANYWHERE = new RegExp(String.raw`v[1-9]\d*\.[0-9a-f]{${HEX_DIGITS}}`, 'g');

/** In place of the kind of value. */
const NEXT = 'pseudonym';

function keyed(version: number, key: Uint8Array, message: string): string {
  return `v${version}.${keyedDigest(key, message)}`;
}

/** 32 hex digits. */
export function keyedDigest(key: Uint8Array, message: string): string {
  return createHmac('sha256', key).update(message, 'utf8').digest('hex').slice(0, HEX_DIGITS);
}

/** Reads a key as `openssl rand -hex 32` or `-base64 32` writes it. Throws RangeError, without repeating it, for one that is neither, or too short. */
export function parseKey(text: string): Uint8Array {
  const trimmed = text.trim();
  // Hexadecimal that lost a digit is Base64 as well, of another key.
  const isHex = /^[0-9a-f]+$/i.test(trimmed);
  const isWhole = isHex ? trimmed.length % 2 === 0 : /^[A-Za-z0-9+/]+={0,2}$/.test(trimmed) && trimmed.length % 4 === 0;
  if (!isWhole) throw new RangeError('the key is neither hexadecimal nor Base64');
  const key = Buffer.from(trimmed, isHex ? 'hex' : 'base64');
  if (key.length < LEAST_KEY_BYTES) throw new RangeError(`the key has fewer than ${LEAST_KEY_BYTES} bytes`);
  return key;
}

/** The two pads of RFC 2104: what HMAC is computed from where there is SHA-256 and nothing else. As secret as the key. */
export function hmacPads(key: Uint8Array): { readonly inner: Uint8Array; readonly outer: Uint8Array } {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key);
  return { inner: block.map((byte) => byte ^ 0x36), outer: block.map((byte) => byte ^ 0x5c) };
}

/** One form for the ways in which the same value is written. {@link canonicalSql} says the same in SQL. */
export function canonical(field: PseudonymField, value: string): string {
  const text = value.normalize('NFC').replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
  switch (field) {
    case 'text':
      return text;
    case 'nir': {
      const bare = upper(text).replace(/[ .-]/g, '');
      return hasNirKey(bare) ? bare.slice(0, 13) : bare;
    }
    case 'iban':
      return upper(text).replaceAll(' ', '');
    case 'email':
      return text.replace(UPPER_CASE, (letter) => LOWER[UPPER.indexOf(letter)]!);
    case 'phone':
      return text.replace(/[ .()/\u00a0\u202f-]/g, '').replace(/^(\+|00)330?/, '0');
  }
}

/**
 * Whether the last two of fifteen digits are the key of those before. All others are whole: what employers number their own people by (NTT: sex, SIREN, number of
 * the employee) looks like a NIR and has no key, and two of them may differ at the end alone. A NIR whose key is wrong is another number, as with any digit.
 */
function hasNirKey(bare: string): boolean {
  return new RegExp(`^${NIR_WITH_KEY}$`).test(bare) && hasValidKey(bare);
}

const NIR_WITH_KEY = '[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}';

/** Letters whose cases every engine pairs alike; beyond Latin-1 they differ (İ, ẞ, final sigma). */
const ASCII = 'abcdefghijklmnopqrstuvwxyz';
const LOWER = `${ASCII}àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ`;
const UPPER = LOWER.toUpperCase();
const UPPER_CASE = /[A-ZÀ-ÖØ-Þ]/g;

/** Only what identifiers are made of. */
function upper(text: string): string {
  return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

/** DuckDB's SQL for {@link canonical} of a text expression. */
function canonicalSql(field: PseudonymField, text: string): string {
  const trimmed = String.raw`trim(nfc_normalize(${text}), E' \t\r\n')`;
  switch (field) {
    case 'text':
      return trimmed;
    case 'nir': {
      const bare = `regexp_replace(${upperSql(trimmed)}, '[ .-]', '', 'g')`;
      const number = `TRY_CAST(replace(replace(left(${bare}, 13), '2A', '19'), '2B', '18') AS BIGINT)`;
      const hasKey = `97 - ${number} % 97 = TRY_CAST(right(${bare}, 2) AS BIGINT)`;
      return `CASE WHEN regexp_full_match(${bare}, '${NIR_WITH_KEY}') AND ${hasKey} THEN left(${bare}, 13) ELSE ${bare} END`;
    }
    case 'iban':
      return `replace(${upperSql(trimmed)}, ' ', '')`;
    case 'email':
      return `translate(${trimmed}, '${UPPER}', '${LOWER}')`;
    case 'phone':
      return String.raw`regexp_replace(regexp_replace(${trimmed}, '[ .()/\x{a0}\x{202f}-]', '', 'g'), '^(\+|00)330?', '0')`;
  }
}

function upperSql(text: string): string {
  return `translate(${text}, '${ASCII}', '${ASCII.toUpperCase()}')`;
}

/**
 * DuckDB's SQL for {@link pseudonym}, and {@link nextPseudonym} of it where the scheme goes on from earlier versions. The pads come from a table of the session, so
 * that no statement holds them.
 */
export function pseudonymSql(scheme: PseudonymScheme, field: PseudonymField, text: string): string {
  const [first = scheme.version, ...later] = [scheme.version, ...(scheme.from ?? [])].reverse();
  const start = keyedSql(first, messageSql([scheme.domain, field], canonicalSql(field, text)));
  return later.reduce((earlier, version) => nextPseudonymSql(version, earlier), start);
}

/** DuckDB's SQL for {@link turnedPseudonym} of a text expression: `versions` are those of the scheme that may stand there, its own the first. */
export function turnedPseudonymSql(versions: readonly number[], text: string): string {
  const turned = versions.slice(1).map((version, index) => {
    const later = versions.slice(0, index + 1);
    const next = later.reduceRight((one, each) => nextPseudonymSql(each, one), text);
    return `WHEN regexp_full_match(${text}, '${pseudonymPattern(version)}') THEN ${next}`;
  });
  return `CASE ${turned.join(' ')} ELSE ${text} END`;
}

/** DuckDB's SQL for {@link nextPseudonym} of a text expression. */
function nextPseudonymSql(version: number, earlier: string): string {
  return keyedSql(version, messageSql([NEXT], earlier));
}

/** A regular expression, for whole values. */
export function pseudonymPattern(version: number): string {
  return String.raw`v${version}\.[0-9a-f]{${HEX_DIGITS}}`;
}

/** A regular expression, for whole values: of any version of any domain. */
export const ANY_PSEUDONYM = String.raw`v[1-9][0-9]*\.[0-9a-f]{${HEX_DIGITS}}`;

function messageSql(kind: readonly string[], text: string): string {
  return [...kind.map((one) => `encode('${one}')`), `encode(${text})`].join(` || '\\x00'::BLOB || `);
}

function keyedSql(version: number, message: string): string {
  const pad = (column: string): string => `(SELECT ${column} FROM ${PADS_TABLE} WHERE version = ${version})`;
  const inner = `unhex(sha256(${pad('inner_pad')} || ${message}))`;
  return `'v${version}.' || left(sha256(${pad('outer_pad')} || ${inner}), ${HEX_DIGITS})`;
}

/** One row a key: `version INTEGER, inner_pad BLOB, outer_pad BLOB`. */
export const PADS_TABLE = 'lakelift_pads';
