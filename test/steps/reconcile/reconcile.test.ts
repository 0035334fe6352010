import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  DeleteTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
  type PartitionInput,
  type TableInput,
} from '@aws-sdk/client-glue';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Finding, Reconciliation } from '../../../src/domain/reconciliation.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { runId } from '../../contracts/ledger.ts';
import { startWorld, type World } from '../migrated-world.ts';

const RUN = runId('r1');
const DATABASE = 'raw_rh';

/** One world, migrated once; every test breaks one thing, sees it named, and mends it. */
describe('reconcile', () => {
  let world: World;
  let s3: S3Client;
  let glue: GlueClient;
  let keys: string[];

  beforeAll(async () => {
    world = await startWorld();
    await world.run(RUN);
    s3 = new S3Client(world.settings);
    const { region, credentials } = world.settings;
    glue = new GlueClient({ region, credentials, endpoint: world.sandbox.configuration.target.glue.endpoint });
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: world.bucket }));
    keys = Contents.map(({ Key }) => Key!);
  });
  afterAll(async () => {
    s3.destroy();
    glue.destroy();
    await world.close();
  });

  const keyOf = (beginning: string) => keys.find((key) => key.startsWith(beginning))!;
  const seen = ({ findings }: Reconciliation) =>
    findings.shown.map(({ check, kind, weight }: Finding) => `${check} ${kind} ${weight}`);

  /** Changes one object and puts the old one back, marks and all. */
  async function withObject(key: string, change: () => Promise<unknown>, look: () => Promise<void>): Promise<void> {
    const Bucket = world.bucket;
    const before = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
    const Body = await before.Body!.transformToByteArray();
    try {
      await change();
      await look();
    } finally {
      await s3.send(
        new PutObjectCommand({ Bucket, Key: key, Body, Metadata: before.Metadata, ChecksumAlgorithm: 'CRC32C' }),
      );
    }
  }

  async function withTable(
    name: string,
    change: (table: TableInput) => TableInput,
    look: () => Promise<void>,
  ): Promise<void> {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: DATABASE, Name: name }));
    const { Name, Description, Owner, StorageDescriptor, PartitionKeys, TableType, Parameters } = Table!;
    const before: TableInput = { Name, Description, Owner, StorageDescriptor, PartitionKeys, TableType, Parameters };
    const put = (TableInput: TableInput) => glue.send(new UpdateTableCommand({ DatabaseName: DATABASE, TableInput }));
    try {
      await put(change(structuredClone(before)));
      await look();
    } finally {
      await put(before);
    }
  }

  async function withPartition(
    change: (first: PartitionInput) => PartitionInput | undefined,
    look: () => Promise<void>,
  ): Promise<void> {
    const where = { DatabaseName: DATABASE, TableName: 'dsn_salarie' };
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand(where));
    const { Values = [], StorageDescriptor, Parameters } = Partitions[0]!;
    const before = { Values, StorageDescriptor, Parameters };
    const drop = () => glue.send(new BatchDeletePartitionCommand({ ...where, PartitionsToDelete: [{ Values }] }));
    const create = (PartitionInputList: PartitionInput[]) =>
      glue.send(new BatchCreatePartitionCommand({ ...where, PartitionInputList }));
    const changed = change(structuredClone(before));
    const isExtra = changed?.Values?.[0] !== Values[0] && changed !== undefined;
    try {
      if (!isExtra) await drop();
      if (changed !== undefined) await create([changed]);
      await look();
    } finally {
      if (isExtra)
        await glue.send(
          new BatchDeletePartitionCommand({ ...where, PartitionsToDelete: [{ Values: changed.Values }] }),
        );
      else {
        if (changed !== undefined) await drop();
        await create([before]);
      }
    }
  }

  const put = (Key: string, Body: string | Uint8Array, Metadata?: Record<string, string>) =>
    s3.send(
      new PutObjectCommand({
        Bucket: world.bucket,
        Key,
        Body,
        ChecksumAlgorithm: 'CRC32C',
        ...(Metadata && { Metadata }),
      }),
    );

  it('raises no alarm on what was just migrated, and proves every file end to end', async () => {
    const record = await world.reconcile(RUN);
    expect(record).toMatchObject({ verdict: 'identical', findings: { total: 0 }, excluded: { total: 0 } });
    expect(record.files).toMatchObject({ expected: keys.length, matched: keys.length });
    expect(record.files.proofs['end-to-end']).toBe(keys.length);
    expect(record.scopes.map(({ scope }) => scope)).toContain('rh.dsn_salarie');
  });

  it('works without the ledger of the run, and then claims less', async () => {
    const record = await world.reconcile(undefined);
    expect(record.verdict).toBe('identical');
    expect(record.files.proofs['target-only']).toBe(keys.length);
  });

  it('asks for no object that is listed as the ledger recorded it, and for each one without the ledger', async () => {
    const asked = vi.spyOn(world.store, 'findObject');
    await world.reconcile(RUN);
    expect(asked).not.toHaveBeenCalled();
    await world.reconcile(undefined);
    expect(asked).toHaveBeenCalledTimes(keys.length);
    asked.mockRestore();
  });

  it('gives the same record twice', async () => {
    expect(await world.reconcile(RUN)).toEqual(await world.reconcile(RUN));
  });

  it('finds a missing object, and names its source', async () => {
    const key = keyOf('rh/salaries/');
    const change = () => s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key: key }));
    await withObject(key, change, async () => {
      const record = await world.reconcile(RUN);
      expect(seen(record)).toEqual(['files missing difference']);
      expect(record.findings.shown[0]!.subject).toMatch(/\/salaries\/salaries\.tsv$/);
      expect(record.verdict).toBe('differences');
      expect(record.scopes.find(({ scope }) => scope === 'rh.dsn_salarie')!.verdict).toBe('identical');
    });
  });

  it.each([
    ['truncated', (body: Uint8Array) => body.subarray(1), 'files checksum-differs difference'],
    [
      'bit-flipped',
      (body: Uint8Array) => Uint8Array.from(body, (byte, at) => (at === 7 ? byte ^ 1 : byte)),
      'files checksum-differs difference',
    ],
  ])('finds a %s object though it carries the right marks', async (_, damage, expected) => {
    const key = keyOf('rh/salaries/');
    const before = await s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: key }));
    const body = await before.Body!.transformToByteArray();
    await withObject(
      key,
      () => put(key, damage(body), before.Metadata),
      async () => expect(seen(await world.reconcile(RUN))).toEqual([expected]),
    );
  });

  it('finds a truncated object without the ledger too, by its size', async () => {
    const key = keyOf('rh/salaries/');
    const before = await s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: key }));
    const body = await before.Body!.transformToByteArray();
    const look = async () => expect(seen(await world.reconcile(undefined))).toEqual(['files size-differs difference']);
    await withObject(key, () => put(key, body.subarray(1), before.Metadata), look);
  });

  it('finds two swapped objects', async () => {
    const [one, other] = keys.filter((key) => key.startsWith('rh/dsn_salarie/')) as [string, string];
    const swap = () =>
      s3.send(
        new CopyObjectCommand({ Bucket: world.bucket, Key: one, CopySource: encodeURI(`${world.bucket}/${other}`) }),
      );
    await withObject(one, swap, async () => {
      const record = await world.reconcile(RUN);
      expect(seen(record)).toEqual(['files unproven difference']);
      expect(record.findings.shown[0]!.detail).toContain('copy of another file');
    });
  });

  it('finds an object that somebody else put in place', async () => {
    const key = keyOf('data/rh/dsn/');
    const look = async () => expect(seen(await world.reconcile(RUN))).toEqual(['files unproven difference']);
    await withObject(key, () => put(key, 'forged'), look);
  });

  it('finds an object too many', async () => {
    const Key = 'rh/salaries/_SUCCESS';
    await put(Key, 'done');
    try {
      const record = await world.reconcile(RUN);
      expect(seen(record)).toEqual(['files unexpected difference']);
      expect(record.findings.shown[0]!.scope).toBe('rh.salaries');
    } finally {
      await s3.send(new DeleteObjectCommand({ Bucket: world.bucket, Key }));
    }
  });

  it.each<[string, (table: TableInput) => TableInput, string[]]>([
    [
      'a dropped column',
      (t) => ({ ...t, StorageDescriptor: { ...t.StorageDescriptor, Columns: t.StorageDescriptor!.Columns!.slice(1) } }),
      ['columns missing difference'],
    ],
    [
      'reordered columns',
      (t) => ({
        ...t,
        StorageDescriptor: {
          ...t.StorageDescriptor,
          Columns: [...t.StorageDescriptor!.Columns!.slice(1), t.StorageDescriptor!.Columns![0]!],
        },
      }),
      ['columns differs difference'],
    ],
    [
      'a retyped column',
      (t) => ({
        ...t,
        StorageDescriptor: {
          ...t.StorageDescriptor,
          Columns: t.StorageDescriptor!.Columns!.map((c, i) => (i === 0 ? { ...c, Type: 'binary' } : c)),
        },
      }),
      ['columns differs difference'],
    ],
    [
      'another location',
      (t) => ({ ...t, StorageDescriptor: { ...t.StorageDescriptor, Location: 's3://elsewhere/' } }),
      ['table differs difference'],
    ],
    [
      'a header that hides a row',
      (t) => ({ ...t, Parameters: { ...t.Parameters, 'skip.header.line.count': '7' } }),
      ['table differs difference'],
    ],
    ['a foreign table in its place', (t) => ({ ...t, Parameters: {} }), ['table foreign difference']],
  ])('finds %s', async (_, change, expected) => {
    await withTable('salaries', change, async () => {
      const record = await world.reconcile(RUN);
      expect(seen(record)).toEqual(expected);
      expect(record.findings.shown[0]!.scope).toBe('rh.salaries');
    });
  });

  it('finds a table that is gone', async () => {
    await glue.send(new DeleteTableCommand({ DatabaseName: DATABASE, Name: 'salaries' }));
    expect(seen(await world.reconcile(RUN))).toEqual(['table missing difference']);
    await world.register(RUN);
    expect((await world.reconcile(RUN)).verdict).toBe('identical');
  });

  it.each<[string, (first: PartitionInput) => PartitionInput | undefined, string]>([
    ['lost', () => undefined, 'partitions missing difference'],
    ['doubled', (one) => ({ ...one, Values: ['9999-12'] }), 'partitions unexpected difference'],
    [
      'that points elsewhere',
      (one) => ({ ...one, StorageDescriptor: { ...one.StorageDescriptor, Location: 's3://elsewhere/' } }),
      'partitions differs difference',
    ],
  ])('finds a partition %s', async (_, change, expected) => {
    await withPartition(change, async () => expect(seen(await world.reconcile(RUN))).toEqual([expected]));
  });

  it('tells drift from loss: a source that changed, grew or went after the copy', async () => {
    const { fileSystem } = world.sandbox;
    const folder = fileSystem.getFolder('/data/rh/dsn/2024/01').children;
    const name = 'DSN_000000001_202401.dsn';
    const original = folder.get(name)!;
    folder.delete(name);
    fileSystem.writeFile(`/data/rh/dsn/2024/01/${name}`, Buffer.from('rewritten'), {});
    fileSystem.writeFile('/data/rh/dsn/2024/01/nouveau.dsn', Buffer.from('new'), {});
    const record = await world.reconcile(RUN);
    expect(seen(record)).toEqual(['files drifted drift', 'files drifted drift']);
    expect(record).toMatchObject({ verdict: 'differences', files: { drifted: 2, differing: 0 } });

    folder.delete('nouveau.dsn');
    folder.delete(name);
    const gone = await world.reconcile(RUN);
    expect(seen(gone)).toEqual(['files drifted drift']);
    expect(gone.findings.shown[0]!.detail).toContain('was removed after it was copied');

    folder.set(name, original);
    expect((await world.reconcile(RUN)).verdict).toBe('identical');
  });

  it('is incomplete, with the reason, where something at the source can be neither copied nor left out', async () => {
    const { fileSystem } = world.sandbox;
    fileSystem.writeFile('/data/rh/dsn/gros.dsn._COPYING_', Buffer.from('x'), {});
    const record = await world.reconcile(RUN);
    expect(record).toMatchObject({ verdict: 'incomplete', excluded: { byVerdict: { refuse: 1 } } });
    expect(record.excluded.shown[0]).toMatchObject({ code: 'UNFINISHED_UPLOAD' });
    fileSystem.getFolder('/data/rh/dsn').children.delete('gros.dsn._COPYING_');
  });

  describe('counting rows', () => {
    const engine = (name: QueryEngine['name'], rows: (sql: string) => (string | undefined)[][]): QueryEngine => ({
      name,
      query: (sql) => Promise.resolve(rows(sql)),
      close: () => Promise.resolve(),
    });
    const answer = (dsn: string, nulls: string | undefined) => (sql: string) => {
      if (sql.includes('dsn_salarie'))
        return [
          ['2024-01', dsn],
          ['2024-02', '2'],
          ['2024-03', '3'],
        ];
      if (sql.includes('arret_travail'))
        return [
          ['2023', '12', '1'],
          ['2024', nulls, '5'],
        ];
      return [['7']];
    };

    it('compares each partition, whatever the order and spelling of its values', async () => {
      const engines = {
        source: engine('hive', answer('1', '__HIVE_DEFAULT_PARTITION__')),
        target: engine('trino', (sql) => answer('1', undefined)(sql).reverse()),
      };
      const record = await world.reconcile(RUN, engines);
      expect(record.verdict).toBe('identical');
      const dsn = record.scopes.find(({ scope }) => scope === 'rh.dsn_salarie')!.rows;
      expect(dsn).toMatchObject({ sourceRows: '6', targetRows: '6', partitionsCompared: 3, partitionsDiffering: 0 });
    });

    it('names the partition whose rows differ', async () => {
      const engines = { source: engine('hive', answer('1', '1')), target: engine('trino', answer('2', '1')) };
      const { findings, verdict } = await world.reconcile(RUN, engines);
      expect(verdict).toBe('differences');
      expect(findings.shown).toMatchObject([
        {
          check: 'rows',
          scope: 'rh.dsn_salarie',
          subject: 'mois_declaration=2024-01',
          source: '1 rows',
          target: '2 rows',
        },
      ]);
    });

    it('says what the engine will be billed for before it asks, and afterwards what it was', async () => {
      let scannedBytes = 5;
      const rows = (sql: string) => {
        scannedBytes += 20_000_000;
        return answer('1', '1')(sql);
      };
      const target = Object.defineProperty(engine('athena', rows), 'scannedBytes', { get: () => scannedBytes });
      const { queryCost } = await world.reconcile(RUN, { source: engine('hive', answer('1', '1')), target });
      const tables = (scannedBytes - 5) / 20_000_000;
      expect(tables).toBeGreaterThan(1);
      // Small tables: of each the least that a query is billed for.
      expect(queryCost).toMatchObject({ scannedBytes: tables * 20_000_000, estimatedBytes: tables * 10 * 1024 ** 2 });
      expect(queryCost!.scannedUsd).toBeCloseTo((tables * 20_000_000 * 5) / 1024 ** 4, 8);
    });

    it('is incomplete when an engine gives no count', async () => {
      const broken = engine('trino', () => [['many']]);
      const record = await world.reconcile(RUN, { source: engine('hive', answer('1', '1')), target: broken });
      expect(record.verdict).toBe('incomplete');
      expect(record.findings.shown.every(({ detail }) => detail.includes('ROW_COUNT_UNREADABLE'))).toBe(true);
    });
  });
});
