import { createHash } from 'node:crypto';
import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { TableMapping } from '../../domain/mapping.ts';
import type { Anonymity, Dataset, PlannedColumn } from '../../domain/privacy/dataset.ts';
import { planColumns } from '../../domain/privacy/plan-columns.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { treatmentSql } from '../../domain/privacy/treatment-sql.ts';
import type { BusinessKind } from '../../domain/rules/personal-patterns.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetEngine, DatasetSession } from '../../ports/dataset-engine.ts';
import { refuseLeaks } from './refuse-leaks.ts';

/** Pseudonyms of a use case, and the key of their version. */
export interface PseudonymKey extends PseudonymScheme {
  readonly key: Uint8Array;
}

export interface BuildRequest {
  readonly dataset: Dataset;
  readonly mapping: TableMapping;
  readonly engine: DatasetEngine;
  /** undefined where no column becomes a pseudonym. */
  readonly pseudonyms: PseudonymKey | undefined;
  /** Kinds of numbers of companies that are people, here. */
  readonly alsoPersonal?: readonly BusinessKind[] | undefined;
  readonly signal: AbortSignal;
}

/** A dataset and what was done to it; values of nobody. */
export interface BuiltDataset {
  readonly name: string;
  readonly columns: readonly PlannedColumn[];
  readonly types: readonly { readonly name: string; readonly type: string }[];
  readonly sourceRows: number;
  readonly rows: number;
  readonly suppressedRows: number;
  /** Rows in the smallest class of the columns that it is anonymous over; undefined where none were named or no row is left. */
  readonly smallestClass: number | undefined;
  readonly body: Uint8Array;
  readonly sha256: string;
}

/**
 * Makes one dataset from a table of raw: each column treated, rows in too small classes suppressed or the build refused, and refused as well when a number or
 * address of a person is still there in clear. Writes nowhere. Throws `usage` for what is to be decided, `DATASET_LEAK`, `DATASET_NOT_ANONYMOUS`.
 */
export async function buildDataset(request: BuildRequest): Promise<BuiltDataset> {
  const { dataset, mapping, engine, alsoPersonal = [], signal } = request;
  refuseUnbuilt(dataset);
  const session = await engine.open({ database: mapping.target.database, name: mapping.target.table }, signal);
  try {
    const columns = planColumns(dataset, session.columns, mapping.columns);
    await session.create(await expressions(session, columns, request));
    const sourceRows = await session.count('SELECT count(*) FROM dataset');
    const { anonymity } = dataset;
    const suppressedRows = anonymity === undefined ? 0 : await makeAnonymous(session, dataset, anonymity);
    await refuseLeaks(session, { name: dataset.name, columns, alsoPersonal });
    const body = await session.toParquet();
    return {
      name: dataset.name,
      columns,
      types: await session.describe(),
      sourceRows,
      rows: sourceRows - suppressedRows,
      suppressedRows,
      smallestClass: anonymity === undefined ? undefined : await smallestClass(session, anonymity),
      body,
      sha256: createHash('sha256').update(body).digest('hex'),
    };
  } finally {
    await session.close();
  }
}

async function expressions(
  session: DatasetSession,
  columns: readonly PlannedColumn[],
  { dataset, pseudonyms }: BuildRequest,
): Promise<{ name: string; sql: string }[]> {
  if (columns.some(({ treatment }) => treatment.kind === 'pseudonymise')) {
    if (pseudonyms === undefined) throw noKey(dataset);
    await session.useKey(pseudonyms.key);
  }
  return columns.map(({ source, name, treatment }) => ({
    name,
    sql: treatmentSql(treatment, doubleQuotes(source), pseudonyms)!,
  }));
}

/** Classes are those of the treated columns: what a reader of the dataset can put together. */
async function makeAnonymous(session: DatasetSession, dataset: Dataset, anonymity: Anonymity): Promise<number> {
  const known = new Set((await session.describe()).map(({ name }) => name));
  const wanted = [...anonymity.over, ...(anonymity.diversity === undefined ? [] : [anonymity.diversity.of])];
  const missing = wanted.filter((name) => !known.has(name));
  if (missing.length > 0) throw noSuchColumn(dataset, missing);
  const over = anonymity.over.map(doubleQuotes).join(', ');
  const conditions = [`count(*) OVER (PARTITION BY ${over}) >= ${anonymity.k}`];
  if (anonymity.diversity !== undefined) {
    const { of, l } = anonymity.diversity;
    conditions.push(`count(DISTINCT ${doubleQuotes(of)}) OVER (PARTITION BY ${over}) >= ${l}`);
  }
  const before = await session.count('SELECT count(*) FROM dataset');
  const gone = await session.restrict(conditions.join(' AND '));
  if (gone > 0 && anonymity.onFailure === 'refuse') throw notAnonymous(dataset, anonymity, { gone, before });
  return gone;
}

async function smallestClass(session: DatasetSession, { over }: Anonymity): Promise<number | undefined> {
  const groups = over.map(doubleQuotes).join(', ');
  const least = await session.count(`SELECT min(n) FROM (SELECT count(*) AS n FROM dataset GROUP BY ${groups})`);
  return least === 0 ? undefined : least;
}

/** What the file may say and this does not do. */
function refuseUnbuilt({ name, from, joins, where, aggregate, partitions, checks }: Dataset): void {
  const asked = Object.entries({
    joins,
    where,
    partitions,
    checks,
    from: from.includes('.') ? [] : [from],
    aggregate: aggregate?.by ?? [],
  });
  const unbuilt = asked.filter(([, list]) => list.length > 0).map(([key]) => key);
  if (unbuilt.length === 0) return;
  throw new LakeliftError(`${name} cannot be built here: it has ${unbuilt.join(', ')}`, {
    kind: 'unsupported',
    code: 'DATASET_UNBUILT',
    subject: name,
    hint: 'Datasets of one table of raw are built here.',
  });
}

function noKey({ name }: Dataset): LakeliftError {
  return new LakeliftError(`${name} has pseudonyms, and no key for them`, {
    kind: 'usage',
    code: 'PSEUDONYM_KEY_MISSING',
    subject: name,
    hint: 'Name the domain and version under "pseudonyms" in the datasets, and its key under privacy.keys in lakelift.yaml.',
  });
}

function noSuchColumn({ name }: Dataset, columns: readonly string[]): LakeliftError {
  return new LakeliftError(`${name} is to be anonymous over ${columns.join(', ')}, which it does not have`, {
    kind: 'usage',
    code: 'DATASET_UNDECIDED',
    subject: name,
    hint: 'Name columns as they are called in the dataset.',
  });
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
