import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { Anonymity, Dataset } from '../../domain/privacy/dataset.ts';
import { anonymitySql, diversitySql, sizeSql } from '../../domain/privacy/dataset-sql.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

/** Takes rows in too small classes out, and returns how many; throws `DATASET_NOT_ANONYMOUS` where none may be lost. */
export async function makeAnonymous(session: DatasetSession, dataset: Dataset, anonymity: Anonymity): Promise<number> {
  const before = await session.count('SELECT count(*) FROM dataset');
  const gone = await session.restrict(anonymitySql(anonymity));
  if (gone > 0 && anonymity.onFailure === 'refuse') throw notAnonymous(dataset, anonymity, { gone, before });
  return gone;
}

/** People in it, or rows where nothing says who they are of; undefined when no row is left. */
export async function smallestClass(session: DatasetSession, anonymity: Anonymity): Promise<number | undefined> {
  return leastOfClasses(session, anonymity, sizeSql(anonymity));
}

/** Different values of the sensitive column in the class that has fewest; undefined where none is named, or no row is left. */
export async function leastDiversity(session: DatasetSession, anonymity: Anonymity): Promise<number | undefined> {
  const { diversity } = anonymity;
  return diversity && leastOfClasses(session, anonymity, diversitySql(anonymity, diversity));
}

async function leastOfClasses(
  session: DatasetSession,
  { over }: Anonymity,
  figure: string,
): Promise<number | undefined> {
  const classes = `SELECT ${figure} AS n FROM dataset GROUP BY ${over.map(doubleQuotes).join(', ')}`;
  const least = await session.count(`SELECT coalesce(min(n), -1) FROM (${classes})`);
  return least < 0 ? undefined : least;
}

function notAnonymous(
  { name }: Dataset,
  { k, of, diversity }: Anonymity,
  { gone, before }: { readonly gone: number; readonly before: number },
): LakeliftError {
  const size = of === undefined ? `${k}` : `${k} people`;
  const wanted = diversity === undefined ? size : `${size}, with ${diversity.l} values of ${diversity.of}`;
  return new LakeliftError(`${name}: ${gone} of ${before} rows stand in classes of fewer than ${wanted}`, {
    kind: 'usage',
    code: 'DATASET_NOT_ANONYMOUS',
    subject: name,
    hint: 'Make columns coarser, leave some out, or set "onFailure: suppress" to leave those rows out.',
  });
}
