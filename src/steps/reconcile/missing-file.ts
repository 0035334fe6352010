import type { FileItem } from '../../domain/plan.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import type { RunEvidence } from './reconcile-context.ts';

type Deviation = Pick<Finding, 'kind' | 'weight' | 'detail'>;

/** Tells a file that was lost, one that the run failed to copy, and one that came after the run's plan. */
export function missingFile(item: FileItem, evidence: RunEvidence | undefined): Deviation {
  const missing = (detail: string): Deviation => ({ kind: 'missing', weight: 'difference', detail });
  if (evidence === undefined) return missing('the target does not have it');
  const outcome = evidence.ledger.findOutcome(evidence.runId, item.id);
  if (outcome === undefined) return unplanned(item, evidence, missing);
  if (outcome.status === 'verified' || outcome.status === 'already-verified') {
    return missing('the target no longer has it, though it was copied and proven');
  }
  const reason = outcome.message === undefined ? '' : `: ${outcome.message}`;
  return missing(`the target does not have it; the run left it ${outcome.status}${reason}`);
}

function unplanned({ source }: FileItem, { ledger }: RunEvidence, missing: (detail: string) => Deviation): Deviation {
  const plannedAtMs = ledger.findPlan()?.createdAtMs;
  if (plannedAtMs === undefined || source.modifiedAtMs <= plannedAtMs) {
    return missing('the target does not have it, and the plan that was run did not name it');
  }
  const detail = `it came to the source on ${new Date(source.modifiedAtMs).toISOString()}, after the plan that was run`;
  return { kind: 'drifted', weight: 'drift', detail };
}
