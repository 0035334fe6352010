import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DuckDbEngine } from '../../../src/adapters/duckdb/duckdb-engine.ts';
import { TargetLake } from '../../../src/adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { crcOf, crcToBase64 } from '../../../src/domain/checksum/crc.ts';
import { s3Key, type UseCaseId } from '../../../src/domain/names.ts';
import type { ServingImport } from '../../../src/domain/serving/serving-import.ts';
import type { AccessPattern } from '../../../src/generate/dynamodb/access-patterns.ts';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { makeImport, type ServedDataset } from '../../../src/steps/serve/make-import.ts';
import { aDataset } from '../../domain/privacy/a-dataset.ts';
import { smallMapping, type SmallTable } from '../../steps/zones/small-lake.ts';
import { blueprintOf } from '../blueprint.ts';
import { runStates, type Machine, type Service } from '../step-functions/run-states.ts';
import { emulatedServices, emulator } from './emulated-services.ts';
import { faultsOf, medianMultiple, percentiles, plannedReads, queryOf } from './planned-reads.ts';
import { readItems, type Item, type Read, type Reading } from './read-items.ts';

const stack = inject('stack');
const { signal } = new AbortController();
/** How many bare GetItems a read may take as long as, in the middle; 0.9 to 1.7 were seen. */
const MOST_BARE_READS = 4;

