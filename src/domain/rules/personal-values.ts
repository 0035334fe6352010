import type { ColumnMapping } from '../mapping.ts';
import { isFiness, isIban, isNir, isRpps, isSiren, isSiret, isVat } from './check-digits.ts';
import {
  compact,
  isAmount,
  PATTERNS_OF_PEOPLE,
  shaped,
  VALUE_KINDS,
  VALUE_PATTERNS,
  type Proof,
  type ValueKind,
  type ValuePattern,
} from './personal-patterns.ts';

/** What most values of a column turned out to be; the values themselves are not kept. */
export interface ValueFinding {
  readonly kind: ValueKind;
  /** Values that are of the kind, of those that are not empty. */
  readonly matching: number;
  readonly sampled: number;
}

const TESTS: Readonly<Record<ValueKind, (value: string) => boolean>> = {
  nir: isNir,
  iban: isIban,
  email: (value) => /^[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(value),
  phone: (value) => /^(?:0|(?:\+33|0033)(?:\(0\)|0)?)[1-9]\d{8}$/.test(value.replaceAll('/', '')),
  rpps: isRpps,
  siren: isSiren,
  siret: isSiret,
  vat: isVat,
  finess: isFiness,
};

/** Below this, chance has its say. */
const FEWEST_VALUES = 5;
/** A column of telephone numbers holds some that are none. */
const MOST = 0.8;
const NEEDS_MANY: ReadonlySet<ValueKind> = new Set(
  VALUE_PATTERNS.flatMap(({ kind, proof }) => (proof === 'many' ? [kind] : [])),
);

/**
 * What kind of value a column holds, told by form and, where there are some, by check digits. Undefined where no kind fits most values. A 13-character NIR
 * without its key is told by its form alone; a FINESS from a SIREN by the name of the column.
 */
export function kindOfValues(values: Iterable<string | undefined>, column = ''): ValueFinding | undefined {
  const filled = [...values].filter((value): value is string => value !== undefined && compact(value) !== '');
  const sampled = filled.length;
  const counts = VALUE_KINDS.map((kind) => ({
    kind,
    matching: filled.filter((value) => isOfKind(kind, value)).length,
  }));
  const best = counts.reduce((most, one) => (one.matching > most.matching ? one : most));
  if (sampled < FEWEST_VALUES || best.matching / sampled < MOST) return undefined;
  const named = counts.find(({ kind, matching }) => kind === kindOfName(column) && matching === best.matching);
  // One value that is always the same has a right check digit by chance.
  const isChance = NEEDS_MANY.has(best.kind) && new Set(filled.map(compact)).size < FEWEST_VALUES;
  return named === undefined && isChance ? undefined : { ...(named ?? best), sampled };
}

function isOfKind(kind: ValueKind, value: string): boolean {
  return TESTS[kind](kind === 'email' ? value.trim() : compact(value));
}

/** What a column of such values is proposed as. Companies may be one person: somebody says `public` where none is. */
export function classOfKind(kind: ValueKind): ColumnMapping {
  switch (kind) {
    case 'nir':
    case 'iban':
    case 'email':
    case 'phone':
      // Of its kind: one NIR with its key and one without meet, and so does one number however it is written.
      return { class: 'identifier', treat: `pseudonymise:${kind}` };
    case 'siren':
    case 'siret':
    case 'vat':
      return { class: 'quasi-identifier' };
    case 'finess':
      return { class: 'public' };
    default:
      return { class: 'identifier' };
  }
}

const NAMES: Readonly<Record<ValueKind, RegExp>> = {
  nir: /(^|_)(nir|ntt|numss|num_?secu|no_secu|numero_securite_sociale)(_|$)/,
  iban: /(^|_)iban(_|$)/,
  email: /(^|_)(e_?mail|mail|courriel)(_|$)/,
  phone: /(^|_)(tel|telephone|portable|mobile)(_|$)/,
  rpps: /(^|_)rpps(_|$)/,
  siren: /(^|_)siren(_|$)/,
  siret: /(^|_)siret(_|$)/,
  vat: /(^|_)(tva|num_?tva|vat)(_|$)/,
  finess: /(^|_)finess(_|$)/,
};

/** What a column's name says that it holds. A NTT stands in place of a NIR. */
export function kindOfName(name: string): ValueKind | undefined {
  return VALUE_KINDS.find((kind) => NAMES[kind].test(name.toLowerCase()));
}

/**
 * What a column is searched for. `any`: one valid value of any kind is enough. `people`: one of a person is, and numbers of companies are not looked for.
 * `likely-people`: likewise, but those that chance makes as well are told by how many there are, as their pattern says.
 */
export type Scrutiny = 'any' | 'people' | 'likely-people';

interface Tally {
  readonly pattern: ValuePattern;
  readonly proof: Proof;
  shaped: number;
  valid: number;
  /** Some of the valid ones, each once: only whether there are enough of them counts. */
  readonly different: Set<string>;
}

/** Looks through the texts of one column, and keeps counts alone. */
export class ColumnSearch {
  readonly #tallies: readonly Tally[];

  constructor(scrutiny: Scrutiny) {
    const patterns = scrutiny === 'any' ? VALUE_PATTERNS : PATTERNS_OF_PEOPLE;
    this.#tallies = patterns.map((pattern) => ({
      pattern,
      proof: scrutiny === 'likely-people' ? pattern.proof : 'one',
      shaped: 0,
      valid: 0,
      different: new Set(),
    }));
  }

  look(text: string): void {
    for (const tally of this.#tallies)
      for (const match of shaped(text, tally.pattern)) {
        if (tally.pattern.proof !== 'one' && isAmount(match)) continue;
        const value = compact(match[0]);
        tally.shaped += 1;
        if (!tally.pattern.isValid(value)) continue;
        tally.valid += 1;
        if (tally.different.size < FEWEST_VALUES) tally.different.add(value);
      }
  }

  /** What the column holds, and how many of each kind. */
  found(): ReadonlyMap<ValueKind, number> {
    const found = new Map<ValueKind, number>();
    for (const tally of this.#tallies) {
      const { kind } = tally.pattern;
      if (isProven(tally)) found.set(kind, (found.get(kind) ?? 0) + tally.valid);
    }
    return found;
  }
}

function isProven({ proof, shaped: all, valid, different }: Tally): boolean {
  switch (proof) {
    case 'one':
      return valid > 0;
    case 'form':
      return valid > 0 && valid / all >= 0.5;
    case 'many':
      return different.size >= FEWEST_VALUES && valid / all >= MOST;
  }
}
