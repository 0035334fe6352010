import { randomUUID } from 'node:crypto';
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GlueClient,
  UpdateTableCommand,
  type Column,
  type PartitionInput,
  type TableInput,
} from '@aws-sdk/client-glue';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HiveServer2Engine } from '../../../src/adapters/hiveserver2/hiveserver2-engine.ts';
import { TrinoEngine } from '../../../src/adapters/trino/trino-engine.ts';
import { defineMigration } from '../../../src/domain/migration.ts';
import type { Reconciliation } from '../../../src/domain/reconciliation.ts';
import { WebHdfsWriter } from '../../../src/hdfs-webhdfs-client/index.ts';
import type { QueryEngine } from '../../../src/ports/query-engine.ts';
import { runId } from '../../contracts/ledger.ts';
import { openWorld } from '../migrated-world.ts';

const stack = inject('stack');
const RUN = runId('r1');

const FILES: Readonly<Record<string, readonly string[]>> = {
  'p=a/one.txt': [
    '1|Dupont|ab|12.5000|2024-03-31 02:30:00|x',
    '2|\\N|cd|0.0100|2024-03-31 10:00:00|',
    '3|Élodie 😀|ef|100.1234|1999-12-31 23:59:59|une note',
  ],
  'p=a/two.txt': ['4|Martin|gh|7.2500|2020-01-01 00:00:00|y', '5|Durand|ij|7.2500|2020-01-01 00:00:00|y'],
  'p=b/one.txt': ['6|Petit|kl|1.0000|2020-01-01 00:00:00|z'],
};

type Lines = readonly string[];
const line = (number: number, change: (text: string) => string) => (lines: Lines) =>
  lines.map((text, index) => (index === number ? change(text) : text));
const replaced = (from: string, to: string) => (text: string) => text.replace(from, to);

/** The source stays as it is while the target is damaged: what Hive answered to a statement it need not answer again. */
function askedOnce(engine: QueryEngine): QueryEngine {
  const answers = new Map<string, ReturnType<QueryEngine['query']>>();
  return {
    name: engine.name,
    query: (sql, signal) => {
      const answer = answers.get(sql) ?? engine.query(sql, signal);
      answers.set(sql, answer);
      return answer;
    },
    close: () => engine.close(),
  };
}

