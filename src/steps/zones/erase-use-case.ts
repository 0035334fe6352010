import type { Mapping, PathMapping } from '../../domain/mapping.ts';
import { datasetsBelow } from '../../domain/privacy/dataset-order.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import {
  goneOnWith,
  servedGoneOnWith,
  type ErasedFigures,
  type ErasureRecord,
  type RawFinding,
} from '../../domain/privacy/erasure.ts';
import { personToken, pseudonymsSince } from '../../domain/privacy/identifiers.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import { schemeText } from '../../domain/privacy/pseudonym.ts';
import { isLakeliftError, type LakeliftError } from '../../errors.ts';
import type { ServingTables } from '../../ports/serving-tables.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { columnsInClear, eraseFromDataset, findInRaw, type EraseRequest, type ErasedDataset } from './erase-person.ts';
import { erasureOpen, findOpenErasure, putErasure, type ErasureRecords, type OpenErasure } from './erasure-records.ts';
import { leftSmallFiles } from './change-small-files.ts';
import { eraseAllSmallFiles, eraseFromSmallFiles, type ErasedSmallFiles } from './erase-small-files.ts';
import { findInDsn, findInQuarantine, type FoundInDsn } from './find-in-dsn.ts';
import { eraseFromServed } from './erase-served.ts';
import type { ErasedServed } from './erase-served-tables.ts';
import { publishDataset, refuseCutOff, type DatasetPlace } from './publish-dataset.ts';

export interface UseCaseErasure extends EraseRequest {
  readonly by: string;
  readonly mapping: Mapping;
  readonly datasets: readonly Dataset[];
  readonly records: ErasureRecords;
  readonly place: (dataset: Dataset) => DatasetPlace;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
  /** Where the files of a mapped folder stand. */
  readonly zoneOfPath: (path: PathMapping) => ZoneTarget;
  /** Of DynamoDB; undefined where none is configured. */
  readonly tables: ServingTables | undefined;
  /** Takes values of people out of the names of objects. */
  readonly masked: <Value>(value: Value) => Value;
}

export interface Erasure {
  readonly record: ErasureRecord;
  /** Of the record; undefined where nothing was to be written. */
  readonly location: string | undefined;
  /** One that was cut off, and that this one went on with. */
  readonly goneOnWith: OpenErasure | undefined;
  /** One of somebody else that has not ended. */
  readonly open: OpenErasure | undefined;
}

/**
 * Takes one person out of all that is published of a use case. The record is begun before the first write and ended after the last: an erasure that was cut off is
 * seen, and gone on with by whoever has the same identifiers. What is published and could not be erased from is named, and the erasure not done while it stands. Throws `ERASURE_OPEN`
 * while one of somebody else is, and `ERASURE_OVERTAKEN`, leaving the record open, where functions keep writing the person anew.
 */
export async function eraseUseCase(erasure: UseCaseErasure): Promise<Erasure> {
  const { records, place, isConfirmed, scheme, identifiers } = erasure;
  const person = personToken(scheme, scheme.keys, identifiers);
  const open = await findOpenErasure(records);
  const begun = open?.record.person === person ? open : undefined;
  if (isConfirmed && open !== begun) throw erasureOpen(open!, records);
  const found = await findEverywhere(erasure);
  const record = recordOf(erasure, found, begun?.record);
  if (!isConfirmed)
    return { record, location: undefined, goneOnWith: begun, open: begun === undefined ? open : undefined };
  await putErasure(records, { ...record, person }, begun);
  for (const { dataset, erased } of found.datasets)
    if (erased?.written !== undefined) await publishDataset({ ...place(dataset), built: erased.written });
  const beside = await eraseBeside(erasure, found);
  const { datasets, served, publishedNotErased } = recordOf(erasure, { ...found, ...beside }, begun?.record);
  const isDone = publishedNotErased.length === 0;
  const endedAt = new Date().toISOString();
  const ended = { ...record, datasets, served, endedAt, isDone, publishedNotErased };
  const location = await putErasure(records, ended, await findOpenErasure(records));
  return { record: ended, location, goneOnWith: begun, open: undefined };
}

/** From all that can be erased from, even where somebody overtakes one: that is thrown in the end. */
async function eraseBeside(erasure: UseCaseErasure, found: Found): Promise<Pick<Found, 'smallFiles' | 'served'>> {
  const smallFiles: FoundBeside[] = [];
  let served = found.served;
  const works = found.smallFiles.map((one) => async () => {
    smallFiles.push({ ...one, erased: await eraseAllSmallFiles(erasure.place(one.dataset), erasure) });
  });
  works.push(async () => void (served = await eraseServed(erasure, true)));
  let overtaken: LakeliftError | undefined;
  for (const work of works)
    try {
      await work();
    } catch (error) {
      if (!isLakeliftError(error, 'conflict')) throw error;
      overtaken ??= error;
    }
  if (overtaken !== undefined) throw overtaken;
  return { smallFiles, served };
}

