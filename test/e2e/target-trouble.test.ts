import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { crcOf, crcToBase64 } from '../../src/domain/checksum/crc.ts';
import { s3Key, type S3Key } from '../../src/domain/names.ts';
import type { TargetTable } from '../../src/domain/target-table.ts';
import type { WriteCondition } from '../../src/ports/target-object-store.ts';
import { openSandboxProject, type SandboxProject } from './sandbox-project.ts';

let project: SandboxProject;
afterEach(() => project.close());

/** As somebody else would write, without our marks. */
async function putForeign(key: S3Key, text: string, condition: WriteCondition): Promise<void> {
  const body = Buffer.from(text);
  const crc32c = crcToBase64(crcOf('CRC32C').sum(body));
  await project.store.putObject({ address: { bucket: 'sandbox-raw', key }, body, crc32c, metadata: {}, condition });
}

async function textAt(key: S3Key): Promise<string> {
  const chunks = await Array.fromAsync(await project.store.readObject({ bucket: 'sandbox-raw', key }));
  return Buffer.concat(chunks).toString();
}

const FOREIGN_TABLE: TargetTable = {
  database: 'raw_rh',
  name: 'arret_travail',
  type: 'EXTERNAL_TABLE',
  description: undefined,
  owner: undefined,
  partitionKeys: [],
  parameters: {},
  storage: {
    columns: [{ name: 'a', type: 'string' }],
    location: 's3://elsewhere/',
    inputFormat: undefined,
    outputFormat: undefined,
    serdeLibrary: undefined,
    serdeParameters: {},
    isCompressed: false,
    bucketCount: 0,
    bucketColumns: [],
    sortColumns: [],
  },
};

async function firstDeclaration(): Promise<S3Key> {
  const [object] = await Array.fromAsync(project.store.listObjects('sandbox-raw', 'data/rh/dsn'));
  return s3Key(object!.key);
}

async function deleteObject(key: S3Key): Promise<void> {
  const { region, s3 } = project.sandbox.configuration.target;
  const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = project.environment;
  const client = new S3Client({ region, ...s3, credentials: { accessKeyId, secretAccessKey } });
  await client.send(new DeleteObjectCommand({ Bucket: 'sandbox-raw', Key: key }));
  client.destroy();
}

describe('a target that others use too', () => {
  it('keeps foreign objects and foreign tables as they are; both are refused by name', async () => {
    project = await openSandboxProject();
    const plan = JSON.parse((await project.lakelift('plan', 'absences', '--json')).stdout) as {
      items: { kind: string; target?: { key: string } }[];
    };
    const key = s3Key(plan.items.find(({ kind }) => kind === 'file')!.target!.key);
    await putForeign(key, 'not ours', { kind: 'if-absent' });
    await project.catalog.createDatabase('raw_rh', 'theirs');
    await project.catalog.createTable(FOREIGN_TABLE);
    const { code, summary } = await project.run('absences');
    expect(code).toBe(3);
    const bad = project.items('absences', summary.runId).filter(({ code: found }) => found !== '');
    expect(bad.map(({ code: found }) => found)).toEqual(expect.arrayContaining(['TARGET_FOREIGN_OBJECT']));
    expect(await textAt(key)).toBe('not ours');
    const table = await project.catalog.findTable(FOREIGN_TABLE);
    expect(table?.table.storage.location).toBe('s3://elsewhere/');
  }, 60_000);

  it('a foreign table alone is refused and untouched, while its files and the other tables arrive', async () => {
    project = await openSandboxProject();
    await project.catalog.createDatabase('raw_rh', 'theirs');
    await project.catalog.createTable(FOREIGN_TABLE);
    const { code, summary } = await project.run('absences');
    expect(code).toBe(3);
    const refused = project.items('absences', summary.runId).find(({ item }) => item === 'table:rh.arret_travail');
    expect(refused?.code).toMatch(/FOREIGN/);
    const table = await project.catalog.findTable(FOREIGN_TABLE);
    expect(table?.table).toMatchObject({ storage: { location: 's3://elsewhere/' }, parameters: {} });
    expect(await Array.fromAsync(project.catalog.listPartitions(FOREIGN_TABLE))).toEqual([]);
    expect(summary.totals.filter(({ kind }) => kind === 'file').map(({ status }) => status)).toEqual(['verified']);
  }, 60_000);

  it('an object that was changed after the run is found by reconcile and left alone by the next run', async () => {
    project = await openSandboxProject();
    expect((await project.run('absences')).code).toBe(0);
    const key = await firstDeclaration();
    const standing = await project.store.findObject({ bucket: 'sandbox-raw', key });
    await putForeign(key, 'tampered', { kind: 'if-match', etag: standing!.etag });
    const reconciled = await project.lakelift('reconcile', 'absences');
    expect(reconciled.code).toBe(4);
    expect(reconciled.stdout).toContain('DIFFER');
    const { code, summary } = await project.run('absences');
    expect(code).toBe(3);
    expect(project.items('absences', summary.runId).map(({ code: found }) => found)).toContain('TARGET_CHANGED');
    expect(await textAt(key)).toBe('tampered');
  }, 60_000);

  it('an object that was deleted after the run is found by reconcile and written again by the next run', async () => {
    project = await openSandboxProject();
    expect((await project.run('absences')).code).toBe(0);
    const key = await firstDeclaration();
    await deleteObject(key);
    const reconciled = await project.lakelift('reconcile', 'absences', '--json');
    expect(reconciled.code).toBe(4);
    expect((await project.run('absences')).code).toBe(0);
    expect(await project.store.findObject({ bucket: 'sandbox-raw', key })).toBeDefined();
  }, 60_000);
});

