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
import { planDatasets } from '../../../src/domain/privacy/plan-datasets.ts';
import { nextPseudonym, pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import { buildDataset } from '../../../src/steps/zones/build-dataset.ts';
import { eraseUseCase } from '../../../src/steps/zones/erase-use-case.ts';
import { findOpenErasure } from '../../../src/steps/zones/erasure-records.ts';
import { publishDataset } from '../../../src/steps/zones/publish-dataset.ts';
import { rotateDataset } from '../../../src/steps/zones/rotate-dataset.ts';
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
  const nextKey = new Uint8Array(32).fill(8);
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
      mapping: { tables: { 'rh.people': mapping }, paths: {} },
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

  const amounts = aDataset({
    name: 'amounts',
    target: { zone: 'cleaned', database: `cleaned_${name}`, table: 'amounts' },
    from: 'rh.people',
    columns: { date_naissance: { treat: 'drop' }, code_postal: { treat: 'drop' } },
  });
  const tables = { tables: { 'rh.people': mapping }, paths: {} };
  const zone = { bucket, prefix: 'cleaned/' };
  const engine = new DuckDbDatasetEngine(new TargetLake(catalog, store));
  const numbers = async (sql: string): Promise<number[]> => (await trino.query(sql))[0]!.map(Number);
  const joined = () =>
    numbers(
      `SELECT count(*), count(DISTINCT p.matricule) FROM cleaned_${name}.people p JOIN cleaned_${name}.amounts a ON p.matricule = a.matricule AND p.montant = a.montant`,
    );

  it('joins another one, as Trino counts, before and after both have pseudonyms of a new key', async () => {
    const pseudonyms = { ...scheme, keys: new Map([[1, key]]) };
    const built = await buildDataset({
      dataset: amounts,
      mapping: tables,
      made: new Map(),
      engine,
      pseudonyms,
      signal,
    });
    await publishDataset({ useCase, dataset: amounts, built, scheme, zone, store, catalog, signal });
    expect(await joined()).toEqual([200, 40]);
    const next = { domain: 'rh', version: 2, from: [1] };
    for (const planned of planDatasets([dataset, amounts], tables)) {
      const request = { planned, scheme: next, keys: new Map([[2, nextKey]]), engine, catalog, signal };
      const rotated = (await rotateDataset(request))!;
      const place = { useCase, scheme: next, zone, store, catalog, signal };
      await publishDataset({ ...place, dataset: planned.dataset, built: rotated.written });
      // Of one version and another nothing joins.
      if (planned.dataset === dataset) expect(await joined()).toEqual([0, 0]);
      expect(await rotateDataset(request)).toBeUndefined();
    }
    expect(await joined()).toEqual([200, 40]);
    const turned = nextPseudonym(next, nextKey, pseudonym(scheme, key, 'text', 'M5'));
    expect(await numbers(`SELECT count(*) FROM cleaned_${name}.people WHERE matricule = '${turned}'`)).toEqual([5]);
  });

  it('loses one person, as Trino counts, and the record says which object of raw still has them', async () => {
    const next = { domain: 'rh', version: 2, from: [1] };
    const keys = new Map([
      [1, key],
      [2, nextKey],
    ]);
    const place = { useCase, scheme: next, zone, store, catalog, signal };
    const records = { useCase, zone: { bucket, prefix: 'raw' }, store, signal };
    const { record, location } = await eraseUseCase({
      identifiers: [{ field: 'text', value: 'M5' }],
      scheme: { ...next, keys },
      ...{ by: 'test', mapping: { ...tables, useCase, paths: {} }, datasets: [dataset, amounts] },
      ...{ engine, catalog, signal, records },
      tables: undefined,
      alsoIn: [],
      masked: (value) => value,
      zoneOfPath: () => records.zone,
      place: (one) => ({ ...place, dataset: one }),
      isConfirmed: true,
    });
    expect(record.datasets.map(({ rowsBefore, rowsErased }) => [rowsBefore, rowsErased])).toEqual([
      [200, 5],
      [200, 5],
    ]);
    expect(record.raw).toEqual([
      { table: 'rh.people', rows: 5, objects: [{ location: `s3://${bucket}/raw/people/000000_0`, rows: 5 }] },
    ]);
    expect(location).toContain(`s3://${bucket}/raw/_audit/${useCase}/erasures/`);
    expect(await findOpenErasure(records)).toBeUndefined();
    expect(await joined()).toEqual([195, 39]);
    const turned = nextPseudonym(next, nextKey, pseudonym(scheme, key, 'text', 'M5'));
    for (const table of ['people', 'amounts'])
      expect(await numbers(`SELECT count(*) FROM cleaned_${name}.${table} WHERE matricule = '${turned}'`)).toEqual([0]);
  });
});
