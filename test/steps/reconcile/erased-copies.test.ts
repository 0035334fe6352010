import { expect, it } from 'vitest';
import { ERASURE_SCHEMA, type RawObject } from '../../../src/domain/privacy/erasure.ts';
import { ErasedCopies } from '../../../src/steps/reconcile/erased-copies.ts';
import type { ReconcileRequest } from '../../../src/steps/reconcile/reconcile-context.ts';

const FOLDER = 'lake/_audit/absences/erasures/';
const sum = (sizeBytes: number) => ({ sizeBytes, crc32c: `crc${sizeBytes}` });
const object = (rows: number, before: number, after: number): RawObject => ({
  ...{ location: 's3://raw/a', rows },
  replaced: { before: sum(before), after: sum(after) },
});
const record = (...objects: RawObject[]) => JSON.stringify({ schema: ERASURE_SCHEMA, raw: [{ objects }] });

/** Records of a folder, and what they say of an object that stands with these bytes. */
function rowsGone(
  records: Readonly<Record<string, string>>,
  [copied, standing]: readonly [number, number],
  said = `s3://raw/${FOLDER}1.json`,
): Promise<number | undefined> {
  const store = {
    async *listObjects(_: string, prefix: string) {
      for (const key of Object.keys(records))
        yield await Promise.resolve({ key: prefix + key, sizeBytes: 1, etag: '' });
    },
    async *content(key: string) {
      yield await Promise.resolve(Buffer.from(records[key.slice(FOLDER.length)]!));
    },
    readObject: ({ key }: { key: string }) => Promise.resolve(store.content(key)),
  };
  const { signal } = new AbortController();
  const request = { store, signal } as unknown as Pick<ReconcileRequest, 'store' | 'signal'>;
  const copies = new ErasedCopies(request, new Set(['raw']));
  return copies.rowsGone(said, sum(copied), { ...sum(standing), copyRecord: undefined });
}

it('goes through all erasures of an object', async () => {
  const records = { '1.json': record(object(2, 100, 80)), '2.json': record(object(3, 80, 50), object(1, 70, 60)) };
  expect(await rowsGone(records, [100, 50])).toBe(5);
  expect(await rowsGone(records, [100, 80])).toBe(2);
  expect(await rowsGone(records, [100, 60])).toBeUndefined();
  expect(await rowsGone(records, [100, 49])).toBeUndefined();
});

it('tells objects apart that end alike', async () => {
  const records = { '1.json': record(object(1, 10, 0), object(2, 20, 0), object(3, 30, 0)) };
  expect(await rowsGone(records, [10, 0])).toBe(1);
  expect(await rowsGone(records, [20, 0])).toBe(2);
  expect(await rowsGone(records, [30, 0])).toBe(3);
  expect(await rowsGone(records, [40, 0])).toBeUndefined();
});

it('ends where records go round in a circle, and passes over what is no record', async () => {
  const records = { '1.json': record(object(1, 10, 20), object(1, 20, 10)), 'x.json': 'no record', 'y.json': '{}' };
  expect(await rowsGone(records, [30, 10])).toBeUndefined();
  expect(await rowsGone(records, [20, 10])).toBe(1);
});

it.each([`s3://elsewhere/${FOLDER}1.json`, 's3://raw/somewhere/1.json', 's3://raw/%E0%A4%A', 'nowhere'])(
  'believes no record at %s',
  async (said) => {
    expect(await rowsGone({ '1.json': record(object(1, 10, 5)) }, [10, 5], said)).toBeUndefined();
  },
);
