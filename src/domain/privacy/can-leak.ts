import type { PlannedColumn } from './dataset.ts';
import { isSuspect } from '../rules/suspect-column.ts';
import { effectiveTreatment } from './plan-columns.ts';
import type { Treatment } from './treatment.ts';

/** Of these nothing that was there is left. */
const LEAVES_NOTHING: ReadonlySet<Treatment['kind']> = new Set([
  'pseudonymise',
  'department',
  'year',
  'month',
  'year-band',
]);

/** Whether a value of somebody may still stand in it in clear, without a person's decision. */
export function canLeak(column: PlannedColumn): boolean {
  return column.because === undefined && !LEAVES_NOTHING.has(effectiveTreatment(column).kind);
}

/** Whether one value in it that may be somebody's is enough. A name may have been changed on the way: either counts. */
export function isSuspectColumn({ class: kind, source, name }: PlannedColumn): boolean {
  return isSuspect(kind, [source, name]);
}
