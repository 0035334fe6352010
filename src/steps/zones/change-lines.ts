import { gunzipSync, gzipSync } from 'node:zlib';
import type { ObjectAddress } from '../../domain/plan.ts';
import { isLakeliftError } from '../../errors.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import { holdsBytes, putChanged } from '../put-changed.ts';

export interface LinesStore {
  readonly store: Pick<TargetObjectStore, 'findObject' | 'readObject' | 'putObject'>;
  readonly signal: AbortSignal;
}

export interface LinesChange {
  readonly address: ObjectAddress;
  /** Of whoever writes it, one name and value. */
  readonly mark: Readonly<Record<string, string>>;
  /** Lines as they are to be, in their places; undefined where one is to go, or all are to be left as they are. */
  readonly change: (lines: readonly string[]) => readonly (string | undefined)[] | undefined;
  /** Else nothing is written. */
  readonly isConfirmed: boolean;
}

export interface ChangedLines {
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Lines that changed or went. */
  readonly changed: number;
}

const ATTEMPTS = 5;

/**
 * Changes lines of JSON in an object that is packed by gzip. Replaces nothing but what was read: what somebody has written since, or removed, is looked at again; `conflict`
 * where that goes on. `left` what has another mark, or is not so; undefined what is gone.
 */
export async function changeLines(place: LinesStore, request: LinesChange): Promise<ChangedLines | 'left' | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await changeStanding(place, request);
    } catch (error) {
      const isOvertaken = isLakeliftError(error, 'conflict') || isLakeliftError(error, 'not-found');
      if (!isOvertaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function changeStanding(place: LinesStore, request: LinesChange): Promise<ChangedLines | 'left' | undefined> {
  const standing = await place.store.findObject(request.address, place.signal);
  if (standing === undefined) return undefined;
  const before = await linesOf(place, request, standing);
  const lines = before && request.change(before);
  if (before === undefined || lines === undefined) return 'left';
  const after = lines.filter((line) => line !== undefined);
  const changed = lines.filter((line, at) => line !== before[at]).length;
  if (changed > 0 && request.isConfirmed) await putLines(place, { ...request, after, standing });
  return { before, after, changed };
}

interface LinesPut extends Pick<LinesChange, 'address' | 'mark'> {
  readonly after: readonly string[];
  readonly standing: StoredObject;
}

/** As functions and `serve` order them: nobody learns by it who stood beside whom. */
async function putLines({ store, signal }: LinesStore, { address, mark, after, standing }: LinesPut): Promise<void> {
  const body = gzipSync(
    after
      .toSorted()
      .map((line) => `${line}\n`)
      .join(''),
  );
  try {
    await putChanged(store, { address, body, mark, standing }, signal);
  } catch (error) {
    // Where only the answer was lost, the next attempt met what this one had written.
    const now = isLakeliftError(error, 'conflict') ? await store.findObject(address, signal) : undefined;
    if (now === undefined || !holdsBytes(now, body)) throw error;
  }
}

/** undefined of what has another mark, or is not so. */
async function linesOf(
  { store, signal }: LinesStore,
  { address, mark }: LinesChange,
  { metadata }: StoredObject,
): Promise<string[] | undefined> {
  if (Object.entries(mark).some(([name, value]) => metadata[name] !== value)) return undefined;
  const content = Buffer.concat(await Array.fromAsync(await store.readObject(address, signal)));
  try {
    const lines = gunzipSync(content)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) JSON.parse(line);
    return lines;
  } catch {
    return undefined;
  }
}
