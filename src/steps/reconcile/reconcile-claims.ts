import type { LargeMap } from '../../domain/large-map.ts';
import type { FileItem, TableItem } from '../../domain/plan.ts';
import type { Finding, RowTotals } from '../../domain/reconciliation.ts';
import { claimsOf, compareClaims, type Claims, type Holdings } from '../../domain/statistics.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { inSequence } from '../map-in-order.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import type { StatisticsResult } from './reconcile-statistics.ts';

interface Claimed {
  readonly standing: TargetTable;
  /** By the name of the partition. */
  readonly partitions: LargeMap<Claims>;
  readonly rows: RowTotals | undefined;
}

/** Engines believe what the catalog says of rows and sizes when they plan; lakelift registers no such number, so that somebody else did. */
export function reconcileClaims(
  { fresh }: ReconcileRequest,
  { scope, conversion }: TableItem,
  { standing, partitions, rows }: Claimed,
): StatisticsResult {
  const own = claimsOf(standing.parameters);
  if (own === undefined && partitions.size === 0) return { checks: [], findings: [] };
  // What the cluster wrote anew has other files than the source, and only the ledger of the run knows them.
  const files = conversion === undefined ? fresh.listItems({ kind: 'file', verdict: 'copy', scope }) : undefined;
  const holdings = holdingsOf(files as Iterable<FileItem> | undefined, rows);
  const claims = inSequence<readonly [string | undefined, Claims]>(
    own === undefined ? [] : [[undefined, own]],
    partitions,
  );
  let compared = 0;
  const findings: Finding[] = [];
  for (const [partition, claim] of claims) {
    const comparison = compareClaims(claim, holdings(partition));
    compared += comparison.compared;
    for (const { name, claimed, held } of comparison.untrue) {
      const subject = partition === undefined ? name : `${partition} ${name}`;
      const detail = `the catalog says ${name} ${claimed}, and it is ${held}`;
      const sides = { source: held, target: claimed };
      findings.push({ check: 'statistics', kind: 'differs', weight: 'difference', scope, subject, detail, ...sides });
    }
  }
  if (compared === 0) return { checks: [], findings: [] };
  const status = findings.length === 0 ? 'passed' : 'differences';
  return { checks: [{ check: 'statistics', status, compared, deviating: findings.length }], findings };
}

/**
 * What a partition holds, or under undefined the table: files as planned, which the comparison of files holds against the store, and rows as the
 * target's engine read them.
 */
function holdingsOf(
  files: Iterable<FileItem> | undefined,
  rows: RowTotals | undefined,
): (partition: string | undefined) => Holdings {
  const sums = new Map<string | undefined, { readonly files: number; readonly bytes: number }>();
  for (const { partition, source } of files ?? [])
    for (const key of new Set([undefined, partition])) {
      const sum = sums.get(key) ?? NO_FILES;
      sums.set(key, { files: sum.files + 1, bytes: sum.bytes + source.sizeBytes });
    }
  const rowsOf = new Map<string | undefined, string>(
    rows?.partitions.map(({ name, targetRows }) => [name, targetRows]),
  );
  if (rows !== undefined) rowsOf.set(undefined, rows.targetRows);
  return (partition) => {
    const sum = sums.get(partition) ?? NO_FILES;
    const counted = rowsOf.get(partition);
    return {
      ...(files === undefined ? {} : { files: String(sum.files), bytes: String(sum.bytes) }),
      ...(counted === undefined ? {} : { rows: counted }),
    };
  };
}

const NO_FILES = { files: 0, bytes: 0 };
