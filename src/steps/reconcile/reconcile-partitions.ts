import type { LargeMap } from '../../domain/large-map.ts';
import { partitionItemId, type PartitionItem, type TableItem } from '../../domain/plan.ts';
import { isGood } from '../../domain/outcome.ts';
import type { CheckSummary, Finding, PartitionTotals } from '../../domain/reconciliation.ts';
import type { Claims } from '../../domain/statistics.ts';
import type { FieldChange } from '../../domain/storage-diff.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { StandingPartitions } from '../standing-partitions.ts';
import type { ReconcileRequest, RunEvidence } from './reconcile-context.ts';

export interface PartitionsResult {
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
  readonly totals?: PartitionTotals | undefined;
  /** Statistics that the catalog holds of partitions, by their names; for as long as the scratch. */
  readonly claims: LargeMap<Claims>;
}

/** Compares the set of partitions, where each lies and how it is stored. */
export async function reconcilePartitions(
  { catalog, fresh, evidence, signal }: ReconcileRequest,
  { scope, definition: table }: TableItem,
  { newMap }: Scratch,
): Promise<PartitionsResult> {
  if (table === undefined || table.partitionKeys.length === 0) return { checks: [], findings: [], claims: newMap() };
  const standing = await StandingPartitions.read(catalog, table, { newMap, signal });
  const totals = { expected: 0, matched: 0, missing: 0, differing: 0, unexpected: 0 };
  const findings: Finding[] = [];
  const base = { check: 'partitions', scope } as const;
  for (const item of fresh.listItems({ kind: 'partition', verdict: 'copy', scope }) as Iterable<PartitionItem>) {
    totals.expected += 1;
    const diff = standing.compare(item.name, item.definition!);
    if (diff.kind === 'unchanged') totals.matched += 1;
    else if (diff.kind === 'create') {
      totals.missing += 1;
      findings.push({ ...base, subject: item.name, ...missing(item, evidence) });
    } else {
      totals.differing += 1;
      findings.push(...diff.changes.map((change) => ({ ...base, subject: item.name, ...differing(change) })));
    }
  }
  for (const { name, location } of standing.listExtra(fresh, scope)) {
    totals.unexpected += 1;
    findings.push({ ...base, subject: name, target: location, ...unexpected(partitionItemId(scope, name), evidence) });
  }
  return { totals, findings, checks: [summaryOf(totals)], claims: standing.claims };
}

function summaryOf({ expected, missing: gone, differing: other, unexpected: extra }: PartitionTotals): CheckSummary {
  const deviating = gone + other + extra;
  return { check: 'partitions', status: deviating === 0 ? 'passed' : 'differences', compared: expected, deviating };
}

type Deviation = Pick<Finding, 'kind' | 'weight' | 'detail' | 'source' | 'target'>;

function missing({ id, definition }: PartitionItem, evidence: RunEvidence | undefined): Deviation {
  const source = definition?.storage.location;
  if (evidence !== undefined && evidence.ledger.findOutcome(evidence.runId, id) === undefined) {
    const detail = 'it came to the source after the plan that was run';
    return { kind: 'drifted', weight: 'drift', detail, source };
  }
  return { kind: 'missing', weight: 'difference', detail: 'the target catalog does not have it', source };
}

function differing({ field, wanted, standing }: FieldChange): Deviation {
  const detail = `its ${field} is ${standing} instead of ${wanted}`;
  return { kind: 'differs', weight: 'difference', detail, source: wanted, target: standing };
}

/** One that a run registered from the source, and that the source no longer has, was dropped there. */
function unexpected(itemId: string, evidence: RunEvidence | undefined): Deviation {
  const outcome = evidence?.ledger.findOutcome(evidence.runId, itemId);
  if (outcome !== undefined && isGood(outcome.status) && outcome.status !== 'skipped') {
    return { kind: 'drifted', weight: 'drift', detail: 'it was dropped at the source after it was registered' };
  }
  return { kind: 'unexpected', weight: 'difference', detail: 'the source does not have it' };
}
