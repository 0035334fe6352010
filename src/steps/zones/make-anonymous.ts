import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { Anonymity, Dataset } from '../../domain/privacy/dataset.ts';
import {
  anonymitySql,
  blankedSql,
  diversitySql,
  EMPTIED_CELLS,
  IS_LARGE,
  sizeSql,
} from '../../domain/privacy/dataset-sql.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetSession } from '../../ports/dataset-engine.ts';

/** What it took to make a dataset anonymous. */
export interface Suppressed {
  readonly suppressedRows: number;
  /** Of the rows that are left: those whose cells were emptied, and cells that held a value. */
  readonly blankedRows: number;
  readonly blankedCells: number;
}

/**
 * Empties cells of classes that are too small, where that is asked for, and takes rows out whose class is still too small then; throws `DATASET_NOT_ANONYMOUS` where
 * none may be lost.
 */
export async function makeAnonymous(
  session: DatasetSession,
  dataset: Dataset,
  anonymity: Anonymity,
): Promise<Suppressed> {
  const { blank, over, onFailure } = anonymity;
  const before = await session.count('SELECT count(*) FROM dataset');
  if (blank !== undefined) await session.create(blankedSql(anonymity, blank));
  const classes = blank === undefined ? anonymity : { ...anonymity, over: [...over, IS_LARGE] };
  const suppressedRows = await session.restrict(anonymitySql(classes));
  if (suppressedRows > 0 && onFailure === 'refuse')
    throw notAnonymous(dataset, anonymity, { gone: suppressedRows, before });
  if (blank === undefined) return { suppressedRows, blankedRows: 0, blankedCells: 0 };
  const blankedRows = await session.count(`SELECT count(*) FROM dataset WHERE ${EMPTIED_CELLS} > 0`);
  const blankedCells = await session.count(`SELECT coalesce(sum(${EMPTIED_CELLS}), 0) FROM dataset`);
  await session.create(`SELECT * EXCLUDE (${IS_LARGE}, ${EMPTIED_CELLS}) FROM dataset`);
  return { suppressedRows, blankedRows, blankedCells };
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
  { k, of, diversity, blank }: Anonymity,
  { gone, before }: { readonly gone: number; readonly before: number },
): LakeliftError {
  const size = of === undefined ? `${k}` : `${k} people`;
  const wanted = diversity === undefined ? size : `${size}, with ${diversity.l} values of ${diversity.of}`;
  const still = blank === undefined ? 'stand' : 'still stand';
  return new LakeliftError(`${name}: ${gone} of ${before} rows ${still} in classes of fewer than ${wanted}`, {
    kind: 'usage',
    code: 'DATASET_NOT_ANONYMOUS',
    subject: name,
    hint: 'Make columns coarser, leave some out, name those whose cells are to be emptied under "blank", or set "onFailure: suppress" to leave those rows out.',
  });
}
