import { PERSONAL_CLASSES, type ColumnMapping } from '../mapping.ts';
import { DEFAULT_PARTITION } from '../partition-name.ts';
import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import { namesSomebody } from './personal-patterns.ts';
import { isSuspect } from './suspect-column.ts';

/** Key types that Glue's partition filters know (Glue developer guide, GetPartitions, Expression). */
const FILTERABLE = /^(string|date|timestamp|tinyint|smallint|int|bigint|decimal\(.*\)|varchar\(.*\)|char\(.*\))$/;

/** What a reviewer should know of the keys; stops nothing. */
export function partitionKeyNotes(keys: readonly Column[]): Reason[] {
  const others = keys.filter(({ type }) => !FILTERABLE.test(type)).map(({ name, type }) => `${name} ${type}`);
  if (others.length === 0) return [];
  const text = `Glue cannot filter partitions by ${others.join(', ')}: every query lists all of them`;
  return [{ code: 'PARTITION_KEY_UNFILTERED', text }];
}

/** Keys that no reader takes: Trino, and so Athena's engine, fails on the whole table ("Unsupported type [varbinary] for partition", seen). */
export function partitionKeyProblems(keys: readonly Column[]): Reason[] {
  return keys.filter(({ type }) => type === 'binary').map(({ name }) => binaryKey(name));
}

function binaryKey(name: string): Reason {
  const text = `Athena takes no bytes as partition key: ${name}`;
  const hint = `Set "type: string" for ${name} in the mapping: its values are the texts that the metastore holds, as Hive shows them.`;
  return { code: 'PARTITION_KEY_BINARY', text, hint };
}

/** Key types of a partition index ("Working with partition indexes"). */
const INDEXABLE = /^(string|tinyint|smallint|int|bigint)$/;

/** Why no index of Glue can be made over these keys; empty when it can. */
export function partitionIndexProblems(index: readonly string[] | undefined, keys: readonly Column[]): Reason[] {
  const unfit = (index ?? []).filter((name) => {
    const key = keys.find((one) => one.name === name);
    return key === undefined || !INDEXABLE.test(key.type);
  });
  if (unfit.length === 0) return [];
  const text = `a partition index cannot hold ${unfit.join(', ')}: it takes partition keys of text or integers`;
  return [{ code: 'PARTITION_INDEX', text, hint: 'Name other keys under "partitions: { index: … }" in the mapping.' }];
}

/** An index that Glue cannot fill ends as failed, some time after it was asked for (`INVALID_PARTITION_TYPE_DATA_ERROR`). */
export function indexedValueProblem(
  index: readonly string[] | undefined,
  unindexableKeys: ReadonlySet<string>,
): Reason | undefined {
  const keys = (index ?? []).filter((name) => unindexableKeys.has(name));
  if (keys.length === 0) return undefined;
  const text = `a partition index over ${keys.join(', ')} fails in Glue: partitions have NULL in a key of numbers there, or one of the first three control characters`;
  const hint =
    'Name other keys under "partitions: { index: … }" in the mapping, or drop these partitions in Hive, or move their rows to a value of their own.';
  return { code: 'PARTITION_INDEX', text, hint };
}

/** Values that no reader can turn into the type of their key: one of them fails every query of the table (seen in Trino). */
export function partitionValueProblems(keys: readonly Column[], values: readonly string[]): Reason[] {
  if (values.length !== keys.length) {
    const text = `it has ${values.length} values for ${keys.length} partition keys`;
    return [{ code: 'PARTITION_VALUE', text, hint: 'Drop it in Hive and add it again.' }];
  }
  return keys.flatMap(({ name, type }, index) => valueProblem(name, type, values[index]!));
}

/** Values of people in keys that nobody has classed as personal: they would stand in names of folders and in reports. */
export function personalValueProblems(
  keys: readonly Column[],
  values: readonly string[],
  mapped: Readonly<Record<string, ColumnMapping>>,
): Reason[] {
  return keys.flatMap(({ name }, index) => {
    const kind = mapped[name]?.class ?? 'unclassified';
    if (PERSONAL_CLASSES.has(kind) || !namesSomebody(values[index] ?? '', isSuspect(kind, [name]))) return [];
    const text = `its value of ${name} is a number or address of a person, and the mapping does not say so`;
    const hint = `Class ${name} as identifier in the mapping if it shall go as it is: reports then hide its values.`;
    return [{ code: 'PERSONAL_PARTITION', text, hint }];
  });
}

function valueProblem(name: string, type: string, value: string): Reason[] {
  if (value === DEFAULT_PARTITION || fits(value, type)) return [];
  const text = `its value "${value.slice(0, 80)}" of ${name} is no ${type}: Athena fails on the whole table`;
  const hint = `Rename the partition in Hive (ALTER TABLE … PARTITION … RENAME), or set "type: string" for ${name} in the mapping.`;
  return [{ code: 'PARTITION_VALUE', text, hint }];
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, int: 31n, bigint: 63n };

function fits(value: string, type: string): boolean {
  const bits = INTEGER_BITS[type];
  if (bits !== undefined) return isInteger(value, 1n << bits);
  if (type.startsWith('decimal(')) return isDecimal(value, type);
  if (type === 'date') return isDate(value);
  if (type === 'timestamp') return isDate(value.slice(0, 10)) && /^.{10} \d{2}:\d{2}:\d{2}(\.\d{1,9})?$/.test(value);
  if (type === 'boolean') return /^(true|false)$/i.test(value);
  if (type === 'float' || type === 'double') return value !== '' && !Number.isNaN(Number(value));
  return true;
}

function isInteger(value: string, limit: bigint): boolean {
  if (!/^[+-]?\d{1,30}$/.test(value)) return false;
  const number = BigInt(value.replace(/^\+/, ''));
  return number >= -limit && number < limit;
}

function isDecimal(value: string, type: string): boolean {
  const [precision = 10, scale = 0] = type.match(/\d+/g)?.map(Number) ?? [];
  const match = /^[+-]?(\d*)(?:\.(\d*))?$/.exec(value);
  if (match === null || `${match[1]}${match[2] ?? ''}` === '') return false;
  const whole = match[1]!.replace(/^0+/, '');
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  return whole.length <= precision - scale && fraction.length <= scale;
}

function isDate(value: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(value);
  if (match === null) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
