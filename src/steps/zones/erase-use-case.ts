import type { Mapping, PathMapping } from '../../domain/mapping.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { isLeft, type ErasureRecord, type RawFinding, type RawObject } from '../../domain/privacy/erasure.ts';
import { personToken } from '../../domain/privacy/identifiers.ts';
import { pseudonymsOfPersonSince } from '../../domain/privacy/person-forms.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import type { PseudonymField } from '../../domain/privacy/treatment.ts';
import { isLakeliftError, type LakeliftError } from '../../errors.ts';
import type { ServingTables } from '../../ports/serving-tables.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { isReplaced, plannedChanges, withoutNames, type RawChange } from './change-raw.ts';
import { columnsInClear, eraseFromDataset, type EraseRequest, type FoundDataset } from './erase-person.ts';
import {
  beginErasure,
  erasureOpen,
  findOpenErasure,
  locationOfErasure,
  putErasure,
  withdrawErasure,
  type ErasureRecords,
  type OpenErasure,
} from './erasure-records.ts';
import { refuseServing } from '../serve/serving-mark.ts';
import { eraseAllSmallFiles, eraseFromSmallFiles, type FoundBeside } from './erase-small-files.ts';
import { findInUndeclared, nameOfTarget, type FoundUndeclared } from './erase-undeclared.ts';
import { findInFiles, plainPaths } from './find-in-files.ts';
import { eraseFromServed } from './erase-served.ts';
import type { ErasedServed } from './erase-served-tables.ts';
import { findInRaw, type RawSearch } from './find-in-raw.ts';
import { NOTHING, recordOf, type Found } from './record-of-erasure.ts';
import { findWholeFiles, refuseOvertaken, replaceDataset, type DatasetPlace } from './publish-dataset.ts';

