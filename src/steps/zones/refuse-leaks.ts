import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import type { Treatment } from '../../domain/privacy/treatment.ts';
import { PERSONAL_PATTERNS } from '../../domain/rules/personal-patterns.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

/** Of these nothing that was there is left. */
const CANNOT_LEAK: ReadonlySet<Treatment['kind']> = new Set([
  'pseudonymise',
  'department',
  'year',
  'month',
  'year-band',
]);

/**
 * The last gate: one social security number, IBAN, mail address or phone number that is still there in clear, in a column that nobody declared to be kept so,
 * refuses the dataset. Every value is looked at, not a sample. Throws `DATASET_LEAK` with columns and counts, never with a value.
 */
export async function refuseLeaks(
  session: DatasetSession,
  dataset: string,
  columns: readonly PlannedColumn[],
): Promise<void> {
  const leaks: string[] = [];
  for (const { name, treatment, because } of columns) {
    if (because !== undefined || CANNOT_LEAK.has(treatment.kind)) continue;
    let count = 0;
    for await (const values of session.distinct(name)) count += values.filter(isPersonal).length;
    if (count > 0) leaks.push(`${name} (${count})`);
  }
  if (leaks.length === 0) return;
  throw new LakeliftError(`${dataset} still holds values of people in clear: ${leaks.join(', ')}`, {
    kind: 'usage',
    code: 'DATASET_LEAK',
    subject: dataset,
    hint: 'Class and treat these columns. If values only look personal, keep the column and say why ("because"). Nothing was written.',
  });
}

function isPersonal(value: string): boolean {
  return PERSONAL_PATTERNS.some(({ pattern, isValid }) =>
    [...value.matchAll(pattern)].some(([match]) => isValid(match)),
  );
}
