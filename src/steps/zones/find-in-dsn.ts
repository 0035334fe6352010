import { classOfRubric } from '../../domain/dsn/classification.ts';
import { DsnParser } from '../../domain/dsn/dsn-parser.ts';
import type { DsnRecord } from '../../domain/dsn/dsn-record.ts';
import type { DsnFolder, PathMapping } from '../../domain/mapping.ts';
import { joinKey } from '../../domain/object-key.ts';
import { quarantineFolder } from '../../domain/privacy/dataset-folder.ts';
import type { RawFinding } from '../../domain/privacy/erasure.ts';
import { PersonTest, type Identifier } from '../../domain/privacy/identifiers.ts';
import { kindsOfPerson } from '../../domain/privacy/person-forms.ts';
import { isPseudonymised } from './find-in-raw.ts';
import { isLakeliftError } from '../../errors.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { NOT_UNPACKED } from '../dsn/unpacked.ts';
import type { ZoneTarget } from '../plan/plan-context.ts';
import { listDsnObjects, readDsnObject, type NamedObject } from './dsn-objects.ts';

export interface DsnSearch {
  readonly identifiers: readonly Identifier[];
  readonly store: Pick<TargetObjectStore, 'listObjects' | 'readObject'>;
  readonly signal: AbortSignal;
}

export interface FoundInDsn {
  readonly finding: RawFinding;
  /** Objects that could not be looked into, or not wholly, as `s3://bucket/key`. */
  readonly notSearched: readonly string[];
}

/**
 * Looks for a person in the DSN files of a folder as they stream by: in rubrics that identify people, that become pseudonyms by the mapping or that nobody has classed, and anywhere in lines that are no rubric. A row is
 * a record, or such a line. Writes nowhere.
 */
export async function findInDsn(
  { path, zone }: { readonly path: PathMapping; readonly zone: ZoneTarget },
  search: DsnSearch,
): Promise<FoundInDsn> {
  const dsn = path.dsn!;
  try {
    const { files, hidden } = await listDsnObjects({ path, zone, ...search });
    const { finding, notSearched } = await findInObjects(dsn, { objects: files, zone, ...search });
    return { finding, notSearched: [...notSearched, ...hidden.map((one) => locationOf(one, zone))] };
  } catch (error) {
    if (!isLakeliftError(error)) throw error;
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
  const person = new PersonTest(kindsOfPerson(search.identifiers));
  const identifies = identifying(dsn);
  const found: { location: string; rows: number }[] = [];
  const notSearched: string[] = [];
  for (const object of objects) {
    const location = locationOf(object, zone);
    try {
      const content = readDsnObject({ object, zone, store, signal });
      const { rows, isLong } = await countIn(content, { person, identifies, signal });
      if (rows > 0) found.push({ location, rows });
      if (isLong && search.hasPieces === true) notSearched.push(location);
    } catch (error) {
      if (!isLakeliftError(error) || !NOT_UNPACKED.has(error.code)) throw error;
      notSearched.push(location);
    }
  }
  const rows = found.reduce((sum, one) => sum + one.rows, 0);
  return { finding: { table: dsn.as, rows, objects: found }, notSearched };
}

interface RecordTest {
  readonly person: PersonTest;
  readonly identifies: (block: string, rubric: number) => boolean;
  readonly signal: AbortSignal;
}

async function countIn(content: AsyncIterable<Uint8Array>, { person, identifies, signal }: RecordTest) {
  let rows = 0;
  let isLong = false;
  /** Of a line that comes in pieces: the piece before, since what they are known by may lie across both, and whether they were found in one. */
  let before = '';
  let isFound = false;
  const isTheirs = ({ block, rubrics, values }: DsnRecord): boolean =>
    values.some((value, index) => identifies(block, rubrics[index]!) && person.isTheirs(value));
  const parser = new DsnParser({
    record: (record) => {
      if (isTheirs(record)) rows++;
    },
    fault: ({ kind, offset = 0, text }) => {
      // A record without its parent is a record all the same.
      if (kind === 'orphan') return;
      if (offset === 0) [before, isFound] = ['', false];
      const isFoundNow = !isFound && person.isIn(before + text);
      if (isFoundNow) rows++;
      [before, isFound] = [text, isFound || isFoundNow];
      if (kind === 'too-long') isLong = true;
    },
  });
  for await (const bytes of content) {
    signal.throwIfAborted();
    parser.push(bytes);
  }
  parser.end();
  return { rows, isLong };
}

/** By block and rubric; asked for every value there is, so that answers are kept. */
function identifying({ rubrics }: DsnFolder): RecordTest['identifies'] {
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
