import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import { contentColumns } from '../../../src/domain/fingerprint/content-columns.ts';
import { formatFingerprint } from '../../../src/domain/fingerprint/fingerprint.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key } from '../../../src/domain/names.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { partitionName } from '../../../src/domain/partition-name.ts';
import { datasetsInOrder } from '../../../src/domain/privacy/dataset-order.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import type { TargetTable } from '../../../src/domain/target-table.ts';
import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { readPartitions } from '../../../src/steps/reconcile/read-partitions.ts';
import { buildDataset, type BuiltDataset } from '../../../src/steps/zones/build-dataset.ts';
import { publishDataset } from '../../../src/steps/zones/publish-dataset.ts';
import { dsnText } from '../../../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../../../src/sandbox/lake/random.ts';
import { employees } from '../../../src/sandbox/lake/rh.ts';
import { withDsnFolders } from '../../../src/cli/dsn-folders.ts';
import { openSandboxProject, type SandboxProject } from '../../e2e/sandbox-project.ts';
import { runJobs, tableStatements } from '../../stack/run-jobs.ts';
import { blueprintOf } from '../blueprint.ts';

const stack = inject('stack');
const { signal } = new AbortController();
const KEY = 'a1'.repeat(32);
const NAMES = [
  ...['salaries', 'arrets', 'absences_par_departement', 'arrets_declares', 'absences_declarees'],
  ...['resiliations', 'contrats', 'attrition'],
];

interface Fault {
  readonly file: string;
  readonly line?: number;
  readonly kind: string;
  readonly text?: string;
}

