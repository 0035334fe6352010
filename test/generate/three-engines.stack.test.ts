import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DuckDBInstance } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../src/adapters/duckdb/target-lake.ts';
import { contentColumns } from '../../src/domain/fingerprint/content-columns.ts';
import { formatFingerprint } from '../../src/domain/fingerprint/fingerprint.ts';
import type { TableMapping } from '../../src/domain/mapping.ts';
import type { UseCaseId } from '../../src/domain/names.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import type { Blueprint } from '../../src/generate/blueprint.ts';
import { glueJobs } from '../../src/generate/glue/glue-jobs.ts';
import { smallFileFunctions } from '../../src/generate/lambda/small-files.ts';
import { readPartitions } from '../../src/steps/reconcile/read-partitions.ts';
import { buildDataset, type BuiltDataset } from '../../src/steps/zones/build-dataset.ts';
import { publishDataset } from '../../src/steps/zones/publish-dataset.ts';
import { aDataset } from '../domain/privacy/a-dataset.ts';
import { runJobs, tableStatements } from '../stack/run-jobs.ts';
import { blueprintOf } from './blueprint.ts';
import { openFunctionWorld } from './lambda/function-world.ts';
import { deployed, invokeFunction } from './lambda/invoke.ts';
import { PARTITION } from './lambda/people-lines.ts';
import { COLUMNS, LINES } from './typed-lines.ts';

const stack = inject('stack');
const { signal } = new AbortController();
const KEY = 'c3'.repeat(32);
const SCHEME = { domain: 'rh', version: 1 };
const ENGINES = ['DuckDB', 'Spark', 'Lambda'] as const;
type Engine = (typeof ENGINES)[number];

