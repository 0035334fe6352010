import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDocument } from 'yaml';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { WebHdfsClient, WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import { canonicalRows } from './compared-values.ts';
import { CONVERTED_KINDS, type ConvertedKind } from './converted-tables-lake.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';

const stack = inject('stack');

/** Tables that no engine but Hive can read by their files: exported by real Hive, taken over, and each value compared with what Hive returns. */
describe.skipIf(stack === undefined)('tables that are converted on their way', () => {
  const tag = Date.now().toString(36);
  const database = `converted_${tag}`;
  const staging = { database: `staging_${tag}`, folder: `/staging/${tag}` };
  const bucket = `converted-${tag}`;
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;

  beforeAll(async () => {
    const { hdfsUser, hiveServer2, trinoUrl, trinoCatalog, region, s3Endpoint, accessKeyId, secretAccessKey } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    await hive.query(`CREATE DATABASE ${database} LOCATION '/data/${database}'`);
    for (const kind of CONVERTED_KINDS) await makeTable(hive, database, kind);
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = projectOn(stack!, { database, bucket, staging });
  }, 420_000);

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close()]);
  });

  it('are asked about unless the mapping says so, then run to an identical target', async () => {
    expect((await project.lakelift('map', 'converted')).code).toBe(0);
    const asked = await project.lakelift('plan', 'converted');
    expect(asked.code).toBe(3);
    expect(asked.stdout).toContain('many small files');
    decide(project, database);
    const doctor = await project.lakelift('doctor');
    expect(doctor.code, doctor.stdout).toBe(0);
    expect(doctor.stdout).toMatch(/HiveServer2 for conversions: answers.*converted/);
    expect(doctor.stdout).toContain(`staging folder: ${staging.folder} is made by the first conversion`);
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
    expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
  }, 420_000);

  it.for(CONVERTED_KINDS)('$name: each value is what Hive returns', async ({ name, columns, rows }) => {
    const atSource = await canonicalRows(hive, { database, name }, columns);
    expect(atSource).toHaveLength(rows);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
  });

  it('have their small files joined on the way', async () => {
    const [[files]] = (await trino.query(`SELECT count(DISTINCT "$path") FROM "raw_${database}"."small_files"`)) as [
      [string],
    ];
    expect(Number(files)).toBeLessThan(10);
  });

  it('are not exported again by a second run, which changes nothing', async () => {
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes', '--json');
    expect(code).toBe(0);
    expect(stderr).not.toContain('exports');
    const { totals } = JSON.parse(stdout) as { totals: { status: string }[] };
    expect([...new Set(totals.map(({ status }) => status))].sort()).toEqual(['already-verified', 'unchanged']);
  }, 240_000);

  it('drift when the source is written; the next run exports anew, even after one that was killed while Hive exported', async () => {
    await hive.query(`DELETE FROM ${database}.acid WHERE id = 10`);
    const drifted = await project.lakelift('reconcile', 'converted');
    expect(drifted.code).toBe(4);
    expect(drifted.stdout).toContain('written after it was exported');
    const killed = await project.lakeliftSignalled('SIGKILL', [untilStaged()], 'run', 'converted', '--yes');
    expect(killed.code).toBeNull();
    const { code, stdout, stderr } = await project.lakelift('run', 'converted', '--yes');
    expect({ code, output: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, output: '' });
    const { columns } = CONVERTED_KINDS[0]!;
    const atSource = await canonicalRows(hive, { database, name: 'acid' }, columns);
    expect(atSource).toHaveLength(4);
    expect(await canonicalRows(trino, { database: `raw_${database}`, name: 'acid' }, columns)).toEqual(atSource);
  }, 420_000);

  async function untilStaged(): Promise<void> {
    while ((await hive.query(`SHOW TABLES IN ${staging.database}`)).length === 0) await sleep(50);
  }

  it('leave nothing behind at the source', async () => {
    const hdfs = new WebHdfsClient({
      nameNodes: [stack!.webHdfsUrl],
      authentication: { kind: 'user', user: stack!.hdfsUser },
    });
    const left: string[] = [];
    for await (const { path } of hdfs.list(staging.folder)) left.push(path);
    hdfs.close();
    expect(left).toEqual([]);
    expect(await hive.query(`SHOW TABLES IN ${staging.database}`)).toEqual([]);
  });
});

async function makeTable(
  hive: HiveServer2Engine,
  database: string,
  { name, files = {}, statements }: ConvertedKind,
): Promise<void> {
  const { webHdfsUrl, hdfsUser } = stack!;
  const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
  for (const [path, text] of Object.entries(files))
    await hdfs.create(`/data/${database}/${name}/${path}`, Buffer.from(text));
  hdfs.close();
  for (const statement of statements) {
    const sql = statement.replaceAll('@table', `${database}.${name}`);
    await hive.query(sql.replaceAll('@folder', `/data/${database}/${name}`));
  }
}

function decide({ root }: TestProject, database: string): void {
  const path = join(root, 'mappings/converted.yaml');
  const document = parseDocument(readFileSync(path, 'utf8'));
  for (const { name, format, zone } of CONVERTED_KINDS) {
    if (zone !== undefined) document.setIn(['tables', `${database}.${name}`, 'target', 'zone'], zone);
    document.setIn(['tables', `${database}.${name}`, 'storage'], 'convert');
    document.setIn(['tables', `${database}.${name}`, 'convert'], { format });
  }
  writeFileSync(path, document.toString());
}

function projectOn(
  addresses: NonNullable<typeof stack>,
  {
    database,
    bucket,
    staging,
  }: { readonly database: string; readonly bucket: string; readonly staging: { database: string; folder: string } },
): TestProject {
  const { webHdfsUrl, hdfsUser, hdfsAuthority, metastore, hiveServer2, accessKeyId, secretAccessKey } = addresses;
  return createProject({
    config: {
      source: {
        hdfs: { nameNodes: [webHdfsUrl], user: hdfsUser, authorities: [hdfsAuthority] },
        hive: { metastore: [metastore], hiveServer2: { ...hiveServer2, user: hdfsUser }, staging },
      },
      target: {
        region: addresses.region,
        s3: { endpoint: addresses.s3Endpoint },
        glue: { endpoint: addresses.glueEndpoint },
        engine: { kind: 'trino', url: addresses.trinoUrl, catalog: addresses.trinoCatalog },
      },
      zones: { raw: { bucket }, cleaned: { bucket, prefix: 'cleaned' } },
    },
    migrations: { converted: migrationScript('converted', { tables: [`${database}.*`] }) },
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}
