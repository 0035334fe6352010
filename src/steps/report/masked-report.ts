import type { Outcome } from '../../domain/outcome.ts';
import type { NameMask } from '../../domain/personal-names.ts';
import type { PlanItem } from '../../domain/plan.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import type { RunReport } from '../../domain/run-report.ts';
import { linesOf } from '../../ports/lines.ts';

/** A report without personal values; who runs and owns the use case stays. */
export function maskReport(report: RunReport, mask: NameMask): RunReport {
  const { exceptions, excluded, scopes, reconciliation, checks } = report;
  const masked = mask.value({ exceptions, excluded, scopes, checks });
  return {
    ...report,
    ...masked,
    ...(reconciliation === undefined ? {} : { reconciliation: mask.value(reconciliation) }),
  };
}

export interface Settled {
  readonly item: PlanItem;
  readonly outcome: Outcome | undefined;
}

export function* maskSettled(settled: Iterable<Settled>, mask: NameMask): Generator<Settled> {
  for (const each of settled) yield mask.value(each);
}

/** Findings as they were logged, one JSON object a line. */
export async function* maskFindings(log: AsyncIterable<string>, mask: NameMask): AsyncGenerator<Finding> {
  for await (const line of linesOf(log)) yield mask.value(JSON.parse(line) as Finding);
}
