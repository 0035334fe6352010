import { DeleteDatabaseCommand, GlueClient } from '@aws-sdk/client-glue';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDbDatasetEngine } from '../../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import type { TableMapping } from '../../../src/domain/mapping.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import type { Dataset } from '../../../src/domain/privacy/dataset.ts';
import type { ErasureRecord } from '../../../src/domain/privacy/erasure.ts';
import type { Identifier } from '../../../src/domain/privacy/identifiers.ts';
import { planDatasets } from '../../../src/domain/privacy/plan-datasets.ts';
import type { DatasetEngine } from '../../../src/ports/dataset-engine.ts';
import type { TargetCatalog } from '../../../src/ports/target-catalog.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import { startS3Server } from '../../../src/sandbox/s3/s3-server.ts';
import { buildDataset, type KeyedScheme } from '../../../src/steps/zones/build-dataset.ts';
import { eraseUseCase, type Erasure } from '../../../src/steps/zones/erase-use-case.ts';
import type { ErasureRecords } from '../../../src/steps/zones/erasure-records.ts';
import { publishDataset, type DatasetPlace } from '../../../src/steps/zones/publish-dataset.ts';
import { smallMapping, type SmallTable } from './small-lake.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
export const KEY = Buffer.alloc(32, 1);
export const SCHEME = { domain: 'rh', version: 1, keys: new Map([[1, KEY]]) };

export interface Request {
  readonly identifiers: readonly Identifier[];
  readonly datasets: readonly Dataset[];
  /** Of tables, in place of those that they were made with. */
  readonly columns?: Readonly<Record<string, TableMapping['columns']>>;
  readonly isConfirmed?: boolean;
  readonly alsoRaw?: boolean;
  readonly scheme?: KeyedScheme;
  /** In place of all tables. */
  readonly mapped?: readonly string[];
  readonly alsoIn?: readonly string[];
  readonly listTables?: TargetCatalog['listTables'];
  readonly signal?: AbortSignal;
}

