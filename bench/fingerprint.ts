import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbEngine } from '../src/adapters/duckdb/duckdb-engine.ts';
import { TargetLake } from '../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../src/adapters/glue/glue-target-catalog.ts';
import { HiveServer2Engine } from '../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { S3TargetObjectStore } from '../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../src/adapters/trino/trino-engine.ts';
import { formatFingerprint } from '../src/domain/fingerprint/fingerprint.ts';
import { defineMigration } from '../src/domain/migration.ts';
import type { RunId } from '../src/domain/names.ts';
import type { QueryEngine } from '../src/ports/query-engine.ts';
import { readPartitions } from '../src/steps/reconcile/read-partitions.ts';
import { findRunningStack } from '../test/stack/main.ts';
import { startSpark } from '../test/stack/spark.ts';
import { startStack, stopStack, type StackAddresses } from '../test/stack/stack.ts';
import { openWorld } from '../test/steps/migrated-world.ts';
import { timed } from './measure.ts';

/** Types that tables of an insurer have most of. */
const COLUMNS = [
  { name: 'id', type: 'bigint', value: 'n' },
  { name: 'nir', type: 'string', value: "lpad(cast(n * 7919 as string), 13, '1')" },
  { name: 'nom', type: 'string', value: "concat('Dupont-', cast(n % 5000 as string))" },
  { name: 'montant', type: 'decimal(12,2)', value: 'cast(n % 1000000 as decimal(12,2)) / 100' },
  { name: 'debut', type: 'date', value: "date_add('2020-01-01', cast(n % 1500 as int))" },
  { name: 'saisi', type: 'timestamp', value: 'cast(from_unixtime(1577836800 + n) as timestamp)' },
  { name: 'taux', type: 'double', value: 'n / 7.0D' },
  { name: 'motif', type: 'string', value: "if(n % 10 = 0, NULL, concat('motif ', cast(n % 40 as string)))" },
];

/** One Parquet table of so many rows, made by Hive and migrated; its fingerprint by each engine, the second time that it is asked. */
export async function measureFingerprints(rows: number): Promise<string> {
  const running = await findRunningStack();
  const stack = running ?? (await startStack());
  const directory = await mkdtemp(join(tmpdir(), 'lakelift-bench-spark-'));
  const spark = await startSpark(directory, stack.addresses.metastore);
  try {
    return await ofEngines(stack.addresses, { rows, spark: spark.thriftServer });
  } finally {
    await spark.server.stop();
    await rm(directory, { recursive: true, force: true });
    if (running === undefined) await stopStack(stack);
  }
}

interface Load {
  readonly rows: number;
  readonly spark: { readonly host: string; readonly port: number };
}

async function ofEngines(stack: StackAddresses, { rows, spark }: Load): Promise<string> {
  const database = `bench_${Date.now().toString(36)}`;
  const target = { database: `raw_${database}`, table: 'arrets' };
  const source = { database, table: 'arrets' };
  const hive = new HiveServer2Engine({ ...stack.hiveServer2, user: stack.hdfsUser });
  const sparkSql = new HiveServer2Engine({ ...spark, user: stack.hdfsUser });
  try {
    await makeTable(hive, database, rows);
    const { lake, sizeBytes, close } = await migrated(stack, database);
    const trino = new TrinoEngine({ url: stack.trinoUrl, user: 'bench', catalog: stack.trinoCatalog });
    const engines = [
      { engine: hive, named: source },
      { engine: { ...shared(sparkSql), name: 'spark' } satisfies QueryEngine, named: source },
      { engine: trino, named: target },
      { engine: new DuckDbEngine(lake), named: target },
    ] as const;
    const lines = ['| engine | rows/s | MB/s of Parquet | s |', '| --- | --- | --- | --- |'];
    const seen = new Set<string>();
    for (const { engine, named } of engines) {
      const read = async () => void seen.add(await fingerprintBy(engine, named));
      await read();
      const seconds = (await timed(read)) / 1000;
      const perSecond = [(rows / seconds).toFixed(0), (sizeBytes / 1e6 / seconds).toFixed(1)];
      lines.push(`| ${[engine.name, ...perSecond, seconds.toFixed(1)].join(' | ')} |`);
    }
    if (seen.size !== 1) throw new Error(`engines do not agree: ${[...seen].join(' ')}`);
    await Promise.all([trino.close(), close()]);
    return [...lines, '', `${rows} rows of ${COLUMNS.length} columns, ${(sizeBytes / 1e6).toFixed(0)} MB.`].join('\n');
  } finally {
    await hive.query(`DROP DATABASE IF EXISTS ${database} CASCADE`);
    await Promise.all([hive.close(), sparkSql.close()]);
  }
}

const shared = (engine: QueryEngine): Pick<QueryEngine, 'query' | 'close'> => ({
  query: (sql, signal) => engine.query(sql, signal),
  close: () => engine.close(),
});

async function fingerprintBy(engine: QueryEngine, named: { database: string; table: string }): Promise<string> {
  const reading = { engine, level: 'content', table: { keys: [], columns: COLUMNS, ...named } } as const;
  const [partition] = (await readPartitions(reading, new AbortController().signal)).values();
  return formatFingerprint(partition!.fingerprint);
}

const THOUSAND = "split(space(999), ' ')";

async function makeTable(hive: QueryEngine, database: string, rows: number): Promise<void> {
  const thousands = Math.max(1, Math.round(rows / 1000));
  const numbers = `SELECT cast(a.p * 1000 + b.p as bigint) AS n FROM (SELECT 1 AS one) x
    LATERAL VIEW posexplode(split(space(${thousands - 1}), ' ')) a AS p, v LATERAL VIEW posexplode(${THOUSAND}) b AS p, w`;
  const definition = COLUMNS.map(({ name, type }) => `${name} ${type}`).join(', ');
  const values = COLUMNS.map(({ value, type }) => `cast(${value} as ${type})`).join(', ');
  for (const sql of [
    `CREATE DATABASE ${database} LOCATION '/data/${database}'`,
    `CREATE EXTERNAL TABLE ${database}.arrets (${definition}) STORED AS PARQUET LOCATION '/data/${database}/arrets'`,
    `INSERT INTO ${database}.arrets SELECT ${values} FROM (${numbers}) numbers`,
  ])
    await hive.query(sql);
}

async function migrated(stack: StackAddresses, database: string) {
  const { region, s3Endpoint, glueEndpoint, accessKeyId, secretAccessKey } = stack;
  const credentials = { accessKeyId, secretAccessKey };
  const s3 = { region, endpoint: s3Endpoint, forcePathStyle: true, credentials };
  const bucket = database.replaceAll('_', '-');
  const client = new S3Client(s3);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const about = { title: { fr: 'b', en: 'b' }, owner: 'o', wave: 1, purpose: 'p', legalBasis: 'l', consumers: [] };
  const world = await openWorld({
    migration: defineMigration({ id: 'bench', ...about, source: { tables: [`${database}.*`] } }),
    nameNode: stack.webHdfsUrl,
    user: stack.hdfsUser,
    authority: stack.hdfsAuthority,
    metastore: stack.metastore,
    s3,
    glueEndpoint,
    bucket,
  });
  await world.run('run' as RunId);
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  client.destroy();
  const catalog = new GlueTargetCatalog({ region, credentials, endpoint: glueEndpoint });
  const store = new S3TargetObjectStore(s3);
  return {
    lake: new TargetLake(catalog, store),
    sizeBytes: Contents.reduce((sum, { Size = 0 }) => sum + Size, 0),
    close: async () => {
      catalog.close();
      store.close();
      await world.close();
    },
  };
}
