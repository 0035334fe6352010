import { stagedStamp, stagedTablePrefix, type Conversion } from '../../domain/conversion.ts';
import type { TableName } from '../../domain/names.ts';
import { isGood } from '../../domain/outcome.ts';
import { parseLocation } from '../../domain/location.ts';
import type { HdfsPath } from '../../domain/names.ts';
import type { TableItem } from '../../domain/plan.ts';
import type { Reconciliation } from '../../domain/reconciliation.ts';
import { isLakeliftError, messageOf } from '../../errors.ts';
import type { ConvertRequest } from './convert-tables.ts';

/**
 * Ends what a run has staged: tables whose every file and partition stands proven at the target are dropped. A conversion that turned out
 * unlike the source, or that cannot be completed any more, is forgotten, so that the next run exports it anew.
 */
export async function dropStaged(request: ConvertRequest, reconciliation: Reconciliation): Promise<void> {
  const { ledger } = request;
  for (const item of [...ledger.listItems({ kind: 'table', verdict: 'copy' })] as TableItem[]) {
    const conversion = item.conversion && ledger.findConversion(item.scope);
    if (conversion === undefined) continue;
    const isComplete = isAllGood(request, item.scope);
    if (isComplete && !conversion.isDropped) await dropAndRecord(request, conversion);
    if ((!isComplete && conversion.isDropped) || haveRowsDiffered(reconciliation, item)) {
      ledger.forgetConversion(item.scope);
    }
  }
  await ledger.flush();
}

function isAllGood({ ledger, runId }: ConvertRequest, scope: string): boolean {
  for (const { item, outcome } of ledger.listOutcomes(runId, { scope }))
    if (item.verdict === 'copy' && (outcome === undefined || !isGood(outcome.status))) return false;
  return true;
}

/** The state of the source says that nothing changed, and the rows say otherwise: the state missed something (Hive's TRUNCATE leaves no write). */
function haveRowsDiffered({ scopes }: Reconciliation, { scope, conversion }: TableItem): boolean {
  const rows = scopes.find((one) => one.scope === scope)?.checks.find(({ check }) => check === 'rows');
  return rows?.status === 'differences' && conversion?.exportedState === conversion?.state;
}

async function dropAndRecord(request: ConvertRequest, conversion: Conversion): Promise<void> {
  if (await drop(request, conversion.staged.name, conversion.staged.folder))
    request.ledger.putConversion({ ...conversion, isDropped: true });
}

/** Before a table is exported again: what an earlier conversion, or a run that was killed, left of it. */
export async function dropLeftBehind(request: ConvertRequest, { scope, source }: TableItem): Promise<void> {
  const { catalog, exporter, useCase, signal } = request;
  if (exporter === undefined) return;
  const { database } = exporter.staging;
  if (!(await catalog.listDatabases(signal)).includes(database)) return;
  const prefix = stagedTablePrefix(useCase, source);
  const stamp = Object.entries(stagedStamp(useCase, scope));
  for (const table of await catalog.listTables(database, signal)) {
    if (!table.startsWith(prefix)) continue;
    const found = await catalog.findTable({ database, table }, signal);
    if (found === undefined || stamp.some(([name, value]) => found.parameters[name] !== value)) continue;
    await drop(request, { database, table }, parseLocation(found.storage.location ?? '').path);
  }
}

/** Whether nothing is left of it. What cannot be dropped is said, and stops nothing: the next run tries again. */
async function drop(
  { exporter, source, progress, signal }: ConvertRequest,
  table: TableName,
  folder: HdfsPath,
): Promise<boolean> {
  try {
    await exporter!.drop(table, signal);
    if ((await source.findEntry(folder, signal)) === undefined) return true;
    progress(warning(`${folder} is left of the staged table ${table.table}, which was dropped: remove it by hand`));
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    progress(warning(`the staged table ${table.database}.${table.table} could not be dropped: ${messageOf(error)}`));
    return false;
  }
}

function warning(message: string) {
  return { kind: 'note', level: 'warn', message } as const;
}
