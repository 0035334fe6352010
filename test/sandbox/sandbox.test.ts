import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HiveMetastoreCatalog } from '../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { SqliteLedger } from '../../src/adapters/ledger/sqlite-ledger.ts';
import { WebHdfsSourceFileSystem } from '../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { loadProject } from '../../src/config/config.ts';
import { readMapping } from '../../src/config/mapping-file.ts';
import { loadMigration } from '../../src/config/migration-file.ts';
import type { FileItem, PlanItem, PlanSummary } from '../../src/domain/plan.ts';
import { WebHdfsClient } from '../../src/hdfs-webhdfs-client/index.ts';
import { startSandbox, type Sandbox, type SandboxFaults } from '../../src/sandbox/sandbox.ts';
import { proposeMapping } from '../../src/steps/map.ts';
import { planUseCase } from '../../src/steps/plan/plan-use-case.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('the sandbox, planned by the real adapters', () => {
  let directory: string;
  const open: { close(): unknown }[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'lakelift-sandbox-'));
  });
  afterEach(async () => {
    for (const one of open.splice(0).reverse()) await one.close();
    await rm(directory, { recursive: true });
  });

  function opened<One extends { close(): unknown }>(one: One): One {
    open.push(one);
    return one;
  }

  const start = async (faults: SandboxFaults = {}) => opened(await startSandbox({ directory, faults }));

  async function plan(
    sandbox: Sandbox,
    useCase: string,
  ): Promise<{ summary: PlanSummary; items: Map<string, PlanItem> }> {
    const { hdfs, hive } = sandbox.configuration.source;
    const client = opened(
      new WebHdfsClient({ nameNodes: hdfs.nameNodes, authentication: { kind: 'user', user: hdfs.user } }),
    );
    const migration = await loadMigration(ROOT, useCase);
    const ledger = opened(new SqliteLedger(':memory:', migration.id));
    const summary = await planUseCase({
      migration,
      mapping: await readMapping(ROOT, useCase),
      zones: { raw: { bucket: sandbox.configuration.zones.raw.bucket, prefix: '' } },
      source: new WebHdfsSourceFileSystem(client),
      catalog: opened(new HiveMetastoreCatalog({ addresses: hive.metastore, user: hdfs.user })),
      writer: ledger.writePlan(),
      clusterAuthorities: hdfs.authorities,
      progress: () => {},
      signal: new AbortController().signal,
    });
    return { summary, items: new Map([...ledger.listItems({})].map((item) => [item.id, item])) };
  }

  it('gives a configuration that validates, with buckets that answer', async () => {
    const { configuration, environment } = await start();
    await writeFile(join(directory, 'lakelift.yaml'), stringify(configuration));
    expect((await loadProject(directory)).config.source.hdfs).toMatchObject(configuration.source.hdfs);
    const credentials = {
      accessKeyId: environment['AWS_ACCESS_KEY_ID']!,
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY']!,
    };
    const s3 = new S3Client({ region: configuration.target.region, ...configuration.target.s3, credentials });
    for (const { bucket } of Object.values(configuration.zones))
      await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    s3.destroy();
  });

  it('starts again on the same directory', async () => {
    const first = await startSandbox({ directory });
    await first.close();
    await start();
  });

  it.each(['absences', 'churn', 'field-sales'])(
    '%s: every file of the lake is copied or accounted for, nothing waits for a decision',
    async (useCase) => {
      const sandbox = await start();
      const { items } = await plan(sandbox, useCase);
      const open = [...items.values()].filter(({ verdict }) => verdict === 'refuse' || verdict === 'needs-decision');
      expect(open).toEqual([]);
      const copied = [...items.values()].filter((item): item is FileItem => item.kind === 'file');
      const inLake = new Map([...sandbox.lake.files].map(({ path, content }) => [path, content.length]));
      for (const { source } of copied)
        expect([source.path, inLake.get(source.path)]).toEqual([source.path, source.sizeBytes]);
      const database = { absences: '/rh.db/', churn: '/assurance.db/', 'field-sales': '/commerce.db/' }[useCase]!;
      const reached = new Set(copied.map(({ source }) => String(source.path)));
      const leftOut = [...items.values()].flatMap((item) =>
        item.kind === 'path' && item.verdict === 'skip' ? [item.path] : [],
      );
      const unexplained = [...inLake.keys()].filter(
        (path) =>
          path.includes(database) &&
          !path.includes('/mouvements/') &&
          !reached.has(path) &&
          !leftOut.some((left) => path.startsWith(left)),
      );
      expect(unexplained).toEqual([]);
    },
  );

  it('carries odd partition values through metastore, folders and keys unharmed', async () => {
    const { items } = await plan(await start(), 'churn');
    const prefix = 'assurance/sinistres/annee=2023/type_sinistre=';
    for (const [name, value] of [
      ['dégât des eaux', 'dégât des eaux'],
      ['sinistre 50%25', 'sinistre 50%'],
      ['bris%3Aglace', 'bris:glace'],
      ['a+b%3Dc', 'a+b=c'],
      ['vol & vandalisme', 'vol & vandalisme'],
    ]) {
      const partition = items.get(`partition:assurance.sinistres/annee=2023/type_sinistre=${name}`);
      expect(partition).toMatchObject({
        verdict: 'copy',
        definition: { values: ['2023', value], storage: { location: `s3://sandbox-raw/${prefix}${name}/` } },
      });
      expect(items.get(`file:sandbox-raw/${prefix}${name}/000000_0`)).toMatchObject({ verdict: 'copy' });
    }
    expect(items.get('file:sandbox-raw/assurance/sinistres/annee=2021/type_sinistre=Auto/000000_0')).toMatchObject({
      source: { path: '/archives/sinistres/2021_auto/000000_0' },
    });
    expect(items.get('partition:assurance.sinistres/annee=2024/type_sinistre=Auto')?.reason?.code).toBe(
      'FOLDER_MISSING',
    );
  });

  it('gives the same hash again, also after the cluster was laid out afresh', async () => {
    const first = await startSandbox({ directory });
    const before = await plan(first, 'churn');
    await first.close();
    const again = await start();
    expect((await plan(again, 'churn')).summary.hash).toBe(before.summary.hash);
    again.fileSystem.writeFile('/archives/sinistres/2021_auto/000001_0', Buffer.from('new'), { modifiedAtMs: 1 });
    expect((await plan(again, 'churn')).summary.hash).not.toBe(before.summary.hash);
  });

  it('refuses a table whose folder is closed to us, and plans the others', async () => {
    const sandbox = await start({
      hdfs: ({ operation, path }) =>
        operation.startsWith('LISTSTATUS') && path.endsWith('/rh.db/salaries')
          ? { kind: 'exception', exception: 'AccessControlException', message: 'Permission denied' }
          : undefined,
    });
    const { items } = await plan(sandbox, 'absences');
    expect(items.get('table:rh.salaries')).toMatchObject({ verdict: 'refuse', reason: { code: 'CANNOT_READ_TABLE' } });
    expect(items.get('table:rh.dsn_salarie')).toMatchObject({ verdict: 'copy' });
  });

  it('throws when the cluster cannot be reached: its files, or its metastore', async () => {
    const mute = await startSandbox({ directory, faults: { hdfs: () => ({ kind: 'reset' }) } });
    await expect(plan(mute, 'absences')).rejects.toMatchObject({ kind: 'unavailable' });
    await mute.close();
    await expect(plan(mute, 'absences')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('proposes from the metastore what the committed mappings already hold', async () => {
    const sandbox = await start();
    const catalog = opened(
      new HiveMetastoreCatalog({ addresses: sandbox.configuration.source.hive.metastore, user: 'hive' }),
    );
    for (const useCase of ['absences', 'churn', 'field-sales']) {
      const { mapping, missing } = await proposeMapping(await loadMigration(ROOT, useCase), catalog);
      const committed = await readMapping(ROOT, useCase);
      expect(missing).toEqual([]);
      expect(Object.keys(mapping.tables)).toEqual(Object.keys(committed.tables));
      for (const [name, { columns }] of Object.entries(mapping.tables))
        expect(Object.keys(committed.tables[name]!.columns)).toEqual(Object.keys(columns));
    }
  });
});
