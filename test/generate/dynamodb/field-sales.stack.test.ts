import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { s3Key } from '../../../src/domain/names.ts';
import type { AccessPattern } from '../../../src/generate/dynamodb/access-patterns.ts';
import type { ErasureRecord } from '../../../src/domain/privacy/erasure.ts';
import { pseudonym } from '../../../src/domain/privacy/pseudonym.ts';
import type { ServingImport } from '../../../src/domain/serving/serving-import.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from '../../e2e/sandbox-project.ts';
import { runStates, type Machine } from '../step-functions/run-states.ts';
import { emulatedServices, emulator } from './emulated-services.ts';
import { faultsOf, medianMultiple, percentiles, plannedReads, queryOf } from './planned-reads.ts';
import { readItems, type Item, type Read, type Reading } from './read-items.ts';

const stack = inject('stack');
const KEY = 'c3'.repeat(32);
const DATASETS = readFileSync(join(import.meta.dirname, '../../../mappings/field-sales.datasets.yaml'), 'utf8');
/** Reads of one kind, from all over its items. */
const MOST_READS = 12;
/** That one of its kind may take as long as. The emulator looks through the whole table for a query, which DynamoDB does not: 7 to 37 were seen. */
const MOST_BARE_READS = { GetItem: 4, Query: 120 } as const;

