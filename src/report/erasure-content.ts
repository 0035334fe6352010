import {
  isNotFound,
  leftInRaw,
  placeOfCopy,
  type ErasedFigures,
  type ErasureRecord,
} from '../domain/privacy/erasure.ts';
import { ERASURE_WORDS, type ErasureState, type ErasureWords } from './erasure-words.ts';
import { formatCount, formatTime, type Language } from './quantities.ts';

/** What ties a page to the record that it tells of. */
export interface ErasureProof {
  /** Of the record as it is kept. */
  readonly sha256: string;
  /** Where it is kept, `s3://bucket/key`; undefined where nothing was written. */
  readonly location: string | undefined;
  readonly toolVersion: string;
}

export interface ErasureTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly numberColumns: readonly number[];
}

export interface ErasureSection {
  readonly id: string;
  readonly title: string;
  readonly intro?: string | undefined;
  readonly tables: readonly ErasureTable[];
  readonly lines: readonly string[];
}

/** What is told of an erasure, as plain texts, for each form of its page. */
export interface ErasureContent {
  readonly words: ErasureWords;
  readonly state: ErasureState;
  readonly facts: readonly (readonly [string, string])[];
  readonly sections: readonly ErasureSection[];
}

interface Told {
  readonly record: ErasureRecord;
  readonly words: ErasureWords;
  readonly count: (count: number | undefined) => string;
}

/** Of the record alone: figures and places, nothing of the person. */
export function erasureContent(record: ErasureRecord, proof: ErasureProof, language: Language): ErasureContent {
  const words = ERASURE_WORDS[language];
  const count = (value: number | undefined) => (value === undefined ? words.unknown : formatCount(value, language));
  const told = { record, words, count };
  return {
    words,
    state: stateOf(record),
    facts: factsOf(told, proof, language),
    sections: [published(told), left(told), raw(told), todo(told), listOf('remains', told), listOf('proof', told)],
  };
}

function stateOf(record: ErasureRecord): ErasureState {
  if (record.withdrawn !== undefined) return 'withdrawn';
  if (record.endedAt === undefined) return 'not-ended';
  if (record.isDone) return record.alsoRaw === true ? 'done-with-raw' : 'done';
  return isNotFound(record) ? 'not-found' : 'left';
}

function factsOf(
  { record, words, count }: Told,
  { sha256, location }: ErasureProof,
  language: Language,
): [string, string][] {
  const { facts } = words;
  const kinds = Object.entries(record.kinds).map(([word, columns]) => words.kind(word, count(columns)));
  return [
    [facts.useCase, record.useCase],
    [facts.begun, formatTime(record.begunAt, language)],
    [facts.ended, record.endedAt === undefined ? words.notYet : formatTime(record.endedAt, language)],
    ...(record.withdrawn === undefined ? [] : [[facts.withdrawn, record.withdrawn] satisfies [string, string]]),
    [facts.by, record.by],
    [facts.pseudonyms, record.pseudonyms],
    [facts.kinds, kinds.join(', ')],
    ...(location === undefined ? [] : [[facts.record, location] satisfies [string, string]]),
    [facts.sha256, sha256],
  ];
}

function published({ record, words, count }: Told): ErasureSection {
  const rows = [
    ...record.datasets.map((one) => [one.table, count(one.rowsBefore), count(one.rowsErased), count(one.rowsAfter)]),
    ...record.served.map(({ kind, location, itemsBefore, itemsErased, itemsAfter }) => [
      `${location} (${words.servedKinds[kind]})`,
      ...[itemsBefore, itemsErased, itemsAfter].map(count),
    ]),
  ];
  const intro = rows.length === 0 ? words.nothingPublished : undefined;
  const tables = tableOf({ head: words.publishedHead, rows, numberColumns: [1, 2, 3] });
  return { id: 'published', title: words.sections.published, intro, tables, lines: [] };
}

