import type { TableName } from '../../domain/names.ts';
import type { Column } from '../../domain/table.ts';

export function hiveIdentifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function hiveTable({ database, table }: TableName): string {
  return `${hiveIdentifier(database)}.${hiveIdentifier(table)}`;
}

/** A literal for exactly this text (BaseSemanticAnalyzer.unescapeSQLString). */
export function hiveLiteral(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** `PARTITION (a='x', b='y')`. Hive takes a text for keys of every type. */
export function partitionClause(keys: readonly Column[], values: readonly string[]): string {
  const pairs = keys.map(({ name }, index) => `${hiveIdentifier(name)}=${hiveLiteral(values[index] ?? '')}`);
  return `PARTITION (${pairs.join(', ')})`;
}
