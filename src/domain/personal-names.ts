import { PERSONAL_CLASSES, type Mapping } from './mapping.ts';
import { compact, PERSONAL_PATTERNS } from './rules/personal-patterns.ts';

interface Rule {
  readonly pattern: RegExp;
  /** What to put in place of a match; undefined leaves it. */
  readonly replace: (...groups: string[]) => string | undefined;
}

const IS_MASKED = /^masked-[a-p]+$/;

/** A token of a keyed digest: letters alone, since ten digits in a row would be taken for a phone number and masked once more. */
export function tokenOfDigest(hex: string): string {
  return hex.slice(0, TOKEN_LETTERS).replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!);
}

const TOKEN_LETTERS = 10;

/** No rule but those for folders can find anything in a text without one of these. */
const WORTH_LOOKING = /[=@]|\d{5}|\d[ ./\u00a0\u202f-]\d/;

/**
 * Takes personal values out of what a report shows: values of partition keys that the mapping classes as personal, names below folders whose
 * names the mapping masks, and whatever looks like a French social security number, IBAN, mail address or phone number. A value becomes a
 * token of its own that is the same in every report of the project, so that lines can still be told apart and compared.
 */
export class NameMask {
  readonly #rules: readonly Rule[];
  readonly #hasFolders: boolean;

  /** `tokenOf` gives the same short token for the same value (see {@link tokenOfDigest}), and cannot be turned round. */
  constructor({ tables, paths }: Mapping, tokenOf: (value: string) => string) {
    // What is masked already stays: a token of a token would hide that two lines speak of the same value.
    const masked = (value: string): string => (IS_MASKED.test(value) ? value : `masked-${tokenOf(value)}`);
    const keys = Object.values(tables).flatMap(({ columns }) =>
      Object.entries(columns).flatMap(([name, { class: kind }]) => (PERSONAL_CLASSES.has(kind) ? [name] : [])),
    );
    const folders = folderRules(paths, masked);
    this.#hasFolders = folders.length > 0;
    this.#rules = [
      ...folders,
      ...keyRules(new Set(keys), masked),
      ...PERSONAL_PATTERNS.map(({ shape, isValid }) => ({
        pattern: shape,
        replace: (value: string) => (isValid(compact(value)) ? masked(value) : undefined),
      })),
    ];
  }

  text(text: string): string {
    if (!this.#hasFolders && !WORTH_LOOKING.test(text)) return text;
    let result = text;
    for (const { pattern, replace } of this.#rules)
      result = result.replace(pattern, (...groups: string[]) => replace(...groups) ?? groups[0]!);
    return result;
  }

  /** Every text inside a plain value. */
  value<Value>(value: Value): Value {
    return this.#within(value) as Value;
  }

  #within(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((member) => this.#within(member));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, this.#within(member)]));
  }
}

/** `nir=1850578006084` in a partition's name, a path or a key. A value may hold blanks, so that it goes on to the next `/` or quote. */
function keyRules(keys: ReadonlySet<string>, masked: (value: string) => string): Rule[] {
  if (keys.size === 0) return [];
  const names = [...keys].map(escaped).join('|');
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(${names})=([^/"\\n]+)`, 'giu');
  return [{ pattern, replace: (_all, name, value) => `${name}=${masked(value)}` }];
}

/** What lies below a folder, at the source and at the target; the folder itself may be known. */
function folderRules(paths: Mapping['paths'], masked: (value: string) => string): Rule[] {
  return Object.entries(paths).flatMap(([folder, { names, target }]) => {
    if (names !== 'mask') return [];
    const places = [folder, target.prefix].map((place) => escaped(place.replace(/^\/+|\/+$/g, ''))).join('|');
    const pattern = new RegExp(`((?:${places})/)([^"\\n]+)`, 'gu');
    return [{ pattern, replace: (_all, place, name) => `${place}${masked(name)}` }];
  });
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
