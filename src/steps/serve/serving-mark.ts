import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { s3Key, type UseCaseId } from '../../domain/names.ts';
import { joinKey } from '../../domain/object-key.ts';
import { auditFolder } from '../../domain/privacy/dataset-folder.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { holdsBytes, putChanged } from '../put-changed.ts';

type Store = Pick<TargetObjectStore, 'findObject' | 'readObject' | 'putObject'>;

/** Where a `serve` says that it runs: in raw, beside the records of erasures, so that every machine sees it. */
export interface ServingPlace {
  readonly useCase: UseCaseId;
  readonly zone: ZoneTarget;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** How often a mark is renewed. */
  readonly renewEveryMs?: number | undefined;
}

/** What a `serve` works with while its mark is its own. */
export interface HeldServing {
  /** Begins to write nothing more once the mark is lost. */
  readonly store: Store;
  /** Aborted then. */
  readonly signal: AbortSignal;
}

interface Mark {
  readonly by: string;
  readonly begunAt: string;
  /** Of whoever put it, by which a `serve` knows its own again where the answer to an earlier put was lost. */
  readonly run: string;
  /** Makes each renewal another object. */
  readonly revision: string;
}

const STATE_MARK = 'lakelift-serve';
const RENEW_EVERY_MS = 10_000;
/** Renewals that are missing of one that was killed. */
const SILENT_RENEWALS = 6;

/**
 * Serves under a mark that an erasure sees, and another `serve`: of two, the second is refused. A mark that is not renewed any more is of one that was killed, and is taken
 * over. Throws `locked` (`SERVE_RUNNING`, and `SERVE_OVERTAKEN` for one that others took for killed: it begins no other file).
 */
export async function whileServing<Result>(
  place: ServingPlace & { readonly by: string },
  work: (held: HeldServing) => Promise<Result>,
): Promise<Result> {
  const standing = await refuseLiving(place);
  const mark = { by: place.by, begunAt: new Date().toISOString(), run: randomUUID() };
  const held = new ServingMark(place, mark, await putMark(place, { ...mark, state: 'open', standing }));
  try {
    return await work({ store: held.fenced(), signal: held.signal });
  } finally {
    await held.end();
  }
}

/** Throws `locked` (`SERVE_RUNNING`) while a `serve` runs: it may write rows that it read before. One that was killed is kept from going on after all. */
export async function refuseServing(place: ServingPlace): Promise<void> {
  const standing = await refuseLiving(place);
  if (!isOpen(standing)) return;
  const { by, begunAt } = await readMark(place);
  await putMark(place, { by, begunAt, run: randomUUID(), state: 'ended', standing });
}

/** Looks at an open mark until it is renewed, ended, or surely left by one that was killed; no clock but one's own is asked. Returns what stands. */
async function refuseLiving(place: ServingPlace): Promise<StoredObject | undefined> {
  const { renewEveryMs = RENEW_EVERY_MS, signal } = place;
  const first = await findMark(place);
  let now = first;
  for (let missing = 0; isOpen(now) && missing < SILENT_RENEWALS; missing++) {
    await sleep(renewEveryMs, undefined, { signal });
    now = await findMark(place);
    if (isOpen(now) && now?.etag !== first?.etag) throw serveRunning(place, await readMark(place));
  }
  return now;
}

class ServingMark {
  readonly #place: ServingPlace;
  readonly #mark: Omit<Mark, 'revision'>;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #standing: StoredObject;
  #turn: Promise<void> = Promise.resolve();
  #turns = 0;

