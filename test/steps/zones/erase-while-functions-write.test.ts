import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import type { ErasureRecord } from '../../../src/domain/privacy/erasure.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { eraseUseCase } from '../../../src/steps/zones/erase-use-case.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { erasureIn } from './small-erasure.ts';
import { openSmallFilesWorld } from './small-files-world.ts';

const KEY = Buffer.alloc(32, 1);
const scheme = { domain: 'rh', version: 1, keys: new Map([[1, KEY]]) };
const THEM = pseudonym(scheme, KEY, 'text', 'M1');
const row = (who: string, days: number): string => `{"matricule":"${who}","jours":${days}}`;
const [theirs, more, somebody] = [row(THEM, 1), row(THEM, 2), row(`v1.${'5'.repeat(32)}`, 3)];

const world = await openSmallFilesWorld();
afterAll(() => world.close());
const { place, put, remove, rows, between, said } = world;

const { engine, mapping, records } = erasureIn(place);
const erase = async (isConfirmed = true): Promise<ErasureRecord> => {
  const erasure = await eraseUseCase({
    ...{ mapping, scheme, engine, records, isConfirmed, by: 'a test', datasets: [place.dataset] },
    ...{ catalog: place.catalog, signal: place.signal },
    identifiers: [{ field: 'text', value: 'M1' }],
    tables: undefined,
    alsoIn: [],
    masked: (value) => value,
    zoneOfPath: () => records.zone,
    place: () => place,
  });
  return erasure.record;
};

/** Lets a function write once the folder has been listed so many times. */
function afterListing(times: number, write: () => Promise<void>): void {
  let left = times;
  between.listed = async (prefix) => {
    if (prefix.includes('small_files') && --left === 0) await write();
  };
}

const figures = (record: ErasureRecord) =>
  record.datasets.map(({ name, rowsBefore, rowsErased, rowsAfter }) => [name, rowsBefore, rowsErased, rowsAfter]);

