import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import type { Mapping, TableMapping } from '../../domain/mapping.ts';
import {
  NAME_HOLDS_THEM,
  NESTED_IDENTIFIER,
  NO_IDENTIFIER,
  type RawFinding,
  type RawObject,
} from '../../domain/privacy/erasure.ts';
import { publishedPseudonym } from '../../domain/privacy/identifiers.ts';
import { kindsOfPerson } from '../../domain/privacy/person-forms.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { pseudonymSql } from '../../domain/privacy/pseudonym.ts';
import { rawCalendars } from '../../domain/privacy/raw-calendars.ts';
import { parseTreatment } from '../../domain/privacy/treatment.ts';
import type { TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StandingTable, TypedColumn } from '../../ports/dataset-engine.ts';
import { changeRaw, endsErasure, holdsName, type RawChange, type Rewrite } from './change-raw.ts';
import type { EraseRequest } from './erase-person.ts';

export interface RawSearch extends EraseRequest {
  /** Takes what is found out of raw; without, it is only named. */
  readonly raw?: RawChange | undefined;
}

/**
 * Looks for the person in tables of raw: in columns that identify people, that nobody has classed, or that become pseudonyms, by the mapping or in a dataset. Their
 * values are turned into pseudonyms for that: no statement holds one of theirs.
 */
export async function findInRaw(
  { tables }: Pick<Mapping, 'tables'>,
  planned: readonly PlannedDataset[],
  request: RawSearch,
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
  request: RawSearch,
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

async function findOrSay(table: string, raw: RawTable, request: RawSearch): Promise<RawFinding> {
  try {
    return await findInTable(table, raw, request);
  } catch (error) {
    if (!isLakeliftError(error) || endsErasure(error, request.raw)) throw error;
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

async function findInTable(table: string, raw: RawTable, request: RawSearch): Promise<RawFinding> {
  if (raw.columns.length === 0) return { table, rows: undefined, objects: [], reason: NO_IDENTIFIER };
  const { objects, reason } = await findObjects(raw, request);
  return { table, rows: objects.reduce((sum, { rows }) => sum + rows, 0), objects, ...(reason && { reason }) };
}

async function findObjects(
  { place, columns: all }: RawTable,
  { identifiers, scheme, engine, signal, raw }: RawSearch,
): Promise<Pick<RawFinding, 'objects' | 'reason'>> {
  const kinds = Map.groupBy(kindsOfPerson(identifiers), ({ field }) => field);
  const session = await engine.open([place], signal);
  try {
    const isNested = ({ type }: TypedColumn): boolean => /^(?:array|map|struct|uniontype)</i.test(type);
    const nested = new Set(
      session
        .columnsOf(place)
        .filter(isNested)
        .map((one) => one.name.toLowerCase()),
    );
    const columns = all.filter((name) => !nested.has(name.toLowerCase()));
    const reason = columns.length < all.length ? NESTED_IDENTIFIER : undefined;
    if (columns.length === 0) return { objects: [], reason };
    await session.useKeys(scheme.keys);
    const conditions = columns.flatMap((name) =>
      [...kinds].map(([field, members]) => {
        const theirs = members.map((one) => standardLiteral(publishedPseudonym(scheme, scheme.keys, one)));
        return `${pseudonymSql(scheme, field, `CAST(${doubleQuotes(name)} AS VARCHAR)`)} IN (${theirs.join(', ')})`;
      }),
    );
    const isTheirs = conditions.join(' OR ');
    const found: RawObject[] = [];
    for (const [location, rows] of await session.countByFile(place, isTheirs)) {
      const rewrite: Rewrite = (content) => session.fileWithout(place, { location, content }, isTheirs);
      found.push(raw === undefined ? { location, rows } : await changeRaw({ location, rows }, rewrite, raw));
    }
    const named = raw === undefined ? [] : session.filesOf(place).filter((location) => holdsName(location, raw));
    for (const location of named)
      if (!found.some((one) => one.location === location)) found.push({ location, rows: 0, reason: NAME_HOLDS_THEM });
    return { objects: found, reason };
  } finally {
    await session.close();
  }
}
