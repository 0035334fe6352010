import { describe, expect, it } from 'vitest';
import type { PlannedDataset, PlannedSource } from '../../../src/domain/privacy/planned-dataset.ts';
import type { DatasetEngine } from '../../../src/ports/dataset-engine.ts';
import type { CatalogedTable } from '../../../src/ports/target-catalog.ts';
import { changeSmallFiles } from '../../../src/steps/zones/change-small-files.ts';
import { eraseFromDataset } from '../../../src/steps/zones/erase-person.ts';
import type { DatasetPlace } from '../../../src/steps/zones/publish-dataset.ts';
import { PSEUDONYMS_PARAMETER } from '../../../src/steps/zones/register-dataset.ts';
import { rotateDataset } from '../../../src/steps/zones/rotate-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';

const { signal } = new AbortController();
const dataset = aDataset({
  name: 'arrets',
  from: 'rh.arrets',
  target: { zone: 'cleaned', database: 'c', table: 'arrets' },
});
const engine: DatasetEngine = {
  open: () => Promise.reject(new Error('there is nothing to read')),
};
const key = Buffer.alloc(32, 1);
const scheme = { domain: 'rh', version: 2, from: [1], keys: new Map([[2, key]]) };

/** A catalog in which these tables stand, with pseudonyms of the scheme. */
const catalogOf = (...names: string[]) => ({
  findTable: ({ name }: { name: string }) =>
    Promise.resolve(
      names.includes(name)
        ? ({ table: { parameters: { [PSEUDONYMS_PARAMETER]: 'hmac-sha256-128 rh v2' } } } as unknown as CatalogedTable)
        : undefined,
    ),
});

describe('a dataset that only functions have written for', () => {
  const from: PlannedSource = { name: 'rh.arrets', where: [], columns: [], keys: [] };
  const planned: PlannedDataset = { dataset, from, joins: [], columns: [], measures: [], output: [] };
  const erase = (...standing: string[]) =>
    eraseFromDataset(planned, { identifiers: [], scheme, engine, catalog: catalogOf(...standing), signal });
  const rotate = (...standing: string[]) =>
    rotateDataset({ planned, scheme, keys: scheme.keys, engine, catalog: catalogOf(...standing), signal });

  it('holds nobody by itself, and keeps nobody from being erased or rotated beside it', async () => {
    expect(await erase('arrets_small_files')).toBeUndefined();
    expect(await rotate('arrets_small_files')).toBeUndefined();
  });

  it('is refused where nothing stands at all: it may be called otherwise', async () => {
    await expect(erase()).rejects.toThrow('does not stand');
    await expect(rotate()).rejects.toThrow('does not stand');
  });
});

it('an object that somebody removed since it was listed holds nobody, and is not left to its owner', async () => {
  const store = {
    listObjects: () => [{ key: 'c/arrets_small_files/a.jsonl.gz', sizeBytes: 9 }],
    findObject: () => Promise.resolve(undefined),
  } as unknown as DatasetPlace['store'];
  const zone = { bucket: 'cleaned', prefix: '' };
  const catalog = catalogOf() as unknown as DatasetPlace['catalog'];
  const place = { dataset, store, zone, catalog, signal } as DatasetPlace;
  const change = (line: string): string => line;
  const found = await changeSmallFiles(place, { scheme, versions: [2], change, isConfirmed: true });
  expect(found).toMatchObject({ rowsBefore: 0, left: 0 });
});
