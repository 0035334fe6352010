import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbEngine } from '../../../src/adapters/duckdb/duckdb-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { makeImport, type ServedDataset, type ServingImport } from '../../../src/steps/serve/make-import.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { moto } from '../../stack/install.ts';
import { blueprintOf } from '../blueprint.ts';
import { runPython } from '../python/run-python.ts';

const stack = inject('stack');
const { signal } = new AbortController();

/** Refreshes, then reads as the application would, and says how long each read took. */
const REFRESH = `
import boto3, datetime, json, sys, time
request = json.load(sys.stdin)
sys.path.insert(0, request["folder"])
import lakelift_refresh
lakelift_refresh.WAIT_SECONDS = 0.1
declared = json.load(open(request["folder"] + "/table.json", encoding="utf-8"))
now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=request["daysLater"])
try:
    done = lakelift_refresh.refresh(declared, boto3.client, 7, now)
except lakelift_refresh.RefreshFailed as error:
    done = {"failed": str(error)}
alias = boto3.client("ssm").get_parameter(Name=declared["alias"])["Parameter"]["Value"]
table = boto3.resource("dynamodb").Table(alias)
from boto3.dynamodb.conditions import Key
answers, took = [], []
for index, partition, sort in request["queries"]:
    prefix = f"{index}_" if index else ""
    started = time.perf_counter()
    key = Key(prefix + "pk").eq(partition)
    if sort:
        key = key & Key(prefix + "sk").begins_with(sort)
    found = table.query(**({"IndexName": index} if index else {}), KeyConditionExpression=key)
    took.append(1000 * (time.perf_counter() - started))
    answers.append(found["Items"])
tables = [name for name in boto3.client("dynamodb").list_tables()["TableNames"] if name.startswith(declared["tablePrefix"])]
print(json.dumps({"done": done, "alias": alias, "tables": tables, "answers": answers, "tookMs": took}, default=str))
`;

interface Refreshed {
  readonly done: { readonly table?: string; readonly failed?: string };
  readonly alias: string;
  readonly tables: readonly string[];
  readonly answers: readonly (readonly Record<string, unknown>[])[];
  readonly tookMs: readonly number[];
}

