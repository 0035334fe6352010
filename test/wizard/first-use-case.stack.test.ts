import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { RunReport } from '../../src/domain/run-report.ts';
import { createLake } from '../../src/sandbox/lake/create-lake.ts';
import { createProject, type TestProject } from '../e2e/project.ts';
import { stackConfig } from '../e2e/stack-config.ts';
import { hasPseudoTerminal, openTerminal } from '../e2e/pseudo-terminal.ts';
import { answersOfPage, give } from './page-answers.ts';

const stack = inject('stack');
const ROOT = '/data/partenaire';

/** The page of the first half hour, answer by answer, on a real cluster with the table that it speaks of. */
describe.skipIf(stack === undefined || (!hasPseudoTerminal && process.env['CI'] === undefined))(
  "a new user's first half hour on real servers",
  () => {
    let project: TestProject & { environment: Readonly<Record<string, string>> };
    let hive: HiveServer2Engine;

    beforeAll(async () => {
      const { webHdfsUrl, hdfsUser, hiveServer2, region, s3Endpoint, accessKeyId, secretAccessKey } = stack!;
      const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
      const file = [...createLake('whole').files].find(({ path }) => path.endsWith('partenaire.db/acces/part-00000'))!;
      await hdfs.create(`${ROOT}/acces/part-00000`, Buffer.from(file.content));
      hdfs.close();
      hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
      for (const statement of [
        `CREATE DATABASE partenaire LOCATION '${ROOT}'`,
        `CREATE EXTERNAL TABLE partenaire.acces (siret string, identifiant string, dernier_acces date)
         ROW FORMAT DELIMITED FIELDS TERMINATED BY ';' STORED AS TEXTFILE LOCATION '${ROOT}/acces'`,
      ])
        await hive.query(statement);
      const bucket = `first-use-case-${Date.now().toString(36)}`;
      const credentials = { accessKeyId, secretAccessKey };
      const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
      s3.destroy();
      const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
      project = { ...createProject({ config: stackConfig(stack!, bucket), environment }), environment };
    }, 300_000);

    // The page names the database: the next test that replays it needs the name.
    afterAll(async () => {
      await hive.query('DROP DATABASE IF EXISTS partenaire CASCADE');
      await hive.close();
    });

    it('leads to an accepted report, rows counted by Hive and by Trino', async () => {
      const terminal = openTerminal(project, ['wizard', '--lang', 'en']);
      for (const answer of answersOfPage()) await give(terminal, answer);
      await terminal.showsNext('The same in batch:');
      expect(await terminal.ended).toBe(0);
      expect(readFileSync(join(project.root, 'mappings/partner-access.yaml'), 'utf8')).toContain(
        'siret: { class: quasi-identifier }',
      );
      const [run] = readdirSync(join(project.root, 'reports/partner-access'));
      const folder = join(project.root, 'reports/partner-access', run!);
      expect(readdirSync(folder)).toContain('acceptance.json');
      const status = await project.lakelift('status', 'partner-access', '--json');
      expect(JSON.parse(status.stdout)).toMatchObject([{ verdict: 'identical', decision: 'accepted' }]);
      const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as RunReport;
      expect(report.scopes[0]?.reconciliation).toMatchObject({
        rows: { sourceEngine: 'hive', targetEngine: 'trino', sourceRows: '250', targetRows: '250' },
      });
    });
  },
);
