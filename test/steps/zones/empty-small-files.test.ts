import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key } from '../../../src/domain/names.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { emptySmallFiles, findSmallFiles } from '../../../src/steps/zones/empty-small-files.ts';
import { smallObjectNames } from '../../../src/domain/privacy/small-object-name.ts';
import { openSmallFilesWorld } from './small-files-world.ts';

const SOURCE = 's3://raw/rh/arrets/000000_0';
const naming = Buffer.alloc(32, 7);
const [name = '', former = ''] = smallObjectNames(SOURCE, [naming]);
const ROW = '{"rang":1}';

let world: Awaited<ReturnType<typeof openSmallFilesWorld>>;
beforeAll(async () => {
  world = await openSmallFilesWorld();
  const body = Buffer.from(naming.toString('hex'));
  const address = { bucket: 'raw', key: s3Key('lake/_names/absences/arrets/key') };
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await world.place.store.putObject({ address, body, crc32c, metadata: {}, condition: { kind: 'if-absent' } });
});
beforeEach(async () => {
  world.between.found = world.between.written = undefined;
  for (const one of [name, former]) await world.put(one, [ROW]);
});
afterAll(() => world.close());

const raw = { bucket: 'raw', prefix: 'lake' };
const empty = async (before: Awaited<ReturnType<typeof findSmallFiles>>) =>
  emptySmallFiles({ ...world.place, before, read: [SOURCE], raw, pseudonyms: undefined });

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

it('without the key that names were made by, only those of before it are known', async () => {
  const elsewhere = { bucket: 'raw', prefix: 'nowhere' };
  const before = await findSmallFiles(world.place);
  const request = { ...world.place, before, read: [SOURCE], raw: elsewhere, pseudonyms: undefined };
  expect(await emptySmallFiles(request)).toEqual({ emptied: 1, left: 1 });
  expect(await world.rows(name)).toEqual([ROW]);
});

it('by keys of pseudonyms and, where the use case had none before, by the bytes of then', async () => {
  const pseudonyms = {
    domain: 'rh',
    version: 2,
    from: [1],
    keys: new Map([
      [1, naming],
      [2, Buffer.alloc(32, 8)],
    ]),
  };
  const [ofPseudonyms = ''] = smallObjectNames(SOURCE, [{ scheme: pseudonyms, keys: pseudonyms.keys }]);
  expect(ofPseudonyms).toMatch(/^v1[.]/);
  await world.put(ofPseudonyms, [ROW]);
  const before = await findSmallFiles(world.place);
  expect(await emptySmallFiles({ ...world.place, before, read: [SOURCE], raw, pseudonyms })).toEqual({
    emptied: 3,
    left: 0,
  });
});

it('a failure is told, and undoes nothing', async () => {
  const before = await findSmallFiles(world.place);
  let looks = 0;
  world.between.found = () => {
    looks += 1;
    // The key of names, and one object.
    if (looks < 3) return Promise.resolve();
    return Promise.reject(new LakeliftError('no right to look', { kind: 'denied', code: 'S3_DENIED' }));
  };
  expect(await empty(before)).toEqual({ emptied: 1, left: 1, failure: 'no right to look (S3_DENIED)' });
});
