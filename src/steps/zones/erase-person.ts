import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import type { Dataset, PlannedColumn } from '../../domain/privacy/dataset.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import type { Identifier } from '../../domain/privacy/identifiers.ts';
import { pseudonymsOfPerson, pseudonymsOfPersonSince } from '../../domain/privacy/person-forms.ts';
import { ANY_PSEUDONYM, schemeText, schemeTexts } from '../../domain/privacy/pseudonym.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { LakeliftError } from '../../errors.ts';
import type { DatasetEngine, DatasetSession } from '../../ports/dataset-engine.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { KeyedScheme } from './build-dataset.ts';
import { findTableBeside } from './change-small-files.ts';
import { smallestClass } from './make-anonymous.ts';
import type { StandingFiles } from './publish-dataset.ts';
import { KEPT_IN_CLEAR, PSEUDONYMS_PARAMETER } from './register-dataset.ts';
import { asStanding, COUNT, writeDataset, type WrittenDataset } from './write-dataset.ts';

export interface EraseRequest {
  readonly identifiers: readonly Identifier[];
  readonly scheme: KeyedScheme;
  readonly engine: DatasetEngine;
  readonly catalog: Pick<TargetCatalog, 'findTable'>;
  readonly signal: AbortSignal;
}

export interface DatasetErasure extends EraseRequest {
  /** Also pseudonyms of each version that the scheme goes on from: of what no rotation has reached. */
  readonly alsoEarlier?: boolean | undefined;
}

/** Figures of a published dataset; nothing of the person. */
export interface ErasedDataset {
  readonly rowsBefore: number;
  readonly rowsErased: number;
  /** Columns of people in clear, which pseudonyms cannot be looked for in. */
  readonly notSearched: readonly string[];
  /** Of the columns that it is anonymous over, once they are gone; undefined where none are named. */
  readonly smallestClass: number | undefined;
  /** Without the person's rows; undefined where there are none. */
  readonly written: WrittenDataset | undefined;
}

export interface FoundDataset {
  readonly dataset: Dataset;
  /** Before it was read. */
  readonly standing: StandingFiles;
  /** undefined where it has no pseudonyms. */
  readonly erased: ErasedDataset | undefined;
}

/**
 * A published dataset without the rows of one person, who is found by pseudonym in each column of text that stands, whatever is declared by now. undefined where its table
 * says that it has no pseudonyms, and where only functions wrote beside it. Writes nowhere. Throws `usage` for a dataset that does not stand, or has pseudonyms of another
 * scheme, where nobody would be found.
 */
export async function eraseFromDataset(
  { dataset, output }: Pick<PlannedDataset, 'dataset' | 'output'>,
  request: DatasetErasure,
): Promise<ErasedDataset | undefined> {
  const { scheme, engine, catalog, signal, alsoEarlier = false } = request;
  const place = { database: dataset.target.database, name: dataset.target.table };
  const found = await catalog.findTable(place, signal);
  if (found === undefined && (await findTableBeside({ dataset }, request)) !== undefined) return undefined;
  if (found === undefined) throw refused(dataset.name, 'it does not stand', 'Build it first.');
  const said = found.table.parameters[PSEUDONYMS_PARAMETER];
  if (said === undefined) return undefined;
  const session = await engine.open([place], signal);
  try {
    await session.create(`SELECT * FROM ${session.relationOf(place)}`);
    const texts = (await session.describe()).filter(({ type }) => type === 'string').map(({ name }) => name);
    // A declaration before this one may have left what the table says, and no pseudonym.
    const known = alsoEarlier ? schemeTexts(scheme) : [schemeText(scheme)];
    if (!known.includes(said) && (await session.count(`${COUNT} WHERE ${holdsPseudonym(texts)}`)) > 0)
      throw refused(dataset.name, `its pseudonyms are ${said}, not ${schemeText(scheme)}`, 'Mend "pseudonyms".');
    const isThem = conditionOn(texts, request);
    const rowsBefore = await session.count(COUNT);
    const rowsErased = await session.count(`${COUNT} WHERE ${isThem}`);
    if (rowsErased > 0) await session.create(`SELECT * FROM dataset WHERE NOT coalesce(${isThem}, false)`);
    return {
      rowsBefore,
      rowsErased,
      notSearched: standingInClear(found.table, output),
      smallestClass: await classLeft(session, dataset),
      written: rowsErased === 0 ? undefined : await writeDataset(session, asStanding(dataset, found.table), output),
    };
  } finally {
    await session.close();
  }
}

/** Of the classes that are declared; undefined where the dataset has not got their columns. */
async function classLeft(
  session: DatasetSession,
  { anonymity, aggregate }: Pick<Dataset, 'anonymity' | 'aggregate'>,
): Promise<number | undefined> {
  if (anonymity === undefined || aggregate !== undefined) return undefined;
  const standing = (await session.describe()).map(({ name }) => name);
  const isThere = [...anonymity.over, ...(anonymity.of ?? [])].every((name) => standing.includes(name));
  return isThere ? smallestClass(session, anonymity) : undefined;
}

/** Of people, where no pseudonym can be looked for. */
export function columnsInClear(output: readonly PlannedColumn[]): string[] {
  const inClear = output.filter((one) => one.class === 'identifier' && effectiveTreatment(one).kind === 'keep');
  return inClear.map(({ name }) => name);
}

/** The same of a table that stands, also where nothing is declared of it: what whoever built it says of its columns, and what is declared of them. */
export function standingInClear({ partitionKeys, storage }: TargetTable, output: readonly PlannedColumn[]): string[] {
  const declared = columnsInClear(output);
  const standing = [...storage.columns, ...partitionKeys];
  return standing
    .filter(({ name, comment }) => comment === KEPT_IN_CLEAR || declared.includes(name))
    .map(({ name }) => name);
}

function holdsPseudonym(columns: readonly string[]): string {
  const pattern = standardLiteral(ANY_PSEUDONYM);
  return anyOf(columns.map((name) => `regexp_full_match(${doubleQuotes(name)}, ${pattern})`));
}

function conditionOn(columns: readonly string[], { identifiers, scheme, alsoEarlier }: DatasetErasure): string {
  const theirs = alsoEarlier === true ? pseudonymsOfPersonSince : pseudonymsOfPerson;
  const pseudonyms = theirs(scheme, identifiers).map(standardLiteral);
  return anyOf(columns.map((name) => `${doubleQuotes(name)} IN (${pseudonyms.join(', ')})`));
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? 'false' : conditions.join(' OR ');
}

function refused(name: string, what: string, hint: string): LakeliftError {
  return new LakeliftError(`Nobody can be erased from ${name}: ${what}`, {
    kind: 'usage',
    code: 'ERASURE_REFUSED',
    subject: name,
    hint: `${hint} Nothing was written.`,
  });
}