/** What applications are served from keeps pseudonyms of before a rotation until it is served again: they are looked for as well. */
function eraseServed(erasure: UseCaseErasure, isConfirmed: boolean): Promise<ErasedServed> {
  const { scheme, identifiers, records, datasets, place, tables } = erasure;
  const { useCase, store, signal } = records;
  const pseudonyms = identifiers.flatMap((one) => pseudonymsSince(scheme, scheme.keys, one));
  const person = { pseudonyms, versions: [scheme.version, ...(scheme.from ?? [])] };
  return eraseFromServed({ useCase, store, signal, scheme, person, datasets, place, tables, isConfirmed });
}

/** What functions wrote beside a dataset. */
interface FoundBeside {
  readonly dataset: Dataset;
  readonly notSearched: readonly string[];
  /** undefined where nothing stands. */
  readonly erased: ErasedSmallFiles | undefined;
}

interface Found {
  /** erased: undefined where a dataset has no pseudonyms. */
  readonly datasets: readonly { readonly dataset: Dataset; readonly erased: ErasedDataset | undefined }[];
  readonly smallFiles: readonly FoundBeside[];
  readonly raw: readonly RawFinding[];
  readonly pathsNotSearched: readonly string[];
  /** What applications are served from. */
  readonly served: ErasedServed;
}

async function findEverywhere(erasure: UseCaseErasure): Promise<Found> {
  const found: { dataset: Dataset; erased: ErasedDataset | undefined }[] = [];
  const smallFiles: FoundBeside[] = [];
  for (const planned of planDatasets(erasure.datasets, erasure.mapping, { isPublished: true })) {
    await refuseCutOff(erasure.place(planned.dataset));
    found.push({ dataset: planned.dataset, erased: await eraseFromDataset(planned, erasure) });
    const erased = await eraseFromSmallFiles(erasure.place(planned.dataset), { ...erasure, isConfirmed: false });
    smallFiles.push({ dataset: planned.dataset, notSearched: columnsInClear(planned.output), erased });
  }
  const tables = await findInRaw(erasure.mapping, erasure);
  const files = await findInFiles(erasure);
  const pathsNotSearched = [...plainPaths(erasure.mapping), ...files.flatMap(({ notSearched }) => notSearched)];
  const raw = [...tables, ...files.map(({ finding }) => finding)];
  const served = await eraseServed(erasure, false);
  return { datasets: found, smallFiles, served, ...erasure.masked({ raw, pathsNotSearched }) };
}

async function findInFiles(erasure: UseCaseErasure): Promise<FoundInDsn[]> {
  const { mapping, records, identifiers, zoneOfPath, signal } = erasure;
  const search = { identifiers, store: records.store, signal };
  const found: FoundInDsn[] = [];
  for (const path of Object.values(mapping.paths))
    if (isSearched(path)) found.push(await findInDsn({ path, zone: zoneOfPath(path) }, search));
  const aside = await findInQuarantine(records, search);
  return aside === undefined ? found : [...found, aside];
}

function plainPaths({ paths }: Mapping): string[] {
  return Object.keys(paths).filter((name) => !isSearched(paths[name]!));
}

function isSearched({ dsn, skip }: PathMapping): boolean {
  return dsn !== undefined && skip === undefined;
}

function recordOf(erasure: UseCaseErasure, found: Found, begun: ErasureRecord | undefined): ErasureRecord {
  const figures = found.datasets.flatMap(({ dataset, erased }) =>
    erased === undefined ? [] : [goneOnWith(figuresOf(dataset, erased), begun)],
  );
  const beside = found.smallFiles.flatMap(({ erased, notSearched }) =>
    erased === undefined ? [] : [goneOnWith({ ...erased.figures, notSearched }, begun)],
  );
  const left = found.smallFiles.flatMap(({ dataset, erased }) =>
    leftSmallFiles(erasure.place(dataset), erased?.left ?? 0),
  );
  const lost = new Set(figures.filter(({ rowsErased }) => rowsErased > 0).map(({ name }) => name));
  return {
    useCase: erasure.records.useCase,
    begunAt: begun?.begunAt ?? new Date().toISOString(),
    endedAt: undefined,
    by: erasure.by,
    pseudonyms: schemeText(erasure.scheme),
    isDone: false,
    datasets: [...figures, ...beside],
    served: found.served.figures.map((one) => servedGoneOnWith(one, begun)),
    toBuildAgain: found.datasets
      .filter(({ dataset, erased }) => erased === undefined && datasetsBelow(dataset).some((name) => lost.has(name)))
      .map(({ dataset }) => dataset.name),
    raw: found.raw,
    pathsNotSearched: found.pathsNotSearched,
    publishedNotErased: [...left, ...found.served.left],
  };
}

function figuresOf({ name, target, anonymity }: Dataset, { written, ...figures }: ErasedDataset): ErasedFigures {
  const rowsAfter = written?.rows ?? figures.rowsBefore;
  return { name, table: `${target.database}.${target.table}`, ...figures, rowsAfter, k: anonymity?.k };
}
