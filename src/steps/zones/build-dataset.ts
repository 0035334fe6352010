import type { ColumnClass } from '../../domain/mapping.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { datasetsBelow } from '../../domain/privacy/dataset-order.ts';
import { outputSql, rowsSql } from '../../domain/privacy/dataset-sql.ts';
import { pseudonymsNotCounted } from '../../domain/privacy/plan-anonymity.ts';
import type { SourceTable } from '../../domain/privacy/plan-columns.ts';
import {
  planDataset,
  sourceOfDataset,
  sourceOfTable,
  tableOfMapping,
  type Sources,
} from '../../domain/privacy/plan-dataset.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { rawCalendars } from '../../domain/privacy/raw-calendars.ts';
import { LakeliftError } from '../../errors.ts';
import type {
  DatasetEngine,
  DatasetSession,
  GivenTable,
  MadeTable,
  StandingTable,
} from '../../ports/dataset-engine.ts';
import { leastDiversity, makeAnonymous, smallestClass, type Suppressed } from './make-anonymous.ts';
import { refuseLeaks } from './refuse-leaks.ts';
import { refuseNested } from './refuse-nested.ts';
import { countUnreadable, runChecks, type CheckResult } from './run-checks.ts';
import { COUNT, writeDataset, type WrittenDataset } from './write-dataset.ts';

/** Pseudonyms of a use case, and the keys of their version and of those that it goes on from. */
export interface KeyedScheme extends PseudonymScheme {
  readonly keys: ReadonlyMap<number, Uint8Array>;
}

export interface LeftOut {
  /** As {@link Dataset.from}. */
  readonly source: string;
  readonly column: string;
  readonly class: ColumnClass;
}

export interface BuildRequest {
  readonly dataset: Dataset;
  readonly mapping: Sources;
  /** Datasets made before, by name: all that this one is made of. */
  readonly made: ReadonlyMap<string, BuiltDataset>;
  /** Tables that stand in no catalog, by name: blocks of DSN files. */
  readonly given?: ReadonlyMap<string, GivenTable> | undefined;
  readonly engine: DatasetEngine;
  /** undefined where no column becomes a pseudonym. */
  readonly pseudonyms: KeyedScheme | undefined;
  /** Why one valid number stops nothing, here. */
  readonly validByChance?: string | undefined;
  readonly signal: AbortSignal;
}

/** A dataset and what was done to it; values of nobody. */
export interface BuiltDataset extends WrittenDataset, Suppressed {
  /** Rows chosen and joined, before any was suppressed or summed up. */
  readonly sourceRows: number;
  /** Columns that people could be counted by, where anonymity counts rows. */
  readonly pseudonymsNotCounted: readonly string[];
  /** Of the columns that it is anonymous over: people, or rows; undefined where none were named or no row is left. */
  readonly smallestClass: number | undefined;
  /** Different values of a sensitive column in the class that has fewest of them. */
  readonly leastDiversity: number | undefined;
  readonly checks: readonly CheckResult[];
  /** Columns of the tables that it is made of which it does not have. */
  readonly leftOut: readonly LeftOut[];
  /** Files of the table that its rows begin with, `s3://bucket/key`; none where that stands in no catalog, or was made just now. */
  readonly readFiles: readonly string[];
}

const NOTHING: Suppressed = { suppressedRows: 0, blankedRows: 0, blankedCells: 0 };

/**
 * Makes one dataset: rows chosen, columns treated, tables joined; cells of classes that are too small emptied, their rows suppressed or the build refused; summed up, checked, and refused when
 * a number or address of a person or company is still there in clear. Writes nowhere. Throws `usage` for what is to be decided, `DATASET_NESTED`, `DATASET_LEAK`, `DATASET_NOT_ANONYMOUS`,
 * `DATASET_CHECK_FAILED`.
 */
