import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parseDocument } from 'yaml';
import type { HiveServer2Engine } from '../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';
import type { StackAddresses } from '../stack/stack.ts';
import type { ConvertedKind, MadeKind } from './converted-tables-lake.ts';
import { createProject, migrationScript, type TestProject } from './project.ts';
import { stackConfig } from './stack-config.ts';

interface ConvertedLake {
  readonly database: string;
  readonly staging: { readonly database: string; readonly folder: string };
  readonly kinds: readonly MadeKind[];
}

/** Has Hive make the tables, in a database of their own, and a project whose use case `converted` is all of them. */
export async function makeConvertedLake(
  addresses: StackAddresses,
  hive: HiveServer2Engine,
  { database, staging, kinds }: ConvertedLake,
): Promise<TestProject> {
  await hive.query(`CREATE DATABASE ${database} LOCATION '/data/${database}'`);
  for (const kind of kinds) await makeTable(addresses, hive, { database, ...kind });
  const { region, s3Endpoint: endpoint, accessKeyId, secretAccessKey } = addresses;
  const bucket = database.replaceAll('_', '-');
  const s3 = new S3Client({ region, endpoint, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  s3.destroy();
  const { source, zones, ...rest } = stackConfig(addresses, bucket);
  return createProject({
    config: {
      ...rest,
      source: { ...source, hive: { ...source.hive, staging } },
      zones: { ...zones, cleaned: { bucket, prefix: 'cleaned' } },
    },
    migrations: { converted: migrationScript('converted', { tables: [`${database}.*`] }) },
    environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  });
}

async function makeTable(
  { webHdfsUrl, hdfsUser }: StackAddresses,
  hive: HiveServer2Engine,
  { database, name, files = {}, statements }: MadeKind & { readonly database: string },
): Promise<void> {
  const hdfs = new WebHdfsWriter({ nameNodes: [webHdfsUrl], authentication: { kind: 'user', user: hdfsUser } });
  for (const [path, text] of Object.entries(files))
    await hdfs.create(`/data/${database}/${name}/${path}`, Buffer.from(text));
  hdfs.close();
  for (const statement of statements) {
    const sql = statement.replaceAll('@table', `${database}.${name}`);
    await hive.query(sql.replaceAll('@folder', `/data/${database}/${name}`));
  }
}

/** Writes into the mapping what a person would: that the tables are converted, and to what. */
export function decideToConvert({ root }: TestProject, database: string, kinds: readonly ConvertedKind[]): void {
  const path = join(root, 'mappings/converted.yaml');
  const document = parseDocument(readFileSync(path, 'utf8'));
  for (const { name, format, zone } of kinds) {
    if (zone !== undefined) document.setIn(['tables', `${database}.${name}`, 'target', 'zone'], zone);
    document.setIn(['tables', `${database}.${name}`, 'storage'], 'convert');
    document.setIn(['tables', `${database}.${name}`, 'convert'], { format });
  }
  writeFileSync(path, document.toString());
}