  constructor(place: ServingPlace, mark: Omit<Mark, 'revision'>, standing: StoredObject) {
    this.#place = place;
    this.#mark = mark;
    this.#standing = standing;
    const renew = (): void => {
      // One put that is being repeated renews it as well as many would that wait behind it.
      if (this.#turns === 0) this.#put('open').catch((error: unknown) => this.#noticeLoss(error));
    };
    this.#timer = setInterval(renew, place.renewEveryMs ?? RENEW_EVERY_MS);
    this.#timer.unref();
  }

  get signal(): AbortSignal {
    return AbortSignal.any([this.#place.signal, this.#lost.signal]);
  }

  fenced(): Store {
    const { store } = this.#place;
    return {
      findObject: (address, signal) => store.findObject(address, signal),
      readObject: (address, signal) => store.readObject(address, signal),
      putObject: async (request, signal) => {
        await this.#put('open').catch((error: unknown) => {
          this.#noticeLoss(error);
          this.#lost.signal.throwIfAborted();
          throw error;
        });
        return store.putObject(request, signal);
      },
    };
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    // One that cannot be ended runs out.
    if (!this.#lost.signal.aborted) await this.#put('ended').catch(() => undefined);
  }

  #put(state: 'open' | 'ended'): Promise<void> {
    this.#turns++;
    const turn = this.#turn.then(async () => {
      this.#lost.signal.throwIfAborted();
      // Once it is interrupted it says that it has ended all the same.
      const place = state === 'ended' ? { ...this.#place, signal: new AbortController().signal } : this.#place;
      this.#standing = await putMark(place, { ...this.#mark, state, standing: this.#standing });
    });
    this.#turn = turn.catch(() => undefined).finally(() => void this.#turns--);
    return turn;
  }

  #noticeLoss(error: unknown): void {
    if (isLakeliftError(error, 'locked')) this.#lost.abort(overtaken(this.#place, error));
  }
}

interface NextMark extends Omit<Mark, 'revision'> {
  readonly state: 'open' | 'ended';
  readonly standing: StoredObject | undefined;
}

/** Throws `locked` where somebody else has put one since. */
async function putMark(place: ServingPlace, next: NextMark): Promise<StoredObject> {
  const { state, standing, ...mark } = next;
  const { store, signal } = place;
  const address = addressOf(place);
  const body = Buffer.from(`${JSON.stringify({ ...mark, revision: randomUUID() }, null, 2)}\n`);
  let refused: unknown;
  try {
    await putChanged(store, { address, body, mark: { [STATE_MARK]: state }, standing }, signal);
  } catch (error) {
    if (!isLakeliftError(error, 'conflict')) throw error;
    refused = error;
  }
  const now = await store.findObject(address, signal);
  // Where only the answer was lost, the next attempt met what this one had written.
  if (now !== undefined && holdsBytes(now, body)) return now;
  const there = await readMark(place);
  // An earlier put went through, and whoever put it could not look at it then.
  if (now !== undefined && there.run === mark.run && now.etag !== standing?.etag)
    return putMark(place, { ...next, standing: now });
  throw serveRunning(place, there, refused);
}

function findMark(place: ServingPlace): Promise<StoredObject | undefined> {
  return place.store.findObject(addressOf(place), place.signal);
}

async function readMark(place: ServingPlace): Promise<Mark> {
  const pieces = await Array.fromAsync(await place.store.readObject(addressOf(place), place.signal));
  return JSON.parse(Buffer.concat(pieces).toString()) as Mark;
}

function isOpen(standing: StoredObject | undefined): boolean {
  return standing?.metadata[STATE_MARK] === 'open';
}

function addressOf({ useCase, zone }: ServingPlace) {
  return { bucket: zone.bucket, key: s3Key(joinKey(zone.prefix, auditFolder(useCase), 'serving.json')) };
}

function serveRunning({ useCase }: ServingPlace, { by, begunAt }: Mark, cause?: unknown): LakeliftError {
  return new LakeliftError(`A "lakelift serve" of ${useCase} that ${by} began at ${begunAt} is running`, {
    kind: 'locked',
    code: 'SERVE_RUNNING',
    subject: useCase,
    hint: 'Wait until it has ended, then run this again. Nothing was written.',
    cause,
  });
}

function overtaken({ useCase }: ServingPlace, cause: unknown): LakeliftError {
  return new LakeliftError(
    `This "lakelift serve" of ${useCase} gave no sign for so long that it was taken for killed`,
    {
      kind: 'locked',
      code: 'SERVE_OVERTAKEN',
      subject: useCase,
      hint: 'An erasure or another serve has gone on meanwhile: run it again. A file that was on its way may have arrived since: after an erasure, erase once more.',
      cause,
    },
  );
}