describe('functions that write while a person is erased', () => {
  beforeEach(async () => {
    between.listed = between.found = between.read = between.written = undefined;
    delete said['lakelift.pseudonyms'];
    for (const name of ['a', 'b', 'c']) await put(name, []);
  });

  it.each([
    ['was looked for', 1],
    ['was to be erased', 2],
  ])('another object once the person %s: it is erased from as well, and counted', async (_, times) => {
    await put('a', [theirs, somebody]);
    afterListing(times, () => put(`new-${times}`, [more]));
    const record = await erase();
    expect(await rows('a')).toEqual([somebody]);
    expect(await rows(`new-${times}`)).toEqual([]);
    expect(record).toMatchObject({ isDone: true, publishedNotErased: [] });
    expect(figures(record)).toEqual([['arrets_small_files', 3, 2, 1]]);
  });

  it('the first object that names the person, after nobody was found', async () => {
    await put('a', [somebody]);
    afterListing(1, () => put('b', [theirs]));
    const record = await erase();
    expect(await rows('b')).toEqual([]);
    expect(figures(record)).toEqual([['arrets_small_files', 2, 1, 1]]);
    expect(record.isDone).toBe(true);
  });

  it('the very object, between reading and replacing it: no row that came is lost, and none of theirs stays', async () => {
    await put('a', [theirs]);
    let reads = 0;
    between.read = async (key) => {
      // The first time it is only looked for.
      if (key.includes('/a.') && ++reads === 2) await put('a', [theirs, more, somebody]);
    };
    const record = await erase();
    expect(await rows('a')).toEqual([somebody]);
    expect(figures(record)).toEqual([['arrets_small_files', 3, 2, 1]]);
    expect(record.isDone).toBe(true);
  });

  it('objects that hold another version of pseudonyms: they are named, and it is not done', async () => {
    await put('a', [theirs]);
    afterListing(2, () => put('b', [row(`v2.${'6'.repeat(32)}`, 1)]));
    const record = await erase();
    expect(record.isDone).toBe(false);
    expect(record.endedAt).toBeDefined();
    expect(record.publishedNotErased).toMatchObject([{ kind: 'small-files', objects: 1 }]);
  });

  it('nothing, but remove an object between its being found and read, or all of them once rows are erased: what was erased is counted', async () => {
    await put('a', [theirs, somebody]);
    await put('b', [theirs]);
    between.found = async (key) => {
      if (key.includes('/b.')) await remove('b');
    };
    expect(figures(await erase())).toEqual([['arrets_small_files', 2, 1, 1]]);

    between.found = undefined;
    await put('a', [theirs, more]);
    let puts = 0;
    between.written = async (key) => {
      if (key.includes('/a.') && ++puts === 1) for (const name of ['a', 'b', 'c', 'new-1', 'new-2']) await remove(name);
    };
    const record = await erase();
    expect(figures(record)).toEqual([['arrets_small_files', 2, 2, 0]]);
    expect(record.isDone).toBe(true);
  });

  it('nothing, but the answer to a write is lost: what it erased is counted', async () => {
    await put('a', [theirs, somebody]);
    let isLost = false;
    between.written = (key) => {
      if (isLost || !key.includes('/a.')) return Promise.resolve();
      isLost = true;
      return Promise.reject(new LakeliftError('met its own write', { kind: 'conflict', code: 'S3_CONFLICT' }));
    };
    const record = await erase();
    expect(isLost).toBe(true);
    expect(figures(record)).toEqual([['arrets_small_files', 2, 1, 1]]);
  });

  it('the very object at each attempt: it is told as the person coming back is', async () => {
    await put('a', [theirs]);
    let turn = 0;
    between.read = async (key) => {
      // The first time it is only looked for.
      if (key.includes('/a.') && turn++ > 0) await put('a', [theirs, row(`v1.${'7'.repeat(32)}`, turn)]);
    };
    await expect(erase()).rejects.toMatchObject({ code: 'ERASURE_OVERTAKEN' });
    between.read = undefined;
    expect((await erase()).isDone).toBe(true);
  });

  it('as another domain before, with the same version in front: nobody can be looked for there, and it is not done', async () => {
    await put('a', [theirs]);
    said['lakelift.pseudonyms'] = 'hmac-sha256-128 paie v1; hmac-sha256-128 rh v1';
    const record = await erase();
    expect(await rows('a')).toEqual([theirs]);
    expect(record).toMatchObject({ isDone: false, publishedNotErased: [{ kind: 'small-files' }] });
    said['lakelift.pseudonyms'] = 'hmac-sha256-128 paie v2; hmac-sha256-128 rh v1';
    expect(await erase()).toMatchObject({ isDone: true });
    expect(await rows('a')).toEqual([]);
  });

  it('the person again and again: the proof stays open, and is ended once they do no more', async () => {
    await put('a', [theirs]);
    between.listed = async (prefix) => (prefix.includes('small_files') ? put('c', [more]) : undefined);
    await expect(erase()).rejects.toMatchObject({ code: 'ERASURE_OVERTAKEN', kind: 'conflict' });
    const open = await findOpenErasure(records);
    expect(open!.record).toMatchObject({ isDone: false, person: expect.any(String) as string });
    expect(open!.record.endedAt).toBeUndefined();
    between.listed = undefined;
    expect((await erase(false)).endedAt).toBeUndefined();
    await put('c', [theirs, more]);
    const record = await erase();
    expect(record).toMatchObject({ isDone: true, begunAt: open!.record.begunAt });
    expect(figures(record)[0]![2]).toBe(2);
    expect(await rows('c')).toEqual([]);
    expect(await findOpenErasure(records)).toBeUndefined();
    for (const text of [JSON.stringify(record), JSON.stringify(open)]) expect(text).not.toContain(THEM);
  });
});
