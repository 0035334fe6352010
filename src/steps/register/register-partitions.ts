import pLimit from 'p-limit';
import { isGood } from '../../domain/outcome.ts';
import type { PartitionItem, TableItem } from '../../domain/plan.ts';
import type { TargetPartition } from '../../domain/target-table.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { PartitionResult } from '../../ports/target-catalog.ts';
import { inBatches, mapInOrder } from '../map-in-order.ts';
import { StandingPartitions } from '../standing-partitions.ts';
import { failureOf, settle, type RegisterContext } from './register-context.ts';
import { registerStatistics, type WantedStatistics } from './register-statistics.ts';
import type { Standing } from './register-table.ts';
import type { UnverifiedFiles } from './unverified-files.ts';

const BATCH_SIZE = 100;
const BATCHES_AT_ONCE = 4;

interface Situation {
  readonly files: UnverifiedFiles;
  readonly standing: Standing;
}

interface Work {
  readonly item: PartitionItem;
  readonly wanted: TargetPartition;
  readonly action: 'create' | 'update';
}

/** Adds or mends the partitions of a table that stands; each ends in its own outcome, whatever the others of its batch. */
export async function registerPartitions(
  context: RegisterContext,
  table: TableItem,
  situation: Situation,
): Promise<void> {
  const items = context.ledger.listItems({ kind: 'partition', verdict: 'copy', scope: table.scope });
  if (situation.standing === 'absent' || table.definition === undefined) return leaveAll(context, items);
  if (table.definition.partitionKeys.length === 0) return;
  const scratch = context.ledger.openScratch();
  try {
    const known = await readStanding(context, table, scratch);
    const decided = { known, files: situation.files, hasStatistics: false };
    const work = workOn(context, items as Iterable<PartitionItem>, decided);
    const send = (batch: readonly Work[]) => sendBatch(context, table, batch);
    const again: Work[] = [];
    const batches = mapInOrder(inBatches(work, BATCH_SIZE), context.batchesAtOnce ?? BATCHES_AT_ONCE, send);
    for await (const existing of batches) again.push(...existing);
    if (again.length > 0) await lookAgain(context, table, { work: again, scratch });
    warnOfExtra(context, table, known);
    if (decided.hasStatistics) await registerStatistics(context, statisticsOfRegistered(context, table));
  } catch (error) {
    leaveUnsettled(context, table, failureOf(error, context.signal));
  } finally {
    scratch.close();
  }
}

function readStanding(
  { catalog, signal }: RegisterContext,
  { definition }: TableItem,
  { newMap }: Scratch,
): Promise<StandingPartitions> {
  return StandingPartitions.read(catalog, definition!, { newMap, signal });
}

interface Decided {
  readonly known: StandingPartitions;
  readonly files: UnverifiedFiles;
  /** Set once a partition has some. */
  hasStatistics: boolean;
}

/** Settles what needs no call, and yields what does. */
function* workOn(context: RegisterContext, items: Iterable<PartitionItem>, decided: Decided): Generator<Work> {
  const { known, files } = decided;
  for (const item of items) {
    context.signal.throwIfAborted();
    const wanted = item.definition;
    if (wanted === undefined) throw new RangeError(`${item.id} is to be registered, and the plan does not say how`);
    if (files.count > 0 && files.isBelow(wanted.storage.location ?? '')) {
      settle(context, item, UNPROVEN);
      continue;
    }
    decided.hasStatistics ||= item.statistics !== undefined;
    const diff = known.compare(item.name, wanted);
    if (diff.kind === 'unchanged') settle(context, item, { status: 'unchanged' });
    else yield { item, wanted, action: diff.kind };
  }
}

/** The catalog takes statistics of what stands only. They are read once more, so that none are held while partitions are sent. */
function* statisticsOfRegistered(context: RegisterContext, { scope }: TableItem): Generator<WantedStatistics> {
  const items = context.ledger.listItems({ kind: 'partition', verdict: 'copy', scope }) as Iterable<PartitionItem>;
  for (const { id, table, definition, statistics } of items)
    if (statistics !== undefined && isRegistered(context, id))
      yield { owner: { table, partition: definition!.values }, statistics };
}

function isRegistered({ ledger, runId }: RegisterContext, itemId: string): boolean {
  return isGood(ledger.findOutcome(runId, itemId)?.status ?? 'failed');
}

