import { checkText, type Check } from '../../domain/privacy/check.ts';
import { checkSql } from '../../domain/privacy/check-sql.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

export interface CheckResult {
  readonly check: Check;
  /** Rows that break it; of a number of rows, by how many it is missed. */
  readonly failing: number;
}

/** Runs all checks of a dataset. Throws `DATASET_CHECK_FAILED` naming every one that is broken and not only to be warned of. */
export async function runChecks(session: DatasetSession, { name, checks }: Dataset): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) results.push({ check, failing: await session.count(checkSql(check)) });
  const broken = results.filter(({ check, failing }) => failing > 0 && check.severity === 'refuse');
  if (broken.length === 0) return results;
  const named = broken.map(({ check, failing }) => `${checkText(check)} (${failing})`).join('; ');
  throw new LakeliftError(`${name} does not pass its checks: ${named}`, {
    kind: 'usage',
    code: 'DATASET_CHECK_FAILED',
    subject: name,
    hint: 'Find out why the source holds these rows, or set "severity: warn". Nothing was written.',
  });
}
