import type { UseCaseId } from '../../domain/names.ts';
import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { s3Key } from '../../domain/names.ts';
import { partitionName } from '../../domain/partition-name.ts';
import { BUILT_FILE } from '../../domain/privacy/dataset-digest.ts';
import { datasetFolder } from '../../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import type { PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { STAMP } from '../../domain/target-table.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { holdsBytes, putChanged, type ChangedObject } from '../put-changed.ts';
import type { WrittenDataset } from './write-dataset.ts';
import { keepRegistered, registerDataset, sourceOf } from './register-dataset.ts';

/** Where a dataset stands. */
export interface DatasetPlace {
  readonly useCase: UseCaseId;
  readonly dataset: Dataset;
  readonly scheme: PseudonymScheme | undefined;
  readonly zone: ZoneTarget;
  readonly store: TargetObjectStore;
  readonly catalog: TargetCatalog;
  readonly signal: AbortSignal;
}

export interface PublishRequest extends DatasetPlace {
  readonly built: WrittenDataset;
}

export type PublishOutcome = 'created' | 'updated' | 'unchanged';

export const DATASET_MARK = 'lakelift-dataset';

/** Objects of a dataset by their keys, as they stood when it was read. */
export type StandingFiles = ReadonlyMap<string, StoredObject>;

