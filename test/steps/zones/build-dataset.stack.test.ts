import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { buildDataset } from '../../../src/steps/zones/build-dataset.ts';
import { publishDataset } from '../../../src/steps/zones/publish-dataset.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';

const stack = inject('stack');
const { signal } = new AbortController();

describe.skipIf(stack === undefined)('A dataset of cleaned on the real stack', () => {
  const bucket = `zones-${randomUUID()}`;
  const name = `zones_${randomUUID().slice(0, 8)}`;
  const useCase = name as UseCaseId;
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const region = stack?.region ?? '';
  const client = new S3Client({ region, endpoint: stack?.s3Endpoint ?? '', credentials, forcePathStyle: true });
  const store = new S3TargetObjectStore({
    region,
    endpoint: stack?.s3Endpoint ?? '',
    forcePathStyle: true,
    credentials,
  });
  const catalog = new GlueTargetCatalog({ region, endpoint: stack?.glueEndpoint ?? '', credentials });
  const trino = new TrinoEngine({ url: stack?.trinoUrl ?? '', catalog: stack?.trinoCatalog ?? '', user: 'zones' });
  const scheme = { domain: 'rh', version: 1 };
  const key = new Uint8Array(32).fill(7);
  const rows = Array.from({ length: 200 }, (_, index) => {
    const day = String(1 + (index % 28)).padStart(2, '0');
    return [
      `M${index % 40}`,
      `19${60 + (index % 30)}-0${1 + (index % 9)}-${day}`,
      index % 2 ? '20200' : '75011',
      `${index}.50`,
    ];
  });

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    const text = rows.map((row) => `${row.join('|')}\n`).join('');
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: 'raw/people/000000_0', Body: text }));
    await catalog.createDatabase(`raw_${name}`, 'test');
    await catalog.createTable({
      database: `raw_${name}`,
      name: 'people',
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [],
      storage: {
        columns: [
          { name: 'matricule', type: 'string', comment: undefined },
          { name: 'date_naissance', type: 'date', comment: undefined },
          { name: 'code_postal', type: 'string', comment: undefined },
          { name: 'montant', type: 'decimal(10,2)', comment: undefined },
        ],
        location: `s3://${bucket}/raw/people/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        serdeParameters: { 'field.delim': '|', 'serialization.format': '|' },
        isCompressed: false,
        bucketCount: 0,
        bucketColumns: [],
        sortColumns: [],
      },
      parameters: { EXTERNAL: 'TRUE' },
    });
  });
  afterAll(async () => {
    client.destroy();
    store.close();
    catalog.close();
    await trino.close();
  });

  const dataset = aDataset({
    target: { zone: 'cleaned', database: `cleaned_${name}`, table: 'people' },
    from: 'rh.people',
    anonymity: { k: 3, over: ['date_naissance', 'code_postal'], onFailure: 'suppress' },
  });
  const mapping: TableMapping = {
    target: { zone: 'raw', database: `raw_${name}`, table: 'people' },
    storage: 'keep',
    partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
    columns: {
      matricule: { class: 'identifier', treat: 'pseudonymise' },
      date_naissance: { class: 'quasi-identifier', treat: 'year-band:10' },
      code_postal: { class: 'quasi-identifier', treat: 'department' },
      montant: { class: 'technical' },
    },
    reconcile: { level: 'rows' },
  };

  it('is read by Trino through Glue: every row, its types, and pseudonyms as anybody with the key computes them', async () => {
    const engine = new DuckDbDatasetEngine(new TargetLake(catalog, store));
    const pseudonyms = { ...scheme, keys: new Map([[1, key]]) };
    const built = await buildDataset({
      dataset,
      mapping: { tables: { 'rh.people': mapping } },
      made: new Map(),
      engine,
      pseudonyms,
      signal,
    });
    expect(built).toMatchObject({ sourceRows: 200, rows: 200, suppressedRows: 0 });
    const zone = { bucket, prefix: 'cleaned/' };
    const request = { useCase, dataset, built, scheme, zone, store, catalog, signal };
    expect(await publishDataset(request)).toBe('created');
    expect(await publishDataset(request)).toBe('unchanged');

    const table = `cleaned_${name}.people`;
    const found = await trino.query(
      `SELECT matricule, date_naissance, code_postal, CAST(montant AS varchar) FROM ${table} ORDER BY montant`,
    );
    const expected = rows.map(([matricule, birth, postalCode, amount]) => {
      const decade = Math.floor(Number(birth!.slice(0, 4)) / 10) * 10;
      return [
        pseudonym(scheme, key, 'text', matricule!),
        `${decade}-${decade + 9}`,
        postalCode === '75011' ? '75' : '2B',
        amount,
      ];
    });
    expect(found).toEqual(expected.toSorted((a, b) => Number(a[3]) - Number(b[3])));
  });
});
