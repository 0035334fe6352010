import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { DuckDBInstance } from '@duckdb/node-api';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import { jobFigures } from '../../../src/domain/privacy/job-figures.ts';
import { isLakeliftError } from '../../../src/errors.ts';
import type { Blueprint } from '../../../src/generate/blueprint.ts';
import { glueJobs } from '../../../src/generate/glue/glue-jobs.ts';
import { buildDataset, type BuiltDataset, type KeyedScheme } from '../../../src/steps/zones/build-dataset.ts';
import { publishDataset, findWholeFiles } from '../../../src/steps/zones/publish-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { parquetByHive } from '../../stack/hive-parquet.ts';
import { moto } from '../../stack/install.ts';
import { runJobs, s3OfStack } from '../../stack/run-jobs.ts';
import { smallLake, smallMapping, type SmallTable } from '../../steps/zones/small-lake.ts';
import { blueprintOf } from '../blueprint.ts';

/** What a state machine calls its execution; whatever it holds, it is read again as it was. */
const RUN = `l'été \\ "1"`;
const stack = inject('stack');
const { signal } = new AbortController();
const [KEY, NEXT_KEY] = ['a1'.repeat(32), 'b2'.repeat(32)];
const SCHEME = { domain: 'rh', version: 2, from: [1] };
const PSEUDONYMS: KeyedScheme = {
  ...SCHEME,
  keys: new Map([
    [1, Buffer.from(KEY, 'hex')],
    [2, Buffer.from(NEXT_KEY, 'hex')],
  ]),
};

const TABLES: Readonly<Record<string, SmallTable>> = {
  'rh.people': {
    types: { matricule: 'string', service: 'string', motif: 'string', salaire: 'int' },
    columns: {
      matricule: { class: 'identifier', treat: 'pseudonymise' },
      service: { class: 'public' },
      motif: { class: 'public' },
      salaire: { class: 'technical' },
    },
    lines: ['M1|a|x|1000', 'M2|a|y|2000', 'M3|a|x|3000', 'M4|b|x|\\N', 'M5|b|x|5000', 'M6|c|\\N|6000'],
  },
  'rh.notes': {
    types: { matricule: 'string', libelle: 'string' },
    columns: { matricule: { class: 'identifier', treat: 'pseudonymise' }, libelle: { class: 'public' } },
    lines: ['M1|appeler le 06 12 34 56 78', 'M9|rien'],
  },
  // One number of a company in each of three columns; the others are amounts, or may stay.
  'rh.societes': {
    types: {
      siren: 'double',
      ordre: 'bigint',
      texte: 'string',
      prime: 'double',
      montant: 'decimal(12,2)',
      libre: 'bigint',
    },
    columns: {
      siren: { class: 'technical' },
      ordre: { class: 'technical' },
      texte: { class: 'technical' },
      prime: { class: 'technical' },
      montant: { class: 'technical' },
      libre: { class: 'public' },
    },
    lines: [
      '732829320|1850578006084|vu avec 73282932000074|732829320.5|732829320.00|732829320',
      '732829321|1701200000001|rien|12345678901234.25|732829320.50|303265045',
    ],
  },
  'rh.visites': {
    types: { matricule: 'string', jour: 'date' },
    columns: { matricule: { class: 'identifier', treat: 'pseudonymise' }, jour: { class: 'technical' } },
    lines: ['M1|2024-01-31', 'M1|2024-02-29', 'M9|2024-03-01'],
  },
  // In classes by service: one person often, two with two reasons, two with one that is theirs, nobody; two of no service are a class, too.
  'rh.arrets': {
    types: { matricule: 'string', site: 'string', service: 'string', motif: 'string' },
    columns: {
      matricule: { class: 'identifier', treat: 'pseudonymise' },
      site: { class: 'identifier', treat: 'pseudonymise' },
      service: { class: 'public' },
      motif: { class: 'public' },
    },
    lines: [
      ...['M1|s|a|x', 'M1|s|a|y', 'M1|\\N|a|y'],
      ...['M1|s|b|x', 'M1|t|b|y', '\\N|s|b|z'],
      ...['M1|s|c|x', 'M2|s|c|x', 'M2|\\N|c|y'],
      ...['\\N|s|d|x', '\\N|s|d|y'],
      ...['M3|s|\\N|x', 'M4|s|\\N|y'],
    ],
  },
  // The tenth of March 1500 in our calendar is the first in that of then, by which Hive 2 wrote.
  'rh.anciens': {
    types: { jour: 'date' },
    columns: { jour: { class: 'technical' } },
    lines: ['1500-03-10', '1582-10-15', '2024-02-29'],
  },
  // As Hive 3.1 writes them, by today's calendar.
  'rh.instants': {
    types: { vu: 'timestamp' },
    columns: { vu: { class: 'technical' } },
    lines: ['1500-03-10 10:00:00.123456', '1969-12-31 23:59:59', '2024-02-29 12:30:00.5'],
  },
};

