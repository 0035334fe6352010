import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteTableCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import type { Reconciliation } from '../../src/domain/reconciliation.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import { startGlue, type S3Server } from '../stack/aws.ts';
import { versitygw } from '../stack/install.ts';
import { documentedActions } from './documented-policy.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { stackConfig } from './stack-config.ts';

const stack = inject('stack');
const AUDITOR = 'auditor';

/** A key that a bucket policy and an IAM policy, as docs/reconcile.md has them, let read; a user of HDFS who owns nothing; a folder without a ledger. */
describe.skipIf(stack === undefined)('reconcile with the right to read only, on real servers', () => {
  if (stack === undefined) return;
  const tag = Date.now().toString(36);
  const database = `audited_${tag}`;
  const bucket = `audited-${tag}`;
  const folder = `/data/${database}/people`;
  const { region, s3Endpoint: endpoint, webHdfsUrl, hdfsUser } = stack;
  const owner = { accessKeyId: stack.accessKeyId, secretAccessKey: stack.secretAccessKey };
  const s3Of = (credentials: typeof owner) => new S3Client({ region, endpoint, forcePathStyle: true, credentials });
  const writerOf = (user: string) =>
    new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user } });
  const s3 = s3Of(owner);
  let directory: string;
  let glue: S3Server;
  let hive: HiveServer2Engine;
  let key: typeof owner;
  let reader: TestProject;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'lakelift-audited-'));
    // A catalog of its own, since it will ask everybody for rights.
    glue = await startGlue(directory);
    hive = new HiveServer2Engine({ ...stack.hiveServer2, user: hdfsUser });
    const hdfs = writerOf(hdfsUser);
    await hdfs.create(`${folder}/p=a/one.txt`, Buffer.from('1|Dupont|\n2|\\N|x\n'));
    await hdfs.create(`${folder}/p=b/one.txt`, Buffer.from('3|Élodie|y\n'));
    hdfs.close();
    for (const sql of [
      `CREATE DATABASE ${database} LOCATION '/data/${database}'`,
      `CREATE EXTERNAL TABLE ${database}.people (id int, name string, note string) PARTITIONED BY (p string)
       ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' ESCAPED BY '\\\\' STORED AS TEXTFILE LOCATION '${folder}'`,
      `ALTER TABLE ${database}.people ADD PARTITION (p='a') PARTITION (p='b')`,
    ])
      await hive.query(sql);
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const migration = migrationScript('audited', { tables: [`${database}.*`] });
    const migrator = projectOf(owner, hdfsUser, { migration });
    await migrator.lakelift('map', 'audited');
    const text = readFileSync(join(migrator.root, 'mappings/audited.yaml'), 'utf8');
    const mapping = text.replaceAll('level: rows', 'level: content');
    const run = await projectOf(owner, hdfsUser, { migration, mapping }).lakelift('run', 'audited', '--yes');
    expect({ code: run.code, stderr: run.code === 0 ? '' : run.stderr }).toEqual({ code: 0, stderr: '' });
    key = await keyThatReads(glue.endpoint, { bucket, s3 });
    reader = projectOf(key, AUDITOR, { migration, mapping });
  }, 120_000);
  afterAll(async () => {
    await hive.query(`DROP DATABASE IF EXISTS ${database} CASCADE`);
    await hive.close();
    s3.destroy();
    await glue.server.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function projectOf(
    credentials: typeof owner,
    user: string,
    { migration, mapping }: { readonly migration: string; readonly mapping?: string },
  ): TestProject {
    const config = stackConfig({ ...stack!, hdfsUser: user, glueEndpoint: glue.endpoint }, bucket);
    return createProject({
      // Which reads with the same key, by the same ports.
      config: { ...config, target: { ...(config['target'] as object), engine: { kind: 'duckdb' } } },
      migrations: { audited: migration },
      mappings: mapping === undefined ? {} : { audited: mapping },
      environment: { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
    });
  }

  const reconciled = async () => {
    const { code, stdout, stderr } = await reader.lakelift('reconcile', 'audited', '--json');
    expect(code === 0 || code === 4, stderr).toBe(true);
    return { code, record: JSON.parse(stdout) as Reconciliation };
  };

  it('compares every file and every value, and leaves nothing but its log', async () => {
    const { code, record } = await reconciled();
    expect(code).toBe(0);
    expect(record).toMatchObject({ verdict: 'identical', files: { expected: 2, matched: 2 } });
    const [{ checks, rows }] = record.scopes as [Reconciliation['scopes'][number]];
    expect(checks.map(({ check, status }) => `${check} ${status}`)).toEqual(
      ['files', 'table', 'columns', 'partitions', 'read-back', 'rows', 'content'].map((check) => `${check} passed`),
    );
    expect(rows).toMatchObject({ sourceEngine: 'hive', targetEngine: 'duckdb', sourceRows: '3', targetRows: '3' });
    expect(readdirSync(join(reader.root, '.lakelift'))).toEqual(['audited']);
    expect(readdirSync(join(reader.root, '.lakelift/audited'))).toEqual(['logs']);
  });

  it('has a key and a user that every server refuses to let write', async () => {
    const hdfs = writerOf(AUDITOR);
    await expect(hdfs.create(`${folder}/p=a/two.txt`, Buffer.from('x'))).rejects.toMatchObject({ failure: 'denied' });
    await expect(hdfs.delete(`${folder}/p=a/one.txt`)).rejects.toMatchObject({ failure: 'denied' });
    hdfs.close();
    const as = s3Of(key);
    const [Bucket, Key] = [bucket, `${database}/people/p=a/one.txt`];
    const refused = { name: 'AccessDenied' };
    await expect(as.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))).rejects.toMatchObject(refused);
    await expect(as.send(new DeleteObjectCommand({ Bucket, Key }))).rejects.toMatchObject(refused);
    as.destroy();
    const catalog = new GlueClient({ region, endpoint: glue.endpoint, credentials: key });
    const gone = new DeleteTableCommand({ DatabaseName: `raw_${database}`, Name: 'people' });
    // The emulator refuses in XML, where Glue speaks JSON.
    await expect(catalog.send(gone)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    catalog.destroy();
    const { code, stderr } = await reader.lakelift('run', 'audited', '--yes');
    expect(code, stderr).toBe(5);
  });

  it('finds what was lost and what came', async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const Key = Contents.map((object) => object.Key!).find((name) => name.includes('/p=b/'))!;
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: Key.replace('one', 'two'), Body: '3|Elodie|y\n' }));
    const { code, record } = await reconciled();
    expect(code).toBe(4);
    expect(record.findings.shown.map(({ check, kind, subject }) => `${check} ${kind} ${subject}`)).toEqual([
      `files missing ${folder}/p=b/one.txt`,
      `files unexpected s3://${bucket}/${Key.replace('one', 'two')}`,
      'content differs p=b',
    ]);
  });
});

