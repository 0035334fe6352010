import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { s3Key } from '../../../src/domain/names.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { isLeft } from '../../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { KEY, openZonesWorld, SCHEME } from './zones-world.ts';

const COLUMNS: TableMapping['columns'] = {
  matricule: { class: 'identifier', treat: 'pseudonymise' },
  jours: { class: 'technical' },
};
const lines = ['M1|1', 'M1|2', 'M2|3'];
const types = { matricule: 'string', jours: 'int' };
const world = await openZonesWorld({
  'rh.arrets': { types, columns: COLUMNS, lines },
  'rh.anciens': { types: { code: 'string' }, columns: { code: { class: 'public' } }, lines: ['M1', 'M2'] },
});
afterAll(() => world.close());
afterEach(() => world.forget('cleaned_rh', 'cleaned_drh'));

const dataset = (table: string, rest: Partial<Dataset> = {}): Dataset =>
  aDataset({ name: table, from: 'rh.arrets', target: { zone: 'cleaned', database: 'cleaned_rh', table }, ...rest });
const person = { identifiers: [{ field: 'text' as const, value: 'M1' }] };
const THEM = pseudonym(SCHEME, KEY, 'text', 'M1');
const theirs = (one: Dataset): Promise<number> =>
  world.read(one, `SELECT count(*) FROM dataset WHERE matricule = '${THEM}'`);
const found = async ({ target }: Dataset) =>
  (await world.catalog.findTable({ database: target.database, name: target.table }))!;
async function change(one: Dataset, changes: (table: TargetTable) => TargetTable): Promise<void> {
  const { table, version } = await found(one);
  await world.catalog.updateTable(changes(table), version);
}
const saying = (parameters: Readonly<Record<string, string>>) => (table: TargetTable) => ({
  ...table,
  parameters: { ...table.parameters, ...parameters },
});

it('erases from tables that were taken out of the declaration, got another name, or stand in a database that is named', async () => {
  const [kept, gone, moved] = [
    dataset('garde'),
    dataset('retire', { partitions: ['jours'] }),
    dataset('garde', { target: { zone: 'cleaned', database: 'cleaned_drh', table: 'garde' } }),
  ];
  await world.build([kept, gone]);
  await world.build([moved]);
  const before = await found(gone);
  const tried = await world.erase({ ...person, datasets: [kept], isConfirmed: false });
  expect(tried.record.datasets.map(({ table, rowsErased }) => [table, rowsErased])).toEqual([
    ['cleaned_rh.garde', 2],
    ['cleaned_rh.retire', 2],
  ]);
  expect([await theirs(gone), await theirs(moved)]).toEqual([2, 2]);
  const { record } = await world.erase({ ...person, datasets: [kept], alsoIn: ['Cleaned_DRH'] });
  expect(record).toMatchObject({
    ...{ isDone: true, publishedNotErased: [] },
    datasets: [
      { table: 'cleaned_rh.garde', rowsBefore: 3, rowsErased: 2, rowsAfter: 1 },
      { table: 'cleaned_rh.retire', rowsBefore: 3, rowsErased: 2, rowsAfter: 1 },
      { table: 'cleaned_drh.garde', rowsBefore: 3, rowsErased: 2, rowsAfter: 1 },
    ],
  });
  for (const one of [kept, gone, moved]) expect(await theirs(one)).toBe(0);
  expect((await found(gone)).table).toEqual(before.table);
});

it('erases from a table whose dataset has another name by now, and the same target', async () => {
  const before = dataset('nom');
  await world.build([before]);
  const renamed = { ...before, name: 'nouveau' };
  const { record } = await world.erase({ ...person, datasets: [renamed] });
  expect(record).toMatchObject({ isDone: true, datasets: [{ name: 'nom', table: 'cleaned_rh.nom', rowsErased: 2 }] });
  expect(await theirs(before)).toBe(0);
});

