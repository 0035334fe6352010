import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { textOfImport } from '../../../src/domain/serving/serving-import.ts';
import { servingTable } from '../../../src/generate/dynamodb/serving-table.ts';
import { startGlue, type S3Server } from '../../stack/aws.ts';
import { blueprintOf } from '../blueprint.ts';
import { runMachine, type Executed } from '../step-functions/run-machine.ts';
import { emulator } from './emulated-services.ts';

const stack = inject('stack');
const ALIAS = '/lakelift/field-sales/serving-table';
const table = (version: string): string => `lakelift-field-sales-serving-${version}`;
const MACHINE = servingTable(await blueprintOf('field-sales')).find(
  ({ path }) => path === 'dynamodb/refresh.json',
)!.text;

interface Latest {
  readonly Bucket: string;
  readonly Key: string;
}

/** The machine as it would be deployed: an emulator's interpreter asks that emulator's DynamoDB, Systems Manager and S3, by the names and errors that AWS has. */
describe.skipIf(stack === undefined)('the generated refresh, executed as a whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-refresh-'));
  let server: S3Server;
  let s3: S3Client;

  beforeAll(async () => {
    server = await startGlue(folder, 'executing_moto.py');
    const { region, accessKeyId, secretAccessKey } = stack!;
    const credentials = { accessKeyId, secretAccessKey };
    s3 = new S3Client({ region, endpoint: server.endpoint, credentials, forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: latest.Bucket }));
  }, 120_000);
  afterAll(async () => {
    s3.destroy();
    await server.server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const { States } = JSON.parse(MACHINE) as { readonly States: { readonly Latest: { readonly Parameters: Latest } } };
  const latest = States.Latest.Parameters;
  const call = (service: 'DynamoDb' | 'Ssm') => emulator({ ...stack!, glueEndpoint: server.endpoint })(service);
  const inUse = async (alias = ALIAS): Promise<string> => {
    const { Parameter } = await call('Ssm')('GetParameter', { Name: alias });
    return (Parameter as { readonly Value: string }).Value;
  };
  const tables = async (): Promise<string[]> =>
    ((await call('DynamoDb')('ListTables', {}))['TableNames'] as string[]).toSorted();

  /** As `serve` leaves it; `said` items, if there are not as many as that. */
  async function put(version: string, count: number, said = count): Promise<void> {
    const { Bucket, Key } = latest;
    const prefix = Key.replace('latest.json', `items/${version}/`);
    const items = Array.from({ length: count }, (_, at) => {
      const Item = { pk: { S: `PROSPECT#${at}` }, sk: { S: 'FICHE' }, dataset: { S: 'prospects' } };
      return `${JSON.stringify({ Item })}\n`;
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: `${prefix}0.json.gz`, Body: gzipSync(items.join('')) }));
    const made = { version, bucket: Bucket, prefix, items: said, datasets: { prospects: said } };
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: textOfImport(made) }));
  }

  const refresh = (...executions: readonly string[]): Promise<Record<string, Executed>> =>
    runMachine(
      { endpoint: server.endpoint, region: stack!.region },
      {
        definition: MACHINE.replaceAll(/(?<="Seconds": )\d+/g, '1'),
        ...{ functions: {}, jobs: [] },
        executions: Object.fromEntries(executions.map((name) => [name, {}])),
      },
    );

  it('imports what was served first, and names its table', async () => {
    await put('a', 5);
    expect(await refresh('first')).toMatchObject({ first: { status: 'SUCCEEDED' } });
    expect(await inUse()).toBe(table('a'));
    expect((await call('DynamoDb')('Scan', { TableName: table('a') }))['Count']).toBe(5);
  });

  it('imports the next one beside it, and takes the table away that was in use before the last', async () => {
    for (const [version, count] of [
      ['b', 3],
      ['c', 4],
    ] as const) {
      await put(version, count);
      expect(await refresh(version)).toMatchObject({ [version]: { status: 'SUCCEEDED' } });
    }
    expect([await inUse(), await inUse(`${ALIAS}-before`)]).toEqual([table('c'), table('b')]);
    expect(await tables()).toEqual([table('b'), table('c')]);
  });

  it('changes nothing again, nor where the import is not whole, nor beside another execution', async () => {
    expect(await refresh('again')).toMatchObject({ again: { status: 'SUCCEEDED' } });
    await put('d', 2, 3);
    expect(await refresh('less')).toMatchObject({ less: { status: 'FAILED', error: 'ImportNotWhole' } });
    // Which of them sees the other depends on their clocks; both may, and either may come too late to.
    const errors = Object.values(await refresh('one', 'two', 'three', 'four')).map(({ error }) => error);
    expect(errors).toContain('NotAlone');
    expect([await inUse(), await tables()]).toEqual([table('c'), [table('b'), table('c')]]);
  });
});
