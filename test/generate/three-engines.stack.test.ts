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
import { checkText } from '../../src/domain/privacy/check.ts';
import type { Dataset } from '../../src/domain/privacy/dataset.ts';
import type { Blueprint } from '../../src/generate/blueprint.ts';
import { glueJobs } from '../../src/generate/glue/glue-jobs.ts';
import { smallFileFunctions } from '../../src/generate/lambda/small-files.ts';
import { readPartitions } from '../../src/steps/reconcile/read-partitions.ts';
import { buildDataset, type BuiltDataset } from '../../src/steps/zones/build-dataset.ts';
import { publishDataset } from '../../src/steps/zones/publish-dataset.ts';
import { aDataset } from '../domain/privacy/a-dataset.ts';
import { runJobs, s3OfStack, tableStatements } from '../stack/run-jobs.ts';
import { blueprintOf } from './blueprint.ts';
import { openFunctionWorld } from './lambda/function-world.ts';
import { deployed, invokeFunction, type Invoked, type Outcome } from './lambda/invoke.ts';
import { PARTITION } from './lambda/people-lines.ts';
import { TABLES } from './three-tables.ts';

const stack = inject('stack');
const { signal } = new AbortController();
const KEY = 'c3'.repeat(32);
const SCHEME = { domain: 'rh', version: 1 };
const ENGINES = ['DuckDB', 'Spark', 'Lambda'] as const;
type TableId = { readonly database: string; readonly name: string };
type Engine = (typeof ENGINES)[number];

