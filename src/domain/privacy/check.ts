/** Quality of a dataset as it will be written. `refuse` keeps it from being written, `warn` says so. */
export type Check = CheckRule & { readonly severity: 'refuse' | 'warn' };

/** All but `not-null` pass over NULL. */
export type CheckRule =
  | { readonly rule: 'not-null'; readonly column: string }
  /** No two rows have the same values of them; rows with a NULL among these are passed over. */
  | { readonly rule: 'unique'; readonly columns: readonly string[] }
  /** Numbers, both ends included; either may be left out. */
  | {
      readonly rule: 'between';
      readonly column: string;
      readonly min?: number | undefined;
      readonly max?: number | undefined;
    }
  | { readonly rule: 'in'; readonly column: string; readonly values: readonly string[] }
  /** The whole text; only what every engine's regular expressions have in common. */
  | { readonly rule: 'matches'; readonly column: string; readonly pattern: string }
  | { readonly rule: 'row-count'; readonly min?: number | undefined; readonly max?: number | undefined };

/** What a column asks for that is read as a type: that each text which says something is one of it. Counted where its table is read. */
export interface TypeCheck {
  readonly rule: 'type';
  readonly column: string;
  /** As people wrote it. */
  readonly type: string;
  readonly severity: Check['severity'];
}

export function columnsOfCheck(check: CheckRule): readonly string[] {
  switch (check.rule) {
    case 'row-count':
      return [];
    case 'unique':
      return check.columns;
    default:
      return [check.column];
  }
}

/** Why a pattern is not the same everywhere (RE2 in DuckDB, Java's in Spark and Glue, Python's, JavaScript's); undefined where it is. */
export function objectionToPattern(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'is no regular expression';
  }
  if (/\(\?(?!:)/.test(pattern)) return 'must not look ahead or behind, set flags or name groups';
  if (/\\[1-9a-zA-Z]/.test(pattern))
    return String.raw`must not refer back, nor use classes such as \d or \w: write [0-9]`;
  return /[*+?}]\+/.test(pattern) ? 'must not have possessive quantifiers' : undefined;
}

/** A rule as a person reads it. */
export function checkText(check: CheckRule | TypeCheck): string {
  const { min = '…', max = '…' } = 'min' in check || 'max' in check ? check : {};
  switch (check.rule) {
    case 'not-null':
      return `${check.column} not-null`;
    case 'unique':
      return `${check.columns.join(', ')} unique`;
    case 'between':
      return `${check.column} between ${min} and ${max}`;
    case 'in':
      return `${check.column} in ${check.values.join(', ')}`;
    case 'matches':
      return `${check.column} matches ${check.pattern}`;
    case 'type':
      return `${check.column} of type ${check.type}`;
    case 'row-count':
      return `row-count ${min} to ${max}`;
  }
}
