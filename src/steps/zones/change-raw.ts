import { crcOf, crcToBase64 } from '../../domain/checksum/crc.ts';
import { s3Key } from '../../domain/names.ts';
import { erasedMetadata, type ObjectSum } from '../../domain/object-metadata.ts';
import type { ObjectAddress } from '../../domain/plan.ts';
import { NAME_HOLDS_THEM, type ErasureRecord, type RawFinding, type RawObject } from '../../domain/privacy/erasure.ts';
import { PersonTest, type Identifier } from '../../domain/privacy/identifiers.ts';
import { kindsOfPerson } from '../../domain/privacy/person-forms.ts';
import { isLakeliftError, LakeliftError, type ErrorKind } from '../../errors.ts';
import type { StoredObject, TargetObjectStore } from '../../ports/target-object-store.ts';

/** An object of raw without the person's rows, every other byte of text and every other value of Parquet as it was. */
export interface Rewritten {
  readonly rows: number;
  readonly content: Uint8Array;
}

/** Throws `unsupported` or `corrupt` where the rows cannot go without touching others. */
export type Rewrite = (content: Buffer) => Promise<Rewritten> | Rewritten;

export interface RawChange {
  readonly identifiers: readonly Identifier[];
  readonly store: Pick<TargetObjectStore, 'findObject' | 'readObject' | 'putObject'>;
  /** The record that says what was changed, `s3://bucket/key`. */
  readonly record: string;
  /** Changes that the record has, each as its sums: only these are made. Without, it is only seen whether it can be done, and what would stand there. */
  readonly planned?: ReadonlySet<string> | undefined;
  readonly signal: AbortSignal;
}

/** Of those that are read whole, some times over; unpacked too. */
export const LARGEST_BYTES = 512 * 1024 ** 2;

/**
 * Takes a person's rows out of one object of raw, in place of the very object that was read. What it was copied from, and with which bytes, stays in its metadata. What cannot be
 * done is said by `reason`. Throws `conflict` (`RAW_CHANGED`) where somebody writes there meanwhile.
 */
export async function changeRaw(
  { location, rows }: { readonly location: string; readonly rows: number },
  rewrite: Rewrite,
  change: RawChange,
): Promise<RawObject> {
  const address = addressOf(location);
  const named = holdsName(location, change) ? { reason: NAME_HOLDS_THEM } : {};
  try {
    const { standing, content } = await readWhole(address, change);
    const { rows: gone, content: after } = await rewrite(content);
    const replaced = { before: summed(content), after: summed(after) };
    if (change.planned?.has(changeText(replaced)) === false) throw changed(location, change);
    if (change.planned !== undefined) await put(address, { ...replaced, standing, body: after }, change);
    return { location, rows: gone, replaced, ...named };
  } catch (error) {
    if (!isLakeliftError(error) || !STAYS.has(error.kind)) throw error;
    return { location, rows, reason: error.code };
  }
}

/** Whatever else goes wrong leaves the erasure open. */
const STAYS: ReadonlySet<ErrorKind> = new Set(['unsupported', 'corrupt', 'denied', 'usage']);

/** Whether an error is no reason to name a table or folder by and to go on. */
export function endsErasure({ kind }: LakeliftError, raw: RawChange | undefined): boolean {
  return kind === 'conflict' || (raw?.planned !== undefined && !STAYS.has(kind));
}

/** Rows can go; a name that is made of what they are known by stays. */
export function holdsName(location: string, { identifiers }: Pick<RawChange, 'identifiers'>): boolean {
  return personTest(identifiers).masked(location) !== location;
}

/** What was found, with names of objects masked where they are made of what the person is known by. */
export function withoutNames(
  { raw, pathsNotSearched }: Pick<ErasureRecord, 'raw' | 'pathsNotSearched'>,
  { identifiers }: Pick<RawChange, 'identifiers'>,
): Pick<ErasureRecord, 'raw' | 'pathsNotSearched'> {
  const person = personTest(identifiers);
  const objects = (all: readonly RawObject[]): RawObject[] =>
    all.map((one) => ({ ...one, location: person.masked(one.location) }));
  return {
    raw: raw.map((one) => ({ ...one, objects: objects(one.objects) })),
    pathsNotSearched: pathsNotSearched.map((path) => person.masked(path)),
  };
}

