import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, DeleteObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import { defineMigration } from '../../../src/domain/migration.ts';
import { runId } from '../../contracts/ledger.ts';
import { openWorld } from '../migrated-world.ts';

const stack = inject('stack');
const RUN = runId('r1');

describe.skipIf(stack === undefined)('reconcile on real servers', () => {
  if (stack === undefined) return;
  const suffix = randomUUID().slice(0, 8);
  const database = `recon_${suffix}`;
  const bucket = `recon-${suffix}`;
  const source = new HiveServer2Engine({ ...stack.hiveServer2, user: stack.hdfsUser });
  const target = new TrinoEngine({ url: stack.trinoUrl, user: 'reader', catalog: stack.trinoCatalog });
  const { region, s3Endpoint: endpoint, accessKeyId, secretAccessKey } = stack;
  const s3 = { region, endpoint, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } };
  const client = new S3Client(s3);
  let world: Awaited<ReturnType<typeof openWorld>>;

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    for (const sql of [
      `create database ${database}`,
      `create table ${database}.flat (a int, b string) stored as orc`,
      `insert into ${database}.flat values (1, 'x'), (2, null), (2, null)`,
      `create external table ${database}.parts (v string) partitioned by (k string, n int, d date) stored as parquet`,
      `set hive.exec.dynamic.partition.mode=nonstrict`,
      `insert into ${database}.parts partition (k, n, d) select v, k, n, d from (
        select 'a' v, 'x/y z' k, 1 n, date'2024-02-29' d union all select 'b', 'x/y z', 1, date'2024-02-29'
        union all select 'c', null, 2, date'2024-03-01' union all select 'd', 'é=%', 3, date'2024-03-01') t`,
      // Statistics that lie: Hive would answer a bare count from them.
      `alter table ${database}.flat update statistics set ('numRows'='99')`,
    ]) {
      await source.query(sql);
    }
    world = await openWorld({
      migration: defineMigration({
        id: 'recon',
        title: { fr: 'r', en: 'r' },
        owner: 'o',
        wave: 1,
        source: { tables: [`${database}.*`] },
        purpose: 'p',
        legalBasis: 'l',
        consumers: [],
      }),
      nameNode: stack.webHdfsUrl,
      user: stack.hdfsUser,
      authority: stack.hdfsAuthority,
      metastore: stack.metastore,
      s3,
      glueEndpoint: stack.glueEndpoint,
      bucket,
    });
    await world.run(RUN);
  });
  afterAll(async () => {
    await source.query(`drop database if exists ${database} cascade`);
    await Promise.all([source.close(), target.close()]);
    await world.close();
    client.destroy();
  });

  it('counts the same rows in Hive and Trino, in every partition whatever its values', async () => {
    const record = await world.reconcile(RUN, { source, target });
    expect(record.findings.shown).toEqual([]);
    expect(record.verdict).toBe('identical');
    const rows = new Map(record.scopes.map(({ scope, rows: counted }) => [scope.split('.')[1], counted]));
    expect(rows.get('flat')).toMatchObject({ sourceRows: '3', targetRows: '3' });
    expect(rows.get('parts')).toMatchObject({ sourceRows: '4', targetRows: '4', partitionsCompared: 3 });
  });

  it('finds rows that went with their file', async () => {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    const Key = Contents.map((object) => object.Key!).find((key) => key.includes('/parts/k=x'))!;
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    const record = await world.reconcile(RUN, { source, target });
    expect(record.findings.shown.map(({ check, kind }) => `${check} ${kind}`)).toEqual([
      'files missing',
      'rows differs',
    ]);
    expect(record.findings.shown[1]).toMatchObject({ source: '2 rows', target: '0 rows' });
  });
});
