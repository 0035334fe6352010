import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key } from '../../../src/domain/names.ts';
import type { ErasureRecord } from '../../../src/domain/privacy/erasure.ts';
import { nextPseudonym, pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { LakeliftError, type ErrorKind } from '../../../src/errors.ts';
import type { ServedItem, ServingTables } from '../../../src/ports/serving-tables.ts';
import { Retry } from '../../../src/resilience/retry.ts';
import { retryingTables } from '../../../src/resilience/with-retry.ts';
import { eraseFromServed } from '../../../src/steps/zones/erase-served.ts';
import { eraseUseCase } from '../../../src/steps/zones/erase-use-case.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { MadeTables } from './made-tables.ts';
import { erasureIn } from './small-erasure.ts';
import { openSmallFilesWorld } from './small-files-world.ts';

const KEYS = new Map([
  [1, Buffer.alloc(32, 1)],
  [2, Buffer.alloc(32, 2)],
]);
const SCHEME = { domain: 'rh', version: 1, keys: KEYS };
const ROTATED = { domain: 'rh', version: 2, from: [1], keys: KEYS };
const THEM = pseudonym(SCHEME, KEYS.get(1)!, 'text', 'M1');
const THEM_ROTATED = nextPseudonym(ROTATED, KEYS.get(2)!, THEM);
const SOMEBODY = `v1.${'5'.repeat(32)}`;

/** Found by a key that is composed of a pseudonym, */
const sheet = (who: string): ServedItem => ({
  dataset: { S: 'arrets' },
  pk: { S: `SALARIE#${who}` },
  sk: { S: 'FICHE' },
  matricule: { S: who },
});
/** and by one that is not. */
const absence = (day: string, who: string, days = '3'): ServedItem => ({
  dataset: { S: 'arrets' },
  pk: { S: 'SERVICE#7' },
  sk: { S: `ARRET#${day}` },
  matricule: { S: who },
  jours: { N: days },
});

const world = await openSmallFilesWorld();
afterAll(() => world.close());
const { place, between } = world;
const serving = { key: { partition: 'SALARIE#{matricule}', sort: 'FICHE' }, indexes: {} };
const dataset = { ...place.dataset, serving };
const { engine, mapping, records } = erasureIn(place);

const [FIRST, SECOND] = ['lakelift-absences-serving-000000000001', 'lakelift-absences-serving-000000000002'] as const;
const FOLDER = '_serving/absences/';
const LATEST = `${FOLDER}latest.json`;
const fileOf = (version: number, name = 'arrets'): string => `${FOLDER}items/00000000000${version}/${name}.json.gz`;
const lines = (items: readonly ServedItem[]): Buffer =>
  gzipSync(items.map((Item) => `${JSON.stringify({ Item })}\n`).join(''));
const folderOf = (version: number): string => `s3://cleaned/${FOLDER}items/00000000000${version}/`;

async function put(name: string, body: Uint8Array, owner = 'absences'): Promise<void> {
  const address = { bucket: 'cleaned', key: s3Key(name) };
  const standing = await place.store.findObject(address);
  const condition =
    standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await place.store.putObject({ address, body, crc32c, metadata: { 'lakelift-use-case': owner }, condition });
}

async function read(name: string): Promise<Buffer> {
  const address = { bucket: 'cleaned', key: s3Key(name) };
  return Buffer.concat(await Array.fromAsync(await place.store.readObject(address)));
}

/** As `serve` writes it. */
async function serve(version: number, items: readonly ServedItem[], pseudonyms?: string): Promise<void> {
  await put(fileOf(version), lines(items));
  const made = {
    ...{ version: `00000000000${version}`, bucket: 'cleaned', prefix: `${FOLDER}items/00000000000${version}/` },
    ...{ items: items.length, datasets: { arrets: items.length }, pseudonyms },
  };
  await put(LATEST, Buffer.from(`${JSON.stringify(made, null, 2)}\n`));
}

async function served(version: number): Promise<ServedItem[]> {
  const text = gunzipSync(await read(fileOf(version))).toString();
  const items = text
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { Item: ServedItem }).Item);
  return items.toSorted((a, b) => (JSON.stringify(a['sk']) < JSON.stringify(b['sk']) ? -1 : 1));
}
const latest = async () => JSON.parse((await read(LATEST)).toString()) as { items: number; datasets: object };

