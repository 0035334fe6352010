/** One row per value of `by`, with figures over the rows that share them. */
export interface Aggregate {
  /** Columns of the dataset, as treated. */
  readonly by: readonly string[];
  /** Name in the dataset -> what it is, as {@link parseMeasure} reads it. */
  readonly measures: Readonly<Record<string, string>>;
}

/** `count` of rows, or of values that are not NULL; `distinct` counts different ones. Averages have six decimals. */
export type Measure =
  | { readonly kind: 'count'; readonly column: string | undefined }
  | { readonly kind: 'distinct' | 'sum' | 'min' | 'max' | 'avg'; readonly column: string };

export const MEASURE_FORMS = 'count, count:<column>, distinct:, sum:, min:, max: or avg:<column>';

/** `count`, `sum:prime`. undefined for what is none. */
export function parseMeasure(text: string): Measure | undefined {
  const [kind, column] = text.split(/:(.*)/s);
  if (kind === 'count') return column === '' ? undefined : { kind, column };
  if (column === undefined || column === '') return undefined;
  const known = (['distinct', 'sum', 'min', 'max', 'avg'] as const).find((one) => one === kind);
  return known && { kind: known, column };
}