describe('a target in trouble', () => {
  it('that slows down and throttles is waited for', async () => {
    const seen = new Map<string, number>();
    const isAmongFirst = (key: string, times: number): boolean => {
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return seen.get(key)! <= times;
    };
    project = await openSandboxProject({
      change: (config) => ({ ...config, limits: { partSize: '5 MiB', retryForMinutes: 2 } }),
      faults: {
        s3: ({ operation }) =>
          /PutObject|UploadPart|Complete/.test(operation) && isAmongFirst(operation, 4)
            ? { kind: 'error', status: 503, code: 'SlowDown' }
            : undefined,
        glue: ({ operation }) =>
          isAmongFirst(operation, 4) ? { kind: 'error', status: 400, code: 'ThrottlingException' } : undefined,
      },
    });
    const { code, summary, stderr } = await project.run('churn');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(stderr).toContain('"kind":"retry"');
  }, 90_000);

  it('that takes the keys no more in mid-run ends it with 5, and it goes on with those that it takes', async () => {
    let requests = 0;
    let isExpired = true;
    project = await openSandboxProject({
      faults: {
        s3: () =>
          ++requests > 20 && isExpired
            ? { kind: 'error', status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' }
            : undefined,
      },
    });
    const ended = await project.lakelift('run', 'absences', '--yes', '--json');
    expect(ended.code).toBe(5);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'AWS_CREDENTIALS', kind: 'denied' } });
    expect(ended.stderr).toContain('what to do:');
    isExpired = false;
    const { code, summary } = await project.run('absences');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
  }, 90_000);

  it('whose acknowledgements are lost has every object once, proven', async () => {
    let count = 0;
    project = await openSandboxProject({
      faults: {
        s3: ({ operation }) =>
          /PutObject|UploadPart|CompleteMultipartUpload/.test(operation) && count++ % 3 === 0
            ? { kind: 'lose-acknowledgement' }
            : undefined,
        glue: ({ operation }) =>
          operation === 'CreateTable' && count++ % 2 === 0 ? { kind: 'lose-acknowledgement' } : undefined,
      },
    });
    const { code, summary } = await project.run('churn');
    expect({ code, verdict: summary.reconciliation }).toEqual({ code: 0, verdict: 'identical' });
    expect(project.report('churn', summary.runId).proofs.map(({ proof }) => proof)).toEqual(['end-to-end']);
    expect(await Array.fromAsync(project.store.listUploads('sandbox-raw', ''))).toEqual([]);
  }, 60_000);
});
