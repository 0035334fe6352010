export const FILTER_OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'in', 'null', 'not-null'] as const;
export type FilterOperator = (typeof FILTER_OPERATORS)[number];
export type FilterValue = string | number | boolean;

/**
 * Which rows are taken. A number is compared with the column as a number, a text with its text (dates as `2024-07-13`), true and false with its truth.
 * A value that cannot be read so, and NULL, fulfil nothing but `null`.
 */
export interface Filter {
  readonly column: string;
  readonly is: FilterOperator;
  /** Of `in`, one or more; of `null` and `not-null` none; of the others one. */
  readonly values: readonly FilterValue[];
}