describe.skipIf(stack === undefined)('A dataset that an application reads by key, in the emulator of DynamoDB', () => {
  const id = `serving-${randomUUID().slice(0, 8)}` as UseCaseId;
  const database = id.replace('-', '_');
  const bucket = id;
  const credentials = { accessKeyId: stack?.accessKeyId ?? '', secretAccessKey: stack?.secretAccessKey ?? '' };
  const region = stack?.region ?? '';
  // The emulator imports from its own S3.
  const endpoint = stack?.glueEndpoint ?? '';
  const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
  const store = new S3TargetObjectStore({ region, endpoint, forcePathStyle: true, credentials });
  const catalog = new GlueTargetCatalog({ region, endpoint, credentials });
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-serving-'));

  const prospects: ServedDataset = {
    ...aDataset({
      name: 'prospects',
      from: 'commerce.prospects',
      target: { zone: 'refined', database, table: 'prospects' },
    }),
    serving: {
      key: { partition: 'PROSPECT#{id}', sort: 'FICHE' },
      indexes: { departement: { partition: 'DEPARTEMENT#{departement}', sort: 'PROSPECT#{id}' } },
    },
  };
  const visites: ServedDataset = {
    ...aDataset({ name: 'visites', from: 'commerce.visites', target: { zone: 'refined', database, table: 'visites' } }),
    serving: { key: { partition: 'PROSPECT#{id}', sort: 'VISITE#{jour}' }, indexes: {} },
  };
  const datasets = [prospects, visites];

  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    await catalog.createDatabase(database, 'test');
    await createTable('prospects', { id: 'string', departement: 'string', score: 'decimal(5,2)', client: 'boolean' });
    await createTable('visites', { id: 'string', jour: 'date' });
    await fill('prospects', ['p1|75|12.50|true', 'p2|75|\\N|false', 'p#3|\\N|0.10|\\N']);
    await fill('visites', ['p1|2024-01-31', 'p1|2024-02-01', 'p2|2024-01-31']);
    const blueprint = await blueprintOf('absences');
    const files = servingTable({
      ...blueprint,
      migration: { ...blueprint.migration, id },
      datasets: { useCase: id, datasets },
      zones: { refined: { bucket, prefix: 'lake' } },
    });
    for (const { path, text } of files) writeFileSync(join(folder, basename(path)), text);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    client.destroy();
    store.close();
    catalog.close();
  });

  async function createTable(name: string, columns: Readonly<Record<string, string>>): Promise<void> {
    await catalog.createTable({
      database,
      name,
      type: 'EXTERNAL_TABLE',
      description: undefined,
      owner: undefined,
      partitionKeys: [],
      storage: {
        columns: Object.entries(columns).map(([column, type]) => ({ name: column, type, comment: undefined })),
        location: `s3://${bucket}/${name}/`,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
        serdeParameters: { 'field.delim': '|' },
        isCompressed: false,
        bucketCount: 0,
        bucketColumns: [],
        sortColumns: [],
      },
      parameters: { EXTERNAL: 'TRUE' },
    });
  }

  async function fill(table: string, lines: readonly string[]): Promise<void> {
    const address = { bucket, key: s3Key(`${table}/0`) };
    const standing = await store.findObject(address);
    const body = Buffer.from(lines.join('\n'));
    const condition =
      standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
    await store.putObject({ address, body, crc32c: crcToBase64(crcOf('CRC32C').sum(body)), metadata: {}, condition });
  }

  const serve = (served: readonly ServedDataset[] = datasets): Promise<ServingImport> => {
    const engine = new DuckDbEngine(new TargetLake(catalog, store));
    return makeImport({
      useCase: id,
      datasets: served,
      place: { bucket, prefix: 'lake' },
      engine,
      catalog,
      store,
      signal,
    });
  };

  const refresh = async (queries: readonly (readonly [string | null, string, string])[], daysLater = 0) =>
    runPython<Refreshed>(
      REFRESH,
      { folder, queries, daysLater },
      {
        PYTHONPATH: await moto(),
        AWS_ENDPOINT_URL: endpoint,
        AWS_DEFAULT_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    );

  it('is imported into a new table, switched to, and found by each of its keys', async () => {
    const made = await serve();
    expect(made).toMatchObject({ items: 6, datasets: { prospects: 3, visites: 3 } });
    expect(await serve()).toEqual(made);
    const { done, alias, answers, tookMs } = await refresh([
      [null, 'PROSPECT#p1', ''],
      [null, 'PROSPECT#p1', 'VISITE#2024-02'],
      ['departement', 'DEPARTEMENT#75', 'PROSPECT#'],
      [null, 'PROSPECT#p%233', 'FICHE'],
    ]);
    expect(done).toEqual({
      table: `lakelift-${id}-serving-${made.version}`,
      imported: true,
      switched: true,
      deleted: [],
    });
    expect(alias).toBe(done.table);
    expect(answers.map((items) => items.map(({ dataset }) => dataset))).toEqual([
      ['prospects', 'visites', 'visites'],
      ['visites'],
      ['prospects', 'prospects'],
      ['prospects'],
    ]);
    expect(answers[0]![0]).toMatchObject({ id: 'p1', score: '12.50', client: true, departement: '75' });
    // NULL is no attribute, and no place in an index.
    expect(Object.keys(answers[3]![0]!).sort()).toEqual(['dataset', 'id', 'pk', 'score', 'sk']);
    console.info(`reads by key in the emulator: ${tookMs.map((ms) => ms.toFixed(1)).join(', ')} ms`);
  });

  it('is refreshed beside the table in use, which stays until it is old', async () => {
    const first = (await refresh([])).alias;
    await fill('visites', ['p1|2024-01-31']);
    const { version } = await serve();
    const second = await refresh([[null, 'PROSPECT#p1', 'VISITE#']]);
    expect(second.alias).toBe(`lakelift-${id}-serving-${version}`);
    expect(second.answers[0]).toHaveLength(1);
    expect([...second.tables].sort()).toEqual([first, second.alias].sort());
    expect(await refresh([])).toMatchObject({ done: { imported: false, switched: false, deleted: [] } });
    expect(await refresh([], 8)).toMatchObject({ done: { deleted: [first] }, tables: [second.alias] });
  });

  it('is not switched to when the import is not what was made', async () => {
    const { alias } = await refresh([]);
    await fill('visites', ['p1|2024-03-31', 'p2|2024-03-31']);
    const made = await serve();
    const address = { bucket, key: s3Key(`lake/_serving/${id}/latest.json`) };
    const body = Buffer.from(JSON.stringify({ ...made, items: made.items + 1 }));
    const standing = await store.findObject(address);
    const condition = { kind: 'if-match', etag: standing!.etag } as const;
    await store.putObject({ address, body, crc32c: crcToBase64(crcOf('CRC32C').sum(body)), metadata: {}, condition });
    const after = await refresh([]);
    expect(after.done.failed).toBe(`COMPLETED: ${made.items} of ${made.items + 1} items, 0 errors`);
    expect(after).toMatchObject({ alias, tables: [alias] });
  });

  it('refuses items that would overwrite each other, columns that are none, and rows without a key', async () => {
    await fill('visites', ['p1|2024-01-31', 'p1|2024-01-31']);
    await expect(serve()).rejects.toMatchObject({ code: 'SERVING_DUPLICATE', kind: 'usage' });
    await fill('visites', ['p1|\\N']);
    await expect(serve()).rejects.toMatchObject({
      code: 'SERVING_UNFIT',
      message: expect.not.stringContaining('p1') as string,
    });
    const unknown = { ...visites, serving: { ...visites.serving, key: { partition: '{nom}', sort: '{jour}' } } };
    await expect(serve([unknown])).rejects.toThrow('there is no column nom');
    const missing = { ...visites, target: { ...visites.target, table: 'absent' } };
    await expect(serve([missing])).rejects.toMatchObject({ code: 'DATASET_MISSING' });
  });
});
