import { BatchDeletePartitionCommand, GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbEngine } from '../../src/adapters/duckdb/duckdb-engine.ts';
import { TargetLake } from '../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../src/adapters/glue/glue-target-catalog.ts';
import { parse, stringify } from 'yaml';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { contentColumns } from '../../src/domain/fingerprint/content-columns.ts';
import { DIALECTS } from '../../src/domain/fingerprint/dialects.ts';
import { columnSumsSql } from '../../src/domain/fingerprint/fingerprint-sql.ts';
import { formatFingerprint } from '../../src/domain/fingerprint/fingerprint.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { readPartitions } from '../../src/steps/reconcile/read-partitions.ts';
import { startSpark, type Spark } from '../stack/spark.ts';
import { canonicalRows } from './compared-values.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { PROOF_KINDS } from './table-kinds.ts';
import { proofRows, ROW_NOTES } from './table-kinds-lake.ts';
import { ODD_KINDS, type OddKind } from './table-kinds-odd.ts';

const stack = inject('stack');

const READ_BY_DUCKDB = [
  'parquet',
  'numbers_parquet',
  'parts_evolved_parquet',
  'parts_odd',
  'text_escaped',
  'opencsv',
  'opencsv_custom',
];

/** Through the metastore, with the SerDes of Spark's own Hive. */
const READ_BY_SPARK = ['parquet', 'numbers_parquet', 'parts_evolved_parquet', 'parts_odd', 'text_escaped', 'opencsv'];

/** Each unfolded collection costs Hive a job of its own, so that of the formats with all types the common ones are enough. */
function comparedByValue(mapping: string): string {
  const { tables, ...rest } = parse(mapping) as { tables: Record<string, object> };
  const isCounted = (name: string): boolean =>
    PROOF_KINDS.some((kind) => name.endsWith(`.${kind.name}`) && !['parquet', 'orc', 'avro'].includes(kind.name));
  const levels = Object.entries(tables).map(([name, table]) => [
    name,
    {
      ...table,
      reconcile: { level: isCounted(name) ? 'rows' : 'content' },
      ...(name.endsWith('.parts_projected') ? { partitions: { projection: true } } : {}),
    },
  ]);
  return stringify({ ...rest, tables: Object.fromEntries(levels) as unknown });
}

