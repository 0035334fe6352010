import { differingStatistics, type ColumnStatistics } from '../../domain/column-statistics.ts';
import { mapInOrder } from '../map-in-order.ts';
import type { StatisticsOwner } from '../../ports/target-catalog.ts';
import { failureOf, type RegisterContext } from './register-context.ts';

const OWNERS_AT_ONCE = 4;

export interface WantedStatistics {
  readonly owner: StatisticsOwner;
  readonly statistics: readonly ColumnStatistics[];
}

/**
 * Has the catalog hold column statistics where it holds others, and counts the owners written. Never a failure: without them queries are
 * planned less well and give the same rows. A catalog that refused once is not asked again in this run.
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

async function putStatistics(context: RegisterContext, { owner, statistics }: WantedStatistics): Promise<boolean> {
  const { catalog, signal, statisticsRefusal: refusal } = context;
  if (refusal.message !== undefined) return false;
  try {
    const columns = statistics.map(({ column }) => column);
    const differing = differingStatistics(statistics, await catalog.findStatistics(owner, columns, signal));
    if (differing.length === 0) return false;
    await catalog.putStatistics(owner, differing, signal);
    return true;
  } catch (error) {
    const { message = '', errorCode = '' } = failureOf(error, signal);
    if (refusal.message === undefined) sayRefusal(context, `${message} (${errorCode})`);
    return false;
  }
}

function sayRefusal({ progress, statisticsRefusal }: RegisterContext, message: string): void {
  statisticsRefusal.message = message;
  const text = `column statistics are not carried over in this run, since the catalog refused some: ${message}`;
  progress({ kind: 'note', level: 'warn', message: text });
}
