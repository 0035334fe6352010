import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { isLeft } from '../../../src/domain/privacy/erasure.ts';
import type { Identifier } from '../../../src/domain/privacy/identifiers.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { findWholeFiles, replaceDataset } from '../../../src/steps/zones/publish-dataset.ts';
import { rotateDataset } from '../../../src/steps/zones/rotate-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { KEY, openZonesWorld, SCHEME } from './zones-world.ts';

const COLUMNS: TableMapping['columns'] = {
  matricule: { class: 'identifier', treat: 'pseudonymise' },
  badge: { class: 'quasi-identifier', treat: 'pseudonymise' },
  annee: { class: 'technical' },
  jours: { class: 'technical' },
};
const lines = ['M1|B1|2023|1', 'M1|B1|2024|2', 'M2|B2|2023|3', 'M3|B3|2024|4'];
const types = { matricule: 'string', badge: 'string', annee: 'string', jours: 'int' };
const world = await openZonesWorld({ 'rh.arrets': { types, columns: COLUMNS, lines } });
afterAll(() => world.close());
afterEach(() => world.forget('cleaned_rh'));

const dataset = (table: string, rest: Partial<Dataset> = {}): Dataset =>
  aDataset({ name: table, from: 'rh.arrets', target: { zone: 'cleaned', database: 'cleaned_rh', table }, ...rest });
const of = (value: string): string => pseudonym(SCHEME, KEY, 'text', value);
const person = (value: string) => ({ identifiers: [{ field: 'text' as const, value }] });
const rows = (one: Dataset, column: string, value: string): Promise<number> =>
  world.read(one, `SELECT count(*) FROM dataset WHERE ${column} = '${of(value)}'`);
const nameOf = ({ target }: Dataset) => ({ database: target.database, name: target.table });
const tableOf = async (one: Dataset) => (await world.catalog.findTable(nameOf(one)))!.table;
const ONLY_DAYS: Dataset['columns'] = { matricule: { treat: 'drop' }, badge: { treat: 'drop' } };

describe('What somebody else writes while a person is looked for', () => {
  it('another erasure: it finds this one open, and neither brings a person back', async () => {
    const one = dataset('overlapped');
    await world.build([one]);
    let other: unknown;
    world.between.rawRead = async () => {
      other = await world.erase({ ...person('M2'), datasets: [one] }).catch((error: unknown) => error);
    };
    const { record } = await world.erase({ ...person('M1'), datasets: [one] });
    expect(other).toMatchObject({ code: 'ERASURE_OPEN' });
    expect(record.isDone).toBe(true);
    expect(await rows(one, 'matricule', 'M1')).toBe(0);
    expect(await rows(one, 'matricule', 'M2')).toBe(1);
    expect((await world.erase({ ...person('M2'), datasets: [one] })).record.isDone).toBe(true);
    expect(await world.read(one, 'SELECT count(*) FROM dataset')).toBe(1);
  });

  it.each([
    ['that holds the person', 'M1', 3],
    ['in which nobody was found', 'M9', 3],
  ])('a dataset %s: it stays as it was written, and the erasure open', async (_, who, left) => {
    const [one, later] = [dataset('rebuilt'), dataset('rebuilt', { columns: { jours: { treat: 'drop' } } })];
    await world.build([one]);
    world.between.rawRead = () => world.build([later]);
    const erasing = world.erase({ ...person(who), datasets: [one] });
    await expect(erasing).rejects.toMatchObject({ code: 'DATASET_CHANGED', kind: 'conflict' });
    expect((await tableOf(one)).storage.columns.map(({ name }) => name)).toEqual(['matricule', 'badge', 'annee']);
    expect(await world.read(one, 'SELECT count(*) FROM dataset')).toBe(4);
    expect((await findOpenErasure(world.records))!.record.isDone).toBe(false);
    const { record, goneOnWith } = await world.erase({ ...person(who), datasets: [later] });
    expect([record.isDone, goneOnWith !== undefined]).toEqual([true, true]);
    expect(await world.read(one, 'SELECT count(*) FROM dataset')).toBe(who === 'M1' ? left - 1 : left + 1);
  });

  it('ends what it began where it cannot be done, so that nobody waits for it', async () => {
    const missing = dataset('never_built');
    await expect(world.erase({ ...person('M1'), datasets: [missing] })).rejects.toThrow('does not stand');
    expect(await findOpenErasure(world.records)).toBeUndefined();
    const last = (await world.erasures()).at(-1)!;
    expect(last).toMatchObject({ isDone: false, withdrawn: 'ERASURE_REFUSED', datasets: [] });
    expect(last).not.toHaveProperty('person');
  });
});

