/** Kinds of values that are brought to one form before they become a pseudonym, so that the same person gets the same one everywhere. */
export const PSEUDONYM_FIELDS = ['text', 'nir', 'iban', 'email', 'phone'] as const;
export type PseudonymField = (typeof PSEUDONYM_FIELDS)[number];

/** What becomes of a column on its way from raw to cleaned. */
export type Treatment =
  | { readonly kind: 'keep' }
  | { readonly kind: 'drop' }
  /** A keyed pseudonym: `v1.` and 32 hex digits. */
  | { readonly kind: 'pseudonymise'; readonly field: PseudonymField }
  /** Of a French postal code: `75`, `2A`, `974`. */
  | { readonly kind: 'department' }
  /** Of a date: `1985`; days and months may be unknown. */
  | { readonly kind: 'year' }
  /** Of a date: `1985-07`. */
  | { readonly kind: 'month' }
  /** Of a date: `1985-1989`, so many years from a multiple of them on. */
  | { readonly kind: 'year-band'; readonly width: number }
  /** Of a number: `10-19`. */
  | { readonly kind: 'band'; readonly width: number }
  /** The first so many characters, but half of them at most, and `***` for the rest. */
  | { readonly kind: 'mask'; readonly shown: number };

/** As people write them in a mapping or a dataset: `pseudonymise:nir`, `year-band:5`. */
export const TREATMENT_FORMS =
  'keep, drop, pseudonymise[:text|nir|iban|email|phone], department, year, month, year-band:<years>, band:<width>, mask:<characters shown>';

/** undefined for what is none. */
export function parseTreatment(text: string): Treatment | undefined {
  const [kind = '', argument] = text.split(/:(.*)/s);
  return argument === undefined ? plainTreatment(kind) : treatmentWith(kind, argument);
}

function plainTreatment(kind: string): Treatment | undefined {
  switch (kind) {
    case 'keep':
    case 'drop':
    case 'department':
    case 'year':
    case 'month':
      return { kind };
    case 'pseudonymise':
      return { kind, field: 'text' };
    default:
      return undefined;
  }
}

function treatmentWith(kind: string, argument: string): Treatment | undefined {
  if (kind === 'pseudonymise') {
    const field = PSEUDONYM_FIELDS.find((one) => one === argument);
    return field === undefined ? undefined : { kind, field };
  }
  if (!/^[1-9]\d{0,8}$/.test(argument)) return kind === 'mask' && argument === '0' ? { kind, shown: 0 } : undefined;
  const number = Number(argument);
  if (kind === 'year-band' || kind === 'band') return { kind, width: number };
  return kind === 'mask' ? { kind, shown: number } : undefined;
}

/** Whether it leaves all that a column of its kind says: a band of one is the number. */
export function keepsWhole(treatment: Treatment): boolean {
  return (
    treatment.kind === 'keep' ||
    ((treatment.kind === 'band' || treatment.kind === 'year-band') && treatment.width === 1)
  );
}

/** Inverse of {@link parseTreatment}. */
export function treatmentForm(treatment: Treatment): string {
  switch (treatment.kind) {
    case 'pseudonymise':
      return `pseudonymise:${treatment.field}`;
    case 'band':
    case 'year-band':
      return `${treatment.kind}:${treatment.width}`;
    case 'mask':
      return `mask:${treatment.shown}`;
    default:
      return treatment.kind;
  }
}