export async function buildDataset(request: BuildRequest): Promise<BuiltDataset> {
  const { dataset, engine, validByChance, signal } = request;
  const { anonymity } = dataset;
  const session = await engine.open(tablesOf(request), signal);
  try {
    const planned = planDataset(dataset, (name) => sourceOf(name, request, session));
    for (const { name, columns, keys } of [planned.from, ...planned.joins.map(({ source }) => source)])
      refuseNested(dataset.name, [...columns, ...keys], session.columnsOf(placeOf(name, request)));
    const unreadable = await countUnreadable(session, planned, (name) => session.relationOf(placeOf(name, request)));
    await session.create(await rows(session, planned, request));
    const sourceRows = await session.count(COUNT);
    const suppressed = anonymity === undefined ? NOTHING : await makeAnonymous(session, dataset, anonymity);
    const smallest = anonymity === undefined ? undefined : await smallestClass(session, anonymity);
    const least = anonymity === undefined ? undefined : await leastDiversity(session, anonymity);
    const types = new Map((await session.describe()).map(({ name, type }) => [name, type]));
    await session.create(outputSql(planned, (name) => types.get(name)!));
    const checks = [...unreadable, ...(await runChecks(session, dataset))];
    await refuseLeaks(session, { name: dataset.name, columns: planned.output, validByChance });
    const written = await writeDataset(session, dataset, planned.output);
    const figures = { sourceRows, ...suppressed, smallestClass: smallest, leastDiversity: least, checks };
    const open = { pseudonymsNotCounted: pseudonymsNotCounted(dataset, planned.columns) };
    const readFiles = session.filesOf(placeOf(dataset.from, request));
    return { ...written, ...figures, ...open, leftOut: leftOutOf(planned, request, session), readFiles };
  } finally {
    await session.close();
  }
}

function leftOutOf(planned: PlannedDataset, request: BuildRequest, session: DatasetSession): LeftOut[] {
  return [planned.from, ...planned.joins.map(({ source }) => source)].flatMap(({ name, columns }) => {
    const taken = new Set(columns.map(({ source }) => source));
    const { columns: all, known } = sourceOf(name, request, session);
    return all
      .filter((column) => !taken.has(column))
      .map((column) => ({ source: name, column, class: known[column]?.class ?? 'unclassified' }));
  });
}

/** Tables and datasets that a dataset reads, as the engine finds them. */
function tablesOf(request: BuildRequest): (StandingTable | MadeTable | GivenTable)[] {
  const { from, joins } = request.dataset;
  return [from, ...joins.map((join) => join.with)].map((name) => placeOf(name, request));
}

function placeOf(
  name: string,
  { dataset, mapping, made, given }: BuildRequest,
): StandingTable | MadeTable | GivenTable {
  const known = given?.get(name);
  if (known !== undefined) return known;
  const built = made.get(name);
  if (built !== undefined) {
    const { database, table } = built.dataset.target;
    return { database, name: table, columns: built.types, partitionKeys: built.partitionKeys, files: built.files };
  }
  if (datasetsBelow(dataset).includes(name)) throw new RangeError(`${name} is to be made before ${dataset.name}`);
  const table = tableOfMapping(mapping, name);
  const { target } = table;
  return { database: target.database, name: target.table, calendars: rawCalendars(table) };
}

function sourceOf(name: string, request: BuildRequest, session: DatasetSession): SourceTable {
  const built = request.made.get(name);
  if (built !== undefined) return sourceOfDataset({ dataset: built.dataset, output: built.columns });
  const columns = session.columnsOf(placeOf(name, request)).map((column) => column.name);
  return sourceOfTable(request.mapping, name, columns);
}

async function rows(session: DatasetSession, planned: PlannedDataset, request: BuildRequest): Promise<string> {
  const { pseudonyms } = request;
  const sources = [planned.from, ...planned.joins.map(({ source }) => source)];
  const treatments = sources.flatMap(({ columns, keys }) => [...columns, ...keys]).map(({ treatment }) => treatment);
  if (treatments.some(({ kind }) => kind === 'pseudonymise')) {
    if (pseudonyms === undefined) throw noKey(request.dataset);
    await session.useKeys(pseudonyms.keys);
  }
  return rowsSql(planned, (name) => session.relationOf(placeOf(name, request)), pseudonyms);
}

function noKey({ name }: Dataset): LakeliftError {
  return new LakeliftError(`${name} has pseudonyms, and no key for them`, {
    kind: 'usage',
    code: 'PSEUDONYM_KEY_MISSING',
    subject: name,
    hint: 'Name the domain and version under "pseudonyms" in the datasets, and its key under privacy.keys in lakelift.yaml.',
  });
}