/** Tables of every kind made by real Hive, taken over by the real run, and each value compared between Hive and Athena's stand-in. */
describe.skipIf(stack === undefined)('every kind of table that is supported', () => {
  if (stack === undefined) return;
  const tag = Date.now().toString(36);
  const database = `kinds_${tag}`;
  const bucket = `kinds-${tag}`;
  const { region, glueEndpoint, s3Endpoint, accessKeyId, secretAccessKey } = stack;
  const credentials = { accessKeyId, secretAccessKey };
  const glue = new GlueTargetCatalog({ region, credentials, endpoint: glueEndpoint });
  const store = new S3TargetObjectStore({ region, credentials, endpoint: s3Endpoint, forcePathStyle: true });
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let spark: Spark & { readonly engine: QueryEngine; readonly directory: string };
  let project: TestProject;

  beforeAll(async () => {
    const { hdfsUser, hiveServer2, trinoUrl, trinoCatalog } = stack;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    const starting = openSpark(stack);
    // Awaited below; a failure meanwhile must not count as unhandled.
    starting.catch(() => undefined);
    await hive.query(`CREATE DATABASE ${database} LOCATION '/data/${database}'`);
    for (const { name, columns, format } of PROOF_KINDS) {
      const definition = columns.map((column) => `${column.name} ${column.type}`).join(', ');
      await hive.query(
        `CREATE EXTERNAL TABLE ${database}.${name} (${definition}) ${format} LOCATION '/data/${database}/${name}'`,
      );
    }
    const insertions = PROOF_KINDS.map(({ name }) => `INSERT INTO TABLE ${database}.${name} SELECT *`);
    await hive.query(`FROM (${proofRows()}) seed ${insertions.join(' ')}`);
    for (const kind of ODD_KINDS) await makeOddTable(kind);
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = projectOn(stack, { database, bucket });
    spark = await starting;
  }, 300_000);

  async function makeOddTable({ name, files = {}, statements }: OddKind): Promise<void> {
    const { webHdfsUrl, hdfsUser, hdfsAuthority } = stack!;
    const folder = `/data/${database}/${name}`;
    const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
    for (const [path, content] of Object.entries(files)) {
      await hdfs.create(posix.join(folder, path), Buffer.from(content as string));
    }
    hdfs.close();
    for (const statement of statements) {
      const sql = statement.replaceAll(
        /(@authority)?@folder((?:\/\.\.)?)/g,
        (_, authority: string | undefined, up: string) =>
          (authority === undefined ? '' : `hdfs://${hdfsAuthority}`) + posix.join(folder, up),
      );
      await hive.query(sql.replaceAll('@table', `${database}.${name}`));
    }
  }

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close(), spark.engine.close()]);
    glue.close();
    store.close();
    await spark.server.stop();
    rmSync(spark.directory, { recursive: true, force: true });
  });

  it('is planned without a question and runs to a target that is identical by value', async () => {
    expect((await project.lakelift('map', 'kinds')).code).toBe(0);
    const mapping = join(project.root, 'mappings/kinds.yaml');
    writeFileSync(mapping, comparedByValue(readFileSync(mapping, 'utf8')));
    const { code, stderr } = await project.lakelift('run', 'kinds', '--yes');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }, 400_000);

  type Named = { readonly database: string; readonly table: string };
  const fingerprints = async (engine: QueryEngine, table: TargetTable, named: Named) => {
    const { columns } = contentColumns(table);
    const reading = { engine, level: 'content', table: { keys: table.partitionKeys, columns, ...named } } as const;
    const partitions = await readPartitions(reading, new AbortController().signal);
    return [...partitions].map(([key, { fingerprint }]) => `${key} ${formatFingerprint(fingerprint)}`).sort();
  };
  const asked = new Map<string, Promise<string[]>>();
  /** Each costs Hive a job or more. */
  const fingerprintsOfHive = (table: TargetTable): Promise<string[]> => {
    const known = asked.get(table.name) ?? fingerprints(hive, table, { database, table: table.name });
    asked.set(table.name, known);
    return known;
  };
  const registered = async (name: string): Promise<TargetTable> =>
    (await glue.findTable({ database: `raw_${database}`, name }))!.table;

  it.for(READ_BY_DUCKDB)('%s: DuckDB finds the fingerprint that Hive does', async (name) => {
    const table = await registered(name);
    const duckDb = new DuckDbEngine(new TargetLake(glue, store));
    const atTarget = await fingerprints(duckDb, table, { database: table.database, table: name });
    expect(atTarget).toEqual(await fingerprintsOfHive(table));
  });

  it.for(READ_BY_SPARK)('%s: Spark finds the fingerprint that Hive does', async (name) => {
    const table = await registered(name);
    expect(await fingerprints(spark.engine, table, { database, table: name })).toEqual(await fingerprintsOfHive(table));
  });

  it('orc: Spark differs in what lies before 1582, which it reads in the calendar of that time, and in nothing else', async () => {
    const columns = contentColumns(await registered('orc')).columns.filter(({ type }) => !type.includes('<'));
    const sums = async (engine: QueryEngine): Promise<Record<string, string | undefined>> => {
      const named = { database, table: 'orc', keys: [], columns };
      const [[, ...values] = []] = await engine.query(columnSumsSql(DIALECTS[engine.name], named));
      return Object.fromEntries(columns.map(({ name }, index) => [name, values[index]]));
    };
    const [bySpark, byHive] = [await sums(spark.engine), await sums(hive)];
    expect(columns.map(({ name }) => name).filter((name) => bySpark[name] !== byHive[name])).toEqual([
      'c_date',
      'c_timestamp',
    ]);
  });

  it.for(PROOF_KINDS)('$name: each value is the same in Hive and in Trino', async ({ name, columns }) => {
    const atSource = await canonicalRows(hive, { database, name }, columns);
    expect(atSource).toHaveLength(ROW_NOTES.length);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
  });

  it.for(ODD_KINDS)('$name: each value is the same in Hive and in Trino', async ({ name, columns, rows }) => {
    const atSource = await canonicalRows(hive, { database, name }, columns);
    expect(atSource).toHaveLength(rows);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
  });

  it('parts_projected: partitions are computed, not listed, and give the same rows', async () => {
    const { region, glueEndpoint, accessKeyId, secretAccessKey } = stack;
    const glue = new GlueClient({ region, endpoint: glueEndpoint, credentials: { accessKeyId, secretAccessKey } });
    const { columns } = ODD_KINDS.find(({ name }) => name === 'parts_projected')!;
    const names = { DatabaseName: `raw_${database}`, TableName: 'parts_projected' };
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand(names));
    expect(Partitions).toHaveLength(24);
    const PartitionsToDelete = Partitions.map(({ Values = [] }) => ({ Values }));
    await glue.send(new BatchDeletePartitionCommand({ ...names, PartitionsToDelete }));
    glue.destroy();
    const target = { database: names.DatabaseName, name: names.TableName };
    expect(await canonicalRows(trino, target, columns)).toEqual(
      await canonicalRows(hive, { database, name: 'parts_projected' }, columns),
    );
  });
});

/** One Spark for all comparisons of this file. */
async function openSpark({ metastore, hdfsUser }: NonNullable<typeof stack>) {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-spark-'));
  const spark = await startSpark(directory, metastore);
  const thrift = new HiveServer2Engine({ ...spark.thriftServer, user: hdfsUser });
  const engine: QueryEngine = {
    name: 'spark',
    query: (sql, signal) => thrift.query(sql, signal),
    close: () => thrift.close(),
  };
  return { ...spark, engine, directory };
}

function projectOn(
  addresses: NonNullable<typeof stack>,
  { database, bucket }: { readonly database: string; readonly bucket: string },
): TestProject {
  const { webHdfsUrl, hdfsUser, hdfsAuthority, metastore, hiveServer2, accessKeyId, secretAccessKey } = addresses;
  return createProject({
    config: {
      source: {
        hdfs: { nameNodes: [webHdfsUrl], user: hdfsUser, authorities: [hdfsAuthority] },
        hive: { metastore: [metastore], hiveServer2: { ...hiveServer2, user: hdfsUser } },
      },
      target: {
        region: addresses.region,
        s3: { endpoint: addresses.s3Endpoint },
        glue: { endpoint: addresses.glueEndpoint },
        engine: { kind: 'trino', url: addresses.trinoUrl, catalog: addresses.trinoCatalog },
      },
      zones: { raw: { bucket } },
    },
    migrations: { kinds: migrationScript('kinds', { tables: [`${database}.*`] }) },
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}
