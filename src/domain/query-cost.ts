import type { ReconcileLevel } from './mapping.ts';
import { parseHiveType, type HiveType } from './rules/hive-type.ts';
import type { TargetTable } from './target-table.ts';

/** Athena's list price in eu-west-3, and the least that a query is billed for. */
const USD_PER_BYTE = 5 / 1024 ** 4;
const LEAST_BYTES = 10 * 1024 ** 2;

export function usdOfScan(bytes: number): number {
  return bytes * USD_PER_BYTE;
}

/** Bytes that the target's engine will scan to compare a table of this size; a difference that is narrowed down costs more. */
export function estimateScan(table: TargetTable, level: ReconcileLevel, sizeBytes: number): number {
  // A count of Parquet or ORC is answered from the files' footers; values and text are read whole.
  const isCounted = level !== 'content' && /parquet|orc/i.test(table.storage.serdeLibrary ?? '');
  const statements = level === 'content' ? 1 + collectionsOf(table) : 1;
  return statements * Math.max(LEAST_BYTES, isCounted ? 0 : sizeBytes);
}

/** Arrays and maps at any depth: each is unfolded by a statement of its own. */
function collectionsOf({ storage }: TargetTable): number {
  return storage.columns.reduce((sum, { type }) => sum + collectionsIn(parseHiveType(type)), 0);
}

function collectionsIn(type: HiveType): number {
  switch (type.kind) {
    case 'primitive':
    case 'union':
      return 0;
    case 'array':
      return 1 + collectionsIn(type.element);
    case 'map':
      return 1 + collectionsIn(type.value);
    case 'struct':
      return type.fields.reduce((sum, field) => sum + collectionsIn(field.type), 0);
  }
}