const PUBLIC = { class: 'public' } as const;
const PROSPECTS: SmallTable = {
  types: { id: 'string', departement: 'string', score: 'decimal(5,2)', client: 'boolean' },
  columns: { id: PUBLIC, departement: PUBLIC, score: PUBLIC, client: PUBLIC },
  lines: [],
};
const VISITES: SmallTable = {
  types: { id: 'string', jour: 'date' },
  columns: { id: PUBLIC, jour: PUBLIC },
  lines: [],
};

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
  const alias = `/lakelift/${id}/serving-table`;
  const prefix = `lakelift-${id}-serving-`;
  const address = { bucket, key: s3Key(`lake/_serving/${id}/latest.json`) };
  let machine: Machine;
  let patterns: readonly AccessPattern[];

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
    await createTable('prospects', PROSPECTS.types);
    await createTable('visites', VISITES.types);
    await fill('prospects', ['p1|75|12.50|true', 'p2|75|\\N|false', 'p#3|\\N|0.10|\\N']);
    await fill('visites', ['p1|2024-01-31', 'p1|2024-02-01', 'p2|2024-01-31']);
    const blueprint = await blueprintOf('absences');
    const files = servingTable({
      ...blueprint,
      migration: { ...blueprint.migration, id },
      mapping: {
        ...blueprint.mapping,
        ...smallMapping({ 'commerce.prospects': PROSPECTS, 'commerce.visites': VISITES }),
      },
      datasets: { useCase: id, datasets },
      zones: { refined: { bucket, prefix: 'lake' } },
    });
    const parsed = (path: string): unknown => JSON.parse(files.find((file) => file.path === path)!.text);
    machine = parsed('dynamodb/refresh.json') as Machine;
    ({ patterns } = parsed('dynamodb/access-patterns.json') as { readonly patterns: readonly AccessPattern[] });
  });
  afterAll(() => {
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

  const fill = (table: string, lines: readonly string[]): Promise<void> =>
    replace({ bucket, key: s3Key(`${table}/0`) }, lines.join('\n'));

  async function replace(place: typeof address, text: string): Promise<void> {
    const standing = await store.findObject(place);
    const body = Buffer.from(text);
    const condition =
      standing === undefined ? ({ kind: 'if-absent' } as const) : ({ kind: 'if-match', etag: standing.etag } as const);
    const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
    await store.putObject({ address: place, body, crc32c, metadata: standing?.metadata ?? {}, condition });
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

  const call = (service: 'DynamoDb' | 'Ssm') => emulator(stack!)(service);
  /** Executes the state machine; returns the cause that it failed with. */
  const refresh = async (services: Record<string, Service> = {}): Promise<string | undefined> => {
    const all = { ...emulatedServices(stack!, client), ...services };
    const { error } = await runStates(machine, { input: {}, services: all });
    return error === undefined ? undefined : (error as Error).message;
  };
  async function parameter(name: string): Promise<string> {
    const { Parameter } = await call('Ssm')('GetParameter', { Name: name });
    return (Parameter as { readonly Value: string }).Value;
  }
  async function tables(): Promise<string[]> {
    const { TableNames } = await call('DynamoDb')('ListTables', {});
    return (TableNames as string[]).filter((name) => name.startsWith(prefix));
  }
  const read = async (reads: readonly Read[]): Promise<Reading[]> =>
    readItems(stack!, { table: await parameter(alias), reads });
  /** Visits of p1, as a reader finds them that asks for the name of the table each time, or keeps it. */
  async function visits(kept?: string): Promise<number> {
    const { Count } = await call('DynamoDb')('Query', {
      TableName: kept ?? (await parameter(alias)),
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
      ExpressionAttributeValues: { ':pk': { S: 'PROSPECT#p1' }, ':sk': { S: 'VISITE#' } },
    });
    return Number(Count);
  }

  it('is imported into a new table, switched to, and found by each of its keys', async () => {
    const made = await serve();
    expect(made).toMatchObject({ items: 6, datasets: { prospects: 3, visites: 3 } });
    expect(await serve()).toEqual(made);
    expect(await refresh()).toBeUndefined();
    expect(await parameter(alias)).toBe(`${prefix}${made.version}`);
    const found = await read([
      queryOf(undefined, 'PROSPECT#p1'),
      queryOf(undefined, 'PROSPECT#p1', 'VISITE#2024-02'),
      queryOf('departement', 'DEPARTEMENT#75', 'PROSPECT#'),
      queryOf(undefined, 'PROSPECT#p%233', 'FICHE'),
    ]);
    const answers = found.map(({ items }) => items);
    expect(answers.map((items) => items.map(({ dataset }) => dataset?.S))).toEqual([
      ['prospects', 'visites', 'visites'],
      ['visites'],
      ['prospects', 'prospects'],
      ['prospects'],
    ]);
    const [p1] = answers[0]!;
    expect(p1).toMatchObject({
      id: { S: 'p1' },
      score: { N: '12.50' },
      client: { BOOL: true },
      departement: { S: '75' },
    });
    // NULL is no attribute, and no place in an index.
    expect(Object.keys(answers[3]![0]!).sort()).toEqual(['dataset', 'id', 'pk', 'score', 'sk']);
    const backups = await call('DynamoDb')('DescribeContinuousBackups', { TableName: await parameter(alias) });
    expect(JSON.stringify(backups)).toContain('"PointInTimeRecoveryStatus":"ENABLED"');
    // There was none before that one could go back to.
    await expect(parameter(`${alias}-before`)).rejects.toThrow();
  });

  it('is read in each declared way in as many requests as the plan says, and nothing is read that is not asked for', async () => {
    expect(patterns.map(({ dataset, index, operation }) => [dataset, index, operation])).toEqual([
      ['prospects', null, 'GetItem'],
      ['prospects', 'departement', 'Query'],
      ['visites', null, 'GetItem'],
      ['visites', null, 'Query'],
    ]);
    const { Items } = await call('DynamoDb')('Scan', { TableName: await parameter(alias) });
    const all = Items as Item[];
    expect(all).toHaveLength(6);
    const planned = patterns.flatMap((pattern) => plannedReads(pattern, all));
    expect(new Set(planned.map(({ pattern }) => pattern)).size).toBe(patterns.length);
    const reads = Array.from({ length: 30 }, () => planned).flat();
    const readings = await read(reads.map(({ read: each }) => each));
    expect(readings).toHaveLength(reads.length);
    reads.forEach(({ pattern, expected }, at) => {
      expect(faultsOf(pattern, readings[at]!)).toEqual([]);
      expect(readings[at]!.items).toHaveLength(expected.length);
      expect(readings[at]!.items).toEqual(expect.arrayContaining([...expected]));
    });
    for (const pattern of patterns) {
      const own = readings.filter((_, at) => reads[at]!.pattern === pattern);
      console.info(`${pattern.operation} of ${pattern.index ?? 'the table'}, ${pattern.dataset}: ${percentiles(own)}`);
      // Of six items, so that what the emulator looks through is next to nothing.
      expect(medianMultiple(own)).toBeLessThan(MOST_BARE_READS);
    }
  });

  it('takes longer where it is read in pieces: time tells, too', async () => {
    const whole = queryOf(undefined, 'PROSPECT#p1');
    const pieces = { ...whole, request: { ...whole.request, Limit: 1 } };
    const readings = await read(Array.from({ length: 30 }, (_, at) => (at % 2 === 0 ? whole : pieces)));
    const [ofWhole, ofPieces] = [0, 1].map((rest) => readings.filter((_, at) => at % 2 === rest));
    expect(ofPieces![0]!.sent.length).toBeGreaterThan(2);
    expect(medianMultiple(ofPieces!)).toBeGreaterThan(medianMultiple(ofWhole!));
  });

  it('is told from what is read by a scan, through a filter, in pieces, or among items of others', async () => {
    const query = patterns.find(({ dataset, operation }) => dataset === 'visites' && operation === 'Query')!;
    const filter = {
      FilterExpression: 'dataset = :dataset',
      ExpressionAttributeValues: { ':dataset': { S: 'visites' } },
    };
    const { request } = queryOf(undefined, 'PROSPECT#p1');
    const values = { ...(request['ExpressionAttributeValues'] as object), ...filter.ExpressionAttributeValues };
    const wrong = await read([
      { operation: 'Scan', request: filter },
      { operation: 'Query', request: { ...request, ...filter, ExpressionAttributeValues: values } },
      queryOf(undefined, 'PROSPECT#p1'),
      { operation: 'Query', request: { ...queryOf(undefined, 'PROSPECT#p1', 'VISITE#').request, Limit: 1 } },
      queryOf('departement', 'DEPARTEMENT#75'),
    ]);
    expect(wrong.map((reading) => faultsOf(query, reading))).toEqual([
      ['a Scan', 'a filter', 'more read than returned'],
      ['a filter', 'more read than returned'],
      ['items of another dataset'],
      [expect.stringMatching(/^\d requests$/)],
      ['the index departement', 'items of another dataset'],
    ]);
    const scanned = { ...query, operation: 'Scan' as 'Query' };
    expect(faultsOf(scanned, wrong[0]!)).toContain('a Scan');
  });

  it('is refreshed beside the table in use: a reader finds the old items, then the new ones, and never none', async () => {
    const first = await parameter(alias);
    await fill('visites', ['p1|2024-01-31']);
    const { version } = await serve();
    let isRefreshing = true;
    const seen: number[] = [];
    const reader = (async () => {
      while (isRefreshing) seen.push(await visits());
      seen.push(await visits());
    })();
    expect(await refresh()).toBeUndefined();
    isRefreshing = false;
    await reader;
    expect(seen.length).toBeGreaterThan(3);
    expect([seen[0], seen.at(-1)]).toEqual([2, 1]);
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    expect(await parameter(alias)).toBe(`${prefix}${version}`);
    expect(await parameter(`${alias}-before`)).toBe(first);
    expect((await tables()).sort()).toEqual([first, `${prefix}${version}`].sort());
    // Who keeps the name for a while still reads.
    expect(await visits(first)).toBe(2);
  });

  it('is left as it is when nothing is new, and deletes what was neither in use nor before, of this use case alone', async () => {
    const [second, first] = [await parameter(alias), await parameter(`${alias}-before`)];
    const none = (): never => expect.fail('nothing is to be imported');
    expect(await refresh({ 'arn:aws:states:::aws-sdk:dynamodb:importTable': none })).toBeUndefined();
    expect((await tables()).sort()).toEqual([first, second].sort());

    const other = `${prefix}x-serving-000000000000`;
    await emptyTable(other);
    await fill('visites', ['p1|2024-02-02', 'p2|2024-02-02']);
    const { version } = await serve();
    // One name a page.
    const LIST = 'arn:aws:states:::aws-sdk:dynamodb:listTables';
    const page: Service = (parameters) => emulatedServices(stack!, client)[LIST]!({ ...parameters, Limit: 1 });
    expect(await refresh({ [LIST]: page })).toBeUndefined();
    expect((await tables()).sort()).toEqual([other, second, `${prefix}${version}`].sort());
    await expect(visits(first)).rejects.toMatchObject({ name: 'DynamoDb.ResourceNotFoundException' });
    await call('DynamoDb')('DeleteTable', { TableName: other });
  });

  it('stays as it is when the import is not what was made', async () => {
    const [inUse, before, standing] = [await parameter(alias), await tables(), await visits()];
    await fill('visites', ['p1|2024-03-31', 'p2|2024-03-31']);
    const made = await serve();
    await replace(address, JSON.stringify({ ...made, items: made.items + 1 }));
    expect(await refresh()).toContain('The table that was in use still is');
    expect([await parameter(alias), await tables(), await visits()]).toEqual([inUse, before, standing]);
    await replace(address, JSON.stringify({ ...made, bucket: 'there-is-none' }));
    expect(await refresh()).toContain('The table that was in use still is');
    expect([await parameter(alias), await tables(), await visits()]).toEqual([inUse, before, standing]);
    await replace(address, 'no JSON');
    expect(await refresh()).toBeDefined();
    expect([await parameter(alias), await tables(), await visits()]).toEqual([inUse, before, standing]);
    await replace(address, JSON.stringify(made));
  });

  it('does not trust a table that an execution left which was cut off, and imports it anew', async () => {
    const { version, items } = await serve();
    await emptyTable(`${prefix}${version}`);
    const failing = (): never => {
      throw Object.assign(new Error('no'), { name: 'Ssm.ValidationException' });
    };
    const PUT = 'arn:aws:states:::aws-sdk:ssm:putParameter';
    const inUse = await parameter(alias);
    expect(await refresh({ [PUT]: failing })).toBeDefined();
    expect(await parameter(alias)).toBe(inUse);

    let refusals = 2;
    const busy: Service = (parameters) => {
      if (refusals-- > 0) throw Object.assign(new Error('busy'), { name: 'DynamoDb.ResourceInUseException' });
      return emulatedServices(stack!, client)['arn:aws:states:::aws-sdk:dynamodb:deleteTable']!(parameters);
    };
    expect(await refresh({ 'arn:aws:states:::aws-sdk:dynamodb:deleteTable': busy })).toBeUndefined();
    expect(await parameter(alias)).toBe(`${prefix}${version}`);
    const { Count } = await call('DynamoDb')('Scan', { TableName: `${prefix}${version}` });
    expect(Count).toBe(items);
  });

  it('does nothing beside another execution', async () => {
    const all = Object.keys(emulatedServices(stack!, client));
    const none: Record<string, Service> = Object.fromEntries(all.map((name) => [name, () => expect.fail(name)]));
    const two: Service = () => ({ Executions: [{}, {}] });
    expect(await refresh({ ...none, 'arn:aws:states:::aws-sdk:sfn:listExecutions': two })).toContain(
      'Another execution is running',
    );
  });

  const emptyTable = (name: string) =>
    call('DynamoDb')('CreateTable', {
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
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
