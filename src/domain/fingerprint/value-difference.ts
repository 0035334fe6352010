import type { ColumnClass } from '../mapping.ts';

export const VALUE_DIFFERENCES = ['null', 'case', 'space', 'scale', 'rounding', 'zone', 'truncated', 'value'] as const;
/** What kind of difference two values of one column have; `value` where no other name fits. */
export type ValueDifference = (typeof VALUE_DIFFERENCES)[number];

const LONGEST_ZONE_MS = 14 * 3_600_000;
const QUARTER_MS = 15 * 60_000;

/** Names the difference between two canonical texts, undefined for NULL. */
export function differenceOf(type: string, source: string | undefined, target: string | undefined): ValueDifference {
  if (source === undefined || target === undefined) return 'null';
  if (type.startsWith('decimal')) return differenceOfNumbers(source, target);
  if (type === 'timestamp') return isOtherZone(source, target) ? 'zone' : 'value';
  if (!/^(string|varchar|char)/.test(type)) return 'value';
  if (source.trim() === target.trim()) return 'space';
  if (source.toLowerCase() === target.toLowerCase()) return 'case';
  return source.startsWith(target) || target.startsWith(source) ? 'truncated' : 'value';
}

/** `scale`: the same digits behind another point. `rounding`: one has fewer decimals of the other. */
function differenceOfNumbers(source: string, target: string): ValueDifference {
  const digits = (text: string): string =>
    text
      .replace('.', '')
      .replace(/^(-?)0+/, '$1')
      .replace(/0+$/, '');
  if (digits(source) === digits(target)) return 'scale';
  const [short, long] = [source, target].sort((a, b) => decimalsOf(a) - decimalsOf(b)) as [string, string];
  const step = 10 ** -decimalsOf(short);
  return decimalsOf(short) < decimalsOf(long) && Math.abs(Number(short) - Number(long)) <= step ? 'rounding' : 'value';
}

function decimalsOf(number: string): number {
  return number.includes('.') ? number.length - number.indexOf('.') - 1 : 0;
}

function isOtherZone(source: string, target: string): boolean {
  const [one, other] = [source, target].map((text) => Date.parse(`${text.replace(' ', 'T')}Z`)) as [number, number];
  const apart = Math.abs(one - other);
  return apart > 0 && apart <= LONGEST_ZONE_MS && apart % QUARTER_MS === 0;
}

const SHAPED: ReadonlySet<ColumnClass> = new Set(['technical', 'public']);
const LONGEST_SHAPE = 24;

/** A value as a report may show it: its shape where its class is no personal one, else its length. Never the value. */
export function masked(value: string | undefined, columnClass: ColumnClass): string {
  if (value === undefined) return 'NULL';
  const length = [...value].length;
  if (!SHAPED.has(columnClass)) return `${length} characters`;
  const shape = value
    .replace(/\p{Lu}/gu, 'A')
    .replace(/\p{Ll}|\p{Lo}/gu, 'a')
    .replace(/\p{Nd}/gu, '9')
    .replace(/[^Aa9 .,:;_/+-]/gu, '?');
  return shape.length <= LONGEST_SHAPE ? `"${shape}"` : `"${shape.slice(0, LONGEST_SHAPE)}…" (${length} characters)`;
}
