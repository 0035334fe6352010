import type { PartitionItem, TableItem } from '../../domain/plan.ts';
import type { CheckSummary, Finding, RowTotals } from '../../domain/reconciliation.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import { countRows, rowKey, type RowCounts } from './count-rows.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

export interface RowsResult {
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
  readonly totals?: RowTotals | undefined;
}

const NAMED_PARTITIONS = 200;

/** Counts the rows of a table or view on both sides, partition by partition, where the level of the mapping asks for it. */
export async function reconcileRows(
  request: ReconcileRequest,
  item: TableItem,
  table: TargetTable,
): Promise<RowsResult> {
  if (item.reconcileLevel === 'files') return { checks: [], findings: [] };
  const { engines, signal } = request;
  if (engines === undefined) return notConfigured;
  try {
    const keys = table.partitionKeys;
    const [source, target] = await Promise.all([
      countRows(engines.source, { database: item.source.database, name: item.source.table, keys }, signal),
      countRows(engines.target, { database: table.database, name: table.name, keys }, signal),
    ]);
    const names = { sourceEngine: engines.source.name, targetEngine: engines.target.name };
    return compare(request, item, { table, source, target, names });
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return uncounted(item, `${error.message} (${error.code})`);
  }
}

const notConfigured: RowsResult = {
  checks: [
    {
      check: 'rows',
      status: 'not-configured',
      compared: 0,
      deviating: 0,
      reason: 'no SQL engines are configured to count rows with',
    },
  ],
  findings: [],
};

function uncounted({ scope }: TableItem, detail: string): RowsResult {
  return {
    checks: [{ check: 'rows', status: 'incomplete', compared: 0, deviating: 0, reason: detail }],
    findings: [{ check: 'rows', kind: 'unchecked', weight: 'unchecked', scope, subject: scope, detail }],
  };
}

interface Counted {
  readonly table: TargetTable;
  readonly source: RowCounts;
  readonly target: RowCounts;
  readonly names: Pick<RowTotals, 'sourceEngine' | 'targetEngine'>;
}

function compare(
  request: ReconcileRequest,
  item: TableItem,
  { table, target, names, ...counted }: Counted,
): RowsResult {
  const { scope } = item;
  const planned = plannedKeys(request, scope, table);
  const source = spreadOverSharers(counted.source, planned.sharers);
  const excludedRows = sumOf(source, (key) => planned.excluded.has(key));
  const findings: Finding[] = [];
  const partitions: RowTotals['partitions'][number][] = [];
  const keys = [...new Set([...planned.names.keys(), ...source.keys(), ...target.keys()])];
  const compared = keys.filter((key) => !planned.excluded.has(key)).sort();
  for (const key of compared) {
    const name = planned.names.get(key) ?? key;
    const [sourceRows, targetRows] = [source.get(key) ?? 0n, target.get(key) ?? 0n].map(String) as [string, string];
    if (key !== '' && partitions.length < NAMED_PARTITIONS) partitions.push({ name, sourceRows, targetRows });
    if (sourceRows !== targetRows)
      findings.push(differing(scope, key === '' ? scope : name, { sourceRows, targetRows }));
  }
  const totals: RowTotals = {
    ...names,
    sourceRows: String(sumOf(source, (key) => !planned.excluded.has(key))),
    targetRows: String(sumOf(target, (key) => !planned.excluded.has(key))),
    excludedRows: String(excludedRows),
    partitionsCompared: table.partitionKeys.length === 0 ? 0 : compared.length,
    partitionsDiffering: table.partitionKeys.length === 0 ? 0 : findings.length,
    partitions,
  };
  const status = findings.length === 0 ? 'passed' : 'differences';
  return {
    totals,
    findings,
    checks: [{ check: 'rows', status, compared: compared.length, deviating: findings.length }],
  };
}

function differing(
  scope: string,
  subject: string,
  { sourceRows, targetRows }: { readonly sourceRows: string; readonly targetRows: string },
): Finding {
  const detail = `it has ${targetRows} rows instead of ${sourceRows}`;
  const sides = { source: `${sourceRows} rows`, target: `${targetRows} rows` };
  return { check: 'rows', kind: 'differs', weight: 'difference', scope, subject, detail, ...sides };
}

/** Several folders may stand for one value (`m=1`, `m=01`): engines count them together, so that they are one here as well. */
function plannedKeys({ fresh }: ReconcileRequest, scope: string, table: TargetTable) {
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

/** Keys of partitions that lie in one folder, folder by folder. */
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
function spreadOverSharers(counts: RowCounts, sharers: readonly (readonly string[])[]): RowCounts {
  const spread = new Map(counts);
  for (const keys of sharers) {
    const rows = keys.map((key) => counts.get(key) ?? 0n).reduce((most, each) => (each > most ? each : most), 0n);
    if (rows > 0n) for (const key of keys) spread.set(key, rows);
  }
  return spread;
}

function sumOf(counts: RowCounts, isCounted: (key: string) => boolean): bigint {
  let sum = 0n;
  for (const [key, count] of counts) if (isCounted(key)) sum += count;
  return sum;
}
