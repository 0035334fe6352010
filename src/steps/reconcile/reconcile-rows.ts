import { contentColumns } from '../../domain/fingerprint/content-columns.ts';
import type { ReconcileLevel } from '../../domain/mapping.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { CheckSummary, ContentTotals, Finding, RowTotals } from '../../domain/reconciliation.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError, type LakeliftError } from '../../errors.ts';
import { compareRows } from './compare-rows.ts';
import { plannedPartitions, spreadOverSharers } from './planned-partitions.ts';
import { readBack, readBackFailure } from './read-back.ts';
import { readPartitions, type Reading, type RowsByPartition } from './read-partitions.ts';
import type { ReconcileRequest } from './reconcile-context.ts';

export interface RowsResult {
  readonly checks: readonly CheckSummary[];
  readonly findings: readonly Finding[];
  readonly totals?: RowTotals | undefined;
  readonly content?: ContentTotals | undefined;
}

/** Reads a table or view with the engines of both sides as far as its level asks for: read back, counted, or compared by value. */
export async function reconcileRows(
  request: ReconcileRequest,
  item: TableItem,
  table: TargetTable,
): Promise<RowsResult> {
  const { engines, signal } = request;
  const { reconcileLevel, scope } = item;
  if (engines === undefined) return notConfigured(reconcileLevel, NO_ENGINES);
  const level = reconcileLevel === 'content' ? 'content' : 'rows';
  const common = { keys: table.partitionKeys, columns: contentColumns(table).columns };
  const readings = {
    source: { level, engine: engines.source, table: { ...common, ...item.source } },
    target: { level, engine: engines.target, table: { ...common, database: table.database, table: table.name } },
  } as const;
  const planned = plannedPartitions(request, scope, table);
  try {
    if (reconcileLevel === 'files') return await readBack(request, item, { readings, planned });
    const [atSource, atTarget] = await Promise.allSettled([
      readPartitions(readings.source, signal),
      readOrFailure(readings.target, signal),
    ]);
    // The source's failure comes first, whichever came sooner: the same state gives the same record.
    if (atSource.status === 'rejected') throw atSource.reason;
    if (atTarget.status === 'rejected') throw atTarget.reason;
    const target = atTarget.value;
    if ('failure' in target) return await readBackFailure(request, item, { readings, planned, ...target });
    const spread = spreadOverSharers(atSource.value, planned);
    return await compareRows(request, { item, table, planned, readings, source: spread, target: target.rows });
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    if (error.kind === 'unsupported') return notConfigured(reconcileLevel, error.message);
    return uncounted(item, `${error.message} (${error.code})`);
  }
}

/** Data that cannot be read as the catalog describes it is a finding of its own. */
async function readOrFailure(
  reading: Reading,
  signal: AbortSignal,
): Promise<{ readonly rows: RowsByPartition } | { readonly failure: LakeliftError }> {
  try {
    return { rows: await readPartitions(reading, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error, 'corrupt')) throw error;
    return { failure: error };
  }
}

const NO_ENGINES = 'no SQL engines are configured to read rows with';

function notConfigured(level: ReconcileLevel, reason: string): RowsResult {
  const checks = { files: [], rows: ['rows'], content: ['rows', 'content'] } as const;
  return {
    checks: checks[level].map((check) => ({ check, status: 'not-configured', compared: 0, deviating: 0, reason })),
    findings: [],
  };
}

function uncounted({ scope, reconcileLevel }: TableItem, detail: string): RowsResult {
  const check = reconcileLevel === 'files' ? 'read-back' : reconcileLevel;
  return {
    checks: [{ check, status: 'incomplete', compared: 0, deviating: 0, reason: detail }],
    findings: [{ check, kind: 'unchecked', weight: 'unchecked', scope, subject: scope, detail }],
  };
}
