import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { TargetStorage, TargetTable } from '../target-table.ts';
import { isReadByName } from './column-access.ts';
import { parseHiveType, TypeSyntaxError, type HiveType } from './hive-type.ts';

/** Types that Athena reads as another: its page "Change a column data type", and what Trino's HiveCoercionPolicy adds for text and decimals. */
const READ_AS: Readonly<Record<string, readonly string[]>> = {
  tinyint: ['smallint', 'int', 'bigint', 'string'],
  smallint: ['int', 'bigint', 'string'],
  int: ['bigint', 'string'],
  bigint: ['string'],
  float: ['double'],
};
const TEXT = /^(string|varchar\(\d+\)|char\(\d+\))$/;

/**
 * Columns of a partition that Athena cannot bring together with its table's (HIVE_PARTITION_SCHEMA_MISMATCH: every query fails).
 * They are matched as Athena matches them: by name over Parquet, and over ORC where it is told so, else by place. Columns that one of both lacks do no harm.
 */
export function partitionSchemaProblems(columns: readonly Column[], table: TargetTable): Reason[] {
  const isByName = isReadByName(table);
  const own = new Map(columns.map(({ name, type }, index) => [isByName ? name : index, type] as const));
  const mismatched = table.storage.columns.flatMap(({ name, type }, index) => {
    const ownType = own.get(isByName ? name : index);
    return ownType === undefined || isReadAs(ownType, type) ? [] : [`${name} (${ownType}, in the table ${type})`];
  });
  if (mismatched.length === 0) return [];
  const text = `its columns cannot be read as the table's: ${mismatched.join(', ')}; Athena fails on every query that meets it`;
  const hint =
    'Write the partition again on the cluster (INSERT OVERWRITE … PARTITION …) after ALTER TABLE … PARTITION … REPLACE COLUMNS, or set "storage: convert" on the table.';
  return [{ code: 'PARTITION_SCHEMA_MISMATCH', text, hint }];
}

function isReadAs(from: string, to: string): boolean {
  if (from === to || READ_AS[from]?.includes(to) === true) return true;
  if (TEXT.test(from) && TEXT.test(to)) return true;
  const [ownDigits, digits] = [digitsOf(from), digitsOf(to)];
  if (ownDigits !== undefined && digits !== undefined)
    return digits.whole >= ownDigits.whole && digits.scale >= ownDigits.scale;
  if (!from.includes('<') || !to.includes('<')) return false;
  try {
    return isNestedReadAs(parseHiveType(from), parseHiveType(to));
  } catch (error) {
    // One that nobody can read is a problem of its own.
    if (error instanceof TypeSyntaxError) return false;
    throw error;
  }
}

/** Trino's HiveCoercionPolicy: fields may be missing, or more, at the end of a struct; all others have the same name. */
function isNestedReadAs(from: HiveType, to: HiveType): boolean {
  if (from.kind === 'primitive' && to.kind === 'primitive') return isReadAs(spelled(from), spelled(to));
  if (from.kind === 'array' && to.kind === 'array') return isNestedReadAs(from.element, to.element);
  if (from.kind === 'map' && to.kind === 'map')
    return isNestedReadAs(from.key, to.key) && isNestedReadAs(from.value, to.value);
  if (from.kind !== 'struct' || to.kind !== 'struct') return false;
  return from.fields
    .slice(0, to.fields.length)
    .every(({ name, type }, index) => name === to.fields[index]!.name && isNestedReadAs(type, to.fields[index]!.type));
}

function spelled({ name, parameters }: HiveType & { kind: 'primitive' }): string {
  return parameters.length === 0 ? name : `${name}(${parameters.join(',')})`;
}

function digitsOf(type: string): { readonly whole: number; readonly scale: number } | undefined {
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type);
  return match === null ? undefined : { whole: Number(match[1]) - Number(match[2]), scale: Number(match[2]) };
}

/** Athena: "a table and its partitions must use the same data formats" (page "Updates in tables with partitions"). */
export const OTHER_FORMAT: Reason = {
  code: 'PARTITION_OTHER_FORMAT',
  text: "its file format is not the table's, and Athena wants one for a table and all its partitions",
  hint: 'Write the partition again on the cluster in the format of the table, set "storage: convert" on the table, or set "partitions: { otherFormat: register }" if only engines that mix formats (Trino, Spark) will read it.',
};

/** Whose readers ask no file for the names of columns. */
const BY_PLACE: ReadonlySet<string | undefined> = new Set(['csv', 'grokLog', 'rcfile', 'sequencefile']);
/** Formats that have no delimiters and say nothing with this parameter. */
const FORMAT_PARAMETER = 'serialization.format';
const WITHOUT_DELIMITERS: ReadonlySet<string | undefined> = new Set(['orc', 'parquet', 'avro']);

/**
 * What a partition has of its own that makes it be read otherwise by the SerDe and the columns of its table than by its own, in words;
 * undefined where nothing does. Columns that it lacks count: its files may hold them, which neither it nor Hive shows.
 */
export function differenceFromTable(own: TargetStorage, { storage, parameters }: TargetTable): string | undefined {
  if (!isSameFormat(own, storage)) return 'a file format';
  const { classification } = parameters;
  const isTold = (name: string): boolean =>
    name !== 'path' && (name !== FORMAT_PARAMETER || !WITHOUT_DELIMITERS.has(classification));
  const names = new Set([...Object.keys(own.serdeParameters), ...Object.keys(storage.serdeParameters)]);
  const other = [...names]
    .sort()
    .find((name) => isTold(name) && own.serdeParameters[name] !== storage.serdeParameters[name]);
  if (other !== undefined) return `the SerDe parameter ${other}`;
  const isSame = storage.columns.every(({ name, type }, index) => {
    const column = own.columns[index];
    return column?.type === type && (column.name === name || BY_PLACE.has(classification));
  });
  return isSame ? undefined : 'columns';
}

export function isSameFormat(own: TargetStorage, table: TargetStorage): boolean {
  return own.inputFormat === table.inputFormat && own.serdeLibrary === table.serdeLibrary;
}
