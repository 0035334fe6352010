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
/** Trino counts up to the end of a range in 32 bits, and would never get past the last of them. */
const MOST_INTEGER = 2 ** 31 - 2;

/**
 * How the partitions of a table can be computed instead of listed. They fit when every one lies in the folder of its name, spelled as Athena
 * would, is stored as its table is, and fills at least half of the ranges: Athena asks S3 for each that is not there. Of the partitions only
 * what decides is kept.
 */
export class ProjectionFit {
  readonly #keys: readonly Column[];
  readonly #values: readonly KeyValues[];
  #count = 0;
  #unfit: string | undefined;

  constructor(keys: readonly Column[]) {
    this.#keys = keys;
    this.#values = keys.map(() => new KeyValues());
  }

  /** `folder` is the partition's, below the table's. */
  add(values: readonly string[], folder: string | undefined): void {
    this.#count += 1;
    if (this.#unfit !== undefined) return;
    const name = partitionName(this.#keys, values);
    if (folder !== name) this.#unfit = `partition ${name} lies in a folder of another name`;
    else this.#values.forEach((known, index) => known.add(values[index] ?? ''));
  }

  /** `what` of a partition is not its table's, by which alone computed ones are read. */
  addDifference(name: string, what: string): void {
    this.#unfit ??= `partition ${name} has ${what} of its own, and a computed one is read as the table is`;
  }

  projection(): Projection {
    if (this.#unfit !== undefined) return { kind: 'unfit', why: this.#unfit };
    const projections: KeyProjection[] = [];
    for (const [index, key] of this.#keys.entries()) {
      const projection = projectionOfKey(key, this.#values[index]!);
      if (typeof projection === 'string') return { kind: 'unfit', why: projection };
      projections.push(projection);
    }
    const possible = projections.reduce((product, projection) => product * projection.count, 1);
    if (this.#count * 2 < possible)
      return { kind: 'unfit', why: `${this.#count} partitions fill less than half of ${possible} possible ones` };
    const text = projections.map((projection) => projection.text).join(', ');
    return { kind: 'fits', text, parameters: parametersOf(this.#keys, projections) };
  }
}

function parametersOf(keys: readonly Column[], projections: readonly KeyProjection[]): Record<string, string> {
  const settings = projections.flatMap((projection, index) =>
    Object.entries(projection.settings).map(([name, value]): [string, string] => [
      `projection.${keys[index]!.name}.${name}`,
      value,
    ]),
  );
  return { 'projection.enabled': 'true', ...Object.fromEntries(settings) };
}

/** What the values of one key have in common. */
class KeyValues {
  /** Distinct ones, one more than fit a list. */
  readonly some = new Set<string>();
  first = '';
  last = '';
  hasNull = false;
  areIntegers = true;
  areDays = true;
  isPadded = false;
  areOfOneLength = true;
  least = Infinity;
  most = -Infinity;
  #previous: string | undefined;

  add(value: string): void {
    if (value === this.#previous || this.some.has(value)) return;
    this.#previous = value;
    if (this.some.size === 0) [this.first, this.last] = [value, value];
    this.hasNull ||= value === DEFAULT_PARTITION || value === '';
    this.areOfOneLength &&= value.length === this.first.length;
    this.areDays &&= isDay(value);
    this.areIntegers &&= /^\d{1,15}$/.test(value);
    if (this.areIntegers) this.#addInteger(value);
    if (value < this.first) this.first = value;
    if (value > this.last) this.last = value;
    if (this.some.size <= MOST_ENUM_VALUES) this.some.add(value);
  }

  #addInteger(value: string): void {
    this.isPadded ||= /^0\d/.test(value);
    this.least = Math.min(this.least, Number(value));
    this.most = Math.max(this.most, Number(value));
  }
}

const TEXT_KEY = /^(string|varchar\(\d+\))$/;

/**
 * A text says why there is none. Athena names no types of columns ("Supported types for partition projection"); Trino refuses the table
 * for any but these (its IntegerProjection, DateProjection and EnumProjection).
 */
function projectionOfKey({ name, type }: Column, values: KeyValues): KeyProjection | string {
  if (values.some.size === 0) return 'it has no partitions';
  if (values.hasNull) return `${name} is NULL in some partition`;
  const isText = TEXT_KEY.test(type);
  const isInteger = type === 'int' || type === 'bigint';
  if (!isText && !isInteger && type !== 'date') return `${name} is a ${type}, which not every engine computes`;
  const range = (type === 'date' ? undefined : integers(name, values)) ?? (isInteger ? undefined : days(name, values));
  if (range !== undefined) return range;
  return isText ? enumeration(name, values) : `the values of ${name} make no range`;
}

function integers(name: string, values: KeyValues): KeyProjection | undefined {
  const { areIntegers, isPadded, areOfOneLength, least, most, first } = values;
  if (!areIntegers || most > MOST_INTEGER || (isPadded && !areOfOneLength)) return undefined;
  const digits = isPadded ? { digits: String(first.length) } : {};
  const settings = { type: 'integer', range: `${least},${most}`, ...digits };
  return { text: `${name} ${least} to ${most}`, count: most - least + 1, settings };
}

const DAY_MS = 24 * 3600 * 1000;

/** Two at least, which Trino wants. It counts no months, which therefore make a list. */
function days(name: string, { first, last, areDays }: KeyValues): KeyProjection | undefined {
  if (!areDays || first === last) return undefined;
  const count = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  const interval = { interval: '1', 'interval.unit': 'DAYS' };
  const settings = { type: 'date', format: 'yyyy-MM-dd', range: `${first},${last}`, ...interval };
  return { text: `${name} ${first} to ${last}`, count, settings };
}

function isDay(value: string): boolean {
  if (!/^(?!0000)\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const time = Date.parse(value);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** Commas part the values; blanks around them and characters that folders spell otherwise would not come back alike. */
function enumeration(name: string, { some }: KeyValues): KeyProjection | string {
  if (some.size > MOST_ENUM_VALUES) return `${name} has more than ${MOST_ENUM_VALUES} values without order`;
  const values = [...some].sort();
  const odd = values.find((value) => !/^[\p{L}\p{N}_.\-+]+( [\p{L}\p{N}_.\-+]+)*$/u.test(value));
  if (odd !== undefined) return `the value "${odd.slice(0, 40)}" of ${name} cannot stand in a list`;
  const settings = { type: 'enum', values: values.join(',') };
  return { text: `${name} one of ${values.length} values`, count: values.length, settings };
}