let tables: MadeTables;
interface Asked {
  readonly isConfirmed?: boolean;
  readonly scheme?: typeof SCHEME | typeof ROTATED;
  readonly asked?: ServingTables | 'none';
}

async function erase({ isConfirmed = true, scheme = SCHEME, asked = tables }: Asked = {}): Promise<ErasureRecord> {
  const erasure = await eraseUseCase({
    ...{ mapping, scheme, engine, records, isConfirmed, by: 'a test', datasets: [dataset] },
    ...{ catalog: place.catalog, signal: place.signal },
    tables: asked === 'none' ? undefined : asked,
    identifiers: [{ field: 'text', value: 'M1' }],
    alsoIn: [],
    masked: (value) => value,
    zoneOfPath: () => records.zone,
    place: () => ({ ...place, dataset }),
  });
  return erasure.record;
}
const figures = ({ served: all }: ErasureRecord) =>
  all.map(({ location, itemsBefore, itemsErased, itemsAfter }) => [location, itemsBefore, itemsErased, itemsAfter]);
const refusal = (kind: ErrorKind, code: string) => new LakeliftError(code, { kind, code });

const THEIRS = [sheet(THEM), absence('2024-01-01', THEM), absence('2024-03-01', THEM)];
const OTHERS = [absence('2024-02-01', SOMEBODY), sheet(SOMEBODY)];

