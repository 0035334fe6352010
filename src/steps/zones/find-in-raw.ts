import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import type { Mapping, TableMapping } from '../../domain/mapping.ts';
import type { RawFinding } from '../../domain/privacy/erasure.ts';
import { publishedPseudonym } from '../../domain/privacy/identifiers.ts';
import { kindsOfPerson } from '../../domain/privacy/person-forms.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { pseudonymSql } from '../../domain/privacy/pseudonym.ts';
import { rawCalendars } from '../../domain/privacy/raw-calendars.ts';
import { parseTreatment } from '../../domain/privacy/treatment.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StandingTable } from '../../ports/dataset-engine.ts';
import type { EraseRequest } from './erase-person.ts';

/** Of a table that has no column which could name somebody. */
const NO_IDENTIFIER = 'NO_IDENTIFIER_COLUMN';

/**
 * Looks for the person in tables of raw: in columns that identify people, that nobody has classed, or that become pseudonyms, by the mapping or in a dataset. Their
 * values are turned into pseudonyms for that: no statement holds one of theirs. Changes nothing there.
 */
export async function findInRaw(
  { tables }: Pick<Mapping, 'tables'>,
  planned: readonly PlannedDataset[],
  request: EraseRequest,
): Promise<RawFinding[]> {
  const findings: RawFinding[] = [];
  for (const [table, mapped] of Object.entries(tables)) {
    const { target, skip } = mapped;
    if (skip !== undefined) continue;
    const place = { database: target.database, name: target.table, calendars: rawCalendars(mapped) };
    findings.push(await findOrSay(table, { place, columns: namingColumns(table, mapped, planned) }, request));
  }
  return findings;
}

/** The same of a copy that the mapping has no more: in all of its columns, since nobody says any longer what they are. */
export async function findInCopy(
  { database, name, storage, partitionKeys }: TargetTable,
  request: EraseRequest,
): Promise<RawFinding> {
  const columns = [...storage.columns, ...partitionKeys].map((column) => column.name);
  const found = await findOrSay(`${database}.${name}`, { place: { database, name }, columns }, request);
  const keys = new Set(partitionKeys.map((key) => key.name.toLowerCase()));
  return { ...found, objects: found.objects.map((one) => ({ ...one, location: withoutValues(one.location, keys) })) };
}

/** Values of partition keys may be people's, and these are the person's own. */
function withoutValues(location: string, keys: ReadonlySet<string>): string {
  return location.replaceAll(/\/([^/=]+)=[^/]*/g, (all, key: string) =>
    keys.has(key.toLowerCase()) ? `/${key}=masked` : all,
  );
}

async function findOrSay(table: string, raw: RawTable, request: EraseRequest): Promise<RawFinding> {
  try {
    return await findInTable(table, raw, request);
  } catch (error) {
    if (!isLakeliftError(error)) throw error;
    return { table, rows: undefined, objects: [], reason: error.code };
  }
}

/** As a mapping has the treatment of a column. */
export function isPseudonymised(treat: string | undefined): boolean {
  return treat !== undefined && parseTreatment(treat)?.kind === 'pseudonymise';
}

function namingColumns(table: string, { columns }: TableMapping, planned: readonly PlannedDataset[]): string[] {
  const sources = planned.flatMap(({ from, joins }) => [from, ...joins.map(({ source }) => source)]);
  const treated = sources.filter(({ name }) => name === table).flatMap((one) => [...one.columns, ...one.keys]);
  const names = treated.filter(({ treatment }) => treatment.kind === 'pseudonymise').map(({ source }) => source);
  const declared = Object.entries(columns)
    .filter(([, one]) => one.class === 'identifier' || one.class === 'unclassified' || isPseudonymised(one.treat))
    .map(([name]) => name);
  return [...new Set([...declared, ...names])];
}

interface RawTable {
  readonly place: StandingTable;
  readonly columns: readonly string[];
}

async function findInTable(table: string, raw: RawTable, request: EraseRequest): Promise<RawFinding> {
  if (raw.columns.length === 0) return { table, rows: undefined, objects: [], reason: NO_IDENTIFIER };
  const found = await countInRaw(raw, request);
  const objects = [...found].map(([location, rows]) => ({ location, rows }));
  return { table, rows: objects.reduce((sum, { rows }) => sum + rows, 0), objects };
}

async function countInRaw(
  { place, columns }: RawTable,
  { identifiers, scheme, engine, signal }: EraseRequest,
): Promise<ReadonlyMap<string, number>> {
  const kinds = Map.groupBy(kindsOfPerson(identifiers), ({ field }) => field);
  const session = await engine.open([place], signal);
  try {
    await session.useKeys(scheme.keys);
    const conditions = columns.flatMap((name) =>
      [...kinds].map(([field, members]) => {
        const theirs = members.map((one) => standardLiteral(publishedPseudonym(scheme, scheme.keys, one)));
        return `${pseudonymSql(scheme, field, `CAST(${doubleQuotes(name)} AS VARCHAR)`)} IN (${theirs.join(', ')})`;
      }),
    );
    return await session.countByFile(place, conditions.join(' OR '));
  } finally {
    await session.close();
  }
}
