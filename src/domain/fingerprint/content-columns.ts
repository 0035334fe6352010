import { parseHiveType, type HiveType } from '../rules/hive-type.ts';
import type { TargetTable } from '../target-table.ts';
import type { FingerprintColumn } from './row-text.ts';

export const COLUMN_LIMITS = [
  'NOT_COMPARED',
  'TIMESTAMP_MILLIS',
  'NULL_OR_EMPTY',
  'STRUCT_NULL',
  'ELEMENTS_BY_ROW',
  'CHAR_PADDING',
  'ZERO_SIGN',
] as const;
export type ColumnLimitCode = (typeof COLUMN_LIMITS)[number];

/** What a comparison of values cannot see in one column. */
export interface ColumnLimit {
  readonly column: string;
  readonly code: ColumnLimitCode;
  /** One English sentence. */
  readonly text: string;
}

const TEXTS: Readonly<Record<ColumnLimitCode, string>> = {
  NOT_COMPARED: 'its type has no text that all engines share; its values are not compared',
  TIMESTAMP_MILLIS: 'timestamps are compared to the millisecond: Athena reads no finer',
  NULL_OR_EMPTY: 'NULL and the empty text are one: OpenCSVSerde keeps no difference',
  STRUCT_NULL: 'a struct that is NULL and one whose fields are all NULL are one: Hive keeps no difference in Parquet',
  ELEMENTS_BY_ROW: 'elements are tied to their row by its other values: rows alike in all else could exchange elements',
  CHAR_PADDING: 'spaces at the end of a char are padding and not compared',
  ZERO_SIGN: '-0.0 and 0.0 are one, and so is every NaN',
};

const OPEN_CSV = 'org.apache.hadoop.hive.serde2.OpenCSVSerde';
const SIMPLE = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'date',
  'string',
  'varchar',
  'binary',
  'decimal',
]);

/** The columns of a planned table whose values can be compared, and what the comparison cannot see in which. */
export function contentColumns({ storage }: TargetTable): {
  readonly columns: readonly FingerprintColumn[];
  readonly limits: readonly ColumnLimit[];
} {
  const isEmptyNull = storage.serdeLibrary === OPEN_CSV;
  const columns: FingerprintColumn[] = [];
  const limits: ColumnLimit[] = [];
  for (const { name, type } of storage.columns) {
    const codes = new Set(limitsOf(parseHiveType(type)));
    if (isEmptyNull) codes.add('NULL_OR_EMPTY');
    const shown = codes.has('NOT_COMPARED') ? (['NOT_COMPARED'] as const) : [...codes];
    limits.push(...shown.map((code) => ({ column: name, code, text: TEXTS[code] })));
    if (!codes.has('NOT_COMPARED')) columns.push({ name, type, isEmptyNull });
  }
  return { columns, limits };
}

function limitsOf(type: HiveType): ColumnLimitCode[] {
  switch (type.kind) {
    case 'primitive':
      return limitOfPrimitive(type.name);
    case 'struct':
      return ['STRUCT_NULL', ...type.fields.flatMap((field) => limitsOf(field.type))];
    case 'array':
      return ['ELEMENTS_BY_ROW', ...limitsOf(type.element)];
    case 'map':
      return ['ELEMENTS_BY_ROW', ...limitsOf(type.key), ...limitsOf(type.value)];
    case 'union':
      return ['NOT_COMPARED'];
  }
}

function limitOfPrimitive(name: string): ColumnLimitCode[] {
  if (SIMPLE.has(name)) return [];
  if (name === 'timestamp') return ['TIMESTAMP_MILLIS'];
  if (name === 'char') return ['CHAR_PADDING'];
  return name === 'float' || name === 'double' ? ['ZERO_SIGN'] : ['NOT_COMPARED'];
}
