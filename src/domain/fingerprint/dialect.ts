import type { TableName } from '../names.ts';

/** A collection that rows are unfolded along. */
export type CollectionKind = 'array' | 'map';

/**
 * How one engine spells what a fingerprint is made of. Every method takes and gives expressions as text. The values agree between engines
 * digit by digit; each spelling was compared on the real engine (`test/e2e/table-kinds.stack.test.ts`).
 */
export interface Dialect {
  /** A type that holds text of any length. */
  readonly textType: string;
  quote(name: string): string;
  /** Exactly this text (Hive: BaseSemanticAnalyzer.unescapeSQLString). */
  literal(text: string): string;
  /** Concatenation; NULL if one part is. */
  join(parts: readonly string[]): string;
  field(struct: string, name: string): string;
  /** A char without its padding. */
  unpaddedText(value: string): string;
  hexText(binary: string): string;
  /** All digits, whatever zeros follow the decimal point; scale is not 0. */
  decimalText(value: string, scale: number): string;
  /** `yyyy-MM-dd HH:mm:ss.SSS`, half milliseconds rounded up as Trino and Athena do while they read. */
  timestampText(value: string): string;
  isNaN(double: string): string;
  /** The 64 bits of a double that is neither negative nor NaN, as a whole number (IEEE 754; Java's doubleToLongBits). */
  doubleBits(double: string): string;
  /** Lower-case hex. */
  md5(text: string): string;
  /** Fifteen hex digits of an md5 from a place (counted from 1), as a number that sums exactly. */
  hashNumber(md5: string, from: number): string;
  /** Number of elements; not asked of NULL. */
  size(collection: string, kind: CollectionKind): string;
  /**
   * What may follow FROM: the rows of `rows`, each as often as its column `c` has elements. Adds `e` and `i` (text, from 0) for an array,
   * `mk` and `mv` for a map.
   */
  unfold(rows: string, kind: CollectionKind): string;
  /** Partition values as this engine prints them. */
  keyText(key: string): string;
  /** A whole number of any length. */
  numberText(number: string): string;
  /** Follows a bare count's FROM. */
  readonly readsRows: string;
}

export function quoteTable(dialect: Dialect, { database, table }: TableName): string {
  return `${dialect.quote(database)}.${dialect.quote(table)}`;
}

export const backticks = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
export const standardLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const doubleQuotes = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Takes the zeros behind a decimal point off, and the point with them. */
export const withoutZeros = (text: string): string => `regexp_replace(${text}, '[.]?0+$', '')`;
