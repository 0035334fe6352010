import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseDocument } from 'yaml';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { canonicalRows, type TypedColumn } from './compared-values.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { lakeStatements, MAPPED_VIEWS, PROOF_VIEWS, REFUSED_VIEWS, type ProofView } from './views-lake.ts';

const stack = inject('stack');

/** Views made by real Hive, migrated by the real run, and read through Glue by Athena's stand-in: each value must be Hive's. */
describe.skipIf(stack === undefined)('views of Hive', () => {
  const tag = Date.now().toString(36);
  const database = `views_${tag}`;
  const bucket = `views-${tag}`;
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;

  beforeAll(async () => {
    const { hdfsUser, hiveServer2, trinoUrl, trinoCatalog, region, s3Endpoint, accessKeyId, secretAccessKey } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    await hive.query(`CREATE DATABASE ${database} LOCATION '/data/${database}'`);
    for (const statement of lakeStatements(database)) await hive.query(statement);
    for (const { name, query, columns } of [...PROOF_VIEWS, ...MAPPED_VIEWS, ...REFUSED_VIEWS]) {
      const named = columns === undefined ? '' : ` (${columns})`;
      await hive.query(`CREATE VIEW ${database}.${name}${named} AS ${query.replaceAll('$db', database)}`);
    }
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = projectOn(stack!, { database, bucket });
  }, 180_000);

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close()]);
  });

  it('are registered where a parser shows that they can be, and listed with the reason otherwise', async () => {
    expect((await project.lakelift('map', 'views')).code).toBe(0);
    decide(project, database);
    const { code, stderr } = await project.lakelift('run', 'views', '--yes');
    expect({ code, stderr: code === 3 ? '' : stderr }).toEqual({ code: 3, stderr: '' });
    const plan = await project.lakelift('plan', 'views');
    for (const { name, reason } of REFUSED_VIEWS) {
      expect(plan.stdout).toContain(`view:${database}.${name}`);
      expect(plan.stdout).toContain(reason);
    }
    expect(plan.stdout).toContain(`function:${database}.masked`);
    for (const { name } of [...PROOF_VIEWS, ...MAPPED_VIEWS])
      expect(plan.stdout).not.toMatch(new RegExp(`: view:${database}\\.${name}$`, 'm'));
  }, 240_000);

  it.for<ProofView>([...PROOF_VIEWS, ...MAPPED_VIEWS])(
    '$name: each value is the same in Hive and in Trino',
    async ({ name }) => {
      const columns = await columnsOf(hive, `${database}.${name}`);
      const atSource = await canonicalRows(hive, { database, name }, columns);
      expect(atSource.length).toBeGreaterThan(0);
      expect(await canonicalRows(trino, { database: `raw_${database}`, name }, columns)).toEqual(atSource);
    },
  );

  it('are left as they are by a second run', async () => {
    const { stdout } = await project.lakelift('run', 'views', '--yes');
    expect(stdout).toMatch(/views\s+unchanged\s+\d+/);
    expect(stdout).not.toMatch(/views\s+(registered|updated)/);
  }, 240_000);
});

/** Each value is compared below, so that the run counts the rows of one view only. */
function decide({ root }: TestProject, database: string): void {
  const path = join(root, 'mappings/views.yaml');
  const document = parseDocument(readFileSync(path, 'utf8'));
  for (const { name } of [...PROOF_VIEWS, ...MAPPED_VIEWS, ...REFUSED_VIEWS])
    if (name !== 'exploded') document.setIn(['tables', `${database}.${name}`, 'reconcile'], { level: 'files' });
  for (const { name, view } of MAPPED_VIEWS) document.setIn(['tables', `${database}.${name}`, 'view'], view);
  writeFileSync(path, document.toString());
}

async function columnsOf(hive: HiveServer2Engine, view: string): Promise<TypedColumn[]> {
  const rows = await hive.query(`DESCRIBE ${view}`);
  return rows.map(([name, type]) => ({ name: name!, type: type! }));
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
    migrations: { views: migrationScript('views', { tables: [`${database}.*`] }) },
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}
