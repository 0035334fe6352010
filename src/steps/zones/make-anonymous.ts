import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { Anonymity, Dataset } from '../../domain/privacy/dataset.ts';
import { anonymitySql } from '../../domain/privacy/dataset-sql.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

/** Takes rows in too small classes out, and returns how many; throws `DATASET_NOT_ANONYMOUS` where none may be lost. */
export async function makeAnonymous(session: DatasetSession, dataset: Dataset, anonymity: Anonymity): Promise<number> {
  const before = await session.count('SELECT count(*) FROM dataset');
  const gone = await session.restrict(anonymitySql(anonymity));
  if (gone > 0 && anonymity.onFailure === 'refuse') throw notAnonymous(dataset, anonymity, { gone, before });
  return gone;
}

/** Rows in it; undefined when there are none at all. */
export async function smallestClass(session: DatasetSession, { over }: Anonymity): Promise<number | undefined> {
  const groups = over.map(doubleQuotes).join(', ');
  const least = await session.count(`SELECT min(n) FROM (SELECT count(*) AS n FROM dataset GROUP BY ${groups})`);
  return least === 0 ? undefined : least;
}

/** Different values of the sensitive column in the class that has fewest; undefined where none is named, or no row is left. */
export async function leastDiversity(session: DatasetSession, anonymity: Anonymity): Promise<number | undefined> {
  if (anonymity.diversity === undefined) return undefined;
  const groups = anonymity.over.map(doubleQuotes).join(', ');
  const values = `count(DISTINCT ${doubleQuotes(anonymity.diversity.of)})`;
  const least = await session.count(
    `SELECT coalesce(min(n), -1) FROM (SELECT ${values} AS n FROM dataset GROUP BY ${groups})`,
  );
  return least < 0 ? undefined : least;
}

function notAnonymous(
  { name }: Dataset,
  { k, diversity }: Anonymity,
  { gone, before }: { readonly gone: number; readonly before: number },
): LakeliftError {
  const wanted = diversity === undefined ? `${k}` : `${k}, with ${diversity.l} values of ${diversity.of}`;
  return new LakeliftError(`${name}: ${gone} of ${before} rows stand in classes of fewer than ${wanted}`, {
    kind: 'usage',
    code: 'DATASET_NOT_ANONYMOUS',
    subject: name,
    hint: 'Make columns coarser, leave some out, or set "onFailure: suppress" to leave those rows out.',
  });
}
