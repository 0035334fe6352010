import { differingStatistics, type ColumnStatistics } from '../../domain/column-statistics.ts';
import type { PartitionItem, TableItem } from '../../domain/plan.ts';
import type { CheckSummary, Finding } from '../../domain/reconciliation.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StatisticsOwner } from '../../ports/target-catalog.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

const OWNERS_AT_ONCE = 4;

interface Wanted {
  readonly owner: StatisticsOwner;
  readonly statistics: readonly ColumnStatistics[];
  /** `column` or `partition, column`. */
  readonly nameOf: (column: string) => string;
}

export interface StatisticsResult {
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
}

/**
 * Compares column statistics with those that stand. Others than the source's mislead whoever plans a query, and are a difference; absent ones
 * only leave it to guess, and make the check incomplete without touching the verdict: a catalog may have no place for them.
 */
export async function reconcileStatistics(request: ReconcileRequest, item: TableItem): Promise<StatisticsResult> {
  const counts = { compared: 0, absent: 0 };
  const findings: Finding[] = [];
  const compare = async ({ owner, statistics, nameOf }: Wanted): Promise<void> => {
    const columns = statistics.map(({ column }) => column);
    const standing = await request.catalog.findStatistics(owner, columns, request.signal);
    const known = new Set(standing.map(({ column }) => column));
    counts.compared += columns.length;
    counts.absent += columns.length - known.size;
    for (const { column } of differingStatistics(statistics, standing))
      if (known.has(column)) findings.push(differing(item, nameOf(column)));
  };
  try {
    await Array.fromAsync(mapInOrder(wantedOf(request, item), OWNERS_AT_ONCE, compare));
  } catch (error) {
    request.signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return { checks: [unasked(`${error.message} (${error.code})`)], findings: [] };
  }
  return { checks: counts.compared === 0 ? [] : [summaryOf(counts, findings.length)], findings };
}

function* wantedOf(
  { fresh }: ReconcileRequest,
  { scope, definition, statistics, partitionsWithStatistics }: TableItem,
): Generator<Wanted> {
  const table = definition!;
  if (statistics !== undefined) yield { owner: { table }, statistics, nameOf: (column) => column };
  if (partitionsWithStatistics === undefined) return;
  const partitions = fresh.listItems({ kind: 'partition', verdict: 'copy', scope }) as Iterable<PartitionItem>;
  for (const { name, definition: partition, statistics: own } of partitions)
    if (own !== undefined)
      yield {
        owner: { table, partition: partition!.values },
        statistics: own,
        nameOf: (column) => `${name}, ${column}`,
      };
}

function differing({ scope }: TableItem, subject: string): Finding {
  const detail = `statistics of ${subject} are not those of the source: queries are planned by them`;
  return { check: 'statistics', kind: 'differs', weight: 'difference', scope, subject, detail };
}

function summaryOf({ compared, absent }: { compared: number; absent: number }, deviating: number): CheckSummary {
  const status = deviating > 0 ? 'differences' : absent > 0 ? 'incomplete' : 'passed';
  const reason = absent === 0 ? {} : { reason: `statistics of ${absent} columns do not stand at the target` };
  return { check: 'statistics', status, compared, deviating, ...reason };
}

function unasked(reason: string): CheckSummary {
  return { check: 'statistics', status: 'incomplete', compared: 0, deviating: 0, reason };
}