export interface UseCaseErasure extends EraseRequest {
  readonly catalog: Pick<TargetCatalog, 'findTable' | 'listTables'>;
  readonly by: string;
  readonly mapping: Mapping;
  readonly datasets: readonly Dataset[];
  /** Databases of datasets that are declared no more, beside those of the others. */
  readonly alsoIn: readonly string[];
  readonly records: ErasureRecords;
  readonly place: (dataset: Dataset) => DatasetPlace;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
  /** Rows go from raw as well. */
  readonly alsoRaw?: boolean | undefined;
  /** Where the files of a mapped folder stand. */
  readonly zoneOfPath: (path: PathMapping) => ZoneTarget;
  /** Of DynamoDB; undefined where none is configured. */
  readonly tables: ServingTables | undefined;
  /** As marks of `serve` are: less only in tests. */
  readonly servingRenewedEveryMs?: number | undefined;
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
 * Takes one person out of all that is published of a use case. The record is begun before anything is read and ended after the last write: an erasure that was cut off is
 * seen, and gone on with by whoever has the same identifiers. What is published and could not be erased from is named, and the erasure not done while it stands. Throws `ERASURE_OPEN`
 * while one of somebody else is, `SERVE_RUNNING` while a `serve` is, `DATASET_CHANGED` where a dataset was written anew since it was read, and `ERASURE_OVERTAKEN`, leaving the record open, where functions keep writing the person anew.
 */
export async function eraseUseCase(request: UseCaseErasure): Promise<Erasure> {
  const { records, isConfirmed, scheme, identifiers } = request;
  const person = personToken(scheme, scheme.keys, identifiers);
  const open = await findOpenErasure(records);
  const begun = open?.record.person === person ? open : undefined;
  if (isConfirmed && open !== begun) throw erasureOpen(open!, records);
  // What it has begun in raw it goes on with.
  const erasure = { ...request, alsoRaw: request.alsoRaw === true || begun?.record.alsoRaw === true };
  if (!isConfirmed) {
    const record = recordOf(erasure, await findEverywhere(erasure), await writtenBy(erasure, begun));
    return { record, location: undefined, goneOnWith: begun, open: begun === undefined ? open : undefined };
  }
  const own = begun ?? (await beginErasure(records, { ...recordOf(erasure, NOTHING, undefined), person }));
  const found = await findOrWithdraw(erasure, own, begun);
  const written = await writtenBy(erasure, own);
  const kept = await putErasure(records, { ...recordOf(erasure, found, written), person }, own);
  const record = await eraseFound(erasure, found, { written, kept });
  const location = locationOfErasure(records, await putErasure(records, record, kept));
  return { record, location, goneOnWith: begun, open: undefined };
}

interface Begun {
  /** The record of what was written by attempts before. */
  readonly written: ErasureRecord | undefined;
  /** With what is to be written in this one. */
  readonly kept: OpenErasure;
}

/** The record of an erasure that was cut off, without objects of raw that it had planned and not written. */
async function writtenBy(
  { records: { store, signal } }: UseCaseErasure,
  open: OpenErasure | undefined,
): Promise<ErasureRecord | undefined> {
  if (open?.record.alsoRaw !== true) return open?.record;
  const raw: RawFinding[] = [];
  for (const finding of open.record.raw) {
    const objects: RawObject[] = [];
    for (const one of finding.objects) if (await isReplaced(one, store, signal)) objects.push(one);
    raw.push({ ...finding, objects });
  }
  return { ...open.record, raw };
}

/** Returns the record of all that was erased. */
async function eraseFound(erasure: UseCaseErasure, found: Found, begun: Begun): Promise<ErasureRecord> {
  const { place } = erasure;
  for (const { dataset, standing, erased } of found.datasets)
    if (erased?.written !== undefined) await replaceDataset({ ...place(dataset), standing, built: erased.written });
  const beside = await eraseBeside(erasure, found, begun.kept);
  // Nobody was found in these: whoever has written there since may have brought them.
  for (const { dataset, standing, erased } of found.datasets)
    if (erased?.written === undefined) await refuseOvertaken(place(dataset), standing);
  const record = recordOf(erasure, { ...found, ...beside }, begun.written);
  return { ...record, endedAt: new Date().toISOString(), isDone: !isLeft(record) };
}

/** One that was begun just now and cannot be keeps nobody waiting. */
async function findOrWithdraw(
  erasure: UseCaseErasure,
  own: OpenErasure,
  begun: OpenErasure | undefined,
): Promise<Found> {
  const { records, servingRenewedEveryMs: renewEveryMs } = erasure;
  try {
    await refuseServing({ ...records, renewEveryMs });
    return await findEverywhere(erasure);
  } catch (error) {
    if (begun !== undefined) throw error;
    if (isLakeliftError(error)) await withdrawErasure(records, own, error.code);
    // It has written nothing: who stopped it must not keep others waiting.
    else if (records.signal.aborted)
      await withdrawErasure({ ...records, signal: new AbortController().signal }, own, 'INTERRUPTED');
    throw error;
  }
}

/** From all that can be erased from, even where somebody overtakes one: that is thrown in the end. */
async function eraseBeside(
  erasure: UseCaseErasure,
  found: Found,
  kept: OpenErasure,
): Promise<Pick<Found, 'smallFiles' | 'served' | 'raw'>> {
  const smallFiles: FoundBeside[] = [];
  let { served, raw } = found;
  const eraseRaw = async (): Promise<void> => {
    if (erasure.alsoRaw === true) ({ raw } = await findInAllRaw({ ...erasure, raw: rawChange(erasure, kept) }));
  };
  // Functions may take anew what raw has now: before what they wrote is looked through.
  const works = [eraseRaw];
  for (const one of found.smallFiles)
    works.push(async () => {
      const { dataset, alsoEarlier } = one;
      const erased = await eraseAllSmallFiles(erasure.place(dataset), { ...erasure, alsoEarlier });
      smallFiles.push({ ...one, erased });
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
  return { smallFiles, served, raw };
}

/** What applications are served from keeps pseudonyms of before a rotation until it is served again: they are looked for as well. */
function eraseServed(erasure: UseCaseErasure, isConfirmed: boolean): Promise<ErasedServed> {
  const { scheme, identifiers, records, datasets, place, tables } = erasure;
  const { useCase, store, signal } = records;
  const person = {
    pseudonyms: pseudonymsOfPersonSince(scheme, identifiers),
    versions: [scheme.version, ...(scheme.from ?? [])],
  };
  return eraseFromServed({ useCase, store, signal, scheme, person, datasets, place, tables, isConfirmed });
}

async function findEverywhere(erasure: UseCaseErasure): Promise<Found> {
  const found: FoundDataset[] = [];
  const smallFiles: FoundBeside[] = [];
  const all = plannedOf(erasure);
  const search = { ...erasure, raw: erasure.alsoRaw === true ? rawChange(erasure) : undefined };
  const undeclared = await findInUndeclared(search);
  for (const planned of all) {
    const { dataset } = planned;
    // What says that it is of another dataset was looked into as that.
    if (!undeclared.targets.has(nameOfTarget(dataset))) {
      const standing = await findWholeFiles(erasure.place(dataset));
      found.push({ dataset, standing, erased: await eraseFromDataset(planned, erasure) });
    }
    if (undeclared.targetsOfSmallFiles.has(nameOfTarget(dataset))) continue;
    const erased = await eraseFromSmallFiles(erasure.place(dataset), { ...erasure, isConfirmed: false });
    smallFiles.push({ dataset, notSearched: columnsInClear(planned.output), erased });
  }
  const served = await eraseServed(erasure, false);
  return {
    fields: all.flatMap(pseudonymFields),
    datasets: [...found, ...undeclared.datasets],
    smallFiles: [...smallFiles, ...undeclared.smallFiles],
    served,
    undeclared: undeclared.left,
    ...(await findInAllRaw(search, undeclared)),
  };
}

const plannedOf = ({ datasets, mapping }: UseCaseErasure): PlannedDataset[] =>
  planDatasets(datasets, mapping, { isPublished: true });

/** Tables of raw, copies that the mapping has no more, and files. */
async function findInAllRaw(
  search: UseCaseErasure & RawSearch,
  found?: FoundUndeclared,
): Promise<Pick<Found, 'raw' | 'pathsNotSearched'>> {
  const { mapping, masked } = search;
  const undeclared = found ?? (await findInUndeclared(search));
  const tables = [...(await findInRaw(mapping, plannedOf(search), search)), ...undeclared.raw];
  const files = await findInFiles(search);
  const pathsNotSearched = [...plainPaths(mapping), ...files.flatMap(({ notSearched }) => notSearched)];
  const raw = [...tables, ...files.map(({ finding }) => finding)];
  return masked(withoutNames({ raw, pathsNotSearched }, search));
}

/** As the record of an erasure tells of it; without, nothing is written. */
function rawChange({ identifiers, records, signal }: UseCaseErasure, kept?: OpenErasure): RawChange {
  const record = kept === undefined ? '' : locationOfErasure(records, kept);
  const planned = kept && plannedChanges(kept.record.raw);
  return { identifiers, store: records.store, record, planned, signal };
}

function pseudonymFields({ output }: PlannedDataset): PseudonymField[] {
  return output.map(effectiveTreatment).flatMap((one) => (one.kind === 'pseudonymise' ? [one.field] : []));
}
