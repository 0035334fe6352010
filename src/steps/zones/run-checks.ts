import { checkText, type Check, type TypeCheck } from '../../domain/privacy/check.ts';
import { checkSql } from '../../domain/privacy/check-sql.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { unreadableRowsSql } from '../../domain/privacy/dataset-sql.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

export interface CheckResult {
  readonly check: Check | TypeCheck;
  /** Rows that break it; of a number of rows, by how many it is missed. */
  readonly failing: number;
}

/** Runs all checks of a dataset. Throws `DATASET_CHECK_FAILED` naming every one that is broken and not only to be warned of. */
export async function runChecks(session: DatasetSession, { name, checks }: Dataset): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push({ check, failing: await session.count(checkSql(check)) });
  refuseBroken(name, results);
  return results;
}

/**
 * Counts texts that are none of the type that their column is read as, before anything is made of them: afterwards their cells are empty. Throws `DATASET_CHECK_FAILED` as
 * {@link runChecks} does.
 */
export async function countUnreadable(
  session: DatasetSession,
  { dataset, from, joins }: PlannedDataset,
  relationOf: (source: string) => string,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const source of [from, ...joins.map((join) => join.source)])
    for (const { source: column, read } of [...source.columns, ...source.keys]) {
      if (read === undefined) continue;
      const sql = unreadableRowsSql(source, relationOf(source.name), { source: column, reading: read.reading });
      const check = { rule: 'type', column, type: read.form, severity: read.severity } as const;
      results.push({ check, failing: await session.count(sql) });
    }
  refuseBroken(dataset.name, results);
  return results;
}

function refuseBroken(name: string, results: readonly CheckResult[]): void {
  const broken = results.filter(({ check, failing }) => failing > 0 && check.severity === 'refuse');
  if (broken.length === 0) return;
  const named = broken.map(({ check, failing }) => `${checkText(check)} (${failing})`).join('; ');
  throw new LakeliftError(`${name} does not pass its checks: ${named}`, {
    kind: 'usage',
    code: 'DATASET_CHECK_FAILED',
    subject: name,
    hint: 'Find out why the source holds these rows, or set "severity: warn" ("unreadable: warn" of a column that is read as a type). Nothing was written.',
  });
}
