import { differingStatistics, type ColumnStatistics } from '../../domain/column-statistics.ts';
import { isLakeliftError, isRetryable } from '../../errors.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { StatisticsOwner } from '../../ports/target-catalog.ts';
import { failureOf, type RegisterContext, type StatisticsTaking } from './register-context.ts';

const OWNERS_AT_ONCE = 4;
/** Failures that the warning gives in full. */
const NAMED_FAILURES = 3;

export interface WantedStatistics {
  readonly owner: StatisticsOwner;
  readonly statistics: readonly ColumnStatistics[];
}

/**
 * Has the catalog hold column statistics where it holds others, and counts the owners written. Never a failure: without them queries are
 * planned less well and give the same rows. A catalog that takes none is not asked again in this run; a single owner whose statistics fail keeps
 * no other from having its own.
 */
export async function registerStatistics(
  context: RegisterContext,
  wanted: Iterable<WantedStatistics>,
): Promise<number> {
  let written = 0;
  const results = mapInOrder(wanted, OWNERS_AT_ONCE, (one) => putStatistics(context, one));
  for await (const isWritten of results) written += isWritten ? 1 : 0;
  return written;
}

/** Says at the end of a run how many owners have none of theirs, and why the first of them. */
export function warnOfStatistics({ progress, statistics: { failed, firstFailures } }: RegisterContext): void {
  if (failed === 0) return;
  const message = `column statistics of ${failed} tables or partitions were not carried over, which the next run tries again: ${firstFailures.join('; ')}${failed > firstFailures.length ? '; …' : ''}`;
  progress({ kind: 'note', level: 'warn', message });
}

async function putStatistics(context: RegisterContext, { owner, statistics }: WantedStatistics): Promise<boolean> {
  const { catalog, signal, statistics: taking } = context;
  if (taking.refusal !== undefined) return false;
  try {
    const columns = statistics.map(({ column }) => column);
    const differing = differingStatistics(statistics, await catalog.findStatistics(owner, columns, signal));
    if (differing.length === 0) return false;
    await catalog.putStatistics(owner, differing, signal);
    return true;
  } catch (error) {
    const { message = '', errorCode = '' } = failureOf(error, signal);
    const why = `${message} (${errorCode})`;
    if (takesNone(error)) sayRefusal(context, why);
    else noteFailure(taking, owner, why);
    return false;
  }
}

/** Rights are missing, the catalog has no statistics, as some say by being in trouble whenever they are asked for them, or it was waited for in vain. */
function takesNone(error: unknown): boolean {
  return isLakeliftError(error, 'denied') || isLakeliftError(error, 'unsupported') || isRetryable(error);
}

function sayRefusal({ progress, statistics }: RegisterContext, why: string): void {
  if (statistics.refusal !== undefined) return;
  statistics.refusal = why;
  const message = `column statistics are not carried over in this run, since the catalog takes none, or none any more: ${why}`;
  progress({ kind: 'note', level: 'warn', message });
}

function noteFailure(taking: StatisticsTaking, { table, partition = [] }: StatisticsOwner, why: string): void {
  taking.failed++;
  if (taking.firstFailures.length >= NAMED_FAILURES) return;
  taking.firstFailures.push(`${[`${table.database}.${table.name}`, ...partition].join('/')}: ${why}`);
}
