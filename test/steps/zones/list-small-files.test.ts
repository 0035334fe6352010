import { expect, it } from 'vitest';
import { s3Key, type RunId } from '../../../src/domain/names.ts';
import type { ObjectRecord } from '../../../src/ports/ledger.ts';
import { listSmallFiles, type SmallFilesRequest } from '../../../src/steps/zones/list-small-files.ts';
import { fileItem, runId } from '../../contracts/ledger.ts';

const [FIRST, SECOND] = [runId('20260101-000000-0001'), runId('20260102-000000-0001')];
const STORAGE = {
  location: 's3://raw/rh/t/',
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
};

/** Of a table with these objects, which the second run has found proven; each by who brought it first, and who last. */
function listed(objects: Readonly<Record<string, readonly [RunId, RunId]>>, broughtBy: readonly RunId[] | undefined) {
  const items = Object.keys(objects).map((name) =>
    fileItem(name, { id: `file:${name}`, scope: 'rh.t', target: { bucket: 'raw', key: s3Key(`rh/t/${name}`) } }),
  );
  const recordOf = (key: string): ObjectRecord => {
    const [firstRunId, last] = objects[key.slice('rh/t/'.length)]!;
    const proof = { etag: 'e', crc32c: 'c', sourceChecksum: undefined, proof: 'end-to-end' } as const;
    const { target: address, source } = items.find(({ target }) => target.key === key)!;
    return { address, sourcePath: source.path, version: source, ...proof, runId: last, firstRunId };
  };
  const table = { kind: 'table', id: 'table:rh.t', definition: { storage: STORAGE, partitionKeys: [] } };
  const ledger = {
    findItem: () => table,
    findOutcome: () => ({ itemId: table.id, status: 'registered' }),
    findObject: ({ key }: { key: string }) => recordOf(key),
    listOutcomes: () => items.map((item) => ({ item, outcome: { itemId: item.id, status: 'verified' } })),
  } as unknown as SmallFilesRequest['ledger'];
  const standing = items.map(({ target, source }) => ({ key: target.key, etag: 'e', sizeBytes: source.sizeBytes }));
  return listSmallFiles({
    ...{ dataset: { from: 'rh.t' }, mapping: { paths: {} }, dsnLocation: undefined, ledger, runId: SECOND },
    broughtBy: broughtBy && new Set(broughtBy),
    store: { listObjects: () => standing } as unknown as SmallFilesRequest['store'],
    signal: new AbortController().signal,
  });
}

const OBJECTS = {
  new: [SECOND, SECOND],
  old: [FIRST, FIRST],
  replaced: [FIRST, SECOND],
  'odd/old': [FIRST, FIRST],
  'odd/new': [SECOND, SECOND],
} as const;

it('leaves out what was replaced since the run, of which a build has rows, and complains of nothing that it has read', async () => {
  const { objects, leftOut } = await listed(OBJECTS, [SECOND]);
  expect(objects).toEqual([{ bucket: 'raw', key: 'rh/t/new' }]);
  expect(leftOut).toEqual({ 'earlier-run': 2, replaced: 1, elsewhere: 1 });
});

it('lists what was replaced with all others', async () => {
  const { objects, leftOut } = await listed(OBJECTS, undefined);
  expect(objects.map(({ key }) => key)).toEqual(['rh/t/new', 'rh/t/old', 'rh/t/replaced']);
  expect(leftOut).toEqual({ elsewhere: 2 });
});