function left({ record, words, count }: Told): ErasureSection {
  const rows = record.publishedNotErased.map((one) => [
    placeOfCopy(one),
    words.leftKinds[one.kind],
    one.objects === undefined ? '–' : count(one.objects),
    reasonText(words, one.reason),
  ]);
  const intro = rows.length === 0 ? words.nothingLeft : undefined;
  const tables = tableOf({ head: words.leftHead, rows, numberColumns: [2] });
  return { id: 'left', title: words.sections.left, intro, tables, lines: [] };
}

function raw(told: Told): ErasureSection {
  const { record, words, count } = told;
  const rows = record.raw.map(({ table, rows: theirs, reason }) => [table, count(theirs), reasonText(words, reason)]);
  const all = record.raw.flatMap(({ objects }) => objects);
  const objects = all.map(({ location, rows: theirs }) => [location, count(theirs)]);
  const replaced = all.map(({ location, rows: theirs, replaced: sums, reason }) => [
    ...[location, count(theirs), count(sums?.before.sizeBytes), count(sums?.after.sizeBytes)],
    ...[sums?.before.crc32c ?? '–', sums?.after.crc32c ?? '–', reasonText(words, reason)],
  ]);
  const paths = record.pathsNotSearched.map((path) => [path]);
  return {
    id: 'raw',
    title: words.sections.raw,
    intro: rows.length === 0 && paths.length === 0 ? words.nothingInRaw : introOfRaw(told),
    tables: [
      ...tableOf({ head: words.rawHead, rows, numberColumns: [1] }),
      ...(record.alsoRaw === true
        ? tableOf({ head: words.replacedHead, rows: replaced, numberColumns: [1, 2, 3] })
        : tableOf({ head: words.objectsHead, rows: objects, numberColumns: [1] })),
      ...tableOf({ head: [words.pathsNotSearched], rows: paths, numberColumns: [] }),
    ],
    lines: [],
  };
}

function introOfRaw({ record, words }: Told): string {
  if (record.alsoRaw !== true) return words.whyRaw;
  return record.endedAt === undefined ? words.rawWould : words.rawErased;
}

function todo(told: Told): ErasureSection {
  const { record, words } = told;
  // What could not be looked into may hold them as well.
  const mayStand = record.raw.some(({ rows }) => rows !== 0) || record.pathsNotSearched.length > 0;
  const lines = [
    ...(record.publishedNotErased.length > 0 ? [words.owners] : []),
    ...record.datasets.flatMap((one) => handWork(told, one)),
    ...record.toBuildAgain.map(words.buildAgain),
    ...(mayStand && record.alsoRaw !== true ? [words.decideRaw] : []),
    ...(leftInRaw(record).length > 0 ? [words.rawLeft] : []),
    ...(record.raw.some(({ objects }) => objects.some(({ replaced }) => replaced !== undefined)) ? [words.source] : []),
  ];
  const intro = lines.length === 0 ? words.nothingToDo : undefined;
  return { id: 'todo', title: words.sections.todo, intro, tables: [], lines };
}

function handWork({ words, count }: Told, { table, notSearched, k, smallestClass }: ErasedFigures): string[] {
  const isTooSmall = k !== undefined && smallestClass !== undefined && smallestClass < k;
  return [
    ...(notSearched.length > 0 ? [words.lookByHand(table, notSearched.join(', '))] : []),
    ...(isTooSmall ? [words.smallClass(table, count(smallestClass), count(k))] : []),
  ];
}

function listOf(id: 'remains' | 'proof', { words }: Told): ErasureSection {
  return { id, title: words.sections[id], tables: [], lines: words[id] };
}

function tableOf(table: ErasureTable): ErasureTable[] {
  return table.rows.length === 0 ? [] : [table];
}

function reasonText({ reasons }: ErasureWords, reason: string | undefined): string {
  if (reason === undefined) return '–';
  const text = reasons[reason];
  return text === undefined ? reason : `${text} (${reason})`;
}