describe('erasing a person from what applications are served from', () => {
  beforeEach(async () => {
    between.listed = between.found = between.read = between.written = undefined;
    tables = new MadeTables();
    for (const version of [1, 2]) await put(fileOf(version), lines([]));
    for (const name of [fileOf(1, 'others'), fileOf(2, 'foreign')]) await put(name, Buffer.from(''));
  });

  it('takes their items out of the files of all versions and of all tables, wherever the pseudonym stands, and counts them', async () => {
    await serve(1, [...THEIRS, ...OTHERS]);
    await serve(2, [THEIRS[0]!, ...OTHERS]);
    tables.put(FIRST, [...THEIRS, ...OTHERS]);
    tables.put(SECOND, [THEIRS[0]!, ...OTHERS]);
    tables.put('lakelift-absences-serving-x-serving-000000000001', THEIRS);
    const before = [
      [folderOf(1), 5, 3, 2],
      [folderOf(2), 3, 1, 2],
      [FIRST, 5, 3, 2],
      [SECOND, 3, 1, 2],
    ];
    const tried = await erase({ isConfirmed: false });
    expect(figures(tried)).toEqual(before);
    expect(tried).toMatchObject({ isDone: false, publishedNotErased: [] });
    expect([tables.items(FIRST).length, (await served(1)).length, (await latest()).items]).toEqual([5, 5, 3]);

    const record = await erase();
    expect(figures(record)).toEqual(before);
    expect(record).toMatchObject({ isDone: true, publishedNotErased: [] });
    for (const version of [1, 2]) expect(await served(version)).toEqual(OTHERS);
    for (const table of [FIRST, SECOND]) expect(tables.items(table)).toEqual(expect.arrayContaining(OTHERS));
    for (const table of [FIRST, SECOND]) expect(tables.items(table)).toHaveLength(OTHERS.length);
    // A refresh compares the number of items that it imported with this one.
    expect(await latest()).toMatchObject({ items: 2, datasets: { arrets: 2 } });
    // Another use case's.
    expect(tables.items('lakelift-absences-serving-x-serving-000000000001')).toEqual(THEIRS);
    for (const one of [THEM, 'M1']) expect(JSON.stringify(record)).not.toContain(one);
    expect(figures(await erase())).toEqual(before.map(([location]) => [location, 2, 0, 2]));
  });

  it.each([
    ['files are changed and not counted', 'file'],
    ['one item is deleted of several', 'item'],
  ])('killed when %s, it stays open, and is ended when it is run again, with what both erased', async (_, when) => {
    await serve(1, [...THEIRS, ...OTHERS]);
    tables.put(FIRST, [...THEIRS, ...OTHERS]);
    if (when === 'file')
      between.written = (key) => (key === fileOf(1) ? Promise.reject(new Error('killed')) : Promise.resolve());
    let deletions = 0;
    tables.before = (call) => {
      if (when === 'item' && call === 'delete' && ++deletions === 2) throw new Error('killed');
    };
    await expect(erase()).rejects.toThrow('killed');
    expect((await findOpenErasure(records))?.record.endedAt).toBeUndefined();
    expect((await latest()).items).toBe(when === 'file' ? 5 : 2);
    between.written = undefined;
    tables.before = () => undefined;
    const record = await erase();
    expect(record.isDone).toBe(true);
    expect(figures(record)).toEqual([
      [folderOf(1), 5, 3, 2],
      [folderOf(2), 0, 0, 0],
      [FIRST, 5, 3, 2],
    ]);
    expect((await latest()).items).toBe(2);
    expect(await findOpenErasure(records)).toBeUndefined();
  });

  it('names what it cannot look into, with the reason, and erases from the rest', async () => {
    await serve(1, OTHERS);
    tables.put(FIRST, THEIRS, 'CREATING');
    tables.put(SECOND, [...THEIRS, ...OTHERS]);
    tables.put('lakelift-absences-serving-000000000003', THEIRS, 'DELETING');
    tables.put('lakelift-absences-serving-000000000004', THEIRS);
    tables.put('lakelift-absences-serving-000000000005', THEIRS);
    tables.before = (call, table) => {
      if (call === 'page' && table.endsWith('4')) throw refusal('denied', 'DYNAMODB_DENIED');
      if (call === 'page' && table.endsWith('5')) tables.made.delete(table);
    };
    const record = await erase();
    expect(record).toMatchObject({
      isDone: false,
      endedAt: expect.any(String) as string,
      publishedNotErased: [
        { kind: 'serving-tables', location: FIRST, reason: 'CREATING' },
        { location: 'lakelift-absences-serving-000000000004', reason: 'DYNAMODB_DENIED' },
      ],
    });
    expect(figures(record).slice(2)).toEqual([[SECOND, 5, 3, 2]]);
    // Once it is imported, it can be.
    tables.before = () => undefined;
    tables.put(FIRST, THEIRS);
    expect(await erase()).toMatchObject({ isDone: true });
    expect(tables.items(FIRST)).toEqual([]);
  });

  it('counts what it deleted before it was refused', async () => {
    tables.put(FIRST, [...THEIRS, ...OTHERS]);
    let deletions = 0;
    tables.before = (call) => {
      if (call === 'delete' && ++deletions === 2) throw refusal('denied', 'DYNAMODB_DENIED');
    };
    const record = await erase();
    expect(figures(record).slice(2)).toEqual([[FIRST, undefined, 1, undefined]]);
    expect(record).toMatchObject({ isDone: false, publishedNotErased: [{ reason: 'DYNAMODB_DENIED' }] });
  });

  it('names tables as a whole where they cannot be listed, or where there is no DynamoDB', async () => {
    tables.before = (call) => {
      if (call === 'list') throw refusal('unavailable', 'AWS_UNAVAILABLE');
    };
    const all = { kind: 'serving-tables', location: 'lakelift-absences-serving-*' };
    expect((await erase()).publishedNotErased).toEqual([{ ...all, reason: 'AWS_UNAVAILABLE' }]);
    expect((await erase({ asked: 'none' })).publishedNotErased).toEqual([{ ...all, reason: 'NO_DYNAMODB' }]);
  });

  it('goes on where DynamoDB asks for less', async () => {
    tables.put(FIRST, [...THEIRS, ...OTHERS]);
    let calls = 0;
    tables.before = () => {
      if (calls++ % 3 > 0) throw refusal('throttled', 'AWS_THROTTLED');
    };
    const retry = new Retry({ patienceMs: 60_000, firstPauseMs: 1, longestPauseMs: 2 }, () => undefined);
    expect(await erase({ asked: retryingTables(tables, retry) })).toMatchObject({ isDone: true });
    expect(tables.items(FIRST)).toHaveLength(2);
  });

  it('leaves an item that is somebody else’s by the time it is to be deleted', async () => {
    tables.put(FIRST, [absence('2024-01-01', THEM)]);
    let isReplaced = false;
    tables.before = (call, table) => {
      if (call !== 'delete' || isReplaced) return;
      isReplaced = true;
      tables.put(table, [absence('2024-01-01', SOMEBODY)]);
    };
    const record = await erase();
    expect(tables.items(FIRST)).toEqual([absence('2024-01-01', SOMEBODY)]);
    expect(figures(record).slice(2)).toEqual([[FIRST, 1, 0, 1]]);
    expect(record.isDone).toBe(true);
  });

  it('is not done where somebody writes the person again and again', async () => {
    tables.put(FIRST, []);
    let day = 10;
    tables.before = (call, table) => {
      if (call === 'page') tables.put(table, [absence(`2024-01-${day++}`, THEM)]);
    };
    const record = await erase();
    expect(record).toMatchObject({
      isDone: false,
      publishedNotErased: [{ location: FIRST, reason: 'ERASURE_OVERTAKEN' }],
    });
  });

  it('finds pseudonyms of before a rotation, and names files and tables with those of another key', async () => {
    await serve(1, [sheet(THEM), ...OTHERS]);
    tables.put(FIRST, [sheet(THEM), ...OTHERS]);
    tables.put(SECOND, [sheet(THEM_ROTATED), sheet(`v2.${'6'.repeat(32)}`)]);
    expect(await erase({ scheme: ROTATED })).toMatchObject({ isDone: true });
    expect([tables.items(FIRST).length, tables.items(SECOND).length]).toEqual([2, 1]);
    expect(await served(1)).toEqual(OTHERS);

    await serve(2, [sheet(THEM), sheet(`v3.${'6'.repeat(32)}`)]);
    tables.put(FIRST, [sheet(THEM), sheet(`v3.${'6'.repeat(32)}`)]);
    expect(await erase()).toMatchObject({
      isDone: false,
      publishedNotErased: [
        { kind: 'serving-files', location: `s3://cleaned/${FOLDER}`, objects: 1 },
        { kind: 'serving-tables', location: FIRST, reason: 'OTHER_PSEUDONYMS' },
        { kind: 'serving-tables', location: SECOND, reason: 'OTHER_PSEUDONYMS' },
      ],
    });
    expect(tables.items(FIRST)).toEqual([sheet(`v3.${'6'.repeat(32)}`)]);
  });

  it('cannot tell pseudonyms of another domain from theirs, once two were served', async () => {
    await serve(1, OTHERS, 'hmac-sha256-128 paie v1; hmac-sha256-128 rh v1');
    tables.put(FIRST, OTHERS);
    expect(await erase()).toMatchObject({
      isDone: false,
      publishedNotErased: [{ kind: 'serving-files' }, { location: FIRST, reason: 'OTHER_PSEUDONYMS' }],
    });
    await serve(1, OTHERS, 'hmac-sha256-128 paie v2; hmac-sha256-128 rh v1');
    expect(await erase()).toMatchObject({ isDone: true });
  });

  it('has a rotation name only what holds pseudonyms of before, and change nothing', async () => {
    const now = [sheet(THEM_ROTATED)];
    await serve(1, now);
    tables.put(FIRST, now);
    tables.put(SECOND, OTHERS);
    const { useCase, store, signal } = records;
    const person = { pseudonyms: [], versions: [2] };
    const found = await eraseFromServed({
      ...{ useCase, store, signal, tables, person, scheme: ROTATED, isConfirmed: false },
      ...{ datasets: [dataset], place: () => place },
    });
    expect(found.left).toEqual([{ kind: 'serving-tables', location: SECOND, reason: 'OTHER_PSEUDONYMS' }]);
    expect(tables.items(SECOND)).toHaveLength(2);
  });

  it('leaves what is not of serve, and names it', async () => {
    await put(fileOf(2, 'foreign'), lines(THEIRS), 'absences-bis');
    await put(fileOf(1, 'others'), Buffer.from('no gzip'));
    await put(LATEST, Buffer.from('theirs'));
    expect(await erase()).toMatchObject({
      isDone: false,
      publishedNotErased: [{ kind: 'serving-files', objects: 3 }],
    });
    expect((await read(LATEST)).toString()).toBe('theirs');
    await serve(1, OTHERS);
  });

  it('meets another version that is served meanwhile: its files are looked through too, and counted', async () => {
    await serve(1, [...THEIRS, ...OTHERS]);
    let isServed = false;
    between.read = async (key) => {
      // Counts are read, and are to be replaced.
      if (key !== LATEST || (await served(1)).length > 2 || isServed) return;
      isServed = true;
      await serve(2, [...THEIRS, ...OTHERS]);
    };
    const record = await erase();
    expect(isServed).toBe(true);
    expect(record.isDone).toBe(true);
    expect(figures(record)).toEqual([
      [folderOf(1), 5, 3, 2],
      [folderOf(2), 5, 3, 2],
    ]);
    expect(await latest()).toMatchObject({ items: 2, datasets: { arrets: 2 } });
  });
});
