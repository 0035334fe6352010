import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { TargetStorage, TargetTable } from '../target-table.ts';

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
 * They are matched as Athena matches them: by name over Parquet, else by place. Columns that one of both lacks do no harm.
 */
export function partitionSchemaProblems(columns: readonly Column[], table: TargetTable): Reason[] {
  const isByName = table.parameters['classification'] === 'parquet';
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
  // Fields of structs are compared where they are read; two of them may differ by fields that were added.
  return from.startsWith('struct<') && to.startsWith('struct<');
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

export function isSameFormat(own: TargetStorage, table: TargetStorage): boolean {
  return own.inputFormat === table.inputFormat && own.serdeLibrary === table.serdeLibrary;
}
