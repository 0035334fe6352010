import type { ColumnMapping } from '../mapping.ts';
import { isIban, isNir } from './personal-patterns.ts';

export const VALUE_KINDS = ['nir', 'iban', 'siret', 'email', 'phone'] as const;
export type ValueKind = (typeof VALUE_KINDS)[number];

/** What most values of a column turned out to be; the values themselves are not kept. */
export interface ValueFinding {
  readonly kind: ValueKind;
  /** Values that are of the kind, of those that are not empty. */
  readonly matching: number;
  readonly sampled: number;
}

const TESTS: Readonly<Record<ValueKind, (value: string) => boolean>> = {
  nir: isNir,
  iban: (value) => /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(value) && isIban(value),
  siret: (value) => /^\d{14}$/.test(value) && isSiret(value),
  email: (value) => /^[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(value),
  phone: (value) => /^(0|\+33|0033)[1-9]\d{8}$/.test(value),
};

/** Below this, chance has its say. */
const FEWEST_VALUES = 5;
/** A column of telephone numbers holds some that are none. */
const MOST = 0.8;

/**
 * What kind of personal value a column holds, told by form and check digits (NIR, IBAN and SIRET have some). Undefined where no kind fits most values.
 * A 13-character NIR without its key is told by its form alone.
 */
export function kindOfValues(values: Iterable<string | undefined>): ValueFinding | undefined {
  const counts = new Map<ValueKind, number>(VALUE_KINDS.map((kind) => [kind, 0]));
  let sampled = 0;
  for (const raw of values) {
    const value = raw?.replace(/[\s.\u00a0-]/g, '') ?? '';
    if (value === '') continue;
    sampled += 1;
    for (const kind of VALUE_KINDS)
      if (TESTS[kind](kind === 'email' ? raw!.trim() : value)) counts.set(kind, counts.get(kind)! + 1);
  }
  const [kind, matching] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  return sampled >= FEWEST_VALUES && matching / sampled >= MOST ? { kind, matching, sampled } : undefined;
}

/** What a column of such values is proposed as. */
export function classOfKind(kind: ValueKind): ColumnMapping {
  if (kind === 'siret') return { class: 'quasi-identifier' };
  return kind === 'nir' || kind === 'iban' ? { class: 'identifier', treat: 'pseudonymise' } : { class: 'identifier' };
}

/** The digits, every second one doubled from the right, sum up to a multiple of ten (INSEE); those of La Poste may do so undoubled, to one of five. */
function isSiret(value: string): boolean {
  if (/^0+$/.test(value)) return false;
  const digits = [...value].map(Number);
  const doubled = digits
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .map((one) => (one > 9 ? one - 9 : one));
  const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
  return sum(doubled) % 10 === 0 || (value.startsWith('356000000') && sum(digits) % 5 === 0);
}
