import { gzipSync } from 'node:zlib';
import { classOfRubric } from '../../domain/dsn/classification.ts';
import { DsnParser } from '../../domain/dsn/dsn-parser.ts';
import { digestOfRest } from '../../domain/dsn/rest-of-dsn.ts';
import { PersonInDsn, withoutLines, type DsnPersonTest, type FoundInFile } from '../../domain/dsn/person-in-dsn.ts';
import type { DsnFolder, PathMapping } from '../../domain/mapping.ts';
import { joinKey } from '../../domain/object-key.ts';
import { hasLoneReturn } from '../../domain/text-rows.ts';
import { quarantineFolder } from '../../domain/privacy/dataset-folder.ts';
import { DSN_NO_FILES, NAME_HOLDS_THEM, type RawFinding, type RawObject } from '../../domain/privacy/erasure.ts';
import { PersonTest, type Identifier } from '../../domain/privacy/identifiers.ts';
import { kindsOfPerson } from '../../domain/privacy/person-forms.ts';
import { isPseudonymised } from './find-in-raw.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { NOT_UNPACKED, unpacked } from '../dsn/unpacked.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import {
  changeRaw,
  endsErasure,
  holdsName,
  LARGEST_BYTES,
  tooLarge,
  type RawChange,
  type Rewritten,
} from './change-raw.ts';
import { listFolder, readDsnObject, type NamedObject } from './dsn-objects.ts';

export interface DsnSearch {
  readonly identifiers: readonly Identifier[];
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'readObject'>;
  /** Takes what is found out of raw; without, it is only named. */
  readonly raw?: RawChange | undefined;
  readonly signal: AbortSignal;
}

export interface FoundInDsn {
  readonly finding: RawFinding;
  /** Objects that could not be looked into, or not wholly, as `s3://bucket/key`. */
  readonly notSearched: readonly string[];
}

/**
 * Looks for a person in the DSN files of a folder as they stream by: in rubrics that identify people, that become pseudonyms by the mapping or that nobody has classed, and anywhere in lines that are no rubric. A row is
 * a record, or such a line.
 */
export async function findInDsn(
  { path, zone }: { readonly path: PathMapping; readonly zone: ZoneTarget },
  search: DsnSearch,
): Promise<FoundInDsn> {
  const dsn = path.dsn!;
  try {
    const { files, hidden } = await listFolder({ path, zone, ...search });
    const { finding, notSearched } = await findInObjects(dsn, { objects: files, zone, ...search });
    const none = files.length === 0 ? { rows: undefined, reason: DSN_NO_FILES } : {};
    return {
      finding: { ...finding, ...none },
      notSearched: [...notSearched, ...hidden.map((one) => locationOf(one, zone))],
    };
  } catch (error) {
    if (!isLakeliftError(error) || endsErasure(error, search.raw)) throw error;
    return { finding: { table: dsn.as, rows: undefined, objects: [], reason: error.code }, notSearched: [] };
  }
}

/** Looks for a person in what builds of a use case have set aside, line by line. undefined where nothing is. */
export async function findInQuarantine(
  { useCase, zone }: { readonly useCase: string; readonly zone: ZoneTarget },
  search: DsnSearch,
): Promise<FoundInDsn | undefined> {
  const folder = quarantineFolder(useCase, '');
  const objects: NamedObject[] = [];
  for await (const object of search.store.listObjects(zone.bucket, `${joinKey(zone.prefix, folder)}/`, search.signal))
    objects.push({ ...object, name: object.key });
  if (objects.length === 0) return undefined;
  return findInObjects({ as: folder, rubrics: {} }, { objects, zone, hasPieces: true, ...search });
}

interface ObjectSearch extends DsnSearch {
  readonly objects: readonly NamedObject[];
  readonly zone: ZoneTarget;
  /** Of lines that were too long: what they are known by may lie in two of them. */
  readonly hasPieces?: boolean;
}

