import type { Mapping } from '../../domain/mapping.ts';
import { datasetFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { LeftOfErasure, RawFinding } from '../../domain/privacy/erasure.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import { isLakeliftError } from '../../errors.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import { eraseFromDataset, standingInClear, type FoundDataset } from './erase-person.ts';
import { eraseFromSmallFiles, type FoundBeside } from './erase-small-files.ts';
import type { ErasureRecords } from './erasure-records.ts';
import { findInCopy, type RawSearch } from './find-in-raw.ts';
import { findWholeFiles, type DatasetPlace } from './publish-dataset.ts';

export interface UndeclaredErasure extends RawSearch {
  readonly catalog: Pick<TargetCatalog, 'findTable' | 'listTables'>;
  readonly mapping: Mapping;
  readonly datasets: readonly Dataset[];
  readonly alsoIn: readonly string[];
  readonly records: Pick<ErasureRecords, 'useCase'>;
  readonly place: (dataset: Dataset) => DatasetPlace;
}

export interface FoundUndeclared {
  readonly datasets: readonly FoundDataset[];
  readonly smallFiles: readonly FoundBeside[];
  readonly raw: readonly RawFinding[];
  /** What the person could not be looked for in. */
  readonly left: readonly LeftOfErasure[];
  /** Targets whose own table is one of these, `cleaned_rh.salaries`: a dataset that is declared there by now, under another name, has none. */
  readonly targets: ReadonlySet<string>;
  /** Targets whose small files were looked into. */
  readonly targetsOfSmallFiles: ReadonlySet<string>;
}

/**
 * Looks for the person in tables that the use case has made, by what they say of themselves, and that nobody declares any more: of datasets that were taken out of the
 * YAML or got another name or target, in databases that others have or that are given, and copies that the mapping has no more. Writes in these copies alone, where raw is to be erased from. One that cannot be looked
 * into is named, and does not keep others from being.
 */
export async function findInUndeclared(erasure: UndeclaredErasure): Promise<FoundUndeclared> {
  const { tables, left } = await undeclaredTables(erasure);
  const found: Findings[] = [{ ...NOTHING, left }];
  for (const [made, of] of Map.groupBy(tables, ({ made }) => made?.base))
    if (made === undefined)
      for (const { table } of of) found.push({ ...NOTHING, raw: [await findInCopy(table, erasure)] });
    else found.push(await findOrName(of, erasure));
  return {
    datasets: found.flatMap(({ datasets }) => datasets),
    smallFiles: found.flatMap(({ smallFiles }) => smallFiles),
    raw: found.flatMap(({ raw }) => raw),
    left: found.flatMap((one) => one.left),
    targets: new Set(tables.flatMap(({ made }) => (made === undefined || made.isSmallFiles ? [] : made.base))),
    targetsOfSmallFiles: new Set(tables.flatMap(({ made }) => made?.base ?? [])),
  };
}

type Findings = Omit<FoundUndeclared, 'targets' | 'targetsOfSmallFiles'>;

const NOTHING: Findings = { datasets: [], smallFiles: [], raw: [], left: [] };

/** A table that the use case has made. */
interface MadeTable {
  readonly table: TargetTable;
  /** undefined for a copy of a table of the source. */
  readonly made: MadeDataset | undefined;
}

interface MadeDataset {
  readonly dataset: string;
  readonly isSmallFiles: boolean;
  /** `cleaned_rh.salaries`, of the table of its small files as well. */
  readonly base: string;
}

async function undeclaredTables(
  erasure: UndeclaredErasure,
): Promise<{ readonly tables: readonly MadeTable[]; readonly left: readonly LeftOfErasure[] }> {
  const { mapping, datasets, alsoIn, catalog, records, signal } = erasure;
  const mapped = Object.values(mapping.tables);
  const targets = [...datasets, ...mapped].map(({ target }) => target.database);
  const copies = new Set(mapped.filter(({ skip }) => skip === undefined).map(nameOfTarget));
  const declared = new Map(datasets.map((dataset) => [nameOfTarget(dataset), dataset.name]));
  const tables: MadeTable[] = [];
  const left: LeftOfErasure[] = [];
  for (const database of new Set([...targets, ...alsoIn].map((name) => name.toLowerCase())))
    try {
      for await (const table of catalog.listTables(database, signal)) {
        // A view holds no rows.
        if (table.parameters[STAMP.useCase] !== records.useCase || table.type === 'VIRTUAL_VIEW') continue;
        const made = madeDataset(table, records.useCase);
        const isDeclared =
          made === undefined ? copies.has(`${database}.${table.name}`) : declared.get(made.base) === made.dataset;
        if (!isDeclared) tables.push({ table, made });
      }
    } catch (error) {
      if (!isLakeliftError(error)) throw error;
      left.push({ kind: 'undeclared-table', location: `${database}.*`, reason: error.code });
    }
  return { tables, left };
}

/** As the catalog calls it. */
export function nameOfTarget({
  target,
}: {
  readonly target: { readonly database: string; readonly table: string };
}): string {
  return `${target.database}.${target.table}`.toLowerCase();
}

/** By what its maker has stamped on it: a build, a job or a function. */
function madeDataset({ database, name, parameters }: TargetTable, useCase: string): MadeDataset | undefined {
  const source = parameters[STAMP.source] ?? '';
  const mark = `dataset ${useCase}/`;
  const at = source.indexOf(mark);
  if (at === -1) return undefined;
  const isSmallFiles = name.endsWith(SMALL_FILES);
  const base = isSmallFiles ? name.slice(0, -SMALL_FILES.length) : name;
  return { dataset: source.slice(at + mark.length), isSmallFiles, base: `${database}.${base}` };
}

/** In the table of a dataset and that of its small files, as far as they stand. */
async function findOrName(tables: readonly MadeTable[], erasure: UndeclaredErasure): Promise<Findings> {
  const [{ table, made }] = tables as [MadeTable];
  const own = tables.find((one) => one.made?.isSmallFiles === false)?.table;
  const named = (reason: string): Findings => ({ ...NOTHING, left: tables.map((one) => leftTable(one, reason)) });
  const place = placeOf(own ?? table, made!, erasure);
  if (place === undefined) return named('DATASET_ELSEWHERE');
  const { dataset } = place;
  try {
    const request = { ...erasure, alsoEarlier: true, isConfirmed: false };
    const erased = await eraseFromSmallFiles(place, request);
    const notSearched = standingInClear(own ?? table, []);
    const found = { ...NOTHING, smallFiles: [{ dataset, notSearched, erased, alsoEarlier: true }] };
    if (own === undefined) return found;
    const standing = await findWholeFiles(place);
    const rows = await eraseFromDataset({ dataset, output: [] }, request);
    if (rows !== undefined) return { ...found, datasets: [{ dataset, standing, erased: rows }] };
    return { ...found, left: [leftTable({ table: own }, 'NO_PSEUDONYMS')] };
  } catch (error) {
    if (!isLakeliftError(error)) throw error;
    // It stands: nothing else is refused of a table that was found just now.
    return named(error.code === 'ERASURE_REFUSED' ? 'OTHER_PSEUDONYMS' : error.code);
  }
}

function leftTable({ table }: Pick<MadeTable, 'table'>, reason: string): LeftOfErasure {
  const name = `${table.database}.${table.name}`;
  return { kind: 'undeclared-table', table: name, location: table.storage.location ?? name, reason };
}

/** As a dataset of which nothing is known but where it stands; undefined where that is in no zone of the project. */
function placeOf(
  table: TargetTable,
  { dataset: name, base }: MadeDataset,
  erasure: UndeclaredErasure,
): DatasetPlace | undefined {
  const location = table.storage.location?.replace(/\/*$/, '/');
  for (const zone of ['cleaned', 'refined'] as const) {
    const target = { zone, database: table.database, table: base.slice(table.database.length + 1) };
    const nothing = { from: '', joins: [], where: [], columns: {}, partitions: [], checks: [] };
    const place = placeIn({ name, target, ...nothing, consumers: [], legalBasis: [] }, erasure);
    if (place === undefined) continue;
    const { bucket, prefix } = place.zone;
    if (location === `s3://${bucket}/${datasetFolder(prefix, { ...target, table: table.name })}`) return place;
  }
  return undefined;
}

function placeIn(dataset: Dataset, { place }: UndeclaredErasure): DatasetPlace | undefined {
  try {
    return place(dataset);
  } catch (error) {
    // The project has no such zone: nothing stands there.
    if (isLakeliftError(error) && error.code === 'ZONE_MISSING') return undefined;
    throw error;
  }
}