/** Changes of objects as a record has them. */
export function plannedChanges(raw: readonly RawFinding[]): ReadonlySet<string> {
  return new Set(
    raw.flatMap(({ objects }) => objects.flatMap(({ replaced }) => (replaced ? changeText(replaced) : []))),
  );
}

/** Whether an object is as an erasure was to leave it. A place that is masked cannot be looked at, and is believed. */
export async function isReplaced(
  { location, replaced }: RawObject,
  store: Pick<TargetObjectStore, 'findObject'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (replaced === undefined) return false;
  const standing = await store.findObject(addressOf(location), signal);
  return standing === undefined || isOf(standing, replaced.after);
}

function isOf({ sizeBytes, crc32c }: Pick<StoredObject, 'sizeBytes' | 'crc32c'>, sum: ObjectSum): boolean {
  return sizeBytes === sum.sizeBytes && crc32c === sum.crc32c;
}

function addressOf(location: string): ObjectAddress {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location) ?? [];
  return { bucket, key: s3Key(key) };
}

function changeText({ before, after }: Replaced): string {
  return [before, after].map(({ sizeBytes, crc32c }) => `${sizeBytes} ${crc32c}`).join(' ');
}

function personTest(identifiers: readonly Identifier[]): PersonTest {
  return new PersonTest(kindsOfPerson(identifiers));
}

type Replaced = NonNullable<RawObject['replaced']>;

async function readWhole(
  address: ObjectAddress,
  change: RawChange,
): Promise<{ readonly standing: StoredObject; readonly content: Buffer }> {
  const { store, signal } = change;
  const standing = await store.findObject(address, signal);
  if (standing === undefined) throw changed(locationOf(address), change);
  if (standing.sizeBytes > LARGEST_BYTES) throw tooLarge();
  const content = Buffer.concat(await Array.fromAsync(await store.readObject(address, signal)));
  const { sizeBytes, crc32c } = summed(content);
  const isWhole = sizeBytes === standing.sizeBytes && crc32c === (standing.crc32c ?? crc32c);
  if (!isWhole) throw changed(locationOf(address), change);
  return { standing, content };
}

async function put(
  address: ObjectAddress,
  { before, after, standing, body }: Replaced & { readonly standing: StoredObject; readonly body: Uint8Array },
  change: RawChange,
): Promise<void> {
  const { store, record, signal } = change;
  const metadata = erasedMetadata(standing.metadata, { record: encodeURI(record), copied: before, body });
  const condition = { kind: 'if-match', etag: standing.etag } as const;
  try {
    await store.putObject({ address, body, crc32c: after.crc32c, metadata, condition }, signal);
  } catch (error) {
    // The answer alone may have been lost.
    const now = isLakeliftError(error) ? await store.findObject(address, signal) : undefined;
    if (now !== undefined && isOf(now, after)) return;
    throw isLakeliftError(error, 'conflict') ? changed(locationOf(address), change, error) : error;
  }
}

function summed(content: Uint8Array): Replaced['before'] {
  return { sizeBytes: content.length, crc32c: crcToBase64(crcOf('CRC32C').sum(content)) };
}

function locationOf({ bucket, key }: ObjectAddress): string {
  return `s3://${bucket}/${key}`;
}

/** Of an object, or of what is packed in it. */
export function tooLarge(): LakeliftError {
  return new LakeliftError('An object of raw is larger than 512 MiB', {
    kind: 'unsupported',
    code: 'OBJECT_TOO_LARGE',
    hint: 'Erase the person at the source and migrate again.',
  });
}

function changed(location: string, { identifiers }: RawChange, cause?: unknown): LakeliftError {
  return new LakeliftError('An object of raw was written or removed while a person was erased from it', {
    kind: 'conflict',
    code: 'RAW_CHANGED',
    subject: personTest(identifiers).masked(location),
    hint: 'Let no "lakelift run" of the use case go on meanwhile, then erase again with the same identifiers: what was erased stays so.',
    cause,
  });
}
