import { gzipSync } from 'node:zlib';
import { s3Key } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { namesFolder } from '../../domain/privacy/dataset-folder.ts';
import { smallObjectNames, type NamingKey } from '../../domain/privacy/small-object-name.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StoredObject } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { holdsBytes, putChanged } from '../put-changed.ts';
import type { KeyedScheme } from './build-dataset.ts';
import { folderBeside } from './change-small-files.ts';
import { DATASET_MARK, markOf, type DatasetPlace } from './publish-dataset.ts';

/** Objects with rows that functions had written beside a dataset, by key: their ETags. */
export type SmallFilesBefore = ReadonlyMap<string, string>;

export interface EmptiedSmallFiles {
  readonly emptied: number;
  /** Of other sources, written anew since, or not of the function. */
  readonly left: number;
  /** Why it ended early: rows stand in both tables. */
  readonly failure?: string | undefined;
}

/** What a function writes of no row takes no more bytes. */
const EMPTY = gzipSync('');
/** After the name of an object that a function writes. */
export const ENDING = '.jsonl.gz';

/** False for what a function writes, or a build leaves, of no row. */
export function mayHoldRows({ sizeBytes }: { readonly sizeBytes: number }): boolean {
  return sizeBytes > EMPTY.length;
}

/** To be asked before anything is read that the dataset is made of. */
export async function findSmallFiles(
  place: Pick<DatasetPlace, 'dataset' | 'zone' | 'store' | 'signal'>,
): Promise<SmallFilesBefore> {
  const { zone, store, signal } = place;
  const found = new Map<string, string>();
  for await (const object of store.listObjects(zone.bucket, folderBeside(place), signal))
    if (mayHoldRows(object)) found.set(object.key, object.etag);
  return found;
}

export interface EmptyRequest extends DatasetPlace {
  readonly before: SmallFilesBefore;
  /** Objects of raw that the published dataset was made of, `s3://bucket/key`. */
  readonly read: readonly string[];
  /** Where raw lies. */
  readonly raw: ZoneTarget;
  readonly pseudonyms: KeyedScheme | undefined;
}

/**
 * Empties what functions wrote of objects that a build has read since: their rows stand in the dataset's own table now, and would stand twice. To be called once that is
 * published, which no failure here undoes. An object that a function has written anew since is left: it may be of a newer version than the build has read.
 */
export async function emptySmallFiles(request: EmptyRequest): Promise<EmptiedSmallFiles> {
  const { before, read, signal } = request;
  const folder = folderBeside(request);
  let emptied = 0;
  try {
    const namings = await findNamingKeys(request);
    const names = new Set(read.flatMap((location) => smallObjectNames(location, namings)));
    for (const [key, etag] of before) {
      const name = key.slice(folder.length);
      const isRead = name.endsWith(ENDING) && names.has(name.slice(0, -ENDING.length));
      if (isRead && (await emptyObject(request, key, etag))) emptied += 1;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return { emptied, left: before.size - emptied, failure: `${error.message} (${error.code})` };
  }
  return { emptied, left: before.size - emptied };
}

async function emptyObject(place: DatasetPlace, key: string, etag: string): Promise<boolean> {
  const { store, zone, signal } = place;
  const address = { bucket: zone.bucket, key: s3Key(key) };
  const mark = { [DATASET_MARK]: markOf(place) };
  // Also what a dataset wrote that had another name, at the same target: only the key of names gives an object this one.
  const isOurs = ({ metadata }: StoredObject): boolean =>
    metadata[DATASET_MARK]?.startsWith(`${place.useCase}/`) ?? false;
  const standing = await store.findObject(address, signal);
  if (standing === undefined) return true;
  if (standing.etag !== etag || !isOurs(standing)) return false;
  try {
    await putChanged(store, { address, body: EMPTY, mark, standing }, signal);
    return true;
  } catch (error) {
    if (!isLakeliftError(error, 'conflict')) throw error;
    // Where only the answer was lost, the next attempt met what this one had written.
    const now = await store.findObject(address, signal);
    return now === undefined || holdsBytes(now, EMPTY);
  }
}

/** Keys that functions name by, and have named by before the use case had pseudonyms. */
async function findNamingKeys(request: EmptyRequest): Promise<NamingKey[]> {
  const { useCase, dataset, raw, pseudonyms, store, signal } = request;
  const key = joinKey(raw.prefix, namesFolder(useCase, dataset.name), 'key');
  const address = { bucket: raw.bucket, key: s3Key(key) };
  const namings: NamingKey[] = pseudonyms === undefined ? [] : [{ scheme: pseudonyms, keys: pseudonyms.keys }];
  if ((await store.findObject(address, signal)) === undefined) return namings;
  const pieces = await Array.fromAsync(await store.readObject(address, signal));
  return [...namings, Buffer.from(Buffer.concat(pieces).toString('ascii').trim(), 'hex')];
}
