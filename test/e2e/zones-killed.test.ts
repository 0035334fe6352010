import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../src/adapters/duckdb/target-lake.ts';
import { s3Key } from '../../src/domain/names.ts';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { nextPseudonym, pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';
import { putRows, rowsIn } from './small-files.ts';

const KEY = 'a1'.repeat(32);
const NEXT_KEY = 'b2'.repeat(32);
const SCHEME = { domain: 'rh', version: 1 };
const [DATASETS = ''] = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'), 'utf8').split(
  '  # Des fichiers DSN',
);
const SMALL = ['a', 'b'].map((name) => `cleaned_rh/arret_travail_small_files/${name}.jsonl.gz`) as [string, string];
const WRITES = ['PutObject', 'CreateTable', 'UpdateTable', 'BatchCreatePartition', 'BatchUpdatePartition'];

let project: SandboxProject;
/** Settled at the next write, which happens and is never heard of. */
let written: PromiseWithResolvers<string> | undefined;

function loseNextWrite({ operation, key = '' }: { operation: string; key?: string }): Fault | undefined {
  if (written === undefined || !WRITES.includes(operation)) return undefined;
  written.resolve(key === '' ? operation : key);
  return { kind: 'lose-acknowledgement' };
}

/** Runs a command and kills it once its next write was done; returns what was written. */
async function killAtWrite(...args: string[]): Promise<string> {
  const next = (written = Promise.withResolvers<string>());
  const { code, stderr } = await project.lakeliftSignalled('SIGKILL', [next.promise], ...args);
  written = undefined;
  expect({ code, stderr }).toEqual({ code: null, stderr });
  return next.promise;
}

beforeAll(async () => {
  project = await openSandboxProject({
    environment: { LAKELIFT_KEY_RH: KEY, LAKELIFT_KEY_RH_2: NEXT_KEY },
    faults: { s3: loseNextWrite, glue: loseNextWrite },
    change: (config) => ({
      ...config,
      privacy: {
        keys: {
          rh: { version: 2, env: 'LAKELIFT_KEY_RH_2', earlier: [{ version: 1, env: 'LAKELIFT_KEY_RH' }] },
        },
      },
    }),
  });
  expect((await project.run('absences')).code).toBe(0);
  declare(DATASETS);
  expect((await project.lakelift('zones', 'build', 'absences')).code).toBe(0);
}, 120_000);
afterAll(() => project.close());

function declare(text: string): void {
  writeFileSync(join(project.root, 'mappings/absences.datasets.yaml'), text);
}

async function count(table: string, condition: string): Promise<number> {
  const place = { database: 'cleaned_rh', name: table };
  const session = await new DuckDbDatasetEngine(new TargetLake(project.catalog, project.store)).open([place]);
  try {
    return await session.count(`SELECT count(*) FROM ${session.relationOf(place)} WHERE ${condition}`);
  } finally {
    await session.close();
  }
}

async function erasures(): Promise<ErasureRecord[]> {
  const records: ErasureRecord[] = [];
  for await (const { key } of project.store.listObjects('sandbox-raw', '_audit/absences/erasures/')) {
    const pieces = await Array.fromAsync(await project.store.readObject({ bucket: 'sandbox-raw', key: s3Key(key) }));
    records.push(JSON.parse(Buffer.concat(pieces).toString()) as ErasureRecord);
  }
  return records;
}

/** Somebody with a row in both tables, and files that say who it is. */
async function person(index: number) {
  for (const { matricule, person: known } of employees()) {
    const token = pseudonym(SCHEME, Buffer.from(KEY, 'hex'), 'text', matricule);
    const isThem = `matricule = '${token}'`;
    const rows = { salaries: await count('salaries', isThem), arrets: await count('arret_travail', isThem) };
    if (rows.salaries === 0 || rows.arrets === 0 || index-- > 0) continue;
    const file = join(project.root, `person-${matricule}.txt`);
    writeFileSync(file, `text ${matricule}\nnir ${known.nir}\n`);
    const line = `{"matricule":"${token}","jours":3}`;
    return { file, isThem, rows, line, words: [matricule, known.nir, token] };
  }
  throw new Error('nobody is in both');
}

