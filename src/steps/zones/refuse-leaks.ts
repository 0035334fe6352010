import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import { canLeak, isSuspectColumn } from '../../domain/privacy/can-leak.ts';
import { kindsOfPeople, type BusinessKind } from '../../domain/rules/personal-patterns.ts';
import { ColumnSearch } from '../../domain/rules/personal-values.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

interface Guarded {
  readonly name: string;
  readonly columns: readonly PlannedColumn[];
  readonly alsoPersonal: readonly BusinessKind[];
}

/**
 * The last gate: a number or address of a person that is still there in clear, in a column that nobody declared to be kept so, refuses the dataset. Every value is
 * looked at, not a sample, and all that a struct, list or map holds. Throws `DATASET_LEAK` with columns, kinds and counts, never with a value.
 */
export async function refuseLeaks(session: DatasetSession, { name, columns, alsoPersonal }: Guarded): Promise<void> {
  const kinds = kindsOfPeople(alsoPersonal);
  const leaks: string[] = [];
  for (const column of columns) {
    if (!canLeak(column)) continue;
    const search = new ColumnSearch(kinds, [column.source, column.name], isSuspectColumn(column));
    for await (const values of session.distinct(column.name)) for (const value of values) search.look(value);
    const found = [...search.found()].map(([kind, count]) => `${count} ${kind}`);
    if (found.length > 0) leaks.push(`${column.name} (${found.join(', ')})`);
  }
  if (leaks.length === 0) return;
  throw new LakeliftError(`${name} still holds values of people in clear: ${leaks.join('; ')}`, {
    kind: 'usage',
    code: 'DATASET_LEAK',
    subject: name,
    hint: 'Class and treat these columns. If values only look personal, keep the column and say why ("because"). Nothing was written.',
  });
}
