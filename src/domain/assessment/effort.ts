import type { AssessedItem } from './assessment.ts';

/** Person-days by what must be done about an item: rough, and the same for everybody, so that use cases can be compared. */
const DAYS = {
  review: 0.1,
  perTenColumns: 0.05,
  view: 0.25,
  blocking: 2,
  decision: 1,
  attention: 0.25,
} as const;

/** To review its columns, decide what is open, and look at the outcome. Copying itself is the machine's work. */
export function effortDays({ kind, columns, findings }: Pick<AssessedItem, 'kind' | 'columns' | 'findings'>): number {
  const of = (severity: 'blocking' | 'decision' | 'attention'): number =>
    findings.filter((finding) => finding.severity === severity).length * DAYS[severity];
  const days =
    DAYS.review +
    Math.ceil(columns / 10) * DAYS.perTenColumns +
    (kind === 'view' ? DAYS.view : 0) +
    of('blocking') +
    of('decision') +
    of('attention');
  return Math.round(days * 100) / 100;
}