/** Objects of raw with what the three have in common, and the datasets that each makes of them. */
describe.skipIf(stack === undefined)('One input through zones build, the Glue job and the function', () => {
  const tag = `three_${randomUUID().slice(0, 8)}`;
  const bucket = tag.replace('_', '-');
  const [raw, cleaned] = [`raw_${tag}`, `cleaned_${tag}`];
  const world = openFunctionWorld(stack, tag);
  const { s3, store, catalog, trino, folder, keysBelow, body } = world;
  const datasets = Object.entries(TABLES).flatMap(([table, { datasets: declared }]) =>
    Object.entries(declared).map(([name, given]) =>
      aDataset({ name, from: `rh.${table}`, target: { zone: 'cleaned', database: cleaned, table: name }, ...given }),
    ),
  );
  const footed = aDataset({
    ...{ name: 'footed', from: 'rh.footed' },
    target: { zone: 'cleaned', database: cleaned, table: 'footed' },
  });
  const nested = aDataset({
    ...{ name: 'nested', from: 'rh.nested' },
    target: { zone: 'cleaned', database: cleaned, table: 'nested' },
  });
  const mappings = Object.fromEntries(Object.keys(TABLES).map((name) => [`rh.${name}`, mappingOf(name)]));
  const objectOf = (table: string) => `${table}/annee=2024/000000_0`;
  const tableOf = (dataset: Dataset) => dataset.from.replace('rh.', '');
  const bySpark = (name: string) => `spark/${cleaned}/${name}`;
  const built = new Map<string, BuiltDataset>();
  const outcomes = new Map<string, Outcome>();
  let answersOfFooted: Invoked['answers'];
  let printedBySpark = '';

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const database of [raw, cleaned, `spark_${cleaned}`]) await catalog.createDatabase(database, 'test');
    for (const [name, { lines }] of Object.entries(TABLES)) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: objectOf(name), Body: lines.join('\n') }));
      const table = rawTable(name);
      await catalog.createTable(table);
      await catalog.createPartitions({ database: raw, name }, [
        { values: ['2024'], storage: { ...table.storage, location: partitionOf(name) }, parameters: {} },
      ]);
    }
    for (const dataset of [...datasets, nested]) await byDuckDb(dataset);
    const blueprint = await generated();
    await sparkMakes();
    await functionsMake(blueprint);
  }, 400_000);
  afterAll(world.close);

  function mappingOf(name: string): TableMapping {
    const columns = Object.entries(TABLES[name]!.columns).map(([column, [, mapped]]) => [column, mapped] as const);
    return {
      target: { zone: 'raw', database: raw, table: name },
      storage: 'keep',
      partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
      columns: { ...Object.fromEntries(columns), annee: { class: 'technical' } },
      reconcile: { level: 'rows' },
    };
  }

  function partitionOf(name: string): string {
    return `s3://${bucket}/${name}/annee=2024/`;
  }

  function rawTable(name: string): TargetTable {
    const { columns, serde, parameters } = TABLES[name]!;
    return {
      database: raw,
      name,
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [{ name: PARTITION[0], type: PARTITION[1], comment: undefined }],
      storage: {
        columns: Object.entries(columns).map(([column, [type]]) => ({ name: column, type, comment: undefined })),
        location: `s3://${bucket}/${name}/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        ...serde,
        isCompressed: false,
        bucketCount: 0,
        bucketColumns: [],
        sortColumns: [],
      },
      parameters: { EXTERNAL: 'TRUE', ...parameters },
    };
  }

  async function byDuckDb(dataset: Dataset): Promise<void> {
    const engine = new DuckDbDatasetEngine(new TargetLake(catalog, store));
    const pseudonyms = { ...SCHEME, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) };
    const sources = { tables: mappings, paths: {} };
    const made = await buildDataset({ dataset, mapping: sources, made: new Map(), engine, pseudonyms, signal });
    built.set(dataset.name, made);
    const place = { useCase: 'absences' as UseCaseId, scheme: SCHEME, zone: { bucket, prefix: 'lake' } };
    await publishDataset({ ...place, dataset, built: made, store, catalog, signal });
  }

  /** The blueprint of this lake, and the jobs' files below the folder. */
  async function generated(): Promise<Blueprint> {
    const absences = await blueprintOf('absences');
    const blueprint = {
      ...absences,
      mapping: { ...absences.mapping, tables: mappings, paths: {} },
      datasets: { useCase: 'absences', pseudonyms: SCHEME, datasets: [...datasets, nested, footed] },
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
    printedBySpark = await runJobs({
      directory: join(folder, 'spark'),
      modules: join(folder, 'glue'),
      statements: [
        `CREATE DATABASE ${cleaned}`,
        ...Object.keys(TABLES).flatMap((name) =>
          tableStatements(rawTable(name), [{ values: ['2024'], location: partitionOf(name) }]),
        ),
      ],
      jobs: [...datasets, nested, footed].map(({ name }) => [
        ...[join(folder, `glue/${name}.py`), '--target', `s3://${bucket}/${bySpark(name)}`, '--key-file', keyFile],
      ]),
      goesOn: true,
      s3: s3OfStack(stack!),
    });
    for (const { name } of [...datasets, nested]) {
      const { table } = (await catalog.findTable({ database: cleaned, name }))!;
      const storage = { ...table.storage, location: `s3://${bucket}/${bySpark(name)}/` };
      await catalog.createTable({ ...table, database: `spark_${cleaned}`, storage });
    }
  }

  async function functionsMake(blueprint: Blueprint): Promise<void> {
    for (const dataset of datasets) {
      const answers = await askFunction(blueprint, dataset);
      expect(answers).toMatchObject([{ objects: [{ status: 'written' }] }]);
      outcomes.set(dataset.name, answers[0]!.objects![0]!);
    }
    answersOfFooted = await askFunction(blueprint, footed);
  }

  async function askFunction(blueprint: Blueprint, dataset: Dataset): Promise<Invoked['answers']> {
    const its = smallFileFunctions(blueprint).filter(({ path }) => path.startsWith(`lambda/${dataset.name}/`));
    const target = deployed(its, folder, dataset.name);
    const events = [{ bucket, key: objectOf(tableOf(dataset)) }];
    const { answers } = await invokeFunction(stack!, {
      ...{ folder: target, secret: `lakelift/${tag}`, key: KEY, events },
    });
    return answers;
  }

  const placeOf: Readonly<Record<Engine, (name: string) => { table: TableId; prefix: string }>> = {
    DuckDB: (name) => ({ table: { database: cleaned, name }, prefix: `lake/${cleaned}/${name}/` }),
    Spark: (name) => ({ table: { database: `spark_${cleaned}`, name }, prefix: `${bySpark(name)}/` }),
    Lambda: (name) => ({
      table: { database: cleaned, name: `${name}_small_files` },
      prefix: `lake/${cleaned}/${name}_small_files/`,
    }),
  };

  /** Every value that an engine wrote as the bytes of its text, a row a line, in one order. */
  async function bytesOf(engine: Engine, name: string): Promise<unknown[][]> {
    const { prefix } = placeOf[engine](name);
    const keys = (await keysBelow(bucket, prefix)).filter((key) => /[.](parquet|jsonl[.]gz)$/.test(key));
    const files = await Promise.all(
      keys.map(async (key, at) => {
        const file = join(folder, `${engine}-${name}-${at}`);
        const content = await body(bucket, key);
        writeFileSync(file, key.endsWith('.gz') ? gunzipSync(content) : content);
        return `'${file}'`;
      }),
    );
    // Spark marks timestamps as instants in UTC, which is the wall time that the others write without a mark.
    const types = built.get(name)!.types.map((one) => [one.name, one.type.replace('string', 'VARCHAR')] as const);
    const columns = types.map(([column, type]) => `'${column}': '${type}'`).join(', ');
    const read =
      engine === 'Lambda'
        ? `read_json([${files.join(', ')}], format = 'newline_delimited', columns = {${columns}})`
        : `read_parquet([${files.join(', ')}])`;
    const values = types.map(([column, type]) => {
      // Of lists, maps and structs the text says what their type is.
      const value = type.includes('<') ? column : `CAST(${column} AS ${type})`;
      return `hex(encode(CAST(${value} AS VARCHAR)))`;
    });
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
  async function fingerprintOf(engine: Engine, name: string): Promise<string> {
    const { columns } = contentColumns((await catalog.findTable(placeOf.DuckDB(name).table))!.table);
    const { database, name: table } = placeOf[engine](name).table;
    const named = { database, table, keys: [], columns };
    const [whole] = await readPartitions({ engine: trino, level: 'content', table: named }, signal);
    return formatFingerprint(whole![1].fingerprint);
  }

  it('has every type and treatment in it', async () => {
    const expected = await bytesOf('DuckDB', 'people');
    const hex = (text: string) => Buffer.from(text).toString('hex').toUpperCase();
    for (const value of ['été à Zürich', '1e+20', '2024-01-31 10:00:00.5', '1.005', 'v1.'])
      expect(expected.flat().some((one) => String(one).startsWith(hex(value)))).toBe(true);
    expect(expected.flat()).toEqual(expect.arrayContaining([null, '']));
  });

  it.each(datasets.map(({ name }) => name))('gives the same values of %s, byte by byte', async (name) => {
    const expected = await bytesOf('DuckDB', name);
    expect(await bytesOf('Spark', name)).toEqual(expected);
    expect(await bytesOf('Lambda', name)).toEqual(expected);
  });

  it.each(datasets.map((dataset) => [dataset.name, TABLES[tableOf(dataset)]!] as const))(
    'takes each line of %s as a row, whatever the number of its fields, and the function counts those of another',
    async (name, { lines, otherCount }) => {
      expect(built.get(name)!.sourceRows).toBe(outcomes.get(name)!.rows);
      if (built.get(name)!.dataset.where.length === 0) expect(outcomes.get(name)!.rows).toBe(lines.length);
      expect(outcomes.get(name)).toMatchObject({ linesOfOtherFieldCount: otherCount });
    },
  );

  it('keeps lists, maps and structs in builds and jobs alike', async () => {
    const byDuckDb = await bytesOf('DuckDB', 'nested');
    expect(byDuckDb).toHaveLength(4);
    expect(await bytesOf('Spark', 'nested')).toEqual(byDuckDb);
    expect(await fingerprintOf('Spark', 'nested')).toBe(await fingerprintOf('DuckDB', 'nested'));
  });

  it('takes the same texts for numbers', async () => {
    const texts = (await bytesOf('DuckDB', 'number_texts')).map((row) => Buffer.from(String(row[1]), 'hex').toString());
    expect(texts.toSorted()).toEqual(
      [
        ...['+7', '-1e-100', '-7', '0.1234567890123456789012', '0042', '12345678901234567890', '1E+5', '1e100', '1e5'],
        ...['7', '7.5'],
      ].toSorted(),
    );
    const grand = (await bytesOf('DuckDB', 'number_bigints')).map((row) =>
      Buffer.from(String(row[2]), 'hex').toString(),
    );
    expect(new Set(grand)).toEqual(new Set(['9223372036854775807', '1000000000000000000']));
  });

  it.each(datasets.filter(({ checks }) => checks.some(({ rule }) => rule === 'between')).map(({ name }) => name))(
    'counts the same rows of %s beyond bounds',
    (name) => {
      const { checks } = built.get(name)!;
      const failing = checks.flatMap(({ check, failing: rows }) =>
        rows === 0 || check.rule !== 'between' ? [] : [[`between ${check.column}`, rows] as const],
      );
      expect(failing).not.toEqual([]);
      expect(outcomes.get(name)!.warnings).toEqual(Object.fromEntries(failing));
      for (const [said, rows] of failing)
        expect(printedBySpark).toContain(`${name}: check not passed: ${said} (${rows})`);
    },
  );

  it('reads the same texts as values of a type, and counts the same that are none', async () => {
    const { checks, types } = built.get('typed_columns')!;
    expect(types.map(({ type }) => type)).toContain('decimal(38,9)');
    const failing = checks.map(({ check, failing: rows }) => [checkText(check), rows] as const);
    expect(failing).toHaveLength(11);
    expect(failing.map(([, rows]) => rows)).toEqual(failing.map(() => 1));
    expect(outcomes.get('typed_columns')!.warnings).toEqual(Object.fromEntries(failing));
    for (const [said] of failing) expect(printedBySpark).toContain(`typed_columns: check not passed: ${said} (1)`);
  });

  it('refuses text with footer lines', async () => {
    await expect(byDuckDb(footed)).rejects.toMatchObject({ code: 'DUCKDB_UNSUPPORTED' });
    const refused = printedBySpark.split('\n').filter((line) => line.startsWith('Refused: '));
    expect(refused).toEqual([expect.stringMatching(/^Refused: footed: .* is text with footer lines/)]);
    const message = expect.stringContaining('text with footer lines') as string;
    expect(answersOfFooted).toMatchObject([{ error: 'Refused', message }]);
  });

  it('gives one fingerprint, as Trino reads the three tables', async () => {
    for (const { name } of datasets) {
      const [byDuckDb, ...others] = await Promise.all(ENGINES.map((engine) => fingerprintOf(engine, name)));
      expect(others).toEqual([byDuckDb, byDuckDb]);
    }
  });
});
