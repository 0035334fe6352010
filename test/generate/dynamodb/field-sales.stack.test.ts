import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { s3Key } from '../../../src/domain/names.ts';
import type { AccessPattern } from '../../../src/generate/dynamodb/access-patterns.ts';
import type { ServingImport } from '../../../src/steps/serve/make-import.ts';
import { mapping, openSandboxProject, script, type SandboxProject } from '../../e2e/sandbox-project.ts';
import { runStates, type Machine } from '../step-functions/run-states.ts';
import { emulatedServices, emulator } from './emulated-services.ts';
import { faultsOf, medianMultiple, percentiles, plannedReads } from './planned-reads.ts';
import { readItems, type Item, type Reading } from './read-items.ts';

const stack = inject('stack');
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
      environment: { LAKELIFT_KEY_COMMERCE: 'c3'.repeat(32) },
      change: (config) => ({
        ...config,
        privacy: { keys: { commerce: { version: 1, env: 'LAKELIFT_KEY_COMMERCE' } } },
      }),
    });
    expect((await project.run(id)).code).toBe(0);
    for (const command of [['zones', 'build'], ['generate']])
      expect(await project.lakelift(...command, id)).toMatchObject({ code: 0 });
    const served = await project.lakelift('serve', id, '--json');
    expect(served).toMatchObject({ code: 0, stderr: '' });
    made = JSON.parse(served.stdout) as ServingImport;
    const s3 = await copyToEmulator();
    const { error } = await runStates(generated('refresh.json') as Machine, {
      input: {},
      services: emulatedServices(stack!, s3),
    });
    s3.destroy();
    expect(error).toBeUndefined();
    ({ patterns } = generated('access-patterns.json') as { readonly patterns: readonly AccessPattern[] });
    const { Parameter } = await emulator(stack!)('Ssm')('GetParameter', { Name: alias });
    table = (Parameter as { readonly Value: string }).Value;
    items = await scanned();
  }, 120_000);
  afterAll(() => project.close());

  const generated = (name: string): unknown =>
    JSON.parse(readFileSync(join(project.root, 'generated', id, 'dynamodb', name), 'utf8'));
  const call = emulator(stack!)('DynamoDb');

  /** The emulator imports from its own S3, and from no other. */
  async function copyToEmulator(): Promise<S3Client> {
    const { region, glueEndpoint: endpoint, accessKeyId, secretAccessKey } = stack!;
    const credentials = { accessKeyId, secretAccessKey };
    const s3 = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: made.bucket }));
    for await (const { key } of project.store.listObjects(made.bucket, `_serving/${id}/`)) {
      const content = await project.store.readObject({ bucket: made.bucket, key: s3Key(key) });
      const Body = Buffer.concat(await Array.fromAsync(content));
      await s3.send(new PutObjectCommand({ Bucket: made.bucket, Key: key, Body }));
    }
    return s3;
  }

  async function scanned(): Promise<Item[]> {
    const found: Item[] = [];
    let last: unknown;
    do {
      const page = await call('Scan', { TableName: table, ...(last !== undefined && { ExclusiveStartKey: last }) });
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
});
