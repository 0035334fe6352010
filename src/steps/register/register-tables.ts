import type { PlanItem, TableItem } from '../../domain/plan.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { RegisterContext, RegisterRequest, RegisterTotals } from './register-context.ts';
import { settle } from './register-context.ts';
import { warnOfStatistics } from './register-statistics.ts';
import { notVerified, registerTable } from './register-table.ts';
import { registerPartitions } from './register-partitions.ts';
import { findUnverifiedFiles } from './unverified-files.ts';
import { unregisteredRead, viewsInOrder } from './views-in-order.ts';

/** Calls of several tables overlap; those of one follow one another. */
const TABLES_AT_ONCE = 4;

/**
 * Makes the target catalog hold what the plan says, data before metadata: a table or partition is written only when all its files were
 * proven in this run, and only where it differs from what stands. Tables that lakelift did not make are never touched, nothing is
 * ever removed, and every table, view, partition and path with verdict `copy` ends in one outcome. Doing it again writes nothing.
 */
export async function registerTables(request: RegisterRequest): Promise<RegisterTotals> {
  const statistics = { failed: 0, firstFailures: [] };
  const context: RegisterContext = { ...request, totals: {}, statistics, databases: new Map() };
  const tables = request.ledger.listItems({ kind: 'table', verdict: 'copy' });
  await Array.fromAsync(mapInOrder(tables, TABLES_AT_ONCE, (item) => registerOne(context, item)));
  const views = [...request.ledger.listItems({ kind: 'view', verdict: 'copy' })] as TableItem[];
  for (const view of viewsInOrder(views)) await registerView(context, view);
  for (const item of request.ledger.listItems({ kind: 'path', verdict: 'copy' })) settlePath(context, item);
  warnOfStatistics(context);
  await request.ledger.flush();
  return context.totals;
}

async function registerOne(context: RegisterContext, item: PlanItem): Promise<void> {
  context.signal.throwIfAborted();
  if (item.kind !== 'table' && item.kind !== 'view') return;
  const files = findUnverifiedFiles(context.ledger, context.runId, item.scope);
  const standing = await registerTable(context, item, files);
  await registerPartitions(context, item, { files, standing });
}

/** A view over what is not there would fail whoever asks it. */
async function registerView(context: RegisterContext, item: TableItem): Promise<void> {
  const absent = unregisteredRead(context, item);
  if (absent === undefined) return registerOne(context, item);
  settle(context, item, {
    status: 'not-attempted',
    errorCode: 'VIEW_READS_ABSENT',
    message: `it reads ${absent}, which does not stand in the target catalog as planned`,
    hint: `See the outcome of ${absent}, then run again.`,
  });
}

/** A path has nothing in the catalog: it is done when its files are. */
function settlePath(context: RegisterContext, item: PlanItem): void {
  const files = findUnverifiedFiles(context.ledger, context.runId, item.scope);
  settle(context, item, files.count === 0 ? { status: 'verified' } : notVerified(files));
}
