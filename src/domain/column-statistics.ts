/** Whole part of a decimal without its point, as text (it may have 38 digits), and how many of its digits follow the point. */
export interface DecimalBound {
  readonly unscaled: string;
  readonly scale: number;
}

interface Ranged<Bound> {
  readonly least: Bound;
  readonly greatest: Bound;
  readonly nulls: number;
  readonly distinct: number;
}

/**
 * What is known of the values of one column, of a kind that Hive and Glue share. Counts and whole numbers are exact: a column with one beyond
 * 2^53 has no statistics here, and so has one whose bounds are not known, because Glue would take them for 0.
 */
export type ValueStatistics =
  | { readonly kind: 'boolean'; readonly trues: number; readonly falses: number; readonly nulls: number }
  | ({ readonly kind: 'long' } & Ranged<number>)
  | ({ readonly kind: 'double' } & Ranged<number>)
  | ({ readonly kind: 'decimal' } & Ranged<DecimalBound>)
  /** Bounds in days since 1970. */
  | ({ readonly kind: 'date' } & Ranged<number>)
  | {
      readonly kind: 'string';
      readonly longestBytes: number;
      readonly averageBytes: number;
      readonly nulls: number;
      readonly distinct: number;
    }
  | { readonly kind: 'binary'; readonly longestBytes: number; readonly averageBytes: number; readonly nulls: number };

/** As the source hands them out. */
export interface SourceStatistics {
  /** Folded to lower case. */
  readonly column: string;
  readonly values: ValueStatistics;
}

/** As they stand in the target catalog, or should. */
export interface ColumnStatistics extends SourceStatistics {
  /** In the target's spelling. */
  readonly type: string;
  /** Seconds since 1970. */
  readonly analyzedAtSeconds: number;
}

/** Those that do not stand as wanted. When they were computed makes no difference. */
export function differingStatistics(
  wanted: readonly ColumnStatistics[],
  standing: readonly ColumnStatistics[],
): ColumnStatistics[] {
  const found = new Map(standing.map((one) => [one.column, textOf(one)]));
  return wanted.filter((one) => found.get(one.column) !== textOf(one));
}

function textOf({ type, values }: ColumnStatistics): string {
  return JSON.stringify([type, Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
