import { diffTable, tableChanges } from '../../domain/catalog-diff.ts';
import { hasMovedOn } from '../../domain/conversion.ts';
import { diffColumns, type ColumnRow } from '../../domain/column-diff.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { CheckSummary, ContentTotals, Finding, PartitionTotals, RowTotals } from '../../domain/reconciliation.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import { reconcileClaims } from './reconcile-claims.ts';
import { reconcilePartitions } from './reconcile-partitions.ts';
import { reconcileStatistics, type StatisticsResult } from './reconcile-statistics.ts';
import { reconcileRows, type RowsResult } from './reconcile-rows.ts';

export interface TableResult {
  readonly item: TableItem;
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
  readonly columns: readonly ColumnRow[];
  readonly partitions?: PartitionTotals | undefined;
  readonly rows?: RowTotals | undefined;
  readonly content?: ContentTotals | undefined;
}

/** Compares a planned table with the live catalog: its own fields, columns, partitions and, where asked for, rows and statistics. */
export async function reconcileTable(request: ReconcileRequest, item: TableItem): Promise<TableResult> {
  const wanted = item.definition;
  if (wanted === undefined) throw new RangeError(`${item.id} is planned, and the plan does not say how`);
  const scratch = request.fresh.openScratch();
  try {
    const standing = (await request.catalog.findTable(wanted, request.signal))?.table;
    if (standing === undefined) return absent(item, wanted);
    const diff = diffTable(wanted, standing);
    if (diff.kind === 'conflict') return foreign(item, diff.reason.text);
    const own = compareDefinitions(item, wanted, standing);
    const partitions = await reconcilePartitions(request, item, scratch);
    const rows = asDrift(item, await reconcileRows(request, item, wanted));
    const statistics = joinedStatistics(
      reconcileClaims(request, item, { standing, partitions: partitions.claims, rows: rows.totals }),
      await reconcileStatistics(request, item),
    );
    return {
      item,
      columns: own.columns,
      checks: [...own.checks, ...partitions.checks, ...statistics.checks, ...rows.checks],
      findings: [...own.findings, ...partitions.findings, ...statistics.findings, ...rows.findings],
      ...(partitions.totals === undefined ? {} : { partitions: partitions.totals }),
      ...(rows.totals === undefined ? {} : { rows: rows.totals }),
      ...(rows.content === undefined ? {} : { content: rows.content }),
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return stopped(item, { kind: 'unchecked', weight: 'unchecked', detail: `${error.message} (${error.code})` });
  } finally {
    scratch.close();
  }
}

/** A source that was written after it was exported has other rows than the target, and nothing was lost. */
function asDrift(item: TableItem, rows: RowsResult): RowsResult {
  const { conversion, scope } = item;
  if (conversion === undefined || !hasMovedOn(conversion)) return rows;
  const detail = 'the source was written after it was exported; running again exports it anew';
  const sides = { source: conversion.state, target: conversion.exportedState };
  return {
    ...rows,
    findings: [
      { check: 'table', kind: 'drifted', weight: 'drift', scope, subject: scope, detail, ...sides },
      ...rows.findings.map((finding) =>
        finding.weight === 'difference' ? ({ ...finding, kind: 'drifted', weight: 'drift' } as const) : finding,
      ),
    ],
  };
}

function compareDefinitions(
  { scope }: TableItem,
  wanted: TargetTable,
  standing: TargetTable,
): { columns: ColumnRow[]; checks: CheckSummary[]; findings: Finding[] } {
  const columns = [
    ...diffColumns(wanted.storage.columns, standing.storage.columns),
    ...diffColumns(wanted.partitionKeys, standing.partitionKeys).map((row) => ({ ...row, isPartitionKey: true })),
  ];
  const deviating = columns.filter(({ status }) => status !== 'same');
  const changes = tableChanges(wanted, standing).filter(({ field }) => !/^(column|partition key) /.test(field));
  const weight = 'difference' as const;
  return {
    columns,
    checks: [
      summary('table', changes.length, 1),
      {
        check: 'columns',
        status: deviating.length === 0 ? 'passed' : 'differences',
        compared: columns.length,
        deviating: deviating.length,
      },
    ],
    findings: [
      ...changes.map(({ field, wanted: source, standing: target }) => {
        const detail = `${field} is ${target} instead of ${source}`;
        return { check: 'table', kind: 'differs', weight, scope, subject: field, detail, source, target } as const;
      }),
      ...deviating.map((row): Finding => {
        const kind = row.status === 'missing' || row.status === 'unexpected' ? row.status : 'differs';
        const sides = { source: row.wantedType, target: row.standingType };
        return { check: 'columns', kind, weight, scope, subject: row.name, detail: row.reason ?? row.status, ...sides };
      }),
    ],
  };
}

/** Both are one check for whoever reads the report. */
function joinedStatistics(...results: readonly StatisticsResult[]): StatisticsResult {
  const checks = results.flatMap((result) => result.checks);
  const findings = results.flatMap((result) => result.findings);
  if (checks.length < 2) return { checks, findings };
  const [rows, columns] = checks as [CheckSummary, CheckSummary];
  const compared = rows.compared + columns.compared;
  const deviating = rows.deviating + columns.deviating;
  const status = deviating > 0 ? 'differences' : columns.status;
  return { checks: [{ ...columns, status, compared, deviating }], findings };
}

function summary(check: 'table', changes: number, compared: number): CheckSummary {
  return { check, status: changes === 0 ? 'passed' : 'differences', compared, deviating: changes === 0 ? 0 : 1 };
}

function absent(item: TableItem, { database, name }: TargetTable): TableResult {
  const detail = `the target catalog has no table ${database}.${name}`;
  return stopped(item, { kind: 'missing', weight: 'difference', detail });
}

function foreign(item: TableItem, detail: string): TableResult {
  return stopped(item, { kind: 'foreign', weight: 'difference', detail });
}

function stopped(item: TableItem, deviation: Pick<Finding, 'kind' | 'weight' | 'detail'>): TableResult {
  const status = deviation.weight === 'unchecked' ? 'incomplete' : 'differences';
  return {
    item,
    columns: [],
    checks: [{ check: 'table', status, compared: 1, deviating: 1, reason: deviation.detail }],
    findings: [{ check: 'table', scope: item.scope, subject: item.scope, ...deviation }],
  };
}
