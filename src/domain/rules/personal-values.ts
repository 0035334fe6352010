import type { ColumnMapping } from '../mapping.ts';
import { isFiness, isIban, isNir, isRpps, isSiren, isSiret, isVat } from './check-digits.ts';
import {
  compact,
  kindsOfPeople,
  shaped,
  VALUE_KINDS,
  VALUE_PATTERNS,
  type Proof,
  type ValueKind,
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

interface Tally {
  readonly kind: ValueKind;
  readonly proof: Proof;
  shaped: number;
  valid: number;
  /** Some of the valid ones, each once: only whether there are enough of them counts. */
  readonly different: Set<string>;
}

/** Looks through the texts of one column for values of given kinds, and keeps counts alone. */
export class ColumnSearch {
  readonly #tallies: readonly (Tally & { readonly pattern: (typeof VALUE_PATTERNS)[number] })[];

  /**
   * A name that says what the column holds (`rpps`, `siret_client`) takes the place of many values; where the column `isSuspect`, so does any value of people.
   */
  constructor(kinds: ReadonlySet<ValueKind>, names: readonly string[], isSuspect = false) {
    const named = new Set([...names.map(kindOfName), ...(isSuspect ? kindsOfPeople() : [])]);
    this.#tallies = VALUE_PATTERNS.filter(({ kind }) => kinds.has(kind)).map((pattern) => ({
      pattern,
      kind: pattern.kind,
      proof: named.has(pattern.kind) ? 'one' : pattern.proof,
      shaped: 0,
      valid: 0,
      different: new Set(),
    }));
  }

  look(text: string): void {
    for (const tally of this.#tallies)
      for (const match of shaped(text, tally.pattern)) {
        const value = compact(match);
        tally.shaped += 1;
        if (!tally.pattern.isValid(value)) continue;
        tally.valid += 1;
        if (tally.different.size < FEWEST_VALUES) tally.different.add(value);
      }
  }

  /** What the column holds by more than chance, and how many of each kind. */
  found(): ReadonlyMap<ValueKind, number> {
    const found = new Map<ValueKind, number>();
    for (const tally of this.#tallies)
      if (isProven(tally)) found.set(tally.kind, (found.get(tally.kind) ?? 0) + tally.valid);
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
