import type { Outcome, OutcomeStatus } from './outcome.ts';
import type { PlanItem, Verdict } from './plan.ts';

const SETTLED: Readonly<Partial<Record<Verdict, OutcomeStatus>>> = {
  skip: 'skipped',
  refuse: 'refused',
  'needs-decision': 'undecided',
};

/** What becomes of an item by its verdict alone; undefined for items that a step must work on. */
export function settledOutcome(item: PlanItem): Outcome | undefined {
  const status = SETTLED[item.verdict];
  if (status === undefined) return undefined;
  return {
    itemId: item.id,
    status,
    ...(item.reason === undefined ? {} : { errorCode: item.reason.code, message: item.reason.text }),
    ...(item.reason?.hint === undefined ? {} : { hint: item.reason.hint }),
    ...(item.kind === 'file' ? { sizeBytes: item.source.sizeBytes } : {}),
  };
}