/** A key of an IAM user with the documented rights, which versitygw takes for one of its own with a bucket policy of the same; from then on the catalog asks for them. */
async function keyThatReads(
  iam: string,
  { bucket, s3 }: { readonly bucket: string; readonly s3: S3Client },
): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  // It evaluates no ARNs of Glue.
  const policy = (Sid: string, rest: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: documentedActions(Sid), ...rest }],
    });
  await ask('CreateUser');
  await ask('PutUserPolicy', { PolicyName: 'reconcile', PolicyDocument: policy('Catalog', { Resource: '*' }) });
  const created = await ask('CreateAccessKey');
  const field = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(created)?.[1] ?? '';
  const key = { accessKeyId: field('AccessKeyId'), secretAccessKey: field('SecretAccessKey') };
  const { s3Endpoint, accessKeyId, secretAccessKey } = stack!;
  const admin = ['admin', '--access', accessKeyId, '--secret', secretAccessKey, '--endpoint-url', s3Endpoint];
  const user = ['--access', key.accessKeyId, '--secret', key.secretAccessKey, '--role', 'user'];
  await promisify(execFile)(await versitygw(), [...admin, 'create-user', ...user]);
  const Resource = [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`];
  const Policy = policy('Objects', { Resource, Principal: { AWS: [key.accessKeyId] } });
  await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }));
  const enforced = await fetch(`${iam}/moto-api/reset-auth`, { method: 'POST', body: '0' });
  expect(enforced.ok).toBe(true);
  return key;

  async function ask(Action: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    const answer = await fetch(iam, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x',
      },
      body: new URLSearchParams({ Action, Version: '2010-05-08', UserName: AUDITOR, ...more }),
    });
    const text = await answer.text();
    expect(answer.ok, text).toBe(true);
    return text;
  }
}
