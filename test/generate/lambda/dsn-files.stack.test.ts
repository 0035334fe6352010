import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { withDsnFolders } from '../../../src/cli/dsn-folders.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { smallFileFunctions } from '../../../src/generate/lambda/small-files.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { buildDataset, type BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { blueprintOf } from '../blueprint.ts';
import { openFunctionWorld } from './function-world.ts';
import { deployed, differences, invokeFunction, linesOf, type Invoked, type Outcome } from './invoke.ts';

const stack = inject('stack');
const { signal } = new AbortController();
const KEY = 'b2'.repeat(32);
const SECRET = `lakelift/${randomUUID()}`;
const SCHEME = { domain: 'rh', version: 1 };
const ABSENCES = await blueprintOf('absences');
const BECAUSE = 'art. 6.1.f';

/** Amounts, dates and a choice of rows in three blocks; a contract without an absence stays. */
const CONTRACTS = aDataset({
  name: 'contrats',
  from: 'dsn_rh.contrat',
  where: [{ column: 'r013', is: '>=', values: [121.33] }],
  columns: {
    r001: { treat: 'month', as: 'debut' },
    r012: { treat: 'keep', because: BECAUSE },
    r013: { treat: 'band:50', as: 'quotite' },
    dsn_line: { treat: 'keep', as: 'ligne' },
  },
  joins: [
    {
      with: 'dsn_rh.arret_travail',
      kind: 'left',
      on: { dsn_file: 'dsn_file', dsn_line: 'dsn_parent_line' },
      where: [],
      columns: { r002: { treat: 'month', as: 'arret' } },
    },
    {
      with: 'dsn_rh.individu',
      kind: 'inner',
      on: { dsn_file: 'dsn_file', dsn_parent_line: 'dsn_line' },
      where: [{ column: 'r005', is: '=', values: ['02'] }],
      columns: { r001: { treat: 'pseudonymise:nir', as: 'nir' }, r009: { treat: 'department', as: 'departement' } },
    },
  ],
});

describe.skipIf(stack === undefined)('A function for DSN files, by Python and boto3 on the real stack', () => {
  const name = `dsnf_${randomUUID().slice(0, 8)}`;
  const bucket = name.replace('_', '-');
  const database = `cleaned_${name}`;
  const { s3, store, catalog, trino, folder, ...world } = openFunctionWorld(stack, name);
  const zones = { raw: { bucket, prefix: 'raw' }, cleaned: { bucket, prefix: 'lake' } };
  const key = (file: string) => `raw/data/rh/dsn/${file}`;
  const put = (at: string, body: string | Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key: at, Body: Buffer.from(body as string, 'latin1') }));

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await catalog.createDatabase(database, 'test');
  });
  afterAll(() => world.close());

  const placed = (dataset: Dataset): Dataset => ({
    ...dataset,
    target: { zone: 'cleaned', database, table: dataset.name },
  });
  const DECLARED = placed(ABSENCES.datasets.datasets.find((one) => one.name === 'arrets_declares')!);

  function declarations(seed: string, months = ['01012024', '01022024']): string {
    const members = employees().slice(0, 120);
    return dsnText(
      months.map((month) => ({ month, members })),
      new Random(seed),
    );
  }

  const invoke = (dataset: Dataset, ...events: readonly unknown[]): Promise<Invoked> => {
    const datasets = { useCase: 'absences', pseudonyms: SCHEME, datasets: [dataset] };
    const files = smallFileFunctions({ ...ABSENCES, datasets, zones });
    return invokeFunction(stack!, {
      folder: deployed(files, folder, dataset.name),
      secret: SECRET,
      key: KEY,
      events,
    });
  };

  /** What `zones build` makes of all that lies in the folder, and what it sets aside. */
  async function build(dataset: Dataset): Promise<{ built: BuiltDataset; aside: string }> {
    const { mapping } = ABSENCES;
    return withDsnFolders({ datasets: [dataset], mapping, zones, store, signal }, async ([read]) => {
      const built = await buildDataset({
        ...{ dataset, mapping, made: new Map(), given: read!.tables, signal },
        engine: new DuckDbDatasetEngine(new TargetLake(catalog, store)),
        pseudonyms: { ...SCHEME, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) },
      });
      return { built, aside: Buffer.concat(await Array.fromAsync(read!.quarantine.read())).toString() };
    });
  }

  const body = (at: string): Promise<Buffer> => world.body(bucket, at);
  const written = (dataset: Dataset, { source }: Outcome) =>
    body(`lake/${database}/${dataset.name}_small_files/${source}.jsonl.gz`);

  async function again(dataset: Dataset, file: string): Promise<Buffer> {
    const [answer] = (await invoke(dataset, { key: file })).answers;
    return written(dataset, answer!.objects![0]!);
  }
  /** Of an object that was put anew. */
  const withoutTime = ({ lakelift_source_time: _, ...line }: Record<string, unknown>) => line;

  const keysBelow = (prefix: string): Promise<string[]> => world.keysBelow(bucket, prefix);

  it('gives the rows that "zones build" gives of the file, blocks joined and classes kept, and Trino reads them', async () => {
    const file = key('2024/02/reçu n°1.dsn');
    await put(file, declarations('whole'));
    const { answers, log } = await invoke(DECLARED, { bucket, key: file });
    const [outcome] = answers[0]!.objects!;
    const { built } = await build(DECLARED);
    expect(built.rows).toBeGreaterThan(5);
    expect(outcome).toMatchObject({
      status: 'written',
      rows: built.rows,
      suppressedRows: built.suppressedRows,
      inQuarantine: 0,
    });
    expect(built.suppressedRows).toBeGreaterThan(0);
    const packed = await written(DECLARED, outcome!);
    expect(await differences(built, packed, folder)).toEqual([]);

    const found = await trino.query(
      `SELECT count(*), count(DISTINCT nir), min(lakelift_source) FROM ${database}.arrets_declares_small_files`,
    );
    const nirs = new Set(linesOf(packed).map(({ nir }) => nir));
    expect(found).toEqual([[String(built.rows), String(nirs.size), outcome!.source]]);
    const said = JSON.stringify(answers) + log;
    for (const value of [employees()[0]!.person.nir, employees()[0]!.matricule, 'reçu', KEY])
      expect(said).not.toContain(value);
  });

  it('treats amounts and dates alike, chooses rows of each block, and keeps contracts that nothing was found for', async () => {
    const dataset = placed(CONTRACTS);
    const file = key('2024/02/reçu n°1.dsn');
    const [answer] = (await invoke(dataset, { key: file })).answers;
    const { built } = await build(dataset);
    const packed = await written(dataset, answer!.objects![0]!);
    expect(await differences(built, packed, folder)).toEqual([]);
    const lines = linesOf(packed);
    expect(lines.length).toBe(built.rows);
    expect(lines.some(({ arret }) => arret === null)).toBe(true);
    expect(lines.some(({ arret }) => arret !== null)).toBe(true);
    expect(lines[0]).toMatchObject({ r012: 151.67, departement: expect.any(String) as string });
    // The same again gives the same bytes, and so does the file as gzip packs it.
    await put(file, gzipSync(Buffer.from(declarations('whole'), 'latin1')).toString('latin1'));
    expect(linesOf(await again(dataset, file)).map(withoutTime)).toEqual(lines.map(withoutTime));
    await put(file, declarations('whole'));
    const once = await again(dataset, file);
    expect(linesOf(once).map(withoutTime)).toEqual(lines.map(withoutTime));
    expect(await again(dataset, file)).toEqual(once);
  });

  it('sets aside what "zones build" sets aside, line by line, until a newer file has nothing wrong', async () => {
    const file = key('2024/02/reçu n°1.dsn');
    const lines = declarations('whole').split('\r\n');
    const spoilt = [
      ...[...lines.slice(0, 9), "S21.G00.60.002,'31022024'", 'SECRET', 'X'.repeat(5000), ...lines.slice(9)],
      ...["S21.G00.60.001,'01'", "S21.G00.60.002,'30022024'", "S21.G00.40.012,'beaucoup'"],
    ];
    await put(file, spoilt.join('\r\n'));
    const { answers, log } = await invoke(DECLARED, { key: file });
    const [outcome] = answers[0]!.objects!;
    const quarantine = `raw/_quarantine/absences/arrets_declares/lines/${outcome!.source}.jsonl.gz`;
    const { built, aside } = await build(DECLARED);
    const text = (one: unknown): string => JSON.stringify(one, Object.keys(one as object).sort());
    const byBuild = aside
      .trimEnd()
      .split('\n')
      .map((line) => text(JSON.parse(line)));
    const faults = linesOf(await body(quarantine));
    // One of them is too long, and stands there in two pieces.
    expect(outcome).toMatchObject({ status: 'written', inQuarantine: faults.length - 1 });
    expect(faults.filter(({ offset }) => offset === 4096)).toHaveLength(1);
    expect(
      faults
        .filter(({ kind }) => kind !== 'incomplete')
        .map(text)
        .sort(),
    ).toEqual(byBuild.sort());
    expect(faults.map(({ kind }) => kind)).toContain('incomplete');
    expect(byBuild.length).toBeGreaterThanOrEqual(4);
    expect(await differences(built, await written(DECLARED, outcome!), folder)).toEqual([]);
    expect(JSON.stringify(answers) + log).not.toContain('SECRET');

    await put(file, declarations('whole'));
    await invoke(DECLARED, { key: file });
    expect(await keysBelow('raw/_quarantine/')).toEqual([]);
  });

  it('refuses what no build would read as DSN', async () => {
    await put(key('note.dsn'), 'Bonjour,\nles DSN suivent.\n');
    await put(key('paquet.dsn'), 'PK\u0003\u0004…');
    const packed = gzipSync(Buffer.from(declarations('whole'), 'latin1'));
    await put(key('cut.dsn'), packed.subarray(0, -9).toString('latin1'));
    const names = [key('note.dsn'), key('paquet.dsn'), key('cut.dsn'), 'raw/data/rh/autre/a.dsn'];
    names.push(...['_recu.dsn', '2024/.a.dsn', 'a.dsn._COPYING_', ''].map(key));
    const { answers } = await invoke(DECLARED, ...names.map((one) => ({ key: one })), {
      bucket: 'another',
      key: key('a.dsn'),
    });
    expect(answers.map(({ error }) => error)).toEqual(Array(9).fill('Refused'));
    const said = ['holds no rubric of a DSN', 'is packed otherwise than with gzip', 'is no whole gzip file'];
    expect(said.filter((text, at) => !answers[at]!.message!.includes(text))).toEqual([]);
    expect(JSON.stringify(answers)).not.toMatch(/note|paquet/);
  });
});
