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
import { s3Key } from '../../src/domain/names.ts';
import type { TableItem } from '../../src/domain/plan.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { readPartitions } from '../../src/steps/reconcile/read-partitions.ts';
import { oldSerdeJars } from '../stack/old-classes.ts';
import { startSpark, type Spark } from '../stack/spark.ts';
import { canonicalRows } from './compared-values.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { PROOF_KINDS } from './table-kinds.ts';
import { proofRows, ROW_NOTES } from './table-kinds-lake.ts';
import { writtenMarks } from './written-codec.ts';
import { ODD_KINDS, SUMMED_KINDS, type OddKind } from './table-kinds-odd.ts';
import {
  CODEC_COLUMNS,
  CODEC_KINDS,
  CODEC_SESSIONS,
  codecSeeds,
  codecTables,
  type CodecSession,
} from './table-kinds-codecs.ts';
import { makeTable, OLD_KINDS, oldTables, OPENX_KINDS } from './table-kinds-old.ts';
import { ASKED_KINDS } from './table-kinds-storage.ts';

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

const SUMMED_UP = new Set([
  ...['parquet', 'orc', 'avro', 'text_no_number', 'text_line_ends', 'text_header', 'text_compressed'],
  ...['regex', 'regex_typed', 'json_missing', 'managed'],
  ...READ_BY_DUCKDB,
  ...SUMMED_KINDS.map(({ name }) => name),
]);

/** Sessions of Hive that make the tables side by side. */
const SESSIONS = 3;

/** Counting and summing up cost Hive a job or more a table: of those that hold the same types, some are enough. */
function comparedByValue(mapping: string): string {
  const { tables, ...rest } = parse(mapping) as { tables: Record<string, object> };
  const levels = Object.entries(tables).map(([name, table]) => [
    name,
    {
      ...table,
      reconcile: { level: SUMMED_UP.has(name.slice(name.indexOf('.') + 1)) ? 'content' : 'files' },
      ...(name.endsWith('.parts_projected') ? { partitions: { projection: true } } : {}),
      ...(/\.json_h/.test(name) ? { columns: { c_binary: { class: 'unclassified', type: 'binary' } } } : {}),
    },
  ]);
  return stringify({ ...rest, tables: Object.fromEntries(levels) as unknown });
}

