import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { nextPseudonym, pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { planDatasets } from '../../../src/domain/privacy/plan-datasets.ts';
import type { TargetCatalog } from '../../../src/ports/target-catalog.ts';
import { rotateDataset } from '../../../src/steps/zones/rotate-dataset.ts';
import { rotateSmallFiles } from '../../../src/steps/zones/rotate-small-files.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallLake, smallMapping, type SmallTable } from './small-lake.ts';
import { openSmallFilesWorld } from './small-files-world.ts';

const [first, second, third] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const scheme = { domain: 'rh', version: 3, from: [2, 1] };
/** The oldest key is destroyed. */
const keys = new Map([
  [3, third],
  [2, second],
]);
const V1 = pseudonym({ domain: 'rh', version: 1 }, first, 'text', 'M1');
const V2 = nextPseudonym({ domain: 'rh', version: 2 }, second, V1);
const V3 = nextPseudonym(scheme, third, V2);
const { signal } = new AbortController();

describe('what functions wrote with three keys', () => {
  const row = (who: string) => `{"matricule":"${who}"}`;

  it('is found by the versions that it has, whatever its table says, and turned in as many steps', async () => {
    const { place, put, rows, said, close } = await openSmallFilesWorld();
    try {
      said['lakelift.pseudonyms'] = 'hmac-sha256-128 rh v1; hmac-sha256-128 rh v3 from v2 from v1';
      for (const [name, value] of Object.entries({ a: V1, b: V2, c: V3 })) await put(name, [row(value)]);
      await put('d', [row(V1), row(V2), row(V3)]);
      // Without the key between, what is older than the last is left, and the table claims no more than before.
      const some = await rotateSmallFiles({ ...place, scheme, keys: new Map([[3, third]]), isConfirmed: true });
      expect(some).toMatchObject({ left: 2, rowsChanged: 1 });
      expect([await rows('a'), await rows('b')]).toEqual([[row(V1)], [row(V3)]]);
      expect(said['lakelift.pseudonyms']).toContain('rh v1;');

      const all = await rotateSmallFiles({ ...place, scheme, keys, isConfirmed: true });
      expect(all).toMatchObject({ left: 0, rowsChanged: 3, columns: ['matricule'] });
      for (const name of ['a', 'b', 'c']) expect(await rows(name)).toEqual([row(V3)]);
      expect(await rows('d')).toEqual([row(V3), row(V3), row(V3)]);
      expect(said['lakelift.pseudonyms']).toBe('hmac-sha256-128 rh v3 from v2 from v1');
      expect(await rotateSmallFiles({ ...place, scheme, keys, isConfirmed: true })).toMatchObject({ rowsChanged: 0 });
    } finally {
      await close();
    }
  });
});

describe('what functions wrote for another domain', () => {
  it('is left, and its table claims no more than before, where its pseudonyms look like those of the scheme', async () => {
    const { place, put, rows, said, close } = await openSmallFilesWorld();
    try {
      const row = `{"matricule":"${V2}"}`;
      const standing = 'hmac-sha256-128 paie v2; hmac-sha256-128 rh v2 from v1';
      said['lakelift.pseudonyms'] = standing;
      await put('a', [row]);
      const rotated = await rotateSmallFiles({ ...place, scheme, keys, isConfirmed: true });
      expect(rotated).toMatchObject({ left: 1, rowsChanged: 0 });
      expect([await rows('a'), said['lakelift.pseudonyms']]).toEqual([[row], standing]);
    } finally {
      await close();
    }
  });
});

describe('a dataset that two rotations have passed by', () => {
  const PEOPLE: SmallTable = {
    types: { matricule: 'string', jours: 'int' },
    columns: { matricule: { class: 'identifier', treat: 'pseudonymise' }, jours: { class: 'technical' } },
    // One row of each: the last rotation was cut off.
    lines: [`${V1}|1`, `${V2}|2`, `${V3}|3`, '\\N|4'],
  };
  const dataset = aDataset({ from: 'rh.people' });
  const [planned] = planDatasets([dataset], { paths: {}, ...smallMapping({ 'rh.people': PEOPLE }) });
  const engine = new DuckDbDatasetEngine(smallLake({ 'cleaned_rh.people': PEOPLE }));
  const rotate = (standing: string, given: ReadonlyMap<number, Uint8Array>) => {
    const table = { parameters: { 'lakelift.pseudonyms': standing }, partitionKeys: [] };
    const found = { table, version: undefined };
    const catalog = { findTable: () => Promise.resolve(found) } as unknown as TargetCatalog;
    return rotateDataset({ planned: planned!, scheme, keys: given, engine, catalog, signal });
  };

  it('is turned in two steps', async () => {
    const rotated = await rotate('hmac-sha256-128 rh v1', keys);
    expect(rotated!.rotated).toEqual(['matricule']);
    const folder = mkdtempSync(join(tmpdir(), 'lakelift-rotated-'));
    const file = join(folder, 'rows.parquet');
    writeFileSync(file, rotated!.written.files[0]!.body);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    const reader = await connection.runAndReadAll(`SELECT matricule FROM '${file}' ORDER BY jours`);
    expect(reader.getRowsJson()).toEqual([[V3], [V3], [V3], [null]]);
    connection.closeSync();
    rmSync(folder, { recursive: true });
  });

  it('is refused without the key between, which is named, and under what the scheme does not go on from', async () => {
    await expect(rotate('hmac-sha256-128 rh v1', new Map([[3, third]]))).rejects.toThrow('no key of version 2');
    await expect(rotate('hmac-sha256-128 rh v4', keys)).rejects.toThrow('not hmac-sha256-128 rh v2 from v1');
    expect(await rotate('hmac-sha256-128 rh v3 from v2 from v1', keys)).toBeUndefined();
  });
});
