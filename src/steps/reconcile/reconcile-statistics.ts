import { differingStatistics, type ColumnStatistics } from '../../domain/column-statistics.ts';
import type { PartitionItem, TableItem } from '../../domain/plan.ts';
import type { CheckSummary, Finding } from '../../domain/reconciliation.ts';
import { isLakeliftError, type LakeliftError } from '../../errors.ts';
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

interface Counts {
  compared: number;
  absent: number;
  /** Columns of owners of which the catalog gave no answer. */
  unasked: number;
  /** Why, of the first. */
  refusal?: string;
}

/**
 * Compares column statistics with those that stand. Others than the source's mislead whoever plans a query, and are a difference; absent ones
 * only leave it to guess, and make the check incomplete without touching the verdict: a catalog may have no place for them. An owner of which it gives no answer
 * keeps no other from being compared, unless rights are missing or the catalog is in trouble.
 */
export async function reconcileStatistics(request: ReconcileRequest, item: TableItem): Promise<StatisticsResult> {
  const counts: Counts = { compared: 0, absent: 0, unasked: 0 };
  const findings: Finding[] = [];
  const compare = async ({ owner, statistics, nameOf }: Wanted): Promise<void> => {
    const columns = statistics.map(({ column }) => column);
    const standing = await request.catalog.findStatistics(owner, columns, request.signal).catch((error: unknown) => {
      if (!concernsOneOwner(error)) throw error;
      counts.unasked += columns.length;
      counts.refusal ??= `${error.message} (${error.code})`;
    });
    if (standing === undefined) return;
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
  const hasAny = counts.compared + counts.unasked > 0;
  return { checks: hasAny ? [summaryOf(counts, findings.length)] : [], findings };
}

function concernsOneOwner(error: unknown): error is LakeliftError {
  return isLakeliftError(error, 'not-found') || isLakeliftError(error, 'usage');
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

function summaryOf({ compared, absent, unasked: failed, refusal }: Counts, deviating: number): CheckSummary {
  const reasons = [
    ...(absent === 0 ? [] : [`statistics of ${absent} columns do not stand at the target`]),
    ...(refusal === undefined ? [] : [`statistics of ${failed} columns could not be asked for: ${refusal}`]),
  ];
  const status = deviating > 0 ? 'differences' : reasons.length > 0 ? 'incomplete' : 'passed';
  const reason = reasons.length === 0 ? {} : { reason: reasons.join('; ') };
  return { check: 'statistics', status, compared, deviating, ...reason };
}

function unasked(reason: string): CheckSummary {
  return { check: 'statistics', status: 'incomplete', compared: 0, deviating: 0, reason };
}