/** Tables of every kind made by real Hive, taken over by the real run, and each value compared between Hive and Athena's stand-in. */
describe.skipIf(stack === undefined)('every kind of table that is supported', () => {
  if (stack === undefined) return;
  const tag = Date.now().toString(36);
  const database = `kinds_${tag}`;
  const asked = `asked_${tag}`;
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
    const seeds = codecSeeds(CODEC_KINDS, { database, seeds: `seeds_${tag}` });
    for (const one of [database, asked, `seeds_${tag}`])
      await hive.query(`CREATE DATABASE ${one} LOCATION '/data/${one}'`);
    for (const kind of PROOF_KINDS) await hive.query(makeTable(database, kind));
    for (const { statement } of seeds) await hive.query(statement);
    const plain = PROOF_KINDS.map(({ name }) => `${database}.${name}`);
    await hive.query(insertionInto(plain, `(${proofRows()})`));
    await Promise.all([makeOddTables(), makeCodecTables(seeds).then(makeOldTables)]);
    for (const { name, statement } of ASKED_KINDS)
      await hive.query(statement.replace('@table', `${asked}.${name}`).replace('@other', database));
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = projectOn(stack, { kinds: database, asked, bucket });
    spark = await starting;
  }, 300_000);

  async function makeCodecTables(seeds: ReturnType<typeof codecSeeds>): Promise<void> {
    // Not with the plain tables: Parquet of one statement is written in the codec of another table where its own says none.
    await hive.query(insertionInto(tablesOf(seeds, undefined), `${database}.orc`));
    for (const session of CODEC_SESSIONS) {
      for (const [name, value] of Object.entries(session.settings)) await hive.query(`SET ${name}=${value}`);
      await hive.query(insertionInto(tablesOf(seeds, session), `${database}.orc`));
    }
    await hive.query('SET hive.exec.compress.output=false');
    for (const statement of codecTables(CODEC_KINDS, database)) await hive.query(statement);
  }

  async function makeOldTables(): Promise<void> {
    for (const jar of await oldSerdeJars()) await hive.query(`ADD JAR ${jar}`);
    for (const statement of oldTables(database, `${database}.orc`)) await hive.query(statement);
    for (const kind of OPENX_KINDS) await makeOddTable(hive, kind);
  }

  async function makeOddTables(): Promise<void> {
    const waiting = [...ODD_KINDS];
    const sessions = Array.from({ length: SESSIONS }, async () => {
      const session = new HiveServer2Engine({ ...stack!.hiveServer2, user: stack!.hdfsUser });
      for (let kind = waiting.shift(); kind !== undefined; kind = waiting.shift()) await makeOddTable(session, kind);
      await session.close();
    });
    await Promise.all(sessions);
  }

  async function makeOddTable(session: HiveServer2Engine, { name, files = {}, statements }: OddKind): Promise<void> {
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
      await session.query(sql.replaceAll('@table', `${database}.${name}`));
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

  it('asks about each of the others, or refuses it, and says what to do', async () => {
    expect((await project.lakelift('map', 'asked')).code).toBe(0);
    const { code, stdout } = await project.lakelift('plan', 'asked', '--json');
    expect(code).toBe(3);
    const { items } = JSON.parse(stdout) as { items: Pick<TableItem, 'id' | 'verdict' | 'reason'>[] };
    const ruled = items.filter(({ id }) => id.includes(`:${asked}.`));
    expect(
      ruled.map(({ id, verdict, reason }) => `${id.replace(/^.*\./, '')} ${verdict} ${reason?.code}`).sort(),
    ).toEqual(ASKED_KINDS.map(({ name, verdict, code: expected }) => `${name} ${verdict} ${expected}`).sort());
    for (const { id, reason } of ruled) expect(reason?.hint, id).toMatch(/skip|convert|type:|Rewrite|Map/);
  });

  type Named = { readonly database: string; readonly table: string };
  const fingerprints = async (engine: QueryEngine, table: TargetTable, named: Named) => {
    const { columns } = contentColumns(table);
    const reading = { engine, level: 'content', table: { keys: table.partitionKeys, columns, ...named } } as const;
    const partitions = await readPartitions(reading, new AbortController().signal);
    return [...partitions].map(([key, { fingerprint }]) => `${key} ${formatFingerprint(fingerprint)}`).sort();
  };
  const registered = async (name: string): Promise<TargetTable> =>
    (await glue.findTable({ database: `raw_${database}`, name }))!.table;

  /** Hive's own, as the run has found. */
  const fingerprintsOfTrino = (table: TargetTable): Promise<string[]> =>
    fingerprints(trino, table, { database: table.database, table: table.name });

  it.for(READ_BY_DUCKDB)('%s: DuckDB finds the fingerprint that Hive and Trino do', async (name) => {
    const table = await registered(name);
    const duckDb = new DuckDbEngine(new TargetLake(glue, store));
    const atTarget = await fingerprints(duckDb, table, { database: table.database, table: name });
    expect(atTarget).toEqual(await fingerprintsOfTrino(table));
  });

  it.for(READ_BY_SPARK)('%s: Spark finds the fingerprint that Hive and Trino do', async (name) => {
    const table = await registered(name);
    expect(await fingerprints(spark.engine, table, { database, table: name })).toEqual(
      await fingerprintsOfTrino(table),
    );
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

  const compared: Omit<OddKind, 'statements'>[] = [
    ...[...PROOF_KINDS, ...OLD_KINDS].map((kind) => ({ ...kind, rows: ROW_NOTES.length })),
    ...CODEC_KINDS.map((kind) => ({ ...kind, columns: CODEC_COLUMNS, rows: ROW_NOTES.length * kind.codecs.length })),
    ...ODD_KINDS,
    ...OPENX_KINDS,
  ];
  it.for(compared)('$name: each value is as it must be in Hive and in Trino', async (kind) => {
    const { name, columns, rows, differing } = kind;
    const [atSource, atTarget] = await Promise.all([
      canonicalRows(hive, { database, name }, columns),
      canonicalRows(trino, { database: `raw_${database}`, name }, columns),
    ]);
    expect(atSource).toHaveLength(rows);
    if (differing === undefined) expect(atTarget).toEqual(atSource);
    const isOther = (index: number): boolean => atSource.some((row, at) => row[index] !== atTarget[at]?.[index]);
    expect(columns.map((column) => column.name).filter((_, index) => isOther(index))).toEqual(differing?.columns ?? []);
  });

  it.for(CODEC_KINDS)('$name: the files of each partition say that they are in the codec of its name', async (kind) => {
    const found: string[] = [];
    for await (const { key } of store.listObjects(bucket, `${database}/${kind.name}/`)) {
      const file = Buffer.concat(await Array.fromAsync(await store.readObject({ bucket, key: s3Key(key) })));
      const { codecs = [], oldColumns } = writtenMarks(file) ?? {};
      found.push(`${/codec=([\w.]+)/.exec(key)?.[1]} ${codecs.join()}`);
      if (kind.format === 'ORC') expect(oldColumns).toEqual(['c_date', 'c_timestamp']);
    }
    expect(found.sort()).toEqual(kind.codecs.map((codec) => `${codec} ${codec}`).sort());
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

function insertionInto(tables: readonly string[], source: string): string {
  return `FROM ${source} seed ${tables.map((table) => `INSERT INTO TABLE ${table} SELECT *`).join(' ')}`;
}

function tablesOf(seeds: ReturnType<typeof codecSeeds>, session: CodecSession | undefined): string[] {
  return seeds.filter((seed) => seed.session === session).map(({ table }) => table);
}

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
  { kinds, asked, bucket }: { readonly kinds: string; readonly asked: string; readonly bucket: string },
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
    migrations: {
      kinds: migrationScript('kinds', { tables: [`${kinds}.*`] }),
      asked: migrationScript('asked', { tables: [`${asked}.*`] }),
    },
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}
