import type { PublishedCopy, ServedFigures } from '../../domain/privacy/erasure.ts';
import { ownerOf } from '../../domain/serving/served-person.ts';
import { isServingTableOf, servingTablesOf } from '../../domain/serving/serving-place.ts';
import { isLakeliftError } from '../../errors.ts';
import type { ServedItem, ServingTables } from '../../ports/serving-tables.ts';
import type { ServedSearch } from './erase-served-files.ts';

export interface TablesSearch extends ServedSearch {
  /** undefined where no DynamoDB is configured. */
  readonly tables: ServingTables | undefined;
}

export interface ErasedServed {
  readonly figures: readonly ServedFigures[];
  /** What could not be looked into, or not wholly. */
  readonly left: readonly PublishedCopy[];
}

/** Somebody who still writes the person after as many looks does so as fast as they are erased. */
const MOST_PASSES = 5;
const READABLE: ReadonlySet<string> = new Set(['ACTIVE', 'UPDATING']);

/**
 * Takes the items of a person out of all tables that a use case's applications are served from. No key of a table says whose an item is wherever a pseudonym stands, hence
 * each is read to its end, until nobody is found in it. One that cannot be is named, and does not keep others from being erased from.
 */
export async function eraseFromServingTables(search: TablesSearch): Promise<ErasedServed> {
  const { tables, useCase, signal } = search;
  const prefix = servingTablesOf(useCase);
  if (tables === undefined) return { figures: [], left: leftTable(`${prefix}*`, 'NO_DYNAMODB') };
  const { answer: names, code } = await asked(tables.listTables(prefix, signal), signal);
  if (names === undefined) return { figures: [], left: leftTable(`${prefix}*`, code) };
  const found: ErasedServed[] = [];
  for (const name of names.filter((one) => isServingTableOf(useCase, one)))
    found.push(await eraseFromTable(name, { ...search, tables }));
  return { figures: found.flatMap(({ figures }) => figures), left: found.flatMap(({ left }) => left) };
}

interface TableSearch extends ServedSearch {
  readonly tables: ServingTables;
}

async function eraseFromTable(table: string, search: TableSearch): Promise<ErasedServed> {
  const { tables, signal } = search;
  const { answer: status, code } = await asked(tables.findStatus(table, signal), signal);
  if (code !== undefined) return { figures: [], left: leftTable(table, code) };
  // Gone, or going, with all its items.
  if (status === undefined || status === 'DELETING') return { figures: [], left: [] };
  // One that is being imported can be read when it is whole.
  if (!READABLE.has(status)) return { figures: [], left: leftTable(table, status) };
  return eraseUntilNobody(table, search);
}

async function eraseUntilNobody(table: string, search: TableSearch): Promise<ErasedServed> {
  let erased = 0;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const counts: Counts = { read: 0, theirs: 0, unknown: 0, deleted: 0 };
    const { code } = await asked(lookThrough(table, search, counts), search.signal);
    erased += search.isConfirmed ? counts.deleted : counts.theirs;
    if (code === GONE) return { figures: erased > 0 ? [figuresOf(table, erased, 0)] : [], left: [] };
    if (code !== undefined) return unfinished(table, erased, code);
    if (search.isConfirmed && counts.theirs > 0) continue;
    const figures = [figuresOf(table, erased, counts.read - counts.theirs)];
    return { figures, left: counts.unknown > 0 ? leftTable(table, 'OTHER_PSEUDONYMS') : [] };
  }
  return unfinished(table, erased, 'ERASURE_OVERTAKEN');
}

/** In one pass; what was counted until an error counts. */
interface Counts {
  read: number;
  theirs: number;
  /** Items of which nobody can tell whose they are. */
  unknown: number;
  deleted: number;
}

async function lookThrough(table: string, search: TableSearch, counts: Counts): Promise<void> {
  const { tables, person, isConfirmed, signal } = search;
  const isTheirs = (value: unknown): boolean => ownerOf(JSON.stringify(value), person) === 'theirs';
  let from: ServedItem | undefined;
  do {
    const page = await tables.readPage(table, from, signal);
    for (const item of page.items) {
      const owner = ownerOf(JSON.stringify(item), person);
      counts.read += 1;
      if (owner === 'unknown') counts.unknown += 1;
      if (owner !== 'theirs') continue;
      counts.theirs += 1;
      const attributes = Object.keys(item).filter((name) => isTheirs(item[name]));
      if (isConfirmed && (await tables.deleteItem(table, { item, attributes }, signal))) counts.deleted += 1;
    }
    from = page.next;
  } while (from !== undefined);
}

/** A refresh deletes tables that are no longer in use. */
const GONE = 'gone';

type Asked<Answer> =
  { readonly answer: Answer; readonly code: undefined } | { readonly answer: undefined; readonly code: string };

/** An answer, or the code of the error in its place. */
async function asked<Answer>(call: Promise<Answer>, signal: AbortSignal): Promise<Asked<Answer>> {
  try {
    return { answer: await call, code: undefined };
  } catch (error) {
    signal.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return { answer: undefined, code: error.kind === 'not-found' ? GONE : error.code };
  }
}

function unfinished(table: string, erased: number, reason: string): ErasedServed {
  return { figures: erased > 0 ? [figuresOf(table, erased, undefined)] : [], left: leftTable(table, reason) };
}

function figuresOf(location: string, itemsErased: number, itemsAfter: number | undefined): ServedFigures {
  const itemsBefore = itemsAfter === undefined ? undefined : itemsAfter + itemsErased;
  return { kind: 'serving-table', location, itemsBefore, itemsAfter, itemsErased };
}

function leftTable(location: string, reason: string): PublishedCopy[] {
  return [{ kind: 'serving-tables', location, reason }];
}