it('finds pseudonyms of before a rotation there, which has not reached them', async () => {
  const gone = dataset('ancienne');
  await world.build([gone]);
  const keys = new Map([...SCHEME.keys, [2, Buffer.alloc(32, 2)] as const]);
  const scheme = { domain: 'rh', version: 2, from: [1], keys };
  const { record } = await world.erase({ ...person, datasets: [], alsoIn: ['cleaned_rh'], scheme });
  expect(record).toMatchObject({ isDone: true, datasets: [{ table: 'cleaned_rh.ancienne', rowsErased: 2 }] });
  expect(await theirs(gone)).toBe(0);
});

it('erases from what functions wrote for a dataset that is declared no more', async () => {
  const gone = dataset('fichiers');
  await world.build([gone]);
  const key = s3Key('cleaned_rh/fichiers_small_files/a.json.gz');
  const body = gzipSync(`{"matricule":"${THEM}"}\n{"matricule":"v1.${'5'.repeat(32)}"}\n`);
  const metadata = { 'lakelift-dataset': 'absences/fichiers' };
  await world.records.store.putObject({
    ...{ address: { bucket: 'cleaned', key }, body, metadata, condition: { kind: 'if-absent' } },
    crc32c: crcToBase64(crcOf('CRC32C').sum(body)),
  });
  const { record } = await world.erase({ ...person, datasets: [], alsoIn: ['cleaned_rh'] });
  expect(record).toMatchObject({
    isDone: true,
    datasets: [
      { table: 'cleaned_rh.fichiers', rowsErased: 2 },
      { table: 'cleaned_rh.fichiers_small_files', rowsBefore: 2, rowsErased: 1, rowsAfter: 1 },
    ],
  });
});

it('looks into a dataset beside which functions wrote for one of another name', async () => {
  const [former, now] = [dataset('cible', { name: 'ancien' }), dataset('cible', { name: 'nouveau' })];
  await world.build([now]);
  const { table } = await found(now);
  await world.catalog.createTable({
    ...table,
    name: 'cible_small_files',
    storage: { ...table.storage, location: 's3://cleaned/cleaned_rh/cible_small_files/' },
    parameters: { ...table.parameters, 'lakelift.source': `small files of dataset absences/${former.name}` },
  });
  const { record } = await world.erase({ ...person, datasets: [now] });
  expect(record).toMatchObject({ isDone: true, datasets: [{ name: 'nouveau', rowsErased: 2 }] });
  expect(await theirs(now)).toBe(0);
});

it('names those that nobody can be looked for in, and is not done while one is left; tables of others are none', async () => {
  const kept = dataset('reste');
  const [other, none, elsewhere, foreign] = ['autre', 'aucun', 'ailleurs', 'tiers'].map((name) => dataset(name));
  await world.build([kept, other!, none!, elsewhere!, foreign!]);
  await change(other!, saying({ 'lakelift.pseudonyms': 'hmac-sha256-128 paie v1' }));
  await change(none!, ({ parameters: { 'lakelift.pseudonyms': _, ...parameters }, ...table }) => ({
    ...table,
    parameters,
  }));
  await change(elsewhere!, (table) => ({ ...table, storage: { ...table.storage, location: 's3://autre/ailleurs/' } }));
  await change(foreign!, saying({ 'lakelift.use-case': 'paie', 'lakelift.source': 'dataset paie/tiers' }));
  const { record } = await world.erase({ ...person, datasets: [kept] });
  expect(record.datasets).toMatchObject([{ table: 'cleaned_rh.reste', rowsErased: 2 }]);
  const kind = 'undeclared-table';
  expect(record.publishedNotErased.toSorted((a, b) => (a.table! < b.table! ? -1 : 1))).toEqual([
    { kind, table: 'cleaned_rh.ailleurs', location: 's3://autre/ailleurs/', reason: 'DATASET_ELSEWHERE' },
    { kind, table: 'cleaned_rh.aucun', location: 's3://cleaned/cleaned_rh/aucun/', reason: 'NO_PSEUDONYMS' },
    { kind, table: 'cleaned_rh.autre', location: 's3://cleaned/cleaned_rh/autre/', reason: 'OTHER_PSEUDONYMS' },
  ]);
  expect([record.isDone, isLeft(record), record.endedAt === undefined]).toEqual([false, true, false]);
  expect(await theirs(foreign!)).toBe(2);
});

