import { s3Key, type UseCaseId } from '../../domain/names.ts';
import type { ServedFigures } from '../../domain/privacy/erasure.ts';
import { unmistakableVersions, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import { ownerOf, type ServedPerson } from '../../domain/serving/served-person.ts';
import { parseImport, textOfImport, withCounts, type ServingImport } from '../../domain/serving/serving-import.ts';
import { servedFrom, servingMark } from '../../domain/serving/serving-place.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { putChanged } from '../put-changed.ts';
import { changeLines } from './change-lines.ts';

export interface ServedSearch {
  readonly useCase: UseCaseId;
  readonly scheme: PseudonymScheme;
  readonly person: ServedPerson;
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'findObject' | 'readObject' | 'putObject'>;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
  readonly signal: AbortSignal;
}

export interface ErasedServedFiles {
  /** By what is written of each version. */
  readonly figures: readonly ServedFigures[];
  /** Anything stands there, also what is left. */
  readonly isServed: boolean;
  /** Objects that are not as `serve` writes them, or with items that may be anybody's. */
  readonly left: number;
  /** Schemes of all versions so far, as `serve` noted them. */
  readonly pseudonyms: string | undefined;
}

/**
 * Looks once through what `serve` wrote in a zone, and takes the items of a person out, object by object. What says which version is the latest counts what is left of its
 * items afterwards: a refresh that had begun before, with the old numbers, takes its import away again. Throws `conflict` where somebody keeps writing there.
 */
export async function eraseFromServedFiles(search: ServedSearch, zone: ZoneTarget): Promise<ErasedServedFiles> {
  const place = servedFrom(search.useCase, zone);
  const latest = await readLatest(search, zone);
  const pseudonyms = latest?.made?.pseudonyms;
  const person = personAmong(search, pseudonyms);
  const folders = new Map<string, FolderFigures>();
  /** Of each object that could be read, items that are left. */
  const counts = new Map<string, number>();
  let left = latest !== undefined && latest.made === undefined ? 1 : 0;
  let isServed = latest !== undefined;
  for await (const { key, sizeBytes } of search.store.listObjects(zone.bucket, `${place.files}/`, search.signal)) {
    // Objects without a byte hold nobody.
    if (sizeBytes === 0 || key === place.latest) continue;
    isServed = true;
    const found = await eraseFromObject({ ...search, person }, zone.bucket, key);
    // Somebody has removed it since it was listed.
    if (found === undefined) continue;
    if (found.isLeft) left += 1;
    if (found.items === undefined) continue;
    counts.set(key, found.items.after);
    const location = `s3://${zone.bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`;
    folders.set(location, withObject(folders.get(location), location, found.items));
  }
  if (search.isConfirmed) await recount(search, zone, counts);
  return { figures: [...folders.values()], isServed, left, pseudonyms };
}

interface FolderFigures extends ServedFigures {
  readonly itemsBefore: number;
  readonly itemsAfter: number;
}

function withObject(
  standing: FolderFigures | undefined,
  location: string,
  { before, after }: { readonly before: number; readonly after: number },
): FolderFigures {
  const itemsBefore = (standing?.itemsBefore ?? 0) + before;
  const itemsAfter = (standing?.itemsAfter ?? 0) + after;
  return { kind: 'serving-files', location, itemsBefore, itemsAfter, itemsErased: itemsBefore - itemsAfter };
}

/** Pseudonyms of another domain look like theirs, and are of another key: those versions are nobody's who could be told. */
export function personAmong({ person, scheme }: ServedSearch, pseudonyms: string | undefined): ServedPerson {
  return { ...person, versions: unmistakableVersions(person.versions, scheme, pseudonyms) };
}

interface ErasedObject {
  /** undefined where it could not be read. */
  readonly items: { readonly before: number; readonly after: number } | undefined;
  readonly isLeft: boolean;
}

async function eraseFromObject(search: ServedSearch, bucket: string, key: string): Promise<ErasedObject | undefined> {
  const owners = (lines: readonly string[]) => lines.map((line) => ownerOf(line, search.person));
  const found = await changeLines(search, {
    address: { bucket, key: s3Key(key) },
    mark: servingMark(search.useCase),
    isConfirmed: search.isConfirmed,
    change: (lines) => {
      const whose = owners(lines);
      return lines.map((line, at) => (whose[at] === 'theirs' ? undefined : line));
    },
  });
  if (found === undefined) return undefined;
  if (found === 'left') return { items: undefined, isLeft: true };
  const { before, after } = found;
  return { items: { before: before.length, after: after.length }, isLeft: owners(after).includes('unknown') };
}

interface Latest {
  readonly standing: StoredObject;
  /** undefined for what `serve` did not write. */
  readonly made: ServingImport | undefined;
}

async function readLatest({ useCase, store, signal }: ServedSearch, zone: ZoneTarget): Promise<Latest | undefined> {
  const address = { bucket: zone.bucket, key: s3Key(servedFrom(useCase, zone).latest) };
  const standing = await store.findObject(address, signal);
  if (standing === undefined || standing.sizeBytes === 0) return undefined;
  const isOurs = Object.entries(servingMark(useCase)).every(([name, value]) => standing.metadata[name] === value);
  const pieces = isOurs ? await Array.fromAsync(await store.readObject(address, signal)) : [];
  return { standing, made: parseImport(Buffer.concat(pieces).toString()) };
}

const ATTEMPTS = 5;

/** From what stands, not from what was taken out: one that is cut off before is put right when it is run again. */
async function recount(search: ServedSearch, zone: ZoneTarget, counts: ReadonlyMap<string, number>): Promise<void> {
  const { useCase, store, signal } = search;
  for (let attempt = 1; ; attempt++) {
    const latest = await readLatest(search, zone);
    if (latest?.made === undefined) return;
    const { made, standing } = latest;
    const left = Object.keys(made.datasets).flatMap((name) => {
      const count = counts.get(`${made.prefix}${name}.json.gz`);
      return count === undefined ? [] : [[name, count] as const];
    });
    const text = textOfImport(withCounts(made, Object.fromEntries(left)));
    if (text === textOfImport(made)) return;
    const address = { bucket: zone.bucket, key: s3Key(servedFrom(useCase, zone).latest) };
    try {
      await putChanged(store, { address, body: Buffer.from(text), mark: servingMark(useCase), standing }, signal);
      return;
    } catch (error) {
      // A lost answer, or another version that was served meanwhile: its files are counted the next time.
      if (!isLakeliftError(error, 'conflict') || attempt === ATTEMPTS) throw error;
    }
  }
}
