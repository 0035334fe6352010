import { NO_ROWS } from '../../domain/fingerprint/fingerprint.ts';
import { DEFAULT_PARTITION, partitionValues } from '../../domain/partition-name.ts';
import type { FileItem, TableItem } from '../../domain/plan.ts';
import type { CheckSummary, Finding } from '../../domain/reconciliation.ts';
import { isLakeliftError, type LakeliftError } from '../../errors.ts';
import type { PlannedPartitions } from './planned-partitions.ts';
import { readPartitions, rowKey, type Reading, type RowsByPartition } from './read-partitions.ts';
import type { ReconcileRequest } from './reconcile-context.ts';
import type { RowsResult } from './reconcile-rows.ts';

interface Readable {
  readonly readings: { readonly source: Reading; readonly target: Reading };
  readonly planned: PlannedPartitions;
}

/**
 * Reads every registered partition with the target engine where no level asks for more. One that gives no row although it has files is
 * asked of the source: a file may hold a header only.
 */
export async function readBack(
  request: ReconcileRequest,
  item: TableItem,
  { readings, planned }: Readable,
): Promise<RowsResult> {
  const { signal } = request;
  let target: RowsByPartition;
  try {
    target = await readPartitions(readings.target, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error, 'corrupt')) throw error;
    return readBackFailure(request, item, { readings, planned, failure: error });
  }
  const rowsIn = (rows: RowsByPartition, key: string): bigint => (rows.get(key)?.fingerprint ?? NO_ROWS).rows;
  // One that waits may have files all the same.
  const suspects = [...filledPartitions(request, item, readings.target)].filter(
    (key) => planned.names.has(key) && rowsIn(target, key) === 0n,
  );
  const source = suspects.length === 0 ? new Map() : await readPartitions(readings.source, signal);
  const findings = suspects
    .filter((key) => rowsIn(source, key) > 0n)
    .map((key): Finding => {
      const rows = rowsIn(source, key);
      const detail = `the target engine reads no row of it; the source has ${rows}`;
      return { ...base(item, planned.names.get(key)), kind: 'missing', weight: 'difference', detail };
    });
  return { checks: [checkOf(planned.names.size, findings)], findings };
}

/** Keys of the partitions to which the plan brings a file that is not empty. */
function filledPartitions({ fresh }: ReconcileRequest, { scope }: TableItem, { table }: Reading): Set<string> {
  const filled = new Set<string>();
  for (const file of fresh.listItems({ kind: 'file', verdict: 'copy', scope }) as Iterable<FileItem>) {
    if (file.source.sizeBytes === 0) continue;
    if (table.keys.length === 0) filled.add('');
    else if (file.partition !== undefined) filled.add(rowKey(table.keys, file.partition));
  }
  return filled;
}

/** Queries spent on finding which partitions cannot be read. */
const QUERIES = 64;

/** Names the partitions at which the target engine fails, by halves; the table where it fails at all of them. */
export async function readBackFailure(
  { signal }: ReconcileRequest,
  item: TableItem,
  { readings, planned, failure }: Readable & { readonly failure: LakeliftError },
): Promise<RowsResult> {
  const { target } = readings;
  const failures = new Map<string, LakeliftError>();
  let left = QUERIES;
  const search = async (names: readonly string[], known: LakeliftError): Promise<void> => {
    if (names.length === 1) return void failures.set(names[0]!, known);
    const middle = names.length >> 1;
    for (const half of [names.slice(0, middle), names.slice(middle)]) {
      if (left-- <= 0) return;
      const error = await failureOf({ ...target, filter: half.map(filterOf) }, signal);
      if (error !== undefined) await search(half, error);
    }
  };
  if (target.table.keys.length > 0) await search([...planned.names.values()].sort(), failure);
  const isAll = failures.size === 0 || failures.size === planned.names.size;
  const found: [string | undefined, LakeliftError][] = isAll ? [[undefined, failure]] : [...failures];
  const findings = found.map(([name, error]): Finding => {
    const detail = `the target engine cannot read it: ${error.message} (${error.code})`;
    return { ...base(item, name), kind: 'unreadable', weight: 'difference', detail };
  });
  return { checks: [checkOf(planned.names.size, findings)], findings };
}

async function failureOf(reading: Reading, signal: AbortSignal): Promise<LakeliftError | undefined> {
  try {
    await readPartitions(reading, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error, 'corrupt')) throw error;
    return error;
  }
}

function filterOf(name: string): (string | undefined)[] {
  return partitionValues(name).map((value) => (value === DEFAULT_PARTITION ? undefined : value));
}

function base({ scope }: TableItem, partition: string | undefined) {
  return { check: 'read-back', scope, subject: partition ?? scope } as const;
}

function checkOf(compared: number, findings: readonly Finding[]): CheckSummary {
  const status = findings.length === 0 ? 'passed' : 'differences';
  return { check: 'read-back', status, compared, deviating: findings.length };
}