describe.skipIf(stack === undefined)('Generated Glue jobs on real Spark', () => {
  const id = randomUUID().slice(0, 8);
  const bucket = `glue-jobs-${id}`;
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const region = stack?.region ?? '';
  const endpoint = { region, endpoint: stack?.s3Endpoint ?? '', credentials, forcePathStyle: true };
  const client = new S3Client(endpoint);
  const store = new S3TargetObjectStore(endpoint);
  const catalog = new GlueTargetCatalog({ region, endpoint: stack?.glueEndpoint ?? '', credentials });
  const trino = new TrinoEngine({ url: stack?.trinoUrl ?? '', catalog: stack?.trinoCatalog ?? '', user: 'glue-jobs' });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-glue-jobs-'));
  let project: SandboxProject;
  const datasets: Dataset[] = [];
  let printed: string;
  const made = new Map<string, BuiltDataset>();
  const setAside: Fault[] = [];

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    project = await openSandboxProject();
    const statements = ['cleaned_rh', 'refined_rh', 'cleaned_assurance', 'refined_assurance'].map(
      (database) => `CREATE DATABASE ${database}`,
    );
    const jobs: string[][] = [];
    const modules = join(folder, 'jobs');
    writeFileSync(join(folder, 'key'), KEY);
    for (const useCase of ['absences', 'churn']) {
      expect((await project.run(useCase)).code).toBe(0);
      if (useCase === 'absences') await putFaultyDsn();
      const blueprint = await blueprintOf(useCase);
      const ordered = datasetsInOrder(blueprint.datasets.datasets);
      await build(blueprint, ordered);
      datasets.push(...ordered);
      statements.push(...(await rawTables(blueprint, ordered)));
      for (const { path, text } of glueJobs(blueprint)) write(join(modules, path), Buffer.from(text));
      jobs.push(...ordered.map(jobOf));
    }
    await copyDsn();
    printed = await runJobs({ directory: join(folder, 'spark'), modules: join(modules, 'glue'), statements, jobs });
  }, 600_000);
  afterAll(async () => {
    await trino.close();
    client.destroy();
    store.close();
    catalog.close();
    await project.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function build({ mapping, datasets: { pseudonyms } }: Blueprint, ordered: readonly Dataset[]): Promise<void> {
    const engine = new DuckDbDatasetEngine(new TargetLake(project.catalog, project.store));
    const scheme = { ...pseudonyms!, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) };
    const zones = { raw: { bucket: 'sandbox-raw', prefix: '' } };
    await withDsnFolders({ datasets: ordered, mapping, zones, store: project.store, signal }, async (folders) => {
      const given = new Map(folders.flatMap(({ tables }) => [...tables]));
      const common = { mapping, made, given, engine, pseudonyms: scheme, signal };
      for (const dataset of ordered) made.set(dataset.name, await buildDataset({ dataset, ...common }));
      for (const { quarantine } of folders) setAside.push(...(await linesOf(quarantine.read())));
    });
  }

  async function linesOf(content: AsyncIterable<Uint8Array>): Promise<Fault[]> {
    const text = Buffer.concat(await Array.fromAsync(content)).toString();
    return text.split('\n').flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Fault)));
  }

  /** A declaration that came in packed, with lines that are none, and a record that lost its parent. */
  async function putFaultyDsn(): Promise<void> {
    const members = employees().slice(0, 40);
    const lines = dsnText([{ month: '01042024', members }], new Random('faulty')).split('\r\n');
    const spoilt = [...lines.slice(0, 9), "S21.G00.60.002,'31022024'", 'SECRET', ...lines.slice(9)];
    const body = gzipSync(Buffer.from(spoilt.join('\r\n'), 'latin1'));
    const address = { bucket: 'sandbox-raw', key: s3Key('data/rh/dsn/2024/04/reçu n°1.dsn') };
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    await project.store.putObject({ address, body, crc32c, metadata: {}, condition: { kind: 'if-absent' } });
  }

  async function copyDsn(): Promise<void> {
    const root = 'data/rh/dsn/';
    for await (const { key } of project.store.listObjects('sandbox-raw', root)) {
      const content = await project.store.readObject({ bucket: 'sandbox-raw', key: s3Key(key) });
      write(join(folder, 'dsn', key.slice(root.length)), Buffer.concat(await Array.fromAsync(content)));
    }
  }

  /** Tables that datasets read, as Spark's, over copies of their files. */
  async function rawTables({ mapping }: Blueprint, ordered: readonly Dataset[]): Promise<string[]> {
    const names = new Set(ordered.flatMap(({ from, joins }) => [from, ...joins.map((join) => join.with)]));
    const statements: string[] = [];
    for (const { target } of [...names].flatMap((name) => mapping.tables[name] ?? [])) {
      const { table } = (await project.catalog.findTable({ database: target.database, name: target.table }))!;
      statements.push(...tableStatements(table, await copyOf(table)));
    }
    return statements;
  }

  const jobOf = ({ name, target }: Dataset): string[] => [
    join(folder, 'jobs', 'glue', `${name}.py`),
    ...['--target', `file://${join(folder, 'made', target.database, target.table)}`],
    ...['--key-file', join(folder, 'key')],
    ...['--sources', `dsn_rh=file://${join(folder, 'dsn')}`, '--quarantine', `file://${join(folder, 'aside', name)}`],
  ];

  function write(path: string, content: Uint8Array): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }

  /** A table's files on this machine, in the folders of its partitions. */
  async function copyOf({ name, storage }: TargetTable): Promise<string> {
    const [, from = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(storage.location!)!;
    for await (const { key } of project.store.listObjects(from, prefix)) {
      const pieces: Uint8Array[] = [];
      for await (const piece of await project.store.readObject({ bucket: from, key: s3Key(key) })) pieces.push(piece);
      write(join(folder, 'raw', name, key.slice(prefix.length)), Buffer.concat(pieces));
    }
    return join(folder, 'raw', name);
  }

  /** Both in the stack's S3 and Glue: what DuckDB made, by lakelift itself, and what Spark made, under another database. */
  async function register(
    dataset: Dataset,
  ): Promise<{ readonly byDuckDb: TargetTable; readonly bySpark: TargetTable }> {
    const target = { ...dataset.target, database: `duckdb_${id}` };
    const renamed = { ...dataset, target };
    const useCase = `jobs-${id}` as UseCaseId;
    const zone = { bucket, prefix: 'duckdb/' };
    const built = { ...made.get(dataset.name)!, dataset: renamed };
    await publishDataset({ useCase, dataset: renamed, built, scheme: undefined, zone, store, catalog, signal });
    const byDuckDb = (await catalog.findTable({ database: target.database, name: target.table }))!.table;
    const root = join(folder, 'made', dataset.target.database, dataset.target.table);
    const prefix = `spark/${dataset.target.table}/`;
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((one) =>
      one.endsWith('.parquet'),
    ))
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${prefix}${relative('.', file)}`,
          Body: readFileSync(join(root, file)),
        }),
      );
    const storage = { ...byDuckDb.storage, location: `s3://${bucket}/${prefix}` };
    const bySpark = { ...byDuckDb, database: `spark_${id}`, storage };
    if (!(await catalog.hasDatabase(bySpark.database))) await catalog.createDatabase(bySpark.database, 'test');
    await catalog.createTable(bySpark);
    const partitions = built.files
      .filter(({ values }) => values.length > 0)
      .map(({ values }) => ({
        values,
        storage: { ...storage, location: `${storage.location}${partitionName(bySpark.partitionKeys, values)}/` },
        parameters: {},
      }));
    if (partitions.length > 0) await catalog.createPartitions(bySpark, partitions);
    return { byDuckDb, bySpark };
  }

  async function fingerprints(table: TargetTable): Promise<string[]> {
    const { columns } = contentColumns(table);
    const named = { database: table.database, table: table.name, keys: table.partitionKeys, columns };
    const partitions = await readPartitions({ engine: trino, level: 'content', table: named }, signal);
    return [...partitions].map(([key, { fingerprint }]) => `${key} ${formatFingerprint(fingerprint)}`).sort();
  }

  it('make every dataset of two use cases, and say nothing of anybody', () => {
    expect([...made.keys()]).toEqual(NAMES);
    for (const { name, suppressedRows, sourceRows } of [...made.values()].filter((one) => one.dataset.anonymity))
      expect(printed).toContain(
        JSON.stringify({ dataset: name, sourceRows, suppressedRows }).replaceAll(/([:,])(?=["\d])/g, '$1 '),
      );
    expect(printed).not.toContain(KEY);
    expect(printed).not.toMatch(/\b[12]\d{12}\b/);
  });

  it('set aside what is in no row of the DSN files, as lakelift does, and print no line of them', () => {
    const faults = readdirSync(join(folder, 'aside'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.startsWith('arrets_declares/dsn_rh.arret_travail/part-'))
      .flatMap((file) => readFileSync(join(folder, 'aside', file), 'utf8').split('\n'))
      .flatMap((line) => (line === '' ? [] : (JSON.parse(line) as Fault)));
    const known = ({ file, line, kind, text }: Fault): unknown[] => [file, line, kind, text];
    const file = '2024/04/reçu n°1.dsn';
    const expected = [
      [file, 10, 'orphan', "S21.G00.60.002,'31022024'"],
      [file, 10, 'not-of-its-type', '31022024'],
      [file, 11, 'not-a-rubric', 'SECRET'],
    ];
    expect(setAside.map(known)).toEqual(expect.arrayContaining(expected));
    expect(setAside).toHaveLength(3);
    // Its trailer does not count the two lines that were put in.
    expect(faults.filter(({ kind }) => kind !== 'incomplete').map(known)).toEqual(expect.arrayContaining(expected));
    expect(faults).toHaveLength(4);
    expect(printed).toContain('arrets_declares: 4 pieces of the DSN files of dsn_rh.arret_travail are in quarantine');
    expect(printed).not.toContain('SECRET');
  });

  it.each(NAMES)(
    'make %s with the content that DuckDB makes, as Trino reads both',
    async (name) => {
      const { byDuckDb, bySpark } = await register(datasets.find((one) => one.name === name)!);
      const expected = await fingerprints(byDuckDb);
      expect(expected.length).toBeGreaterThan(0);
      expect(await fingerprints(bySpark)).toEqual(expected);
    },
    60_000,
  );
});