/** Raw tables of text, and datasets that are built of them and stand in a catalog and a store of the sandbox. */
export async function openZonesWorld(tables: Readonly<Record<string, SmallTable>>) {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-zones-'));
  const [server, glue] = [
    await startS3Server({ directory, credentials }),
    await startGlueServer({ directory: undefined, credentials }),
  ];
  const settings = { endpoint: server.url, region: 'eu-west-3', credentials, forcePathStyle: true };
  const client = new S3Client(settings);
  for (const bucket of ['cleaned', 'refined', 'raw']) await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const store = new S3TargetObjectStore(settings);
  const catalog = new GlueTargetCatalog({ ...settings, endpoint: glue.url });
  const glueClient = new GlueClient({ ...settings, endpoint: glue.url });
  const { signal } = new AbortController();
  const useCase = 'absences' as UseCaseId;
  /** What somebody else does once a table of raw is about to be read. */
  const between: { rawRead?: (() => Promise<void>) | undefined } = {};
  /** What becomes of a write of an erasure. */
  const faults: {
    put?:
      | ((key: string, write: () => Promise<{ readonly etag: string }>) => Promise<{ readonly etag: string }>)
      | undefined;
  } = {};
  const lake = new DuckDbDatasetEngine(new TargetLake(catalog, store));
  const engine: DatasetEngine = {
    open: async (names, abort) => {
      const { rawRead } = between;
      if (rawRead !== undefined && names.some(({ database }) => database.startsWith('raw_'))) {
        between.rawRead = undefined;
        await rawRead();
      }
      return lake.open(names, abort);
    },
  };

  for (const [name, table] of Object.entries(tables)) await putRaw(name, table);

  async function putRaw(name: string, { types, lines }: SmallTable): Promise<void> {
    const [database = '', table = ''] = name.split('.');
    const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
    const address = { bucket: 'raw', key: s3Key(`${database}/${table}/0`) };
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    await store.putObject({ address, body, crc32c, metadata: {}, condition: { kind: 'if-absent' } });
    if (!(await catalog.hasDatabase(`raw_${database}`))) await catalog.createDatabase(`raw_${database}`, 'raw');
    await catalog.createTable({
      ...{ database: `raw_${database}`, name: table, type: 'EXTERNAL_TABLE', description: undefined, owner: undefined },
      ...{ partitionKeys: [], parameters: { 'lakelift.source': name, 'lakelift.use-case': useCase } },
      storage: {
        columns: Object.entries(types).map(([column, type]) => ({ name: column, type })),
        location: `s3://raw/${database}/${table}/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        serdeParameters: { 'field.delim': '|' },
        ...{ isCompressed: false, bucketCount: 0, bucketColumns: [], sortColumns: [] },
      },
    });
  }

  const mappingWith = (columns: Request['columns'] = {}) => ({
    useCase,
    paths: {},
    ...smallMapping(
      Object.fromEntries(
        Object.entries(tables).map(([name, one]) => [name, { ...one, columns: columns[name] ?? one.columns }]),
      ),
    ),
  });
  const placeOf = (dataset: Dataset): DatasetPlace => ({
    ...{ useCase, dataset, scheme: SCHEME, store, catalog, signal },
    zone: { bucket: dataset.target.zone, prefix: '' },
  });

  /** As `zones build` does. */
  async function build(datasets: readonly Dataset[], columns?: Request['columns']): Promise<void> {
    const made = new Map<string, Awaited<ReturnType<typeof buildDataset>>>();
    for (const dataset of datasets) {
      const request = { dataset, mapping: mappingWith(columns), made, engine: lake, pseudonyms: SCHEME, signal };
      made.set(dataset.name, await buildDataset(request));
      await publishDataset({ ...placeOf(dataset), built: made.get(dataset.name)! });
    }
  }

  const written: ErasureRecords['store'] = {
    findObject: (address, abort) => store.findObject(address, abort),
    readObject: (address, abort) => store.readObject(address, abort),
    listObjects: (bucket, prefix, abort) => store.listObjects(bucket, prefix, abort),
    putObject: (request, abort) => {
      const write = () => store.putObject(request, abort);
      return faults.put === undefined ? write() : faults.put(request.address.key, write);
    },
  };
  const records = { useCase, zone: { bucket: 'raw', prefix: '' }, store: written, signal };
  function erase({ datasets, columns, mapped, isConfirmed = true, ...rest }: Request): Promise<Erasure> {
    const { identifiers, alsoRaw, scheme = SCHEME, alsoIn = [], listTables, signal: own = signal } = rest;
    const { tables: all, ...mapping } = mappingWith(columns);
    const kept = Object.fromEntries((mapped ?? Object.keys(all)).map((name) => [name, all[name]!]));
    return eraseUseCase({
      ...{ identifiers, datasets, mapping: { ...mapping, tables: kept }, scheme, engine, signal: own, alsoIn },
      ...{ records: { ...records, signal: own }, isConfirmed, by: 'a test', place: placeOf },
      catalog: {
        findTable: (table, abort) => catalog.findTable(table, abort),
        listTables: listTables ?? ((database, abort) => catalog.listTables(database, abort)),
      },
      alsoRaw,
      tables: undefined,
      masked: (value) => value,
      zoneOfPath: () => records.zone,
    });
  }

  /** What a rotation is asked for with, but its keys. */
  function rotating(dataset: Dataset) {
    const [planned] = planDatasets([dataset], mappingWith(), { isPublished: true });
    return { planned: planned!, engine: lake, catalog, signal };
  }

  /** The first column of a query over a dataset, `dataset`. */
  async function read(dataset: Dataset, query: string): Promise<number> {
    const place = { database: dataset.target.database, name: dataset.target.table };
    const session = await lake.open([place]);
    try {
      return await session.count(query.replace('dataset', session.relationOf(place)));
    } finally {
      await session.close();
    }
  }

  async function erasures(): Promise<ErasureRecord[]> {
    const found: ErasureRecord[] = [];
    for await (const { key } of store.listObjects('raw', '_audit/absences/erasures/')) {
      const pieces = await Array.fromAsync(await store.readObject({ bucket: 'raw', key: s3Key(key) }));
      found.push(JSON.parse(Buffer.concat(pieces).toString()) as ErasureRecord);
    }
    return found;
  }

  /** What was built is registered no more. */
  const forget = async (...databases: readonly string[]): Promise<void> => {
    for (const Name of databases)
      if (await catalog.hasDatabase(Name)) await glueClient.send(new DeleteDatabaseCommand({ Name }));
  };
  const close = async (): Promise<void> => {
    client.destroy();
    glueClient.destroy();
    store.close();
    catalog.close();
    await Promise.all([server.close(), glue.close()]);
    rmSync(directory, { recursive: true });
  };
  return { build, erase, rotating, read, erasures, between, faults, store, catalog, records, placeOf, forget, close };
}
