import type { PlannedColumn } from './dataset.ts';
import type { Scrutiny } from '../rules/personal-values.ts';
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

/** Whether an identifier may still stand in it in clear, without a person's decision. How many rows there are is nobody's number. */
export function canLeak(column: PlannedColumn): boolean {
  const { because, measure } = column;
  if (because !== undefined || measure?.kind === 'count' || measure?.kind === 'distinct') return false;
  return !LEAVES_NOTHING.has(effectiveTreatment(column).kind);
}

/**
 * What a column that {@link canLeak} is searched for. In one that is `public`, or where the use case says why (`validByChance`), numbers of companies may stay,
 * and one number that may be somebody's is enough only where the class or a name of the column leaves nothing else that it could be. A name may have been changed
 * on the way: either counts.
 */
export function scrutinyOf({ class: kind, source, name }: PlannedColumn, validByChance: string | undefined): Scrutiny {
  if (kind !== 'public' && validByChance === undefined) return 'any';
  return isSuspect(kind, [source, name]) ? 'people' : 'likely-people';
}