/** Commands make the files and the template, the emulator of DynamoDB imports them, and AWS's own client reads. */
describe.skipIf(stack === undefined)('The application of the sales force, in the emulator of DynamoDB', () => {
  const id = `field-sales-${randomUUID().slice(0, 8)}`;
  const alias = `/lakelift/${id}/serving-table`;
  const named = (text: string): string => text.replaceAll(/(?<=(?:id|useCase): '?)field-sales/g, id);
  let project: SandboxProject;
  let made: ServingImport;
  let table: string;
  let patterns: readonly AccessPattern[];
  let items: readonly Item[];

  beforeAll(async () => {
    project = await openSandboxProject({
      migrations: { [id]: named(script('field-sales')) },
      mappings: { [id]: named(mapping('field-sales')), [`${id}.datasets`]: named(DATASETS) },
      environment: { LAKELIFT_KEY_COMMERCE: KEY },
      change: (config) => ({
        ...config,
        target: { ...(config['target'] as object), region: stack!.region, dynamodb: { endpoint: stack!.glueEndpoint } },
        privacy: { keys: { commerce: { version: 1, env: 'LAKELIFT_KEY_COMMERCE' } } },
      }),
    });
    expect((await project.run(id)).code).toBe(0);
    for (const command of [['zones', 'build'], ['generate']])
      expect(await project.lakelift(...command, id)).toMatchObject({ code: 0 });
    made = await serve();
    await refresh();
    ({ patterns } = generated('access-patterns.json') as { readonly patterns: readonly AccessPattern[] });
    table = await tableInUse();
    items = await scanned(table);
  }, 240_000);
  afterAll(() => project.close());

  const generated = (name: string): unknown =>
    JSON.parse(readFileSync(join(project.root, 'generated', id, 'dynamodb', name), 'utf8'));
  const call = emulator(stack!)('DynamoDb');

  async function serve(): Promise<ServingImport> {
    const { code, stdout, stderr } = await project.lakelift('serve', id, '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as ServingImport;
  }

  async function refresh(): Promise<void> {
    const { region, glueEndpoint: endpoint, accessKeyId, secretAccessKey } = stack!;
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
    await copyTo(s3);
    const services = emulatedServices(stack!, s3);
    const { error } = await runStates(generated('refresh.json') as Machine, { input: {}, services });
    s3.destroy();
    expect(error).toBeUndefined();
  }

  /** The emulator imports from its own S3, and from no other. */
  async function copyTo(s3: S3Client): Promise<void> {
    const { bucket } = made;
    await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
      expect(error.name).toBe('BucketAlreadyOwnedByYou');
    });
    for await (const { key } of project.store.listObjects(bucket, `_serving/${id}/`)) {
      const content = await project.store.readObject({ bucket, key: s3Key(key) });
      const Body = Buffer.concat(await Array.fromAsync(content));
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    }
  }

  async function tableInUse(): Promise<string> {
    const { Parameter } = await emulator(stack!)('Ssm')('GetParameter', { Name: alias });
    return (Parameter as { readonly Value: string }).Value;
  }

  async function scanned(name: string): Promise<Item[]> {
    const found: Item[] = [];
    let last: unknown;
    do {
      const page = await call('Scan', { TableName: name, ...(last !== undefined && { ExclusiveStartKey: last }) });
      found.push(...(page['Items'] as Item[]));
      last = page['LastEvaluatedKey'];
    } while (last !== undefined);
    return found;
  }

  it('has every item that was made, in the table and with the indexes of its template, and nobody by name', async () => {
    expect(table).toBe(`lakelift-${id}-serving-${made.version}`);
    const counts = Map.groupBy(items, ({ dataset }) => dataset!.S!);
    expect(Object.fromEntries([...counts].map(([name, all]) => [name, all.length]))).toEqual(made.datasets);
    const { Table } = await call('DescribeTable', { TableName: table });
    const { GlobalSecondaryIndexes: indexes } = Table as { readonly GlobalSecondaryIndexes: { IndexName: string }[] };
    expect(indexes.map(({ IndexName }) => IndexName).sort()).toEqual(['commercial', 'secteur']);
    const columns = new Set(items.flatMap(Object.keys));
    for (const name of ['nom', 'prenom', 'email', 'telephone', 'commune', 'compte_rendu'])
      expect(columns).not.toContain(name);
  });

  it('is read in each way that is declared, in as many requests as the plan says, and all is found', async () => {
    expect(patterns.map(({ dataset, index, operation }) => [dataset, index, operation])).toEqual([
      ['prospects', null, 'GetItem'],
      ['prospects', 'secteur', 'Query'],
      ['visites', null, 'GetItem'],
      ['visites', null, 'Query'],
      ['visites', 'commercial', 'Query'],
    ]);
    const planned = patterns.flatMap((pattern) => {
      const all = plannedReads(pattern, items);
      const step = Math.ceil(all.length / MOST_READS);
      return all.filter((_, at) => at % step === 0);
    });
    expect(new Set(planned.map(({ pattern }) => pattern)).size).toBe(patterns.length);
    const readings = await readItems(stack!, { table, reads: planned.map(({ read }) => read) });
    planned.forEach(({ pattern, expected }, at) => {
      expect(faultsOf(pattern, readings[at]!)).toEqual([]);
      expect(sorted(readings[at]!)).toEqual(sorted({ items: expected }));
    });
    for (const pattern of patterns) {
      const own = readings.filter((_, at) => planned[at]!.pattern === pattern);
      const way = `${pattern.operation} of ${pattern.index ?? 'the table'}, ${pattern.dataset}`;
      console.info(`${way}: ${percentiles(own)}`);
      expect(medianMultiple(own)).toBeLessThan(MOST_BARE_READS[pattern.operation]);
    }
  });

  const sorted = ({ items: some }: Pick<Reading, 'items'>): string[] =>
    some.map(({ pk, sk }) => `${pk!.S} ${sk!.S}`).sort();

  it('loses a person from the table in use and from the files of its import, with a proof, and no refresh brings them back', async () => {
    const [them, theirs] = [...Map.groupBy(items, ({ pk }) => pk!.S!)].toSorted(
      ([, a], [, b]) => b.length - a.length,
    )[0]!;
    expect(theirs.length).toBeGreaterThan(1);
    const pseudonymOf = (value: number): string =>
      pseudonym({ domain: 'commerce', version: 1 }, Buffer.from(KEY, 'hex'), 'text', String(value));
    const number = Array.from({ length: 1500 }, (_, at) => at + 1).find(
      (one) => `PROSPECT#${pseudonymOf(one)}` === them,
    );
    const file = join(project.root, 'person.txt');
    writeFileSync(file, `text ${number}\n`);
    const erase = async (...args: string[]): Promise<ErasureRecord> => {
      const { code, stdout, stderr } = await project.lakelift('erase', id, '--from', file, '--json', ...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as ErasureRecord;
    };
    const figures = (itemsBefore: number, itemsErased: number) => ({
      ...{ itemsBefore, itemsErased, itemsAfter: itemsBefore - itemsErased },
    });
    const found = figures(items.length, theirs.length);
    const location = `s3://${made.bucket}/${made.prefix}`;
    const served = [
      { kind: 'serving-files', location, ...found },
      { kind: 'serving-table', location: table, ...found },
    ];
    expect((await erase()).served).toEqual(served);
    expect(await scanned(table)).toHaveLength(items.length);

    const record = await erase('--yes');
    expect(record).toMatchObject({
      isDone: true,
      endedAt: expect.any(String) as string,
      served,
      publishedNotErased: [],
    });
    const reads: Read[] = [
      queryOf(undefined, them),
      ...theirs.map(({ pk, sk }): Read => ({ operation: 'GetItem', request: { Key: { pk, sk } } })),
    ];
    for (const reading of await readItems(stack!, { table, reads })) expect(reading.items).toEqual([]);
    const left = items.filter((item) => !theirs.includes(item));
    expect(sorted({ items: await scanned(table) })).toEqual(sorted({ items: left }));

    // The version is in use, and stays as it is.
    await refresh();
    expect(await tableInUse()).toBe(table);
    expect(await scanned(table)).toHaveLength(left.length);
    // What is erased from imports whole: as many items as are said to be the latest.
    await call('DeleteTable', { TableName: table });
    await emulator(stack!)('Ssm')('DeleteParameter', { Name: alias });
    await refresh();
    expect(sorted({ items: await scanned(await tableInUse()) })).toEqual(sorted({ items: left }));

    const next = await serve();
    expect([next.version === made.version, next.items]).toEqual([false, left.length]);
    await refresh();
    const nextTable = await tableInUse();
    expect(nextTable).toBe(`lakelift-${id}-serving-${next.version}`);
    const again = await erase('--yes');
    expect(again.served.map((one) => [one.location, one.itemsBefore, one.itemsErased])).toEqual(
      expect.arrayContaining([table, nextTable].map((name) => [name, left.length, 0])),
    );
    expect(again.isDone).toBe(true);
  }, 600_000);
});