/** One lake, migrated once; each fault is made alone, is found and named, and is mended. */
describe.skipIf(stack === undefined)('seeded faults', () => {
  if (stack === undefined) return;
  const suffix = randomUUID().slice(0, 8);
  const database = `faults_${suffix}`;
  const target = `raw_${database}`;
  const bucket = `faults-${suffix}`;
  const { region, s3Endpoint: endpoint, accessKeyId, secretAccessKey, glueEndpoint } = stack;
  const credentials = { accessKeyId, secretAccessKey };
  const s3Settings = { region, endpoint, forcePathStyle: true, credentials };
  const s3 = new S3Client(s3Settings);
  const glue = new GlueClient({ region, credentials, endpoint: glueEndpoint });
  const hive = new HiveServer2Engine({ ...stack.hiveServer2, user: stack.hdfsUser });
  const trino = new TrinoEngine({ url: stack.trinoUrl, user: 'reader', catalog: stack.trinoCatalog });
  const engines = { source: askedOnce(hive), target: trino };
  type OpenWorld = Awaited<ReturnType<typeof openWorld>>;
  let people: OpenWorld;
  let documents: OpenWorld;

  const migrated = async (table: string) => {
    const world = await openWorld({
      migration: defineMigration({
        id: `faults-${table}`,
        title: { fr: 'f', en: 'f' },
        owner: 'o',
        wave: 1,
        source: { tables: [`${database}.${table}`] },
        purpose: 'p',
        legalBasis: 'l',
        consumers: [],
      }),
      nameNode: stack.webHdfsUrl,
      user: stack.hdfsUser,
      authority: stack.hdfsAuthority,
      metastore: stack.metastore,
      s3: s3Settings,
      glueEndpoint,
      bucket,
      level: 'content',
    });
    await world.run(RUN);
    return world;
  };

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const authentication = { kind: 'user', user: stack.hdfsUser } as const;
    const hdfs = new WebHdfsWriter({ nameNodes: [stack.webHdfsUrl], authentication });
    for (const [path, lines] of Object.entries(FILES))
      await hdfs.create(`/data/${database}/people/${path}`, Buffer.from(`${lines.join('\n')}\n`));
    hdfs.close();
    for (const sql of [
      'SET mapreduce.task.io.sort.mb=10',
      `CREATE DATABASE ${database} LOCATION '/data/${database}'`,
      `CREATE EXTERNAL TABLE ${database}.people (id int, name string, code char(4), amount decimal(12,4), at timestamp, note string)
       PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION '/data/${database}/people'`,
      `ALTER TABLE ${database}.people ADD PARTITION (p='a') PARTITION (p='b')`,
      `CREATE EXTERNAL TABLE ${database}.documents (id int, t array<string>) STORED AS PARQUET LOCATION '/data/${database}/documents'`,
      `INSERT INTO ${database}.documents SELECT 1, array('a', 'b')`,
    ])
      await hive.query(sql);
    people = await migrated('people');
    documents = await migrated('documents');
  }, 120_000);
  afterAll(async () => {
    await hive.query(`DROP DATABASE IF EXISTS ${database} CASCADE`);
    await Promise.all([hive.close(), trino.close(), people.close(), documents.close()]);
    s3.destroy();
    glue.destroy();
  });

  const key = (path: string) => `${database}/people/${path}`;
  const seen = ({ findings }: Reconciliation) =>
    findings.shown.map(({ check, kind, subject }) => `${check} ${kind} ${subject}`);

  const read = async (Key: string) => {
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return { body: await Body!.transformToByteArray(), marks: Metadata };
  };
  const put = (Key: string, Body: Uint8Array | string, Metadata?: Record<string, string>) =>
    s3.send(
      new PutObjectCommand({ Bucket: bucket, Key, Body, ChecksumAlgorithm: 'CRC32C', ...(Metadata && { Metadata }) }),
    );
  const remove = (Key: string) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));

  /** With the object changed, under the marks that it had; undefined takes it away. */
  async function withObject(
    path: string,
    change: (body: Uint8Array) => Uint8Array | string | undefined,
    look: () => Promise<void>,
  ): Promise<void> {
    const { body, marks } = await read(path);
    const changed = change(body);
    try {
      await (changed === undefined ? remove(path) : put(path, changed, marks));
      await look();
    } finally {
      await put(path, body, marks);
    }
  }

  const text = (change: (lines: Lines) => Lines) => (body: Uint8Array) =>
    `${change(Buffer.from(body).toString().trimEnd().split('\n')).join('\n')}\n`;

  async function tableInput(name: string): Promise<TableInput> {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: target, Name: name }));
    const { Name, Description, Owner, StorageDescriptor, PartitionKeys, TableType, Parameters } = Table!;
    return { Name, Description, Owner, StorageDescriptor, PartitionKeys, TableType, Parameters };
  }

  async function withTable(change: (table: TableInput) => TableInput, look: () => Promise<void>): Promise<void> {
    const before = await tableInput('people');
    const update = (TableInput: TableInput) => glue.send(new UpdateTableCommand({ DatabaseName: target, TableInput }));
    try {
      await update(change(structuredClone(before)));
      await look();
    } finally {
      await update(before);
    }
  }

  const columns = (change: (columns: Column[]) => Column[]) => (table: TableInput) => ({
    ...table,
    StorageDescriptor: { ...table.StorageDescriptor, Columns: change(table.StorageDescriptor!.Columns!) },
  });

  it('raise no alarm while there are none, whatever is compared', async () => {
    const record = await people.reconcile(RUN, engines);
    expect(seen(record)).toEqual([]);
    expect(record.verdict).toBe('identical');
    const [scope] = record.scopes;
    expect(scope!.checks.map(({ check, status }) => `${check} ${status}`)).toEqual(
      ['files', 'table', 'columns', 'partitions', 'read-back', 'rows', 'content'].map((check) => `${check} passed`),
    );
    expect(scope!.content).toMatchObject({ columnsCompared: 6, samples: [] });
    expect(scope!.content!.limits.map(({ column, code }) => `${column} ${code}`)).toEqual([
      'code CHAR_PADDING',
      'at TIMESTAMP_MILLIS',
    ]);
    expect((await documents.reconcile(RUN, engines)).verdict).toBe('identical');
  });

  it.each<[string, (body: Uint8Array) => Uint8Array | string | undefined, string]>([
    ['missing', () => undefined, 'files missing'],
    ['truncated', (body) => body.subarray(0, -2), 'files checksum-differs'],
    ['emptied', () => '', 'files checksum-differs'],
    ['longer', (body) => Buffer.concat([body, Buffer.from('x')]), 'files checksum-differs'],
    ['bit-flipped', (body) => body.map((byte, at) => (at === 7 ? byte ^ 1 : byte)), 'files checksum-differs'],
  ])('a %s file', async (_, change, expected) => {
    await withObject(key('p=a/one.txt'), change, async () => {
      expect(seen(await people.reconcile(RUN))).toEqual([`${expected} /data/${database}/people/p=a/one.txt`]);
    });
  });

  it('an extra file', async () => {
    await put(key('p=a/three.txt'), '7|x|y|1|2020-01-01 00:00:00|z\n');
    try {
      const record = await people.reconcile(RUN, engines);
      expect(seen(record)).toEqual([`files unexpected s3://${bucket}/${key('p=a/three.txt')}`, 'rows differs p=a']);
      expect(record.findings.shown[1]!.detail).toMatch(/6 rows instead of 5.*is there 1 times instead of 0 times/);
    } finally {
      await remove(key('p=a/three.txt'));
    }
  });

  it('two swapped files', async () => {
    const [one, other] = [await read(key('p=a/one.txt')), await read(key('p=b/one.txt'))];
    try {
      await put(key('p=a/one.txt'), other.body, other.marks);
      await put(key('p=b/one.txt'), one.body, one.marks);
      const record = await people.reconcile(RUN);
      expect(seen(record).map((each) => each.slice(0, 15))).toEqual(['files unproven ', 'files unproven ']);
      expect(record.findings.shown[0]!.detail).toContain('copy of another file');
    } finally {
      await put(key('p=a/one.txt'), one.body, one.marks);
      await put(key('p=b/one.txt'), other.body, other.marks);
    }
  });

  it('a file that somebody else put there', async () => {
    const { body, marks } = await read(key('p=b/one.txt'));
    try {
      await put(key('p=b/one.txt'), 'other');
      expect(seen(await people.reconcile(RUN))).toEqual([`files unproven /data/${database}/people/p=b/one.txt`]);
    } finally {
      await put(key('p=b/one.txt'), body, marks);
    }
  });

  it.each<[string, (table: TableInput) => TableInput, readonly string[]]>([
    ['a dropped column', columns(([first, , ...rest]) => [first!, ...rest]), ['columns missing name']],
    ['an added column', columns((all) => [...all, { Name: 'more', Type: 'string' }]), ['columns unexpected more']],
    ['reordered columns', columns(([one, two, ...rest]) => [two!, one!, ...rest]), ['columns differs id']],
    ['a retyped column', columns((all) => all.map((each) => (each.Name === 'amount' ? { ...each, Type: 'decimal(12,2)' } : each))), ['columns differs amount']],
    ['a renamed column', columns((all) => all.map((each) => (each.Name === 'note' ? { ...each, Name: 'notes' } : each))), ['columns missing note', 'columns unexpected notes']],
    ['another location', (table) => ({ ...table, StorageDescriptor: { ...table.StorageDescriptor, Location: `s3://${bucket}/elsewhere/` } }), ['table differs location']],
    ['a header that hides rows', (table) => ({ ...table, Parameters: { ...table.Parameters, 'skip.header.line.count': '1' } }), ['table differs parameter skip.header.line.count']],
    ['another delimiter', (table) => ({ ...table, StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo: { ...table.StorageDescriptor!.SerdeInfo, Parameters: { 'field.delim': ';' } } } }), ['table differs SerDe parameter field.delim', 'table differs SerDe parameter serialization.format']],
    ['another SerDe', (table) => ({ ...table, StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo: { ...table.StorageDescriptor!.SerdeInfo, SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' } } }), ['table differs SerDe']],
    ['a foreign table', (table) => ({ ...table, Parameters: {} }), [`table foreign ${database}.people`]],
  ])('%s', async (_, change, expected) => {
    await withTable(change, async () => expect(seen(await people.reconcile(RUN))).toEqual(expected));
  }); // prettier-ignore

  it('stale statistics', async () => {
    const claims = { numRows: '99', numFiles: '3', totalSize: '1', rawDataSize: '7' };
    const stale = (table: TableInput) => ({ ...table, Parameters: { ...table.Parameters, ...claims } });
    await withTable(stale, async () => {
      const record = await people.reconcile(RUN, engines);
      expect(seen(record)).toEqual(['statistics differs numRows', 'statistics differs totalSize']);
      expect(record.findings.shown[0]).toMatchObject({ source: '6', target: '99' });
    });
  });

  it('a table that is gone', async () => {
    const before = await tableInput('documents');
    await glue.send(new DeleteTableCommand({ DatabaseName: target, Name: 'documents' }));
    try {
      expect(seen(await documents.reconcile(RUN))).toEqual([`table missing ${database}.documents`]);
    } finally {
      await glue.send(new CreateTableCommand({ DatabaseName: target, TableInput: before }));
    }
  });

  it.each<[string, (first: PartitionInput) => PartitionInput | undefined, string]>([
    ['a lost partition', () => undefined, 'partitions missing p=a'],
    ['a doubled partition', (one) => ({ ...one, Values: ['c'] }), 'partitions unexpected p=c'],
    ['a partition that points elsewhere', (one) => ({ ...one, StorageDescriptor: { ...one.StorageDescriptor, Location: `s3://${bucket}/${key('p=b/')}` } }), 'partitions differs p=a'],
    ['a partition with a stale size', (one) => ({ ...one, Parameters: { ...one.Parameters, totalSize: '1', numRows: '-1' } }), 'statistics differs p=a totalSize'],
    ['a partition read with another delimiter', (one) => ({ ...one, StorageDescriptor: { ...one.StorageDescriptor, SerdeInfo: { ...one.StorageDescriptor!.SerdeInfo, Parameters: { ...one.StorageDescriptor!.SerdeInfo!.Parameters, 'field.delim': ';' } } } }), 'partitions differs p=a'],
  ])('%s', async (_, change, expected) => {
    const where = { DatabaseName: target, TableName: 'people' };
    const { Partitions = [] } = await glue.send(new GetPartitionsCommand(where));
    const { Values, StorageDescriptor, Parameters } = Partitions.find((each) => each.Values![0] === 'a')!;
    const before = { Values, StorageDescriptor, Parameters };
    const changed = change(structuredClone(before));
    const drop = (values: string[]) => glue.send(new BatchDeletePartitionCommand({ ...where, PartitionsToDelete: [{ Values: values }] }));
    const create = (one: PartitionInput) => glue.send(new BatchCreatePartitionCommand({ ...where, PartitionInputList: [one] }));
    try {
      if (changed?.Values?.[0] !== 'c') await drop(['a']);
      if (changed !== undefined) await create(changed);
      expect(seen(await people.reconcile(RUN))).toEqual([expected]);
    } finally {
      if (changed !== undefined) await drop(changed.Values!);
      if (changed?.Values?.[0] !== 'c') await create(before);
    }
  }); // prettier-ignore

  it.each<[string, (lines: Lines) => Lines, RegExp]>([
    ['a NULL that became empty', line(1, replaced('\\N', '')), /in column name: row \w{8}, name: null \(NULL, 0 characters\)/],
    ['a changed case', line(0, replaced('Dupont', 'DUPONT')), /in column name: row \w{8}, name: case \(6 characters, 6 characters\)/],
    ['a space at the end', line(0, replaced('Dupont', 'Dupont ')), /in column name: row \w{8}, name: space \(6 characters, 7 characters\)/],
    ['text cut short', line(2, replaced('une note', 'une')), /in column note: row \w{8}, note: truncated/],
    ['another scale', line(0, replaced('12.5000', '1.2500')), /in column amount: row \w{8}, amount: scale/],
    ['a rounded amount', line(2, replaced('100.1234', '100.12')), /in column amount: row \w{8}, amount: rounding/],
    ['another time zone', line(1, replaced('10:00:00', '08:00:00')), /in column at: row \w{8}, at: zone/],
    ['a row that came twice while another was lost', ([one, , three]) => [one!, one!, three!], /: row \w{8} is there 0 times instead of 1 times; row \w{8} is there 2 times instead of 1 times/],
    ['values that changed places', ([one, two, three]) => [one!.replace('Dupont', 'Élodie 😀'), two!, three!.replace('Élodie 😀', 'Dupont')], /in no single column/],
  ])('%s', async (_, change, expected) => {
    await withObject(key('p=a/one.txt'), text(change), async () => {
      const record = await people.reconcile(RUN, engines);
      expect(seen(record)).toEqual([
        `files checksum-differs /data/${database}/people/p=a/one.txt`,
        'content differs p=a',
      ]);
      expect(record.findings.shown[1]!.detail).toMatch(expected);
      expect(JSON.stringify(record)).not.toMatch(/Dupont|DUPONT|Élodie|une note|100\.12/);
    });
  }); // prettier-ignore

  it('a lost row', async () => {
    await withObject(
      key('p=a/one.txt'),
      text(([one, , three]) => [one!, three!]),
      async () => {
        const record = await people.reconcile(RUN, engines);
        expect(seen(record)[1]).toBe('rows differs p=a');
        expect(record.findings.shown[1]!.detail).toMatch(
          /4 rows instead of 5: row \w{8} is there 0 times instead of 1 times$/,
        );
      },
    );
  });

  it('a file that the target engine cannot read', async () => {
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: `${database}/documents/` }),
    );
    const path = Contents[0]!.Key!;
    await withObject(
      path,
      (body) => body.subarray(0, body.length - 9),
      async () => {
        const record = await documents.reconcile(RUN, engines);
        expect(seen(record)[1]).toBe(`read-back unreadable ${database}.documents`);
      },
    );
  });
});
