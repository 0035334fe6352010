import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import { canLeak, scrutinyOf } from '../../domain/privacy/can-leak.ts';
import { ColumnSearch } from '../../domain/rules/personal-values.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

interface Guarded {
  readonly name: string;
  readonly columns: readonly PlannedColumn[];
  /** As the use case's datasets have it. */
  readonly validByChance: string | undefined;
}

/**
 * The last gate: one valid number or address of a person or company that is still there in clear, in a column that nobody declared to be so, refuses the dataset.
 * Every value is looked at, not a sample, and all that a struct, list or map holds. Throws `DATASET_LEAK` with columns, kinds and counts, never with a value.
 */
export async function refuseLeaks(session: DatasetSession, { name, columns, validByChance }: Guarded): Promise<void> {
  const leaks: string[] = [];
  for (const column of columns) {
    if (!canLeak(column)) continue;
    const search = new ColumnSearch(scrutinyOf(column, validByChance));
    for await (const values of session.distinct(column.name)) for (const value of values) search.look(value);
    const found = [...search.found()].map(([kind, count]) => `${count} ${kind}`);
    if (found.length > 0) leaks.push(`${column.name} (${found.join(', ')})`);
  }
  if (leaks.length === 0) return;
  throw new LakeliftError(`${name} still holds identifiers in clear: ${leaks.join('; ')}`, {
    kind: 'usage',
    code: 'DATASET_LEAK',
    subject: name,
    hint: 'Treat these columns. To let one stay: keep it with "because"; class it "public" where it says nothing of people; or say why under "validByChance", at the top of the datasets file, where chance makes too many. Nothing was written.',
  });
}
