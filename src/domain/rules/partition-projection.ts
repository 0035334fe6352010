import { DEFAULT_PARTITION, partitionName } from '../partition-name.ts';
import type { Column } from '../table.ts';

/** Values of one key that Athena can list by itself, and how it is told ("Partition projection with Amazon Athena", "Supported types"). */
interface KeyProjection {
  /** `annee 2019 to 2024`, for people. */
  readonly text: string;
  /** How many values it stands for. */
  readonly count: number;
  /** By their name behind `projection.<key>.`. */
  readonly settings: Readonly<Record<string, string>>;
}

export type Projection =
  | { readonly kind: 'fits'; readonly text: string; readonly parameters: Readonly<Record<string, string>> }
  | { readonly kind: 'unfit'; readonly why: string };

/** A list in a parameter; longer ones nobody keeps up to date. */
const MOST_ENUM_VALUES = 100;

/**
 * How the partitions of a table can be computed instead of listed; `folders` are theirs below the table's, in the same order. They fit when
 * every one lies in the folder of its name, spelled as Athena would, and fills at least half of the ranges: Athena asks S3 for each that is not there.
 */
export function projectionOf(
  keys: readonly Column[],
  partitions: Iterable<{ readonly values: readonly string[]; readonly folder: string | undefined }>,
): Projection {
  const valuesOf = keys.map(() => new Set<string>());
  let count = 0;
  for (const { values, folder } of partitions) {
    const name = partitionName(keys, values);
    if (folder !== name) return { kind: 'unfit', why: `partition ${name} lies in a folder of another name` };
    valuesOf.forEach((known, index) => known.add(values[index] ?? ''));
    count += 1;
  }
  const projections: KeyProjection[] = [];
  for (const [index, { name }] of keys.entries()) {
    const projection = projectionOfKey(name, valuesOf[index]!);
    if (typeof projection === 'string') return { kind: 'unfit', why: projection };
    projections.push(projection);
  }
  const possible = projections.reduce((product, projection) => product * projection.count, 1);
  if (count * 2 < possible)
    return { kind: 'unfit', why: `${count} partitions fill less than half of ${possible} possible ones` };
  const settings = projections.flatMap((projection, index) =>
    Object.entries(projection.settings).map(([name, value]): [string, string] => [
      `projection.${keys[index]!.name}.${name}`,
      value,
    ]),
  );
  const text = projections.map((projection) => projection.text).join(', ');
  return { kind: 'fits', text, parameters: { 'projection.enabled': 'true', ...Object.fromEntries(settings) } };
}

/** A text says why there is none. */
function projectionOfKey(name: string, values: ReadonlySet<string>): KeyProjection | string {
  if (values.size === 0) return 'it has no partitions';
  if (values.has(DEFAULT_PARTITION) || values.has('')) return `${name} is NULL in some partition`;
  const sorted = [...values].sort();
  return integers(name, sorted) ?? dates(name, sorted) ?? enumeration(name, sorted);
}

function integers(name: string, values: readonly string[]): KeyProjection | undefined {
  if (!values.every((value) => /^\d{1,15}$/.test(value))) return undefined;
  const isPadded = values.some((value) => /^0\d/.test(value));
  const digits = values[0]!.length;
  if (isPadded && values.some((value) => value.length !== digits)) return undefined;
  const numbers = values.map(Number);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const settings = { type: 'integer', range: `${least},${most}`, ...(isPadded ? { digits: String(digits) } : {}) };
  return { text: `${name} ${least} to ${most}`, count: most - least + 1, settings };
}

const DAY_MS = 24 * 3600 * 1000;

function dates(name: string, values: readonly string[]): KeyProjection | undefined {
  const [first, last] = [values[0]!, values.at(-1)!];
  const text = `${name} ${first} to ${last}`;
  const range = `${first},${last}`;
  if (values.every(isDay)) {
    const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
    const interval = { interval: '1', 'interval.unit': 'DAYS' };
    return { text, count, settings: { type: 'date', format: 'yyyy-MM-dd', range, ...interval } };
  }
  if (!values.every((value) => /^\d{4}-(0[1-9]|1[0-2])$/.test(value))) return undefined;
  const months = (value: string): number => Number(value.slice(0, 4)) * 12 + Number(value.slice(5));
  const interval = { interval: '1', 'interval.unit': 'MONTHS' };
  const count = months(last) - months(first) + 1;
  return { text, count, settings: { type: 'date', format: 'yyyy-MM', range, ...interval } };
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Commas part the values; blanks around them and characters that folders spell otherwise would not come back alike. */
function enumeration(name: string, values: readonly string[]): KeyProjection | string {
  if (values.length > MOST_ENUM_VALUES) return `${name} has ${values.length} values without order`;
  const odd = values.find((value) => !/^[\p{L}\p{N}_.\-+]+( [\p{L}\p{N}_.\-+]+)*$/u.test(value));
  if (odd !== undefined) return `the value "${odd.slice(0, 40)}" of ${name} cannot stand in a list`;
  const settings = { type: 'enum', values: values.join(',') };
  return { text: `${name} one of ${values.length} values`, count: values.length, settings };
}