describe('A dataset that is declared otherwise than it stands', () => {
  it('loses the person by a pseudonym that is declared no more, and its table says what it said', async () => {
    const built = dataset('narrowed', {
      partitions: ['annee'],
      anonymity: { k: 1, over: ['annee'], onFailure: 'refuse' },
    });
    await world.build([built]);
    const before = await tableOf(built);
    // The pseudonym has gone, the partitions too, another k is asked for and a column is new.
    const declared = dataset('narrowed', {
      columns: { matricule: { treat: 'drop' }, jours: { as: 'duree' } },
      anonymity: { k: 7, over: ['annee', 'duree'], onFailure: 'refuse' },
    });
    const { record } = await world.erase({ ...person('M1'), datasets: [declared] });
    expect(record).toMatchObject({ isDone: true, datasets: [{ rowsBefore: 4, rowsErased: 2, rowsAfter: 2 }] });
    expect(await rows(built, 'matricule', 'M1')).toBe(0);
    expect(await world.read(built, "SELECT count(*) FROM dataset WHERE annee = '2024'")).toBe(1);
    expect(await tableOf(built)).toEqual(before);
    expect(before.parameters).toMatchObject({ 'lakelift.k-anonymity': '1' });
  });

  it('loses the person also where no column is to be a pseudonym any more', async () => {
    const built = dataset('bare');
    await world.build([built]);
    const columns = {
      'rh.arrets': { ...COLUMNS, matricule: { class: 'public' }, badge: { class: 'public' } } as const,
    };
    const { record } = await world.erase({ ...person('B1'), datasets: [built], columns });
    expect(record.datasets).toMatchObject([{ name: 'bare', rowsErased: 2 }]);
    expect(await rows(built, 'badge', 'B1')).toBe(0);
  });

  it('is refused under another scheme, unless it has no pseudonym that anybody could be found by', async () => {
    const [other, none] = [dataset('of_others'), dataset('of_nobody', { columns: ONLY_DAYS })];
    await world.build([other, none]);
    for (const one of [other, none]) {
      const { table, version } = (await world.catalog.findTable(nameOf(one)))!;
      const parameters = { ...table.parameters, 'lakelift.pseudonyms': 'hmac-sha256-128 paie v1' };
      await world.catalog.updateTable({ ...table, parameters }, version);
    }
    const refused = world.erase({ ...person('M1'), datasets: [other], isConfirmed: false });
    await expect(refused).rejects.toMatchObject({ code: 'ERASURE_REFUSED' });
    const { record } = await world.erase({ ...person('M1'), datasets: [none] });
    expect(record.datasets).toMatchObject([{ name: 'of_nobody', rowsBefore: 4, rowsErased: 0 }]);
  });
});

it('A rotation leaves what a table says but its scheme, and what was built since the dataset was read', async () => {
  const anonymity = { k: 1, over: ['annee'], onFailure: 'refuse' } as const;
  const built = dataset('rotated', { partitions: ['annee'], anonymity });
  await world.build([built]);
  const before = await tableOf(built);
  const declared = dataset('rotated', { anonymity: { ...anonymity, k: 7 } });
  const scheme = { domain: 'rh', version: 2, from: [1] };
  const place = { ...world.placeOf(declared), scheme };
  const standing = await findWholeFiles(place);
  const request = { ...world.rotating(declared), scheme, keys: new Map([[2, Buffer.alloc(32, 2)]]) };
  const rotated = await rotateDataset(request);
  const parameters = { 'lakelift.pseudonyms': 'hmac-sha256-128 rh v2 from v1' };
  const replacement = { ...place, standing, built: rotated!.written, parameters };
  expect(await replaceDataset(replacement)).toBe('updated');
  expect(await tableOf(built)).toEqual({ ...before, parameters: { ...before.parameters, ...parameters } });
  expect(await world.read(built, "SELECT count(*) FROM dataset WHERE matricule LIKE 'v2.%' AND annee = '2024'")).toBe(
    2,
  );

  await world.build([dataset('rotated', { partitions: ['annee'], anonymity, columns: { jours: { treat: 'drop' } } })]);
  await expect(replaceDataset(replacement)).rejects.toMatchObject({ code: 'DATASET_CHANGED' });
  expect(await world.read(built, "SELECT count(*) FROM dataset WHERE matricule LIKE 'v1.%'")).toBe(4);
});

