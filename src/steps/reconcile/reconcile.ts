import { subjectOf } from '../../domain/item-subject.ts';
import type { PlanItem, TableItem } from '../../domain/plan.ts';
import type {
  CheckSummary,
  FileTotals,
  FindingWeight,
  QueryCost,
  Reconciliation,
  ReconcileVerdict,
  ScopeReconciliation,
} from '../../domain/reconciliation.ts';
import { inSequence, mapInOrder } from '../map-in-order.ts';
import { ExclusionCollector, FileCounter, FindingCollector } from './collect.ts';
import { ErasedCopies } from './erased-copies.ts';
import { watchQueryCost } from './query-cost.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import { reconcileFiles } from './reconcile-files.ts';
import { reconcileTable, type TableResult } from './reconcile-table.ts';
import { targetRoots } from './target-roots.ts';

const TABLES_AT_ONCE = 4;
const FILES_PER_REPORT = 1000;

/**
 * Compares the live source of a use case, as a plan drawn afresh shows it, with the live target: files and their checksums, tables,
 * columns, partitions, and row counts where engines are given. Writes nowhere. What cannot be compared is said and makes the verdict
 * `incomplete`; nothing is tolerated. Throws when source or target as a whole fails in a way that is no finding.
 */
export async function reconcile(request: ReconcileRequest): Promise<Reconciliation> {
  const findings = new FindingCollector(request.onFinding);
  const files = new FileCounter();
  const excluded = listExcluded(request);
  const erased = new ErasedCopies(request, new Set(targetRoots(request.fresh).map(({ bucket }) => bucket)));
  for await (const result of reconcileFiles(request, erased)) {
    files.add(result);
    if (result.kind === 'finding') await findings.add(result.finding);
    if (files.all.expected % FILES_PER_REPORT === 0) reportProgress(request, files.all);
  }
  const tables: TableResult[] = [];
  const queryCost = watchQueryCost(request, plannedTables(request), files);
  const results = mapInOrder(plannedTables(request), TABLES_AT_ONCE, (item) =>
    reconcileTable({ ...request, erased }, item),
  );
  for await (const result of results) {
    tables.push(result);
    for (const finding of result.findings) await findings.add(finding);
  }
  const collected = { files, findings, excluded };
  const scopes = [
    ...tables.map((table) => tableScope(table, collected)),
    ...[...request.fresh.listItems({ kind: 'path', verdict: 'copy' })].map((item) => pathScope(item, collected)),
  ];
  return {
    useCase: request.useCase,
    reconciledAtMs: request.nowMs,
    planHash: request.fresh.findPlan()?.hash ?? '',
    verdict: verdictOf(new Set(weightsIn(findings)), excluded.total > excluded.byVerdict.skip),
    files: files.all,
    ...costOf(queryCost()),
    scopes,
    findings: { shown: findings.shown, total: findings.total, byWeight: findings.byWeight },
    excluded: { shown: excluded.shown, total: excluded.total, byVerdict: excluded.byVerdict },
  };
}

function costOf(queryCost: QueryCost | undefined): Pick<Reconciliation, 'queryCost'> {
  return queryCost === undefined ? {} : { queryCost };
}

function plannedTables({ fresh }: ReconcileRequest): Iterable<TableItem> {
  const tables = (['table', 'view'] as const).map((kind) => fresh.listItems({ kind, verdict: 'copy' }));
  return inSequence(...(tables as Iterable<TableItem>[]));
}

function listExcluded({ fresh }: ReconcileRequest): ExclusionCollector {
  const excluded = new ExclusionCollector();
  for (const item of fresh.listItems({})) {
    if (item.verdict === 'copy') continue;
    const { scope, kind, verdict, reason } = item;
    const { code = 'NO_REASON', text = 'the plan gives no reason' } = reason ?? {};
    excluded.add({ scope, kind, subject: subjectOf(item), verdict, code, text });
  }
  return excluded;
}

interface Collected {
  readonly files: FileCounter;
  readonly findings: FindingCollector;
  readonly excluded: ExclusionCollector;
}

function tableScope(result: TableResult, collected: Collected): ScopeReconciliation {
  const { item, columns, partitions, rows, content } = result;
  const { definition } = item;
  return {
    ...common(item, collected, result.checks),
    kind: item.kind,
    target: `${definition!.database}.${definition!.name}`,
    location: definition!.storage.location,
    level: item.reconcileLevel,
    columns,
    ...(partitions === undefined ? {} : { partitions }),
    ...(rows === undefined ? {} : { rows }),
    ...(content === undefined ? {} : { content }),
  };
}

function pathScope(item: PlanItem, collected: Collected): ScopeReconciliation {
  return { ...common(item, collected, []), kind: 'path', columns: [] };
}

function common({ scope }: PlanItem, { files, findings, excluded }: Collected, checks: readonly CheckSummary[]) {
  const totals = files.of(scope);
  return {
    scope,
    verdict: verdictOf(findings.weightsOf(scope), excluded.hasUnsettled(scope)),
    checks: [filesCheck(totals), ...checks],
    files: totals,
  };
}

function filesCheck({ expected, differing, drifted, unexpected, unchecked }: FileTotals): CheckSummary {
  const deviating = differing + drifted + unexpected;
  const status = deviating > 0 ? 'differences' : unchecked > 0 ? 'incomplete' : 'passed';
  const reason = unchecked === 0 ? {} : { reason: `${unchecked} could not be looked at` };
  return { check: 'files', status, compared: expected, deviating, ...reason };
}

function weightsIn({ byWeight }: FindingCollector): FindingWeight[] {
  return (Object.keys(byWeight) as FindingWeight[]).filter((weight) => byWeight[weight] > 0);
}

/** Refused and undecided items are at the source and not at the target: nobody compared them. */
function verdictOf(weights: ReadonlySet<FindingWeight>, hasUnsettled: boolean): ReconcileVerdict {
  if (weights.has('difference') || weights.has('drift')) return 'differences';
  return weights.has('unchecked') || hasUnsettled ? 'incomplete' : 'identical';
}

function reportProgress({ progress }: ReconcileRequest, { expected, expectedBytes }: FileTotals): void {
  progress({ kind: 'inventoried', files: expected, sizeBytes: expectedBytes, scope: 'reconcile' });
}
