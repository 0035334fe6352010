import type { Decoded } from './thrift/thrift-type.ts';
import type { openTransactions } from './metastore-structs.ts';

export interface ValidWrites {
  readonly highWaterMark: bigint;
  /** Open or aborted. */
  readonly invalid: readonly bigint[];
}

/**
 * The greatest write that counts and those before it that do not: writes that are open, or were aborted, at the end of the list change
 * no row and no text.
 */
export function formatValidWrites({ highWaterMark, invalid }: ValidWrites): string {
  const notCounted = new Set(invalid);
  let last = highWaterMark;
  while (last > 0n && notCounted.has(last)) last -= 1n;
  const before = [...notCounted].filter((id) => id < last).sort((a, b) => (a < b ? -1 : 1));
  return before.length === 0 ? `1-${last}` : `1-${last} without ${before.join(',')}`;
}

/** Hive's ValidReadTxnList as it travels: high water mark, lowest open transaction, open ones, aborted ones. */
export function transactionList({
  highWaterMark = 0n,
  open = [],
  lowestOpen,
}: Decoded<typeof openTransactions>): string {
  return `${highWaterMark}:${lowestOpen ?? MAX_LONG}:${open.join(',')}:`;
}

const MAX_LONG = 2n ** 63n - 1n;