async function findInObjects(dsn: DsnFolder, search: ObjectSearch): Promise<FoundInDsn> {
  const { objects, zone, store, signal } = search;
  const person = personTest(dsn, search.identifiers);
  const found: RawObject[] = [];
  const notSearched: string[] = [];
  const leave = (location: string, reason: string): void => {
    notSearched.push(location);
    // Where it is to be erased from, that is left to somebody.
    if (search.raw !== undefined) found.push({ location, rows: 0, reason });
  };
  for (const object of objects) {
    const location = locationOf(object, zone);
    try {
      const { rows, isLong } = await findIn(readDsnObject({ object, zone, store, signal }), person, signal);
      if (rows > 0) found.push(await changed({ location, rows }, person, search));
      else if (isNamed(location, search)) found.push({ location, rows: 0, reason: NAME_HOLDS_THEM });
      if (isLong && search.hasPieces === true) leave(location, 'LINE_IN_PIECES');
    } catch (error) {
      if (!isLakeliftError(error) || !NOT_UNPACKED.has(error.code)) throw error;
      leave(location, error.code);
    }
  }
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  return { finding: { table: dsn.as, rows, objects: found }, notSearched };
}

async function changed(
  found: Pick<RawObject, 'location' | 'rows'>,
  person: DsnPersonTest,
  { raw, signal }: ObjectSearch,
): Promise<RawObject> {
  if (raw === undefined) return found;
  return changeRaw(found, (content) => withoutPerson(content, person, signal), raw);
}

function isNamed(location: string, { raw }: ObjectSearch): boolean {
  return raw !== undefined && holdsName(location, raw);
}

/** Packed as it was. */
async function withoutPerson(content: Buffer, person: DsnPersonTest, signal: AbortSignal): Promise<Rewritten> {
  const plain = await unpackedWhole(content);
  const found = await findIn(piecesOf(plain), person, signal);
  if (found.kept > 0) throw notTheirsAlone();
  const without = withoutLines(plain, found);
  // What ends a line for some and not for others: whose it is, nobody can tell.
  if (hasLoneReturn(plain) || digestOfRest(without) !== digestOfRest(plain, found.lines)) throw notSure();
  return { rows: found.rows, content: plain.equals(content) ? without : gzipSync(without) };
}

async function unpackedWhole(content: Buffer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of unpacked('', piecesOf(content))) {
    bytes += piece.length;
    if (bytes > LARGEST_BYTES) throw tooLarge();
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

const PIECE_BYTES = 1024 ** 2;

async function* piecesOf(content: Buffer): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < content.length; at += PIECE_BYTES) yield content.subarray(at, at + PIECE_BYTES);
}

function notSure(): LakeliftError {
  return new LakeliftError('Without the lines of the person, a DSN says something else of others', {
    kind: 'unsupported',
    code: 'ERASURE_UNSURE',
    hint: 'Its blocks are not in the order of the norm: whoever sent it corrects it, or it is corrected by hand.',
  });
}

function notTheirsAlone(): LakeliftError {
  return new LakeliftError('A record of a DSN names the person, and contains those of others', {
    kind: 'unsupported',
    code: 'DSN_RECORD_OF_OTHERS',
    hint: 'Whoever sent the declaration corrects it, or the record is corrected by hand.',
  });
}

async function findIn(
  content: AsyncIterable<Uint8Array>,
  person: DsnPersonTest,
  signal: AbortSignal,
): Promise<FoundInFile> {
  const search = new PersonInDsn(person);
  const parser = new DsnParser(search);
  for await (const bytes of content) {
    signal.throwIfAborted();
    parser.push(bytes);
  }
  return search.found(parser.end().lineCount);
}

function personTest(dsn: DsnFolder, identifiers: readonly Identifier[]): DsnPersonTest {
  const person = new PersonTest(kindsOfPerson(identifiers));
  const identifies = identifying(dsn);
  return {
    isTheirs: ({ block, rubrics, values }) =>
      values.some((value, index) => identifies(block, rubrics[index]!) && person.isTheirs(value)),
    isIn: (text) => person.isIn(text),
  };
}

/** By block and rubric; asked for every value there is, so that answers are kept. */
function identifying({ rubrics }: DsnFolder): (block: string, rubric: number) => boolean {
  const known = new Map<string, Map<number, boolean>>();
  return (block, rubric) => {
    let ofBlock = known.get(block);
    if (ofBlock === undefined) known.set(block, (ofBlock = new Map<number, boolean>()));
    let answer = ofBlock.get(rubric);
    if (answer === undefined) {
      const code = `${block}.${String(rubric).padStart(3, '0')}`;
      const kind = rubrics[code]?.class ?? classOfRubric(code);
      const isSearched = kind === 'identifier' || kind === 'unclassified' || isPseudonymised(rubrics[code]?.treat);
      ofBlock.set(rubric, (answer = isSearched));
    }
    return answer;
  };
}

function locationOf({ key }: NamedObject, { bucket }: ZoneTarget): string {
  return `s3://${bucket}/${key}`;
}
