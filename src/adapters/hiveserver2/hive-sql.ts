import { quoteTable } from '../../domain/fingerprint/dialect.ts';
import { HIVE } from '../../domain/fingerprint/hive-dialect.ts';
import type { TableName } from '../../domain/names.ts';
import type { Column } from '../../domain/table.ts';

export const hiveIdentifier = (name: string): string => HIVE.quote(name);

export const hiveTable = (name: TableName): string => quoteTable(HIVE, name);

export const hiveLiteral = (text: string): string => HIVE.literal(text);

/** `PARTITION (a='x', b='y')`. Hive takes a text for keys of every type. */
export function partitionClause(keys: readonly Column[], values: readonly string[]): string {
  const pairs = keys.map(({ name }, index) => `${hiveIdentifier(name)}=${hiveLiteral(values[index] ?? '')}`);
  return `PARTITION (${pairs.join(', ')})`;
}