/** One object of raw, every type and treatment that the three have in common, and the dataset that each makes of it. */
describe.skipIf(stack === undefined)('One input through zones build, the Glue job and the function', () => {
  const tag = `three_${randomUUID().slice(0, 8)}`;
  const bucket = tag.replace('_', '-');
  const [raw, cleaned] = [`raw_${tag}`, `cleaned_${tag}`];
  const world = openFunctionWorld(stack, tag);
  const { s3, store, catalog, trino, folder, region, credentials, keysBelow, body } = world;
  const dataset = aDataset({
    name: 'people',
    from: 'rh.people',
    target: { zone: 'cleaned', database: cleaned, table: 'people' },
    checks: [{ rule: 'row-count', min: 1, severity: 'refuse' }],
  });
  const mapping: TableMapping = {
    target: { zone: 'raw', database: raw, table: 'people' },
    storage: 'keep',
    partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
    columns: {
      ...Object.fromEntries(Object.entries(COLUMNS).map(([name, [, mapped]]) => [name, mapped])),
      annee: { class: 'technical' },
    },
    reconcile: { level: 'rows' },
  };
  const source = { key: 'people/annee=2024/000000_0', partition: `s3://${bucket}/people/annee=2024/` };
  const bySpark = `spark/${cleaned}/people`;
  let built: BuiltDataset;

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: source.key, Body: LINES.join('\n') }));
    for (const database of [raw, cleaned, `spark_${cleaned}`]) await catalog.createDatabase(database, 'test');
    await catalog.createTable(rawTable());
    const { storage } = rawTable();
    await catalog.createPartitions({ database: raw, name: 'people' }, [
      { values: ['2024'], storage: { ...storage, location: source.partition }, parameters: {} },
    ]);
    await byDuckDb();
    const blueprint = await generated();
    await sparkMakes();
    await functionMakes(blueprint);
  }, 400_000);
  afterAll(world.close);

  function rawTable(): TargetTable {
    const delimiters = { 'field.delim': '|', 'serialization.format': '|' };
    return {
      database: raw,
      name: 'people',
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [{ name: PARTITION[0], type: PARTITION[1], comment: undefined }],
      storage: {
        columns: Object.entries(COLUMNS).map(([name, [type]]) => ({ name, type, comment: undefined })),
        location: `s3://${bucket}/people/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        serdeParameters: delimiters,
        isCompressed: false,
        bucketCount: 0,
        bucketColumns: [],
        sortColumns: [],
      },
      parameters: { EXTERNAL: 'TRUE' },
    };
  }

  async function byDuckDb(): Promise<void> {
    const engine = new DuckDbDatasetEngine(new TargetLake(catalog, store));
    const pseudonyms = { ...SCHEME, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) };
    const sources = { tables: { 'rh.people': mapping }, paths: {} };
    built = await buildDataset({ dataset, mapping: sources, made: new Map(), engine, pseudonyms, signal });
    const place = { useCase: 'absences' as UseCaseId, scheme: SCHEME, zone: { bucket, prefix: 'lake' } };
    await publishDataset({ ...place, dataset, built, store, catalog, signal });
  }

  /** The blueprint of this lake, and the job's files below the folder. */
  async function generated(): Promise<Blueprint> {
    const absences = await blueprintOf('absences');
    const blueprint = {
      ...absences,
      mapping: { ...absences.mapping, tables: { 'rh.people': mapping }, paths: {} },
      datasets: { useCase: 'absences', pseudonyms: SCHEME, datasets: [dataset] },
      zones: { raw: { bucket, prefix: '' }, cleaned: { bucket, prefix: 'lake' } },
    };
    for (const { path, text } of glueJobs(blueprint)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return blueprint;
  }

  async function sparkMakes(): Promise<void> {
    const keyFile = join(folder, 'key');
    writeFileSync(keyFile, KEY);
    await runJobs({
      directory: join(folder, 'spark'),
      modules: join(folder, 'glue'),
      statements: [
        `CREATE DATABASE ${cleaned}`,
        ...tableStatements(rawTable(), [{ values: ['2024'], location: source.partition }]),
      ],
      jobs: [[join(folder, 'glue/people.py'), '--target', `s3://${bucket}/${bySpark}`, '--key-file', keyFile]],
      s3: {
        endpoint: stack!.s3Endpoint,
        environment: {
          AWS_DEFAULT_REGION: region,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        },
      },
    });
    const { table } = (await catalog.findTable({ database: cleaned, name: 'people' }))!;
    const storage = { ...table.storage, location: `s3://${bucket}/${bySpark}/` };
    await catalog.createTable({ ...table, database: `spark_${cleaned}`, storage });
  }

  async function functionMakes(blueprint: Blueprint): Promise<void> {
    const target = deployed(smallFileFunctions(blueprint), folder, 'function');
    const { answers } = await invokeFunction(stack!, {
      ...{ folder: target, secret: `lakelift/${tag}`, key: KEY, events: [{ bucket, key: source.key }] },
    });
    expect(answers).toMatchObject([{ objects: [{ status: 'written', inQuarantine: 0 }] }]);
  }

  const OF: Readonly<Record<Engine, { readonly table: { database: string; name: string }; readonly prefix: string }>> =
    {
      DuckDB: { table: { database: cleaned, name: 'people' }, prefix: `lake/${cleaned}/people/` },
      Spark: { table: { database: `spark_${cleaned}`, name: 'people' }, prefix: `${bySpark}/` },
      Lambda: {
        table: { database: cleaned, name: 'people_small_files' },
        prefix: `lake/${cleaned}/people_small_files/`,
      },
    };

  /** Every value that an engine wrote as the bytes of its text, a row a line, in one order. */
  async function bytesOf(engine: Engine): Promise<unknown[][]> {
    const keys = (await keysBelow(bucket, OF[engine].prefix)).filter((key) => /[.](parquet|jsonl[.]gz)$/.test(key));
    const files = await Promise.all(
      keys.map(async (key, at) => {
        const file = join(folder, `${engine}-${at}`);
        const content = await body(bucket, key);
        writeFileSync(file, key.endsWith('.gz') ? gunzipSync(content) : content);
        return `'${file}'`;
      }),
    );
    // Spark marks timestamps as instants in UTC, which is the wall time that the others write without a mark.
    const types = built.types.map(({ name, type }) => [name, type.replace('string', 'VARCHAR')] as const);
    const read =
      engine === 'Lambda'
        ? `read_json([${files.join(', ')}], format = 'newline_delimited', columns = {${types.map(([name, type]) => `'${name}': '${type}'`).join(', ')}})`
        : `read_parquet([${files.join(', ')}])`;
    const values = types.map(([name, type]) => `hex(encode(CAST(CAST(${name} AS ${type}) AS VARCHAR)))`);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      const reader = await connection.runAndReadAll(`SELECT ${values.join(', ')} FROM ${read} ORDER BY ALL`);
      return reader.getRowsJson();
    } finally {
      connection.closeSync();
    }
  }

  /** As Trino reads it, of the columns that the three have. */
  async function fingerprintOf(engine: Engine): Promise<string> {
    const { columns } = contentColumns((await catalog.findTable(OF.DuckDB.table))!.table);
    const { database, name: table } = OF[engine].table;
    const named = { database, table, keys: [], columns };
    const [whole] = await readPartitions({ engine: trino, level: 'content', table: named }, signal);
    return formatFingerprint(whole![1].fingerprint);
  }

  it('gives the same values, byte by byte', async () => {
    const expected = await bytesOf('DuckDB');
    expect(expected).toHaveLength(LINES.length);
    const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
    for (const value of ['été à Zürich', '1e+20', '2024-01-31 10:00:00.5', '1.005', 'v1.'])
      expect(expected.flat().some((one) => String(one).startsWith(hex(value)))).toBe(true);
    expect(expected.flat()).toEqual(expect.arrayContaining([null, '']));
    expect(await bytesOf('Spark')).toEqual(expected);
    expect(await bytesOf('Lambda')).toEqual(expected);
  });

  it('gives one fingerprint, as Trino reads the three tables', async () => {
    const [byDuckDb, ...others] = await Promise.all(ENGINES.map(fingerprintOf));
    expect(others).toEqual([byDuckDb, byDuckDb]);
  });
});
