import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../src/adapters/trino/trino-engine.ts';
import type { ErasureRecord } from '../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../src/domain/privacy/pseudonym.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import { dsnFiles } from '../../src/sandbox/lake/dsn-files.ts';
import { employees } from '../../src/sandbox/lake/rh.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { stackConfig } from './stack-config.ts';

const stack = inject('stack');
const { signal } = new AbortController();

/** DSN files in real HDFS beside a table of real Hive: to raw, reconciled, to cleaned and refined, read by Trino. */
describe.skipIf(stack === undefined)('absences from DSN files and Hive', () => {
  const tag = Date.now().toString(36);
  const database = `dsn_hive_${tag}`;
  const folder = `/data/dsn_${tag}`;
  const bucket = `dsn-${tag}`;
  const staff = employees();
  let hive: HiveServer2Engine;
  let trino: TrinoEngine;
  let project: TestProject;
  const reasons = new Map<string, number>();

  beforeAll(async () => {
    const { webHdfsUrl, hdfsUser, hiveServer2, trinoUrl, trinoCatalog, region, s3Endpoint } = stack!;
    const { accessKeyId, secretAccessKey } = stack!;
    hive = new HiveServer2Engine({ ...hiveServer2, user: hdfsUser });
    trino = new TrinoEngine({ url: trinoUrl, user: 'lakelift', catalog: trinoCatalog });
    const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
    for (const { path, content } of dsnFiles()) {
      const bytes = Buffer.from(content);
      await hdfs.create(path.replace('/data/rh/dsn', folder), bytes);
      for (const [, reason = ''] of bytes.toString('latin1').matchAll(/^S21\.G00\.60\.001,'(.*)'/gm))
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    const rows = staff.map(({ matricule, person }) => `${matricule}\t${person.nir}\t${person.postalCode}\n`);
    await hdfs.create(`/data/${database}/salaries/part-0`, Buffer.from(rows.join('')));
    hdfs.close();
    await hive.query(`CREATE DATABASE ${database}`);
    await hive.query(
      `CREATE EXTERNAL TABLE ${database}.salaries (matricule string, nir string, code_postal string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' STORED AS TEXTFILE LOCATION '/data/${database}/salaries'`,
    );
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint: s3Endpoint, forcePathStyle: true, credentials });
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    s3.destroy();
    const config = stackConfig(stack!, bucket);
    project = createProject({
      config: {
        ...config,
        zones: {
          raw: { bucket, prefix: 'raw' },
          cleaned: { bucket, prefix: 'cleaned' },
          refined: { bucket, prefix: 'refined' },
        },
        privacy: { keys: { rh: { version: 1, env: 'LAKELIFT_KEY_RH' } } },
      },
      migrations: { dsn: migrationScript('dsn', { tables: [`${database}.*`], paths: [folder] }) },
      mappings: { dsn: MAPPING(database, folder, tag), 'dsn.datasets': DATASETS(database, tag) },
      environment: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        LAKELIFT_KEY_RH: 'a1'.repeat(32),
      },
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([hive.close(), trino.close()]);
    rmSync(project.root, { recursive: true, force: true });
  });

  it('comes to raw byte by byte, and source and target are identical', async () => {
    const { code, stdout, stderr } = await project.lakelift('run', 'dsn', '--yes', '--json');
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect((JSON.parse(stdout) as { reconciliation: string }).reconciliation).toBe('identical');
  }, 120_000);

  it('is built, and Trino reads what was declared', async () => {
    const built = await project.lakelift('zones', 'build', 'dsn', '--json');
    expect({ code: built.code, stderr: built.stderr }).toEqual({ code: 0, stderr: '' });
    const found = await trino.query(
      `SELECT motif_arret, count(*), count(nir) FROM cleaned_${tag}.arrets_declares GROUP BY 1 ORDER BY 1`,
      signal,
    );
    const expected = [...reasons].toSorted().map(([reason, count]) => [reason, count, count]);
    expect(found.map(([reason, all, known]) => [reason, Number(all), Number(known)])).toEqual(expected);
    // The persons of the DSN are those of Hive, by pseudonym alone.
    const total = [...reasons.values()].reduce((sum, count) => sum + count, 0);
    const met = await trino.query(
      `SELECT count(*) FROM cleaned_${tag}.arrets_declares JOIN cleaned_${tag}.salaries USING (nir)`,
      signal,
    );
    expect(Number(met[0]![0])).toBe(total);
    const summed = await trino.query(`SELECT sum(arrets) FROM refined_${tag}.par_departement`, signal);
    expect(Number(summed[0]![0])).toBeGreaterThan(0);
    expect(Number(summed[0]![0])).toBeLessThanOrEqual(total);
    for (const { person } of staff.slice(0, 20)) expect(built.stdout + built.stderr).not.toContain(person.nir);
  }, 120_000);

  it('loses one person, as Trino counts, and the record names each DSN file that still has them', async () => {
    const texts = [...dsnFiles()].map(({ path, content }) => ({ path, text: Buffer.from(content).toString('latin1') }));
    const individuals = texts[0]!.text.split("S21.G00.30.001,'").slice(1);
    const nir = individuals.find((one) => one.includes('S21.G00.60.001'))!.slice(0, 13);
    const holding = texts.filter(({ text }) => text.includes(`'${nir}'`));
    const token = pseudonym({ domain: 'rh', version: 1 }, Buffer.from('a1'.repeat(32), 'hex'), 'nir', nir);
    const theirs = `SELECT count(*) FROM cleaned_${tag}.arrets_declares WHERE nir = '${token}'`;
    const before = Number((await trino.query(theirs, signal))[0]![0]);
    expect(before).toBeGreaterThan(0);
    const file = join(project.root, 'person.txt');
    writeFileSync(file, `nir ${nir}\n`);
    const { code, stdout, stderr } = await project.lakelift('erase', 'dsn', '--from', file, '--yes', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { raw, datasets } = JSON.parse(stdout) as ErasureRecord;
    expect(raw.find(({ table }) => table === 'dsn_rh')!.objects.map(({ location }) => location)).toEqual(
      holding.map(({ path }) => `s3://${bucket}/raw/dsn${path.slice('/data/rh/dsn'.length)}`),
    );
    expect(datasets.find(({ name }) => name === 'arrets_declares')!.rowsErased).toBe(before);
    expect(Number((await trino.query(theirs, signal))[0]![0])).toBe(0);
  }, 120_000);
});

const MAPPING = (database: string, folder: string, tag: string): string => `
useCase: dsn
tables:
  ${database}.salaries:
    target: { zone: raw, database: raw_${tag}, table: salaries }
    columns:
      matricule: { class: identifier, treat: drop }
      nir: { class: identifier, treat: 'pseudonymise:nir' }
      code_postal: { class: quasi-identifier, treat: department }
paths:
  ${folder}:
    target: { zone: raw, prefix: dsn }
    dsn: { as: dsn_rh }
`;

/** As in the worked example, with the names of this test. */
const DATASETS = (database: string, tag: string): string => {
  const example = readFileSync(join(import.meta.dirname, '../../mappings/absences.datasets.yaml'), 'utf8');
  const declared = /^ {2}arrets_declares:\n(?: {4}.*\n)+/m.exec(example)![0].replace('cleaned_rh', `cleaned_${tag}`);
  return `
useCase: dsn
pseudonyms: { domain: rh, version: 1 }
datasets:
${declared}
  salaries:
    target: { zone: cleaned, database: cleaned_${tag}, table: salaries }
    from: ${database}.salaries
    columns: { code_postal: { as: departement } }
  par_departement:
    target: { zone: refined, database: refined_${tag}, table: par_departement }
    from: arrets_declares
    joins:
      - { with: salaries, on: { nir: nir }, columns: { departement: } }
    anonymity: { k: 5, over: [departement], onFailure: suppress }
    aggregate: { by: [departement], measures: { arrets: count } }
`;
};
