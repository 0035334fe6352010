import { BatchDeletePartitionCommand, GetPartitionsCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync, writeFileSync } from 'node:fs';
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
import { formatFingerprint } from '../../src/domain/fingerprint/fingerprint.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { readPartitions } from '../../src/steps/reconcile/read-partitions.ts';
import { canonicalRows } from './compared-values.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { PROOF_KINDS } from './table-kinds.ts';
import { proofRows, ROW_NOTES } from './table-kinds-lake.ts';
import { ODD_KINDS, type OddKind } from './table-kinds-odd.ts';

const stack = inject('stack');

/** Not `opencsv`: of a doubled quote DuckDB makes two, where a backslash escapes too (docs/reconcile.md). */
const READ_BY_DUCKDB = ['parquet', 'numbers_parquet', 'parts_evolved_parquet', 'parts_odd', 'text_escaped'];

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
  const tag = Date.now().toString(36);
  const database = `kinds_${tag}`;
  const bucket = `kinds-${tag}`;
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;

  beforeAll(async () => {
    const { hdfsUser, hiveServer2, trinoUrl, trinoCatalog, region, s3Endpoint, accessKeyId, secretAccessKey } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
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
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = projectOn(stack!, { database, bucket });
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
    await Promise.all([hive.close(), trino.close()]);
  });

  it('is planned without a question and runs to a target that is identical by value', async () => {
    expect((await project.lakelift('map', 'kinds')).code).toBe(0);
    const mapping = join(project.root, 'mappings/kinds.yaml');
    writeFileSync(mapping, comparedByValue(readFileSync(mapping, 'utf8')));
    const { code, stderr } = await project.lakelift('run', 'kinds', '--yes');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  }, 400_000);

  it.for(READ_BY_DUCKDB)('%s: DuckDB finds the fingerprint that Hive does', async (name) => {
    const { region, glueEndpoint, s3Endpoint, accessKeyId, secretAccessKey } = stack!;
    const aws = { region, credentials: { accessKeyId, secretAccessKey } };
    const glue = new GlueTargetCatalog({ ...aws, endpoint: glueEndpoint });
    const store = new S3TargetObjectStore({ ...aws, endpoint: s3Endpoint, forcePathStyle: true });
    const { table } = (await glue.findTable({ database: `raw_${database}`, name }))!;
    const common = { keys: table.partitionKeys, columns: contentColumns(table).columns };
    const fingerprints = async (engine: QueryEngine, named: { database: string; table: string }) => {
      const reading = { engine, level: 'content', table: { ...common, ...named } } as const;
      const partitions = await readPartitions(reading, new AbortController().signal);
      return [...partitions].map(([key, { fingerprint }]) => `${key} ${formatFingerprint(fingerprint)}`).sort();
    };
    const duckDb = new DuckDbEngine(new TargetLake(glue, store));
    const atTarget = await fingerprints(duckDb, { database: `raw_${database}`, table: name });
    expect(atTarget).toEqual(await fingerprints(hive, { database, table: name }));
    glue.close();
    store.close();
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
    const { region, glueEndpoint, accessKeyId, secretAccessKey } = stack!;
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
