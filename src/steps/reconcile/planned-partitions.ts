import { NO_ROWS } from '../../domain/fingerprint/fingerprint.ts';
import type { PartitionItem } from '../../domain/plan.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { rowKey, type RowsByPartition } from './read-partitions.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

/** The partitions of a table as the plan has them, by {@link rowKey}. */
export interface PlannedPartitions {
  /** Name by key; the table itself under the empty key where it has no partitions. */
  readonly names: ReadonlyMap<string, string>;
  /** Left out by the plan. */
  readonly excluded: ReadonlySet<string>;
  /** Keys of partitions that lie in one folder, folder by folder. */
  readonly sharers: readonly (readonly string[])[];
}

/** Several folders may stand for one value (`m=1`, `m=01`): engines count them together, so that they are one here as well. */
export function plannedPartitions({ fresh }: ReconcileRequest, scope: string, table: TargetTable): PlannedPartitions {
  const names = new Map<string, string>();
  const excluded = new Set<string>();
  if (table.partitionKeys.length === 0) return { names: names.set('', scope), excluded, sharers: [] };
  const partitions = () => fresh.listItems({ kind: 'partition', scope }) as Iterable<PartitionItem>;
  for (const item of partitions()) {
    const key = rowKey(table.partitionKeys, item.name);
    if (item.verdict === 'copy') names.set(key, names.get(key) ?? item.name);
    else excluded.add(key);
  }
  for (const key of names.keys()) excluded.delete(key);
  return { names, excluded, sharers: sharersOf(partitions, table) };
}

function sharersOf(partitions: () => Iterable<PartitionItem>, table: TargetTable): string[][] {
  const shared = new Map<string | undefined, string[]>();
  for (const { reason, definition } of partitions())
    if (reason?.code === 'PARTITION_SHARED_FOLDER') shared.set(definition?.storage.location, []);
  if (shared.size === 0) return [];
  for (const { name, definition } of partitions())
    shared.get(definition?.storage.location)?.push(rowKey(table.partitionKeys, name));
  return [...shared.values()];
}

/** Hive on MapReduce gives the rows of a folder to one of the partitions that lie there, though each of them holds them all. */
export function spreadOverSharers(rows: RowsByPartition, { sharers }: PlannedPartitions): RowsByPartition {
  const spread = new Map(rows);
  const rowsOf = (key: string): bigint => rows.get(key)?.fingerprint.rows ?? NO_ROWS.rows;
  for (const keys of sharers) {
    const holder = keys.reduce((most, key) => (rowsOf(key) > rowsOf(most) ? key : most));
    const held = rows.get(holder);
    if (held !== undefined) for (const key of keys) spread.set(key, held);
  }
  return spread;
}