describe('an erasure that is killed', () => {
  it('is seen by every command that must not pass it, and ended by the next one with the figures of the first', async () => {
    const them = await person(0);
    const other = await person(1);
    const command = ['erase', 'absences', '--from', them.file, '--yes'];
    await putRows(project, SMALL[0], [them.line, other.line]);
    await putRows(project, SMALL[1], [them.line]);

    // The record, before anything is looked for.
    expect(await killAtWrite(...command)).toMatch(/^_audit\/absences\/erasures\/.*\.json$/);
    expect(await count('salaries', them.isThem)).toBe(1);
    const [begun] = await erasures();
    expect(begun).toMatchObject({ isDone: false, person: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    expect(begun!.datasets).toEqual([]);

    // What was found, before anything is erased.
    expect(await killAtWrite(...command)).toMatch(/^_audit\/absences\/erasures\/.*\.json$/);
    expect(await count('salaries', them.isThem)).toBe(1);
    expect((await erasures()).map(({ datasets }) => datasets.length)).toEqual([3]);

    // One table of two.
    expect(await killAtWrite(...command)).toBe('cleaned_rh/salaries/part-00000.parquet');
    expect(await count('salaries', them.isThem)).toBe(0);
    expect(await count('arret_travail', them.isThem)).toBe(them.rows.arrets);

    declare(DATASETS.replace('version: 1 }', 'version: 2, from: 1 }'));
    const rotated = await project.lakelift('zones', 'rotate', 'absences');
    expect(rotated).toMatchObject({ code: 2, stderr: expect.stringContaining('ERASURE_OPEN') as string });
    declare(DATASETS);
    const somebody = await project.lakelift('erase', 'absences', '--from', other.file, '--yes');
    expect(somebody).toMatchObject({ code: 2, stderr: expect.stringContaining('ERASURE_OPEN') as string });
    const looked = await project.lakelift('erase', 'absences', '--from', other.file);
    expect(looked).toMatchObject({ code: 0, stderr: expect.stringContaining('has not ended') as string });
    expect(await count('arret_travail', other.isThem)).toBe(other.rows.arrets);

    // Both, and the record still open.
    expect(await killAtWrite(...command)).toBe('cleaned_rh/arret_travail/part-00000.parquet');
    expect((await erasures()).map(({ isDone }) => isDone)).toEqual([false]);

    // What a function wrote, one object of two.
    expect(await killAtWrite(...command)).toBe(SMALL[0]);
    expect([await rowsIn(project, SMALL[0]), (await rowsIn(project, SMALL[1])).length]).toEqual([[other.line], 1]);

    const file = join(project.root, 'erasure.json');
    const done = await project.lakelift(...command, '--record', file);
    expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('Goes on with the erasure') as string });
    const [record, ...more] = await erasures();
    expect(more).toEqual([]);
    expect(record).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(record).toMatchObject({ isDone: true, begunAt: begun!.begunAt, toBuildAgain: ['absences_par_departement'] });
    expect(record).not.toHaveProperty('person');
    expect(
      record!.datasets.map(({ name, rowsErased, rowsBefore, rowsAfter }) => [name, rowsErased, rowsBefore - rowsAfter]),
    ).toEqual([
      ['salaries', 1, 1],
      ['arrets', them.rows.arrets, them.rows.arrets],
      ['arret_travail_small_files', 2, 2],
    ]);
    expect(await rowsIn(project, SMALL[1])).toEqual([]);
    expect(await count('arret_travail', them.isThem)).toBe(0);

    // Raw has them still, and the record says in which objects: they can be found there, and nowhere else.
    const found = record!.raw.find(({ table }) => table === 'rh.salaries')!;
    expect(found).toMatchObject({ rows: 1, objects: [{ rows: 1 }] });
    for (const { location } of record!.raw.flatMap(({ objects }) => objects)) {
      const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location)!;
      expect(await project.store.findObject({ bucket, key: s3Key(key) })).toBeDefined();
    }
    for (const text of [readFileSync(file, 'utf8'), JSON.stringify(begun), done.stdout, done.stderr, somebody.stderr])
      for (const word of [...them.words, ...other.words]) expect(text).not.toContain(word);
  }, 180_000);
});

describe('a rotation that is killed', () => {
  it('goes on at every write it did not hear of, and no pseudonym is turned twice', async () => {
    const before = await count('arret_travail', 'true');
    declare(DATASETS.replace('version: 1 }', 'version: 2, from: 1 }'));
    const writes = [];
    for (let kill = 0; kill < 5; kill++) writes.push(await killAtWrite('zones', 'rotate', 'absences'));
    expect(writes).toEqual([
      'cleaned_rh/salaries/part-00000.parquet',
      'UpdateTable',
      'cleaned_rh/arret_travail/part-00000.parquet',
      'UpdateTable',
      SMALL[0],
    ]);
    const last = await project.lakelift('zones', 'rotate', 'absences', '--json');
    expect(last.code).toBe(0);
    const { tables } = JSON.parse(last.stdout) as { tables: { outcome: string }[] };
    expect(tables.map(({ outcome }) => outcome)).toEqual(Array(4).fill('unchanged'));
    const [key, next] = [Buffer.from(KEY, 'hex'), Buffer.from(NEXT_KEY, 'hex')];
    const turned = employees().map(({ matricule }) =>
      nextPseudonym({ ...SCHEME, version: 2 }, next, pseudonym(SCHEME, key, 'text', matricule)),
    );
    const known = `matricule IN (${turned.map((one) => `'${one}'`).join(', ')})`;
    expect(await count('arret_travail', known)).toBe(before);
    expect(await count('salaries', `NOT ${known}`)).toBe(0);
    const beside = (await rowsIn(project, SMALL[0])).map(
      (line) => (JSON.parse(line) as { matricule: string }).matricule,
    );
    expect(beside).toHaveLength(1);
    expect(turned).toContain(beside[0]);
  }, 180_000);
});
