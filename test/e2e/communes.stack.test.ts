import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { RunReport } from '../../src/domain/run-report.ts';
import { COMMUNES, loadCommunes, POSTAL_CODES } from './communes-lake.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { stackConfig } from './stack-config.ts';

const stack = inject('stack');

/** The whole run on real servers with data from the public: Hive and HDFS on one side, S3, Glue and Trino on the other. */
describe.skipIf(stack === undefined)('the communes of France, from Hive to Athena’s stand-in', () => {
  const tag = Date.now().toString(36);
  const database = `communes_${tag}`;
  const bucket = `communes-${tag}`;
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;

  beforeAll(async () => {
    const {
      webHdfsUrl,
      hdfsUser,
      hiveServer2,
      trinoUrl,
      trinoCatalog,
      region,
      s3Endpoint,
      accessKeyId,
      secretAccessKey,
    } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
    await loadCommunes({ hive, hdfs, database, root: `/data/${database}` });
    hdfs.close();
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    project = createProject({
      config: stackConfig(stack!, bucket),
      migrations: { communes: migrationScript('communes', { tables: [`${database}.*`] }) },
      environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    });
  }, 300_000);

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close()]);
  });

  it('passes every check of the doctor', async () => {
    const { code, stdout } = await project.lakelift('doctor');
    expect(stdout).not.toContain('✗');
    expect(code).toBe(0);
  });

  it('maps, plans, and refuses to run without an answer', async () => {
    expect((await project.lakelift('map', 'communes')).code).toBe(0);
    expect((await project.lakelift('plan', 'communes')).code).toBe(0);
    const unanswered = await project.lakelift('run', 'communes');
    expect(unanswered.code).toBe(2);
    expect(unanswered.stderr).toContain('--yes');
  });

  it('refuses a plan that is not the approved one', async () => {
    const { code, stderr } = await project.lakelift('run', 'communes', '--plan', '0'.repeat(64));
    expect(code).toBe(7);
    expect(stderr).toContain('PLAN_STALE');
  });

  it('runs the approved plan to an identical target, every file proven end to end', async () => {
    const { hash } = JSON.parse((await project.lakelift('plan', 'communes', '--json')).stdout) as { hash: string };
    const { code, stdout, stderr } = await project.lakelift('run', 'communes', '--plan', hash, '--json');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(stdout) as { reconciliation: string; reports: string[] };
    expect(summary.reconciliation).toBe('identical');
    expect(summary.reports.every((path) => existsSync(path))).toBe(true);
    const report = JSON.parse((await project.lakelift('report', 'communes', '--json')).stdout) as RunReport;
    expect(report.proofs.map(({ proof }) => proof)).toEqual(['end-to-end']);
    expect(report.scopes).toHaveLength(4);
  }, 300_000);

  it('gives back every value through Trino: text, partitioned Parquet, ORC', async () => {
    const expected = COMMUNES.map(({ code, nom, type, departement, population }) => [
      code,
      nom,
      type,
      departement,
      population === undefined ? undefined : String(population),
    ]).sort(byText);
    const target = `raw_${database}`;
    for (const table of ['communes_texte', 'communes']) {
      const rows = await trino.query(
        `SELECT code, nom, type, nullif(departement, '__HIVE_DEFAULT_PARTITION__'), cast(population AS varchar) FROM "${target}"."${table}"`,
      );
      expect(rows.sort(byText)).toEqual(expected);
    }
    const codes = await trino.query(`SELECT code, code_postal FROM "${target}"."codes_postaux"`);
    expect(codes.sort(byText)).toEqual(POSTAL_CODES.map((pair) => [...pair]).sort(byText));
  }, 120_000);

  it('changes nothing when it is run again', async () => {
    const { code, stdout } = await project.lakelift('run', 'communes', '--yes', '--json');
    expect(code).toBe(0);
    const { totals } = JSON.parse(stdout) as { totals: { status: string }[] };
    expect([...new Set(totals.map(({ status }) => status))].sort()).toEqual(['already-verified', 'unchanged']);
  }, 120_000);

  it('finds what was lost when reconciling alone, and says so with exit code 4', async () => {
    expect((await project.lakelift('reconcile', 'communes')).code).toBe(0);
    const hdfs = new WebHdfsWriter({
      nameNodes: [stack!.webHdfsUrl],
      authentication: { kind: 'user', user: stack!.hdfsUser },
    });
    await hdfs.create(`/data/${database}/codes_texte/late.txt`, Buffer.from('99999|99999\n'));
    const { code, stdout } = await project.lakelift('reconcile', 'communes');
    expect(code).toBe(4);
    expect(stdout).toContain('late.txt');
    await hdfs.delete(`/data/${database}/codes_texte/late.txt`);
    hdfs.close();
  }, 120_000);
});

function byText(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): number {
  const [left, right] = [a, b].map((row) => JSON.stringify(row));
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