describe('Kinds of identifiers', () => {
  const NIR = '185057800608491';
  const columns: TableMapping['columns'] = {
    nir: { class: 'identifier', treat: 'pseudonymise' },
    bare: { class: 'quasi-identifier', treat: 'pseudonymise:nir' },
    telephone: { class: 'quasi-identifier' },
    jours: { class: 'technical' },
  };
  const types = { nir: 'string', bare: 'string', telephone: 'string', jours: 'int' };
  const lines = [
    '1 85 05 78 006 084 91|x|06 12 34 56 78|1',
    `${NIR}|x|+33612345678|2`,
    'x|1850578006084|x|3',
    'y|y|y|4',
  ];
  const treated = { telephone: { treat: 'pseudonymise' } };
  const drop = { treat: 'drop' };
  const dataset = (name: string, columns: Dataset['columns']): Dataset =>
    aDataset({ name, from: 'rh.people', target: { zone: 'cleaned', database: 'cleaned_rh', table: name }, columns });
  const open = () =>
    openZonesWorld({
      'rh.people': { types, columns, lines },
      'rh.codes': { types: { code: 'string' }, columns: { code: { class: 'public' } }, lines: ['a'] },
    });

  it('are looked for as texts in the ways in which they are written, and texts as what they are told to be', async () => {
    const own = await open();
    try {
      const [both, texts, phones] = [
        dataset('people', treated),
        dataset('texts', { bare: drop, telephone: drop }),
        dataset('phones', { nir: drop, bare: drop, ...treated }),
      ];
      await own.build([both, texts, phones]);
      const erased = async (identifiers: Identifier[], datasets: Dataset[], isConfirmed = false) => {
        const { record } = await own.erase({ identifiers, datasets, isConfirmed });
        const declared = record.datasets.filter(({ name }) => datasets.some((one) => one.name === name));
        return { ...record, rows: declared.map(({ rowsErased }) => rowsErased) };
      };
      const nir = { field: 'nir' as const, value: '1 85 05 78 006 084' };
      expect(await erased([nir], [both, texts])).toMatchObject({ rows: [3, 2], kinds: { nir: 1 } });
      expect(await erased([{ field: 'text', value: NIR }], [both])).toMatchObject({ rows: [3], kinds: { text: 3 } });
      expect(await erased([{ field: 'phone', value: '0612345678' }], [phones])).toMatchObject({
        ...{ rows: [2], kinds: { phone: 0 } },
        // Pseudonyms of a dataset, and nobody's identifier by its class; a table that names nobody is named.
        raw: [
          { table: 'rh.people', rows: 2 },
          { table: 'rh.codes', rows: undefined, reason: 'NO_IDENTIFIER_COLUMN' },
        ],
      });
      expect(await erased([nir], [texts], true)).toMatchObject({ isDone: true, rows: [2], kinds: { nir: 0 } });
      expect(await own.read(texts, 'SELECT count(*) FROM dataset')).toBe(2);
    } finally {
      await own.close();
    }
  });

  it('that no column has find nobody, and that is not done', async () => {
    const own = await open();
    try {
      const one = dataset('nobody', { nir: drop, telephone: drop });
      await own.build([one]);
      const iban = { field: 'iban' as const, value: 'FR7630006000011234567890189' };
      const { record } = await own.erase({ identifiers: [iban], datasets: [one] });
      expect(record).toMatchObject({ isDone: false, publishedNotErased: [], kinds: { iban: 0 } });
      expect(record.endedAt).toBeDefined();
      expect(isLeft(record)).toBe(true);
    } finally {
      await own.close();
    }
  });
});
