import { diffTable } from '../../domain/catalog-diff.ts';
import { isGood } from '../../domain/outcome.ts';
import type { TableItem } from '../../domain/plan.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import { makeDatabase, putTable, type TableResult } from './put-table.ts';
import { failureOf, settle, type RegisterContext } from './register-context.ts';
import { registerStatistics } from './register-statistics.ts';
import type { UnverifiedFiles } from './unverified-files.ts';

/** Whether the table stands in the catalog as ours once this is done, so that partitions may be added to it. */
export type Standing = 'ours' | 'absent';

export async function registerTable(
  context: RegisterContext,
  item: TableItem,
  files: UnverifiedFiles,
): Promise<Standing> {
  const wanted = wantedOf(context, item);
  try {
    if (files.count > 0) return await leaveAlone(context, item, { wanted, files });
    await ensureDatabase(context, wanted);
    const result = await putTable(context, wanted);
    const isOurs = result.status !== 'refused';
    settle(
      context,
      item,
      isOurs ? await withStatistics(context, item, await withIndex(context, item, result)) : result,
    );
    return isOurs ? 'ours' : 'absent';
  } catch (error) {
    settle(context, item, failureOf(error, context.signal));
    return 'absent';
  }
}

/** The table waits until all its files are proven. Partitions of a table that stands already may go on one by one. */
async function leaveAlone(
  { catalog, signal, ...context }: RegisterContext,
  item: TableItem,
  { wanted, files }: { readonly wanted: TargetTable; readonly files: UnverifiedFiles },
): Promise<Standing> {
  const known = await catalog.findTable(wanted, signal);
  settle({ catalog, signal, ...context }, item, notVerified(files));
  const diff = diffTable(wanted, known?.table);
  return diff.kind === 'unchanged' ? 'ours' : 'absent';
}

export function notVerified({ count, example }: UnverifiedFiles): TableResult {
  return {
    status: 'not-attempted',
    errorCode: 'FILES_NOT_VERIFIED',
    message: `${count} of its files ${count === 1 ? 'is' : 'are'} not proven to be at the target, such as ${example ?? '?'}`,
    hint: 'See why those files failed, then run again: what is proven already is not copied twice.',
  };
}

function wantedOf({ runId }: RegisterContext, { definition, id }: TableItem): TargetTable {
  if (definition === undefined) throw new RangeError(`${id} is to be registered, and the plan does not say how`);
  return { ...definition, parameters: { ...definition.parameters, [STAMP.runId]: runId } };
}

/** Asked for once in a run, however many tables go there; again after a failure. */
async function ensureDatabase(context: RegisterContext, { database }: TargetTable): Promise<void> {
  const known = context.databases.get(database) ?? makeDatabase(context, context.useCase, database);
  context.databases.set(database, known);
  try {
    await known;
  } catch (error) {
    context.databases.delete(database);
    throw error;
  }
}

/** The table stands whatever becomes of its index; one that was asked for and could not be made is a failure all the same. */
async function withIndex(
  { catalog, signal }: RegisterContext,
  item: TableItem,
  result: TableResult,
): Promise<TableResult> {
  const { definition, partitionIndex } = item;
  if (definition === undefined || partitionIndex === undefined) return result;
  try {
    const made = await catalog.ensurePartitionIndex(definition, partitionIndex, signal);
    if (made === 'unchanged') return result;
    const message = [result.message, `partition index on ${partitionIndex.join(', ')}`].filter(Boolean).join(', ');
    return { ...result, status: result.status === 'unchanged' ? 'updated' : result.status, message };
  } catch (error) {
    const failure = failureOf(error, signal);
    const message = `the table stands, but not its partition index on ${partitionIndex.join(', ')}: ${failure.message ?? ''}`;
    return { ...failure, message };
  }
}

async function withStatistics(
  context: RegisterContext,
  { definition, statistics }: TableItem,
  result: TableResult,
): Promise<TableResult> {
  if (definition === undefined || statistics === undefined || !isGood(result.status)) return result;
  const written = await registerStatistics(context, [{ owner: { table: definition }, statistics }]);
  if (written === 0) return result;
  const message = [result.message, `statistics of ${statistics.length} columns`].filter(Boolean).join(', ');
  return { ...result, status: result.status === 'unchanged' ? 'updated' : result.status, message };
}
