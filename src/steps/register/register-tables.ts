import type { PlanItem } from '../../domain/plan.ts';
import type { RegisterContext, RegisterRequest, RegisterTotals } from './register-context.ts';
import { settle } from './register-context.ts';
import { notVerified, registerTable } from './register-table.ts';
import { registerPartitions } from './register-partitions.ts';
import { findUnverifiedFiles } from './unverified-files.ts';

/**
 * Makes the target catalog hold what the plan says, data before metadata: a table or partition is written only when all its files were
 * proven in this run, and only where it differs from what stands. Tables that lakelift did not make are never touched, nothing is
 * ever removed, and every table, view, partition and path with verdict `copy` ends in one outcome. Doing it again writes nothing.
 */
export async function registerTables(request: RegisterRequest): Promise<RegisterTotals> {
  const context: RegisterContext = { ...request, totals: {} };
  for (const kind of ['table', 'view'] as const) {
    for (const item of request.ledger.listItems({ kind, verdict: 'copy' })) await registerOne(context, item);
  }
  for (const item of request.ledger.listItems({ kind: 'path', verdict: 'copy' })) settlePath(context, item);
  await request.ledger.flush();
  return context.totals;
}

async function registerOne(context: RegisterContext, item: PlanItem): Promise<void> {
  context.signal.throwIfAborted();
  if (item.kind !== 'table' && item.kind !== 'view') return;
  const files = findUnverifiedFiles(context.ledger, context.runId, item.scope);
  const standing = await registerTable(context, item, files);
  await registerPartitions(context, item, { files, standing });
  await context.ledger.flush();
}

/** A path has nothing in the catalog: it is done when its files are. */
function settlePath(context: RegisterContext, item: PlanItem): void {
  const files = findUnverifiedFiles(context.ledger, context.runId, item.scope);
  settle(context, item, files.count === 0 ? { status: 'verified' } : notVerified(files));
}