export interface ReplaceRequest extends PublishRequest {
  /** Found before the dataset was read: nothing else is replaced. */
  readonly standing: StandingFiles;
  /** Of its table, in place of those that stand: what its rows are now. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/**
 * Puts a dataset into its zone and its catalog, data before metadata. The same dataset again changes nothing. Files of an earlier build, or of the dataset's job, that
 * are no longer wanted are emptied. An object or a table there that is not ours is left alone: `conflict`, before anything is written.
 */
export async function publishDataset(request: PublishRequest): Promise<PublishOutcome> {
  const outcomes = new Set(await putFiles(request, await findStanding(request)));
  outcomes.add(await registerDataset(request, folderOf(request)));
  return outcomeOf(outcomes);
}

/**
 * Puts a dataset that was made of what stands in its place. Its table goes on saying what it says, whatever is declared by now. Throws `conflict` (`DATASET_CHANGED`)
 * where somebody else has written there since it was read: their rows are not among those of this one.
 */
export async function replaceDataset(request: ReplaceRequest): Promise<PublishOutcome> {
  await refuseOvertaken(request, request.standing);
  try {
    const outcomes = new Set(await putFiles(request, request.standing));
    outcomes.add(await keepRegistered(request, folderOf(request)));
    return outcomeOf(outcomes);
  } catch (error) {
    throw isLakeliftError(error, 'conflict') ? overtaken(request, error) : error;
  }
}

/** Throws `conflict` (`DATASET_CHANGED`) where files of a dataset are not those that were found before it was read. */
export async function refuseOvertaken(place: DatasetPlace, standing: StandingFiles): Promise<void> {
  const now = await findStanding(place);
  const isAsRead = ([key, { etag }]: [string, StoredObject]): boolean => standing.get(key)?.etag === etag;
  if (now.size !== standing.size || ![...now].every(isAsRead)) throw overtaken(place);
}

function outcomeOf(outcomes: ReadonlySet<PublishOutcome>): PublishOutcome {
  if (outcomes.size === 1) return [...outcomes][0]!;
  return outcomes.has('unchanged') || outcomes.has('updated') ? 'updated' : 'created';
}

async function putFiles(request: PublishRequest, standing: StandingFiles): Promise<PublishOutcome[]> {
  const { built } = request;
  const wanted = wantedFiles(request);
  const emptied = [...standing.keys()].filter((key) => !wanted.has(key)).map((key) => [key, built.emptyFile] as const);
  const outcomes: PublishOutcome[] = [];
  for (const [key, body] of [...wanted, ...emptied]) {
    const address = { bucket: request.zone.bucket, key: s3Key(key) };
    const mark = { [DATASET_MARK]: markOf(request) };
    outcomes.push(await putFile(request, { address, body, mark, standing: standing.get(key) }));
  }
  return outcomes;
}

async function putFile({ store, signal }: DatasetPlace, file: ChangedObject): Promise<PublishOutcome> {
  try {
    return await putChanged(store, file, signal);
  } catch (error) {
    // Where only the answer was lost, the next attempt met what this one had written.
    const now = isLakeliftError(error, 'conflict') ? await store.findObject(file.address, signal) : undefined;
    if (now === undefined || !holdsBytes(now, file.body)) throw error;
    return file.standing === undefined ? 'created' : 'updated';
  }
}

/**
 * What stands of a dataset that is to be read and replaced. A job replaces all files at once, so that files of a job beside ours are left from a build that was cut off
 * while it took their place: rows stand there twice, and would stay so. Throws `usage` (`DATASET_CUT_OFF`), and `conflict` for a table that is not this dataset's.
 */
export async function findWholeFiles(place: DatasetPlace): Promise<StandingFiles> {
  const { dataset, catalog, signal } = place;
  const { database, table } = dataset.target;
  const isThere = (await catalog.findTable({ database, name: table }, signal)) !== undefined;
  if (isThere && !(await isRegisteredHere(place))) throw foreign(`${database}.${table}`);
  const standing = await findStanding(place);
  const ours = [...standing.values()].filter(({ metadata }) => metadata[DATASET_MARK] !== undefined).length;
  if (ours === 0 || ours === standing.size) return standing;
  throw new LakeliftError(`${place.dataset.name} holds rows of two builds: one was cut off`, {
    kind: 'usage',
    code: 'DATASET_CUT_OFF',
    subject: place.dataset.name,
    hint: 'Build it again first, here or by its job. Nothing was written.',
  });
}

/**
 * What stands in the folder of the table, all of it this dataset's: by its mark, or, since Spark's writers leave none, because the table of this folder is registered as
 * this dataset's.
 */
async function findStanding(place: DatasetPlace): Promise<Map<string, StoredObject>> {
  const { store, zone, signal } = place;
  const standing = new Map<string, StoredObject>();
  let isRegistered: boolean | undefined;
  for await (const { key } of store.listObjects(zone.bucket, folderOf(place), signal)) {
    const found = await store.findObject({ bucket: zone.bucket, key: s3Key(key) }, signal);
    if (found === undefined) continue;
    const mark = found.metadata[DATASET_MARK];
    if (mark !== undefined && mark !== markOf(place)) throw foreign(`s3://${zone.bucket}/${key}`);
    if (mark === undefined && !(isRegistered ??= await isRegisteredHere(place)))
      throw foreign(`s3://${zone.bucket}/${key}`);
    // Readers pass over what a job leaves beside its files.
    if (mark === undefined && isHidden(key.slice(folderOf(place).length))) continue;
    standing.set(key, found);
  }
  return standing;
}

/** Whether the table of a dataset is its own, and lies where it belongs. */
export async function isRegisteredHere(place: DatasetPlace): Promise<boolean> {
  const { dataset, catalog, zone, signal } = place;
  const found = await catalog.findTable({ database: dataset.target.database, name: dataset.target.table }, signal);
  if (found?.table.parameters[STAMP.source] !== sourceOf(place)) return false;
  return found.table.storage.location?.replace(/\/*$/, '/') === `s3://${zone.bucket}/${folderOf(place)}`;
}

/** Readers of a table pass over it, by its name below the folder. */
export function isHidden(name: string): boolean {
  return name === '' || name.split('/').some((part) => rulingOnTableEntry(part) !== undefined);
}

function wantedFiles(request: PublishRequest): Map<string, Uint8Array> {
  const { partitionKeys, files } = request.built;
  return new Map(
    files.map(({ values, body }) => {
      const folder = values.length === 0 ? '' : `${partitionName(partitionKeys, values)}/`;
      return [`${folderOf(request)}${folder}${BUILT_FILE}`, body];
    }),
  );
}

/** Whose an object is. */
export function markOf({ useCase, dataset }: DatasetPlace): string {
  return `${useCase}/${dataset.name}`;
}

function folderOf({ dataset: { target }, zone: { prefix } }: DatasetPlace): string {
  return datasetFolder(prefix, target);
}

function overtaken({ dataset: { name } }: DatasetPlace, cause?: unknown): LakeliftError {
  return new LakeliftError(`${name} was written anew since it was read`, {
    kind: 'conflict',
    code: 'DATASET_CHANGED',
    subject: name,
    hint: 'Run it again once nothing else builds, erases or rotates: what others wrote was not replaced.',
    cause,
  });
}

function foreign(subject: string): LakeliftError {
  return new LakeliftError(`${subject} stands there and is not of this dataset`, {
    kind: 'conflict',
    code: 'DATASET_FOREIGN',
    subject,
    hint: 'Choose another target for the dataset, or move what stands there away. What its job wrote is taken for its own once the table is registered there.',
  });
}