describe.skipIf(stack === undefined)('Generated Glue jobs on real Spark, from S3 to S3', () => {
  const id = randomUUID().slice(0, 8);
  const [bucket, database] = [`glue-s3-${id}`, `glue_s3_${id}`];
  const region = stack?.region ?? '';
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const endpoint = { region, endpoint: stack?.s3Endpoint ?? '', credentials, forcePathStyle: true };
  const client = new S3Client(endpoint);
  const store = new S3TargetObjectStore(endpoint);
  const catalog = new GlueTargetCatalog({ region, endpoint: stack?.glueEndpoint ?? '', credentials });
  const trino = new TrinoEngine({ url: stack?.trinoUrl ?? '', catalog: stack?.trinoCatalog ?? '', user: 'glue-s3' });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-glue-s3-'));
  const engine = new DuckDbDatasetEngine(smallLake(TABLES));
  const { tables } = smallMapping(TABLES);
  /** The same files as those of rh.anciens, and somebody said of them that they count by the calendar of then. */
  const kept = { ...tables['rh.anciens']!, calendar: 'keep' as const };
  const mapping = { paths: {}, tables: { ...tables, 'rh.kept': kept } };

  const named = (name: string, given: Partial<Dataset> = {}): Dataset =>
    aDataset({ name, from: 'rh.people', target: { zone: 'cleaned', database, table: name }, ...given });
  const few = { over: ['service'], k: 2 } as const;
  const MADE = [
    named('chosen', {
      where: [
        { column: 'salaire', is: '>=', values: [2000] },
        { column: 'motif', is: 'not-null', values: [] },
        { column: 'service', is: 'in', values: ['a', 'c'] },
      ],
      checks: [{ rule: 'unique', columns: ['service'], severity: 'warn' }],
    }),
    named('diverse', {
      joins: [{ with: 'rh.visites', kind: 'left', on: { matricule: 'matricule' }, where: [], columns: { jour: {} } }],
      anonymity: { ...few, diversity: { of: 'motif', l: 2 }, onFailure: 'suppress' },
    }),
    named('people', {
      from: 'rh.arrets',
      anonymity: { ...few, of: ['matricule', 'site'], diversity: { of: 'motif', l: 2 }, onFailure: 'suppress' },
    }),
    named('blanked', {
      anonymity: { ...few, over: ['service', 'salaire'], of: ['matricule'], blank: ['salaire'], onFailure: 'suppress' },
    }),
    // M1 of a, b and nobody of d would be one alone: that two of no service are a class does not help.
    named('apart', {
      from: 'rh.arrets',
      anonymity: { ...few, of: ['matricule'], blank: ['service'], onFailure: 'suppress' },
    }),
    named('taken'),
  ];
  const REFUSED: readonly (readonly [Dataset, string, RegExp])[] = [
    [named('leak', { from: 'rh.notes' }), 'DATASET_LEAK', /in clear: libelle \(1 phone\)/],
    [
      named('companies', { from: 'rh.societes' }),
      'DATASET_LEAK',
      /in clear: siren \(1 siren, 1 finess\); ordre \(1 nir\); texte \(1 siret\)(?!;)/,
    ],
    [
      named('few', { anonymity: { ...few, onFailure: 'refuse' } }),
      'DATASET_NOT_ANONYMOUS',
      /1 of 6 rows stand in classes of too few/,
    ],
    [
      named('alike', { anonymity: { ...few, k: 1, diversity: { of: 'motif', l: 2 }, onFailure: 'refuse' } }),
      'DATASET_NOT_ANONYMOUS',
      /3 of 6 rows stand/,
    ],
    [
      named('broken', { checks: [{ rule: 'unique', columns: ['service'], severity: 'refuse' }] }),
      'DATASET_CHECK_FAILED',
      /check not passed: unique service \(5\)/,
    ],
  ];
  /** What makes no difference to DuckDB: their folders are somebody else's. */
  const FOREIGN = [named('foreign'), named('other'), named('unclassed'), named('nested')];
  /** Folders that hold other people than the rest read. */
  const ELSEWHERE = new Map([
    ['unclassed', 'extra'],
    ['nested', 'nested'],
  ]);
  /** The same files, read both ways: as the mapping says, and as an argument does. */
  const DAYS = [named('days', { from: 'rh.anciens' }), named('days_kept', { from: 'rh.kept' })] as const;
  const INSTANTS = [
    named('instants', { from: 'rh.instants' }),
    named('instants_of_then', { from: 'rh.instants' }),
  ] as const;
  const all = [...MADE, ...REFUSED.map(([dataset]) => dataset), ...FOREIGN, ...DAYS, ...INSTANTS];

  const placeOf = (dataset: Dataset) => ({
    ...{ useCase: 'absences' as UseCaseId, dataset, scheme: SCHEME, store, catalog, signal },
    zone: { bucket, prefix: 'lake' },
  });
  const build = (dataset: Dataset): Promise<BuiltDataset> =>
    buildDataset({ dataset, mapping, made: new Map(), engine, pseudonyms: PSEUDONYMS, signal });

  let printed: string;
  let lines: string[];

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const name of Object.keys(TABLES).filter((one) => one !== 'rh.instants')) await putRaw(name);
    await put('raw/rh.instants/part-0.parquet', await byHive('vu timestamp', TABLES['rh.instants']!.lines));
    await putRaw('rh.people', 'extra', ', 1 AS extra');
    await putNested();
    await put(`lake/${database}/foreign/part-0.parquet`, 'of somebody');
    // Stands as lakelift built it, before the job does.
    await publishDataset({ ...placeOf(named('taken')), built: await build(named('taken')) });
    const blueprint: Blueprint = {
      ...(await blueprintOf('absences')),
      mapping: { useCase: 'absences' as UseCaseId, ...mapping },
      datasets: { useCase: 'absences', pseudonyms: SCHEME, datasets: all },
      zones: { raw: { bucket, prefix: '' }, cleaned: { bucket, prefix: 'lake' } },
    };
    for (const { path, text } of glueJobs(blueprint)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const [secret, earlier] = [await putSecret(NEXT_KEY), await putSecret(KEY)];
    const sources = [
      ...Object.keys(TABLES).map((name) => `${name}=s3a://${bucket}/raw/${name}`),
      `rh.kept=s3a://${bucket}/raw/rh.anciens`,
    ];
    const job = ({ name }: Dataset): string[] => [
      join(folder, 'glue', `${name}.py`),
      ...[
        '--sources',
        (ELSEWHERE.has(name) ? [`rh.people=s3a://${bucket}/raw/${ELSEWHERE.get(name)!}`] : sources).join(','),
      ],
      ...['--key-secret', secret.id, '--key-secret-version', secret.version],
      '--earlier-keys',
      JSON.stringify([{ version: 1, secret: earlier.id, secretVersion: earlier.version }]),
      ...['--run', RUN],
      ...(name === 'instants_of_then' ? ['--rebase', 'LEGACY'] : []),
    ];
    // In the catalog of the jobs, which goes with them.
    const said = join(folder, 'said.py');
    writeFileSync(
      said,
      `from pyspark.sql import SparkSession\nrows = SparkSession.builder.getOrCreate().sql("SHOW TBLPROPERTIES ${database}.taken").collect()\nprint("taken:", *sorted(f"{row.key}={row.value}" for row in rows), sep="\\n  ")\n`,
    );
    const table = (name: string, source: string): string =>
      `CREATE EXTERNAL TABLE ${database}.${name} (matricule string, service string, motif string, salaire int) STORED AS PARQUET LOCATION 's3://${bucket}/lake/${database}/${name}' TBLPROPERTIES ('lakelift.source' = '${source}', 'lakelift.k-anonymity' = '9', 'team' = 'rh')`;
    printed = await runJobs({
      directory: join(folder, 'spark'),
      modules: join(folder, 'glue'),
      statements: [
        `CREATE DATABASE ${database}`,
        table('taken', 'dataset absences/taken'),
        table('other', 'dataset churn/other'),
      ],
      jobs: [...all.map(job), [said]],
      goesOn: true,
      s3: s3OfStack(stack!, { PYTHONPATH: await moto(), AWS_ENDPOINT_URL: stack!.glueEndpoint }),
    });
    lines = printed.trim().split('\n');
  }, 400_000);
  afterAll(async () => {
    await trino.close();
    client.destroy();
    store.close();
    catalog.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (key: string, body: string | Uint8Array) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));

  /** A key as AWS keeps one, and another value in the same secret since. */
  async function putSecret(key: string): Promise<{ id: string; version: string }> {
    const secrets = new SecretsManagerClient({ region, endpoint: stack!.glueEndpoint, credentials });
    const made = await secrets.send(new CreateSecretCommand({ Name: `lakelift/${randomUUID()}`, SecretString: key }));
    secrets.destroy();
    return { id: made.ARN!, version: made.VersionId! };
  }

  async function putRaw(name: string, place = name, more = ''): Promise<void> {
    const { types, lines: rows } = TABLES[name]!;
    const values = rows.map(
      (row) =>
        `(${row
          .split('|')
          .map((value) => (value === '\\N' ? 'NULL' : `'${value}'`))
          .join(', ')})`,
    );
    const columns = Object.entries(types).map(([column, type]) => `${column}::${type} AS ${column}`);
    const file = join(folder, `${place}.parquet`);
    await query(
      `COPY (SELECT ${columns.join(', ')}${more} FROM (VALUES ${values.join(', ')}) v(${Object.keys(types).join(', ')})) TO '${file}' (FORMAT parquet)`,
    );
    await put(`raw/${place}/part-0.parquet`, readFileSync(file));
  }

  /** People whose numbers are lists. */
  async function putNested(): Promise<void> {
    const file = join(folder, 'nested.parquet');
    const people = join(folder, 'rh.people.parquet');
    await query(`COPY (SELECT * REPLACE ([matricule] AS matricule) FROM '${people}') TO '${file}' (FORMAT parquet)`);
    await put('raw/nested/part-0.parquet', readFileSync(file));
  }

  /** Of a table of one column. */
  async function byHive(columns: string, values: readonly string[]): Promise<Uint8Array> {
    const rows = values.map((value) => `('${value}')`);
    const bytes = await parquetByHive(stack!, database, { columns, rows });
    writeFileSync(join(folder, 'hive.parquet'), bytes);
    return bytes;
  }

  async function query(sql: string): Promise<unknown[][]> {
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      return (await connection.runAndReadAll(sql)).getRowsJson();
    } finally {
      connection.closeSync();
    }
  }

  async function keysOf(name: string): Promise<string[]> {
    const { Contents = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `lake/${database}/${name}/` }),
    );
    // Hadoop's clients put an object of no name for a folder.
    return Contents.map(({ Key }) => Key!.split('/').at(-1)!).filter((name) => name !== '');
  }

  /** All rows of what stands in the folder of a dataset. */
  async function rowsOf(name: string): Promise<unknown[][]> {
    const files: string[] = [];
    for (const key of (await keysOf(name)).filter((one) => one.endsWith('.parquet'))) {
      const address = { bucket, key: s3Key(`lake/${database}/${name}/${key}`) };
      const file = join(folder, `${name}-${key}`);
      writeFileSync(file, Buffer.concat(await Array.fromAsync(await store.readObject(address))));
      files.push(`'${file}'`);
    }
    return query(`SELECT * FROM read_parquet([${files.join(', ')}]) ORDER BY ALL`);
  }

  async function rowsByDuckDb(dataset: Dataset): Promise<unknown[][]> {
    const file = join(folder, `${dataset.name}.built.parquet`);
    writeFileSync(file, (await build(dataset)).files[0]!.body);
    return query(`SELECT * FROM '${file}' ORDER BY ALL`);
  }

  /** As its job has printed them. */
  function figuresOf(name: string): unknown {
    return JSON.parse(lineOf(name));
  }
  const lineOf = (name: string): string => lines.find((line) => line.startsWith(`{"dataset": "${name}"`))!;

  it.each(MADE)('make $name with the rows and the pseudonyms of two keys that DuckDB makes', async (dataset) => {
    const expected = await rowsByDuckDb(dataset);
    expect(expected.length).toBeGreaterThan(1);
    expect(expected.flat().some((value) => String(value).startsWith('v2.'))).toBe(true);
    expect(await rowsOf(dataset.name)).toEqual(expected);
  });

  it('count days before 1582 as they were written, unless the mapping says that the calendar of then was meant', async () => {
    const [asWritten, ofThen] = DAYS;
    const later = [['1582-10-15'], ['2024-02-29']];
    expect(await rowsOf(asWritten.name)).toEqual([['1500-03-10'], ...later]);
    expect(await rowsByDuckDb(asWritten)).toEqual(await rowsOf(asWritten.name));
    expect(await rowsOf(ofThen.name)).toEqual([['1500-03-01'], ...later]);
  });

  it('count instants that Hive wrote in twelve bytes alike, and those of then where an argument says so', async () => {
    const file = join(folder, 'hive.parquet');
    const types = await query(`SELECT type FROM parquet_schema('${file}') WHERE name = 'vu'`);
    expect(types).toEqual([['INT96']]);
    const [asWritten, ofThen] = INSTANTS;
    const later = [['1969-12-31 23:59:59+00'], ['2024-02-29 12:30:00.5+00']];
    expect(await rowsOf(asWritten.name)).toEqual([['1500-03-10 10:00:00.123456+00'], ...later]);
    const byDuckDb = (await rowsByDuckDb(asWritten)).map(([vu]) => [`${String(vu)}+00`]);
    expect(byDuckDb).toEqual(await rowsOf(asWritten.name));
    expect(await rowsOf(ofThen.name)).toEqual([['1500-03-01 10:00:00.123456+00'], ...later]);
  });

  it('suppress classes that are too small or too alike, or empty their cells, and rows that find nothing stay', async () => {
    expect(figuresOf('diverse')).toMatchObject({ sourceRows: 7, suppressedRows: 3, k: 2, l: 2 });
    expect(figuresOf('people')).toMatchObject({ sourceRows: 13, suppressedRows: 8 });
    expect(figuresOf('blanked')).toMatchObject({ sourceRows: 6, suppressedRows: 1, blankedRows: 4, blankedCells: 4 });
    expect(figuresOf('apart')).toMatchObject({ sourceRows: 13, suppressedRows: 8, blankedRows: 0, blankedCells: 0 });
    const services = (await rowsOf('people')).map((row) => row[2]);
    expect(services.toSorted()).toEqual(['b', 'b', 'b', null, null]);
    expect(lines).toContain('chosen: check not passed: unique service (2)');
    expect((await rowsOf('diverse')).map((row) => row.at(-1)).filter((day) => day === null)).toHaveLength(2);
  });

  it.each(MADE)(
    'say of $name what DuckDB says of it: rows, and how small the classes are that are left',
    async (dataset) => {
      const { sourceRows, rows, suppressedRows, blankedRows, blankedCells, smallestClass, leastDiversity, checks } =
        await build(dataset);
      const { name, anonymity } = dataset;
      const warnings = checks.filter(({ failing }) => failing > 0).map(({ failing }) => ['unique service', failing]);
      if (anonymity !== undefined) expect(smallestClass).toBeGreaterThan(1);
      expect(figuresOf(name)).toEqual({
        ...{ dataset: name, run: RUN, sourceRows, rows },
        ...(anonymity && { k: anonymity.k, suppressedRows, smallestClass }),
        ...(anonymity?.diversity && { l: anonymity.diversity.l, leastDiversity }),
        ...(anonymity?.blank && { blankedRows, blankedCells }),
        ...(warnings.length > 0 && { warnings: Object.fromEntries(warnings) as unknown }),
      });
      // As the privacy report of what stands reads them.
      expect(jobFigures(lineOf(name), name)).toMatchObject({
        ...{ run: RUN, sourceRows, rows, suppressedRows, warnings: Object.fromEntries(warnings) as unknown },
        ...(anonymity && { k: anonymity.k, smallestClass }),
        ...(anonymity?.diversity && { l: anonymity.diversity.l, leastDiversity }),
        ...(anonymity?.blank && { blankedRows, blankedCells }),
      });
    },
  );

  it.each(REFUSED)('refuse $name where DuckDB does, and write nothing', async (dataset, code, message) => {
    const refusal = lines.find((line) => line.startsWith('Refused: ') && line.includes(`${dataset.name}`));
    expect(refusal).toMatch(message);
    const byDuckDb: unknown = await build(dataset).catch((error: unknown) => error);
    expect(isLakeliftError(byDuckDb) && byDuckDb.code).toBe(code);
    if (code === 'DATASET_LEAK') expect((byDuckDb as Error).message).toMatch(message);
    expect(await keysOf(dataset.name)).toEqual([]);
  });

  it('leave alone what is not of their dataset, columns that nobody has classed, and lists that are to be treated', async () => {
    expect(printed).toContain('Refused: foreign: what stands in its folder is not of this dataset');
    expect(await keysOf('foreign')).toEqual(['part-0.parquet']);
    expect(printed).toContain(`Refused: other: the table ${database}.other is not of this dataset`);
    expect(await keysOf('other')).toEqual([]);
    expect(printed).toContain('Refused: unclassed: nobody has classed extra of rh.people');
    expect(printed).toContain('Refused: nested treats lists, maps or structs, which are kept or dropped: matricule');
    expect(await keysOf('nested')).toEqual([]);
    expect(printed).not.toContain('06 12');
    for (const key of [KEY, NEXT_KEY]) expect(printed).not.toContain(key);
  });

  it('take the place of what lakelift built, and lakelift of what they made: Trino reads each row once', async () => {
    const [taken, chosen] = [MADE.at(-1)!, MADE[0]!];
    // Its table stood: the job took over the folder of a build, and what it says of it now is what is declared now.
    expect(await keysOf('taken')).not.toContain('part-00000.parquet');
    expect(lines).toContain('  lakelift.pseudonyms=hmac-sha256-128 rh v2 from v1');
    expect(lines).toContain('  team=rh');
    const [figures = ''] = lines.flatMap((line) => /^  lakelift\.figures=(.*)$/.exec(line)?.[1] ?? []);
    expect(JSON.parse(figures)).toEqual(figuresOf('taken'));
    expect(printed).not.toContain('lakelift.k-anonymity=');
    const count = async ({ name }: Dataset) => (await trino.query(`SELECT count(*) FROM ${database}.${name}`))[0]![0];
    expect(await count(taken)).toBe('6');
    expect(await publishDataset({ ...placeOf(taken), built: await build(taken) })).toBe('updated');
    expect(await count(taken)).toBe('6');
    expect(await publishDataset({ ...placeOf(taken), built: await build(taken) })).toBe('unchanged');
    // No table of it in this catalog: for all that anybody knows, it is somebody else's.
    const built = await build(chosen);
    await expect(publishDataset({ ...placeOf(chosen), built })).rejects.toMatchObject({ code: 'DATASET_FOREIGN' });
    const { table } = (await catalog.findTable({ database, name: 'taken' }))!;
    await catalog.createTable({
      ...table,
      name: 'chosen',
      storage: { ...table.storage, location: `s3://${bucket}/lake/${database}/chosen` },
      parameters: { ...table.parameters, 'lakelift.source': 'dataset absences/chosen' },
    });
    expect(await count(chosen)).toBe('2');
    // A build that was cut off between its own file and those of the job is seen before anybody reads both.
    const ours = `lake/${database}/chosen/part-00000.parquet`;
    await client.send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: ours, Body: built.files[0]!.body },
        Metadata: { 'lakelift-dataset': 'absences/chosen' },
      }),
    );
    await expect(findWholeFiles(placeOf(chosen))).rejects.toMatchObject({ code: 'DATASET_CUT_OFF' });
    expect(await publishDataset({ ...placeOf(chosen), built })).toBe('updated');
    expect(await count(chosen)).toBe('2');
    await findWholeFiles(placeOf(chosen));
  });
});