const UNPROVEN = {
  status: 'not-attempted',
  errorCode: 'FILES_NOT_VERIFIED',
  message: 'some of its files are not proven to be at the target',
  hint: 'See why those files failed, then run again.',
} as const;

/** Sends one batch; returns those that the catalog says exist already. */
async function sendBatch(context: RegisterContext, table: TableItem, batch: readonly Work[]): Promise<Work[]> {
  const creations = await sendSome(context, table, { batch, action: 'create' });
  const updates = await sendSome(context, table, { batch, action: 'update' });
  return [...creations, ...updates];
}

async function sendSome(
  context: RegisterContext,
  { definition }: TableItem,
  { batch, action }: { readonly batch: readonly Work[]; readonly action: Work['action'] },
): Promise<Work[]> {
  const work = batch.filter((one) => one.action === action);
  if (work.length === 0) return [];
  const { catalog, signal } = context;
  const wanted = work.map((one) => one.wanted);
  let results: readonly PartitionResult[];
  try {
    results =
      action === 'create'
        ? await catalog.createPartitions(definition!, wanted, signal)
        : await catalog.updatePartitions(definition!, wanted, signal);
  } catch (error) {
    const failure = failureOf(error, context.signal);
    for (const { item } of work) settle(context, item, failure);
    return [];
  }
  return work.filter((one, index) => !settleResult(context, one, results[index]));
}

/** False when the partition exists already and must be looked at again. */
function settleResult(context: RegisterContext, { item, action }: Work, result: PartitionResult | undefined): boolean {
  const error = result === undefined ? { code: 'NO_ANSWER', message: 'the catalog said nothing of it' } : result.error;
  if (error === undefined) {
    settle(context, item, { status: action === 'create' ? 'registered' : 'updated' });
    return true;
  }
  if (action === 'create' && /already_?exists/i.test(error.code)) return false;
  settle(context, item, { status: 'failed', errorCode: error.code, message: error.message });
  return true;
}

/** Somebody made these in the meantime, or an answer was lost: what stands now decides. */
async function lookAgain(
  context: RegisterContext,
  table: TableItem,
  { work, scratch }: { readonly work: readonly Work[]; readonly scratch: Scratch },
): Promise<void> {
  const known = await readStanding(context, table, scratch);
  const updates: Work[] = [];
  for (const one of work) {
    const diff = known.compare(one.item.name, one.wanted);
    if (diff.kind === 'unchanged') settle(context, one.item, { status: 'unchanged' });
    else if (diff.kind === 'update') updates.push({ ...one, action: 'update' });
    else settle(context, one.item, VANISHED);
  }
  const limit = pLimit(context.batchesAtOnce ?? BATCHES_AT_ONCE);
  await Promise.all([...inBatches(updates, BATCH_SIZE)].map((batch) => limit(() => sendBatch(context, table, batch))));
}

const VANISHED = {
  status: 'failed',
  errorCode: 'PARTITION_KEEPS_CHANGING',
  message: 'the catalog says that it exists, and does not list it',
  hint: 'Find out who else writes to this table, then run again.',
} as const;

function leaveAll(context: RegisterContext, items: Iterable<{ readonly id: string }>): void {
  for (const item of items) {
    settle(context, item as PartitionItem, {
      status: 'not-attempted',
      errorCode: 'TABLE_NOT_REGISTERED',
      message: 'its table does not stand in the target catalog as planned',
      hint: 'See the outcome of the table, then run again.',
    });
  }
}

/** The listing itself failed: whatever has no outcome yet shares that failure. */
function leaveUnsettled(context: RegisterContext, table: TableItem, failure: ReturnType<typeof failureOf>): void {
  for (const item of context.ledger.listItems({ kind: 'partition', verdict: 'copy', scope: table.scope })) {
    if (context.ledger.findOutcome(context.runId, item.id) === undefined) settle(context, item, failure);
  }
}

function warnOfExtra({ ledger, progress }: RegisterContext, table: TableItem, known: StandingPartitions): void {
  let count = 0;
  let example: string | undefined;
  for (const { name } of known.listExtra(ledger, table.scope)) {
    count += 1;
    example ??= name;
  }
  if (example === undefined) return;
  const message = `${table.scope}: ${count} partitions stand at the target that the plan does not have, such as ${example}`;
  progress({ kind: 'note', level: 'warn', message });
}
