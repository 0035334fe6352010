import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { LakeliftError } from '../../../src/errors.ts';
import { emptySmallFiles, findNamingKey, findSmallFiles } from '../../../src/steps/zones/empty-small-files.ts';
import { smallObjectNames } from '../../../src/domain/privacy/small-object-name.ts';
import { openSmallFilesWorld } from './small-files-world.ts';

const SOURCE = 's3://raw/rh/arrets/000000_0';
const naming = Buffer.alloc(32, 7);
const [name = '', former = ''] = smallObjectNames(SOURCE, naming);
const ROW = '{"rang":1}';

let world: Awaited<ReturnType<typeof openSmallFilesWorld>>;
beforeAll(async () => {
  world = await openSmallFilesWorld();
});
beforeEach(async () => {
  world.between.found = world.between.written = undefined;
  for (const one of [name, former]) await world.put(one, [ROW]);
});
afterAll(() => world.close());

const empty = async (before: Awaited<ReturnType<typeof findSmallFiles>>) =>
  emptySmallFiles({ ...world.place, before, read: [SOURCE], naming });

it('what was named without a key, by versions of before, is emptied too', async () => {
  expect(await empty(await findSmallFiles(world.place))).toEqual({ emptied: 2, left: 0 });
  expect([await world.rows(name), await world.rows(former)]).toEqual([[], []]);
  expect((await findSmallFiles(world.place)).size).toBe(0);
});

it('what a function wrote for a dataset of another name is emptied, of another use case it is left', async () => {
  await world.put(name, [ROW], 'absences/arrets_2023');
  await world.put(former, [ROW], 'churn/arrets');
  expect(await empty(await findSmallFiles(world.place))).toEqual({ emptied: 1, left: 1 });
  expect([await world.rows(name), await world.rows(former)]).toEqual([[], [ROW]]);
});

it('what a function writes anew while the dataset is built is left: the build may have read an earlier version', async () => {
  const before = await findSmallFiles(world.place);
  await world.put(name, [ROW, '{"rang":2}']);
  expect(await empty(before)).toEqual({ emptied: 1, left: 1 });
  expect(await world.rows(name)).toHaveLength(2);
});

it('what a function writes between the look at it and the writing is left', async () => {
  const before = await findSmallFiles(world.place);
  world.between.found = async (key) => {
    if (!key.includes(name)) return;
    world.between.found = undefined;
    await world.put(name, [ROW, '{"rang":3}']);
  };
  expect(await empty(before)).toEqual({ emptied: 1, left: 1 });
  expect(await world.rows(name)).toHaveLength(2);
});

it('a write whose answer was lost counts as done', async () => {
  const before = await findSmallFiles(world.place);
  world.between.written = () =>
    Promise.reject(new LakeliftError('somebody else wrote there', { kind: 'conflict', code: 'S3_CHANGED' }));
  expect(await empty(before)).toEqual({ emptied: 2, left: 0 });
});

it('without a key nothing is known of names but those of before', async () => {
  const request = { ...world.place, raw: { bucket: 'raw', prefix: '' }, pseudonyms: undefined };
  expect(await findNamingKey(request)).toBeUndefined();
  expect(smallObjectNames(SOURCE, undefined)).toEqual([former]);
});
