import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import type { Mapping } from '../../domain/mapping.ts';
import type { RawFinding } from '../../domain/privacy/erasure.ts';
import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import { publishedPseudonym, type Identifier } from '../../domain/privacy/identifiers.ts';
import { pseudonymSql, schemeText } from '../../domain/privacy/pseudonym.ts';
import { rawCalendars } from '../../domain/privacy/raw-calendars.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { DatasetEngine, StandingTable } from '../../ports/dataset-engine.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { KeyedScheme } from './build-dataset.ts';
import { findTableBeside } from './change-small-files.ts';
import { smallestClass } from './make-anonymous.ts';
import { PSEUDONYMS_PARAMETER } from './register-dataset.ts';
import { COUNT, writeDataset, type WrittenDataset } from './write-dataset.ts';

export interface EraseRequest {
  readonly identifiers: readonly Identifier[];
  readonly scheme: KeyedScheme;
  readonly engine: DatasetEngine;
  readonly catalog: Pick<TargetCatalog, 'findTable'>;
  readonly signal: AbortSignal;
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

/**
 * A published dataset without the rows of one person, who is found by pseudonym. undefined where it has no pseudonyms, and where only functions wrote beside it. Writes
 * nowhere. Throws `usage` for a dataset that does not stand, or under another scheme, where nobody would be found.
 */
export async function eraseFromDataset(
  { dataset, output }: PlannedDataset,
  request: EraseRequest,
): Promise<ErasedDataset | undefined> {
  const { scheme, engine, catalog, signal } = request;
  const place = { database: dataset.target.database, name: dataset.target.table };
  const found = await catalog.findTable(place, signal);
  if (found === undefined && (await findTableBeside({ dataset }, request)) !== undefined) return undefined;
  if (found === undefined) throw refused(dataset.name, 'it does not stand', 'Build it first.');
  const standing = found.table.parameters[PSEUDONYMS_PARAMETER];
  const pseudonymised = output.filter((column) => effectiveTreatment(column).kind === 'pseudonymise');
  // The parameter of a declaration before this one may be left.
  if (standing === undefined || pseudonymised.length === 0) return undefined;
  if (standing !== schemeText(scheme))
    throw refused(dataset.name, `its pseudonyms are ${standing}, not ${schemeText(scheme)}`, 'Mend "pseudonyms".');
  const session = await engine.open([place], signal);
  try {
    const missing = output.filter(({ name }) => !session.columnsOf(place).includes(name)).map(({ name }) => name);
    if (missing.length > 0)
      throw refused(dataset.name, `it has no column ${missing.join(', ')}`, 'Build it again first.');
    const isThem = conditionOn(
      pseudonymised.map(({ name }) => name),
      request,
    );
    await session.create(`SELECT * FROM ${session.relationOf(place)}`);
    const rowsBefore = await session.count(COUNT);
    const rowsErased = await session.count(`${COUNT} WHERE ${isThem}`);
    if (rowsErased > 0) await session.create(`SELECT * FROM dataset WHERE NOT coalesce(${isThem}, false)`);
    const { anonymity, aggregate } = dataset;
    const isCounted = anonymity !== undefined && aggregate === undefined;
    return {
      rowsBefore,
      rowsErased,
      notSearched: columnsInClear(output),
      smallestClass: isCounted ? await smallestClass(session, anonymity) : undefined,
      written: rowsErased === 0 ? undefined : await writeDataset(session, dataset, output),
    };
  } finally {
    await session.close();
  }
}

/** Of people, where no pseudonym can be looked for. */
export function columnsInClear(output: readonly PlannedColumn[]): string[] {
  const inClear = output.filter((one) => one.class === 'identifier' && effectiveTreatment(one).kind === 'keep');
  return inClear.map(({ name }) => name);
}

function conditionOn(columns: readonly string[], { identifiers, scheme }: EraseRequest): string {
  const pseudonyms = identifiers.map((one) => standardLiteral(publishedPseudonym(scheme, scheme.keys, one)));
  return columns.map((name) => `${doubleQuotes(name)} IN (${pseudonyms.join(', ')})`).join(' OR ');
}

/** Looks for the person in tables of raw, whose identifiers are turned into pseudonyms for that: no statement holds one of theirs. Changes nothing there. */
export async function findInRaw({ tables }: Pick<Mapping, 'tables'>, request: EraseRequest): Promise<RawFinding[]> {
  const findings: RawFinding[] = [];
  for (const [table, mapped] of Object.entries(tables)) {
    const { target, columns, skip } = mapped;
    const identifying = Object.entries(columns).flatMap(([name, one]) => (one.class === 'identifier' ? [name] : []));
    if (skip !== undefined || identifying.length === 0) continue;
    try {
      const place = { database: target.database, name: target.table, calendars: rawCalendars(mapped) };
      const found = await countInRaw(place, identifying, request);
      const objects = [...found].map(([location, rows]) => ({ location, rows }));
      findings.push({ table, rows: objects.reduce((sum, { rows }) => sum + rows, 0), objects });
    } catch (error) {
      if (!isLakeliftError(error)) throw error;
      findings.push({ table, rows: undefined, objects: [], reason: error.code });
    }
  }
  return findings;
}

async function countInRaw(
  place: StandingTable,
  columns: readonly string[],
  { identifiers, scheme, engine, signal }: EraseRequest,
): Promise<ReadonlyMap<string, number>> {
  const session = await engine.open([place], signal);
  try {
    await session.useKeys(scheme.keys);
    const conditions = columns.flatMap((name) =>
      identifiers.map((one) => {
        const theirs = standardLiteral(publishedPseudonym(scheme, scheme.keys, one));
        return `${pseudonymSql(scheme, one.field, `CAST(${doubleQuotes(name)} AS VARCHAR)`)} = ${theirs}`;
      }),
    );
    return await session.countByFile(place, conditions.join(' OR '));
  } finally {
    await session.close();
  }
}

function refused(name: string, what: string, hint: string): LakeliftError {
  return new LakeliftError(`Nobody can be erased from ${name}: ${what}`, {
    kind: 'usage',
    code: 'ERASURE_REFUSED',
    subject: name,
    hint: `${hint} Nothing was written.`,
  });
}