it('keeps nobody waiting that is stopped before it has written anything', async () => {
  const one = dataset('arrete');
  await world.build([one]);
  const stop = new AbortController();
  const stopped = world.erase({
    ...{ ...person, datasets: [one], signal: stop.signal },
    async *listTables() {
      await Promise.resolve(stop.abort());
      stop.signal.throwIfAborted();
    },
  });
  await expect(stopped).rejects.toThrow('abort');
  const { record } = await world.erase({ identifiers: [{ field: 'text', value: 'M2' }], datasets: [one] });
  expect(record).toMatchObject({ isDone: true, datasets: [{ rowsErased: 1 }] });
});

it('names databases whose tables cannot be listed', async () => {
  const one = dataset('seul');
  await world.build([one]);
  const { record } = await world.erase({
    ...{ ...person, datasets: [one], mapped: ['rh.arrets'] },
    async *listTables(database) {
      if (database === 'cleaned_rh')
        throw new LakeliftError('refused', { kind: 'denied', code: 'GLUE_DENIED', hint: 'ask for it' });
      yield* await Promise.resolve([]);
    },
  });
  const left = { kind: 'undeclared-table', location: 'cleaned_rh.*', reason: 'GLUE_DENIED' };
  expect(record).toMatchObject({ isDone: false, datasets: [{ rowsErased: 2 }], publishedNotErased: [left] });
});

it('says where copies hold the person that the mapping has no more, in whichever column', async () => {
  const one = dataset('encore');
  await world.build([one]);
  const { record } = await world.erase({ ...person, datasets: [one], mapped: ['rh.arrets'] });
  expect(record.isDone).toBe(true);
  expect(record.raw).toEqual([
    { table: 'rh.arrets', rows: 2, objects: [{ location: 's3://raw/rh/arrets/0', rows: 2 }] },
    { table: 'raw_rh.anciens', rows: 1, objects: [{ location: 's3://raw/rh/anciens/0', rows: 1 }] },
  ]);
});

it('hides values of partition keys where such a copy lies: they may be people’s', async () => {
  const one = dataset('partage');
  await world.build([one]);
  const { table } = (await world.catalog.findTable({ database: 'raw_rh', name: 'anciens' }))!;
  const name = 'par_code';
  const location = `s3://raw/rh/${name}/`;
  const storage = { ...table.storage, columns: [{ name: 'x', type: 'string' }], location };
  await world.catalog.createTable({ ...table, name, storage, partitionKeys: [{ name: 'code', type: 'string' }] });
  const body = Buffer.from('1\n2\n');
  await world.records.store.putObject({
    ...{ address: { bucket: 'raw', key: s3Key(`rh/${name}/code=M1/0`) }, body, metadata: {} },
    ...{ condition: { kind: 'if-absent' }, crc32c: crcToBase64(crcOf('CRC32C').sum(body)) },
  });
  const partition = { values: ['M1'], storage: { ...storage, location: `${location}code=M1/` }, parameters: {} };
  await world.catalog.createPartitions({ database: 'raw_rh', name }, [partition]);
  const { record } = await world.erase({ ...person, datasets: [one], mapped: ['rh.arrets'] });
  expect(record.raw.find((raw) => raw.table === `raw_rh.${name}`)).toEqual({
    ...{ table: `raw_rh.${name}`, rows: 2, objects: [{ location: `${location}code=masked/0`, rows: 2 }] },
  });
});
