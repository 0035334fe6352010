import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  CreateTableCommand,
  DeleteDatabaseCommand,
  DeleteTableCommand,
  GetDatabaseCommand,
  GetDatabasesCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionsCommand,
  GetTagsCommand,
  GlueClient,
  TagResourceCommand,
  UpdateTableCommand,
  type Column,
  type GetPartitionsCommandInput,
  type GlueClientConfig,
  type Partition,
  type PartitionInput,
  type TableInput,
} from '@aws-sdk/client-glue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/fault.ts';
import { startGlueServer, type GlueFaultRequest, type GlueServerOptions } from '../../src/sandbox/glue/glue-server.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const directory = mkdtempSync(join(tmpdir(), 'lakelift-glue-'));
let faultFor: (request: GlueFaultRequest) => Fault | undefined = () => undefined;
const options: GlueServerOptions = {
  directory,
  credentials,
  faults: (request) => faultFor(request),
  denied: ['DeleteDatabase'],
};
let server = await startGlueServer(options);
let glue = client();

function client(overrides: GlueClientConfig = {}): GlueClient {
  return new GlueClient({ endpoint: server.url, region: 'eu-west-3', credentials, maxAttempts: 1, ...overrides });
}

beforeAll(async () => {
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'raw_rh', Description: 'two\nlines' } }));
});
afterEach(() => {
  faultFor = () => undefined;
});
afterAll(async () => {
  glue.destroy();
  await server.close();
  rmSync(directory, { recursive: true });
});

function tableInput(name: string, changes: TableInput | object = {}): TableInput {
  return {
    Name: name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: { classification: 'parquet', 'field.delim': '\u0001' },
    PartitionKeys: [
      { Name: 'annee', Type: 'int' },
      { Name: 'dep', Type: 'string' },
    ],
    StorageDescriptor: {
      Columns: [{ Name: 'nir', Type: 'string', Comment: 'numéro' }],
      Location: 's3://raw/rh/x/',
      SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
    },
    ...changes,
  };
}

async function create(name: string, changes: object = {}): Promise<void> {
  await glue.send(new CreateTableCommand({ DatabaseName: 'raw_rh', TableInput: tableInput(name, changes) }));
}

function partition(annee: number | string, dep: string): PartitionInput {
  return {
    Values: [String(annee), dep],
    StorageDescriptor: { Columns: [{ Name: 'nir', Type: 'string' }], Location: `s3://raw/rh/x/${annee}/${dep}/` },
  };
}

function addPartitions(table: string, partitions: PartitionInput[]) {
  return glue.send(
    new BatchCreatePartitionCommand({ DatabaseName: 'raw_rh', TableName: table, PartitionInputList: partitions }),
  );
}

async function allPartitions(table: string, changes: Partial<GetPartitionsCommandInput> = {}): Promise<Partition[]> {
  const found: Partition[] = [];
  let NextToken: string | undefined;
  do {
    const page = await glue.send(
      new GetPartitionsCommand({ DatabaseName: 'raw_rh', TableName: table, ...changes, NextToken }),
    );
    expect(page.Partitions!.length).toBeLessThanOrEqual(changes.MaxResults ?? 1000);
    found.push(...page.Partitions!);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return (error as Error).name;
  }
  throw new Error('it succeeded');
}

describe('signatures and rights', () => {
  it('refuses unknown keys, wrong secrets and denied operations by name', async () => {
    const unknown = client({ credentials: { ...credentials, accessKeyId: 'nobody' } });
    const wrong = client({ credentials: { ...credentials, secretAccessKey: 'guess' } });
    expect(await refusal(unknown.send(new GetDatabasesCommand({})))).toBe('UnrecognizedClientException');
    expect(await refusal(wrong.send(new GetDatabasesCommand({})))).toBe('InvalidSignatureException');
    expect(await refusal(glue.send(new DeleteDatabaseCommand({ Name: 'raw_rh' })))).toBe('AccessDeniedException');
  });
});

describe('databases', () => {
  it('folds names to lower case and finds them in any case', async () => {
    await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: 'Mixed_Case', Parameters: { a: 'b' } } }));
    const { Database } = await glue.send(new GetDatabaseCommand({ Name: 'MIXED_case' }));
    expect(Database).toMatchObject({ Name: 'mixed_case', Parameters: { a: 'b' } });
    expect(Database!.CreateTime).toBeInstanceOf(Date);
    const again = new CreateDatabaseCommand({ DatabaseInput: { Name: 'mixed_CASE' } });
    expect(await refusal(glue.send(again))).toBe('AlreadyExistsException');
    expect(await refusal(glue.send(new GetDatabaseCommand({ Name: 'other' })))).toBe('EntityNotFoundException');
  });

  it('lists them page by page', async () => {
    const first = await glue.send(new GetDatabasesCommand({ MaxResults: 1 }));
    const second = await glue.send(new GetDatabasesCommand({ MaxResults: 1, NextToken: first.NextToken }));
    expect([...first.DatabaseList!, ...second.DatabaseList!].map(({ Name }) => Name)).toEqual(['mixed_case', 'raw_rh']);
    expect(second.NextToken).toBeUndefined();
  });

  it('keeps tags', async () => {
    const ResourceArn = 'arn:aws:glue:us-east-1:000000000000:database/raw_rh';
    await glue.send(new TagResourceCommand({ ResourceArn, TagsToAdd: { team: 'rh' } }));
    expect((await glue.send(new GetTagsCommand({ ResourceArn }))).Tags).toEqual({ team: 'rh' });
  });
});

describe('tables', () => {
  it('gives back what was created, names and columns in lower case', async () => {
    await create('Absences', { StorageDescriptor: { Columns: [{ Name: 'NIR', Type: 'string' }] } });
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'RAW_RH', Name: 'ABSENCES' }));
    expect(Table).toMatchObject({
      Name: 'absences',
      DatabaseName: 'raw_rh',
      VersionId: '0',
      Parameters: { 'field.delim': '\u0001' },
      StorageDescriptor: { Columns: [{ Name: 'nir', Type: 'string' }] },
    });
    expect(await refusal(create('ABSENCES'))).toBe('AlreadyExistsException');
  });

  it('answers EntityNotFoundException for what is not there', async () => {
    const get = (DatabaseName: string, Name: string) => refusal(glue.send(new GetTableCommand({ DatabaseName, Name })));
    expect(await get('raw_rh', 'nothing')).toBe('EntityNotFoundException');
    expect(await get('nothing', 'absences')).toBe('EntityNotFoundException');
  });

  it('refuses an update of a version that is not the current one, and archives unless told not to', async () => {
    await create('versioned');
    const update = (VersionId: string | undefined, SkipArchive: boolean, Owner: string) =>
      glue.send(
        new UpdateTableCommand({
          DatabaseName: 'raw_rh',
          TableInput: tableInput('versioned', { Owner }),
          VersionId,
          SkipArchive,
        }),
      );
    await update('0', false, 'first');
    expect(await refusal(update('0', false, 'late'))).toBe('ConcurrentModificationException');
    await update('1', true, 'second');
    await update(undefined, false, 'third');
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'raw_rh', Name: 'versioned' }));
    expect(Table).toMatchObject({ VersionId: '3', Owner: 'third' });
    const { TableVersions } = await glue.send(
      new GetTableVersionsCommand({ DatabaseName: 'raw_rh', TableName: 'versioned' }),
    );
    expect(TableVersions?.map(({ VersionId }) => VersionId)).toEqual(['3', '1', '0']);
  });

  it('lists tables page by page and deletes them with their partitions', async () => {
    await create('to_delete');
    await addPartitions('to_delete', [partition(2024, '75')]);
    const first = await glue.send(new GetTablesCommand({ DatabaseName: 'raw_rh', MaxResults: 2 }));
    const rest = await glue.send(new GetTablesCommand({ DatabaseName: 'raw_rh', NextToken: first.NextToken }));
    const names = [...first.TableList!, ...rest.TableList!].map(({ Name }) => Name);
    expect(names).toEqual(['absences', 'to_delete', 'versioned']);
    await glue.send(new DeleteTableCommand({ DatabaseName: 'raw_rh', Name: 'to_delete' }));
    await create('to_delete');
    expect(await allPartitions('to_delete')).toEqual([]);
  });

  const columns = (...names: string[]): Column[] => names.map((Name) => ({ Name, Type: 'string' }));
  const storage = (changes: object) => ({ StorageDescriptor: { Columns: columns('a'), ...changes } });
  it.each<[string, string, object]>([
    ['a name of 256 bytes', 'é'.repeat(128), {}],
    ['an empty name', '', {}],
    ['duplicate columns', 'bad', storage({ Columns: columns('a', 'A') })],
    ['a column that is a partition key too', 'bad', storage({ Columns: columns('a', 'DEP') })],
    ['a column name of 256 characters', 'bad', storage({ Columns: columns('c'.repeat(256)) })],
    ['a column without a name', 'bad', storage({ Columns: columns('') })],
    ['a type of 131,073 characters', 'bad', storage({ Columns: [{ Name: 'a', Type: 't'.repeat(131_073) }] })],
    ['a comment of 256 characters', 'bad', storage({ Columns: [{ Name: 'a', Comment: 'c'.repeat(256) }] })],
    ['a comment of two lines', 'bad', storage({ Columns: [{ Name: 'a', Comment: 'one\ntwo' }] })],
    ['a location of 2,057 characters', 'bad', storage({ Location: 'l'.repeat(2057) })],
    ['an input format of 129 characters', 'bad', storage({ InputFormat: 'i'.repeat(129) })],
    ['a sort order that is neither 0 nor 1', 'bad', storage({ SortColumns: [{ Column: 'a', SortOrder: 2 }] })],
    ['an empty SerDe library', 'bad', storage({ SerdeInfo: { SerializationLibrary: '' } })],
    ['a description of 2,049 characters', 'bad', { Description: 'd'.repeat(2049) }],
    ['a view text of 409,601 characters', 'bad', { ViewOriginalText: 'v'.repeat(409_601) }],
    ['a parameter key of 256 characters', 'bad', { Parameters: { ['k'.repeat(256)]: 'v' } }],
    ['a parameter value of 512,001 characters', 'bad', { Parameters: { k: 'v'.repeat(512_001) } }],
    ['parameters on a partition key', 'bad', { PartitionKeys: [{ Name: 'p', Type: 'int', Parameters: { a: 'b' } }] }],
  ])('refuses %s', async (_what, name, changes) => {
    expect(await refusal(create(name, changes))).toBe('InvalidInputException');
  });

  it('takes what is just within the limits', async () => {
    await create('l'.repeat(255), {
      Description: 'd'.repeat(2048),
      Parameters: { ['k'.repeat(255)]: 'v'.repeat(512_000) },
      ...storage({ Columns: [{ Name: 'c'.repeat(255), Type: 't'.repeat(131_072), Comment: 'é'.repeat(127) }] }),
    });
  });
});

describe('partitions', () => {
  it('creates them in batches and reports the ones that exist, one by one', async () => {
    await create('batches');
    await addPartitions('batches', [partition(2023, '75'), partition(2024, '75')]);
    const { Errors } = await addPartitions('batches', [partition(2024, '75'), partition(2024, '2A')]);
    expect(Errors?.map(({ PartitionValues, ErrorDetail }) => [PartitionValues, ErrorDetail?.ErrorCode])).toEqual([
      [['2024', '75'], 'AlreadyExistsException'],
    ]);
    expect(await allPartitions('batches')).toHaveLength(3);
  });

  it('refuses batches over the limit and values that do not match the keys', async () => {
    await create('limits');
    const many = Array.from({ length: 101 }, (_, n) => partition(2024, String(n)));
    expect(await refusal(addPartitions('limits', many))).toBe('InvalidInputException');
    const { Errors } = await addPartitions('limits', [{ Values: ['2024'] }, partition(2024, '75')]);
    expect(Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode)).toEqual(['InvalidInputException']);
    const remove = new BatchDeletePartitionCommand({
      DatabaseName: 'raw_rh',
      TableName: 'limits',
      PartitionsToDelete: many.slice(0, 26).map(({ Values }) => ({ Values })),
    });
    expect(await refusal(glue.send(remove))).toBe('InvalidInputException');
  });

  it('updates and deletes them, naming those that are not there', async () => {
    await create('changed');
    await addPartitions('changed', [partition(2024, '75'), partition(2024, '2A')]);
    const moved = { ...partition(2024, '75'), Parameters: { files: '3' } };
    const target = { DatabaseName: 'raw_rh', TableName: 'changed' };
    const updated = await glue.send(
      new BatchUpdatePartitionCommand({
        ...target,
        Entries: [
          { PartitionValueList: ['2024', '75'], PartitionInput: moved },
          { PartitionValueList: ['1999', '75'], PartitionInput: moved },
        ],
      }),
    );
    expect(updated.Errors?.map(({ PartitionValueList }) => PartitionValueList)).toEqual([['1999', '75']]);
    const got = await glue.send(new GetPartitionCommand({ ...target, PartitionValues: ['2024', '75'] }));
    expect(got.Partition).toMatchObject({ Parameters: { files: '3' }, Values: ['2024', '75'] });
    const deleted = await glue.send(
      new BatchDeletePartitionCommand({
        ...target,
        PartitionsToDelete: [{ Values: ['2024', '75'] }, { Values: ['1999', '75'] }],
      }),
    );
    expect(deleted.Errors?.map(({ ErrorDetail }) => ErrorDetail?.ErrorCode)).toEqual(['EntityNotFoundException']);
    expect((await allPartitions('changed')).map(({ Values }) => Values)).toEqual([['2024', '2A']]);
  });

  it('gets many at once and leaves absent ones out', async () => {
    await create('many');
    await addPartitions('many', [partition(2024, '75')]);
    const answer = await glue.send(
      new BatchGetPartitionCommand({
        DatabaseName: 'raw_rh',
        TableName: 'many',
        PartitionsToGet: [{ Values: ['2024', '75'] }, { Values: ['2024', '99'] }],
      }),
    );
    expect(answer.Partitions).toHaveLength(1);
    expect(answer.UnprocessedKeys).toEqual([]);
  });

  it('splits into segments that hold every partition exactly once, pages within them, and leaves columns out', async () => {
    await create('segmented');
    for (let batch = 0; batch < 3; batch++) {
      const inputs = Array.from({ length: 100 }, (_, n) => partition(batch, `${n} é=/`));
      await addPartitions('segmented', inputs);
    }
    const segments = await Promise.all(
      [0, 1, 2, 3].map((SegmentNumber) =>
        allPartitions('segmented', {
          Segment: { SegmentNumber, TotalSegments: 4 },
          MaxResults: 17,
          ExcludeColumnSchema: true,
        }),
      ),
    );
    const values = segments.flat().map(({ Values }) => JSON.stringify(Values));
    expect(values).toHaveLength(300);
    expect(new Set(values).size).toBe(300);
    expect(segments.every((segment) => segment.length > 40)).toBe(true);
    expect(segments.flat().every(({ StorageDescriptor }) => StorageDescriptor?.Columns === undefined)).toBe(true);
    const outside = allPartitions('segmented', { Segment: { SegmentNumber: 4, TotalSegments: 4 } });
    expect(await refusal(outside)).toBe('InvalidInputException');
    const tooLarge = glue.send(
      new GetPartitionsCommand({ DatabaseName: 'raw_rh', TableName: 'segmented', MaxResults: 1001 }),
    );
    expect(await refusal(tooLarge)).toBe('InvalidInputException');
  });

  it('filters by equality and refuses expressions it does not understand', async () => {
    await create('filtered');
    await addPartitions('filtered', [partition(2023, '75'), partition('02024', '75'), partition(2024, "l'A and B")]);
    const find = async (Expression: string) =>
      (await allPartitions('filtered', { Expression, MaxResults: 1 })).map(({ Values }) => Values!.join('/'));
    expect(await find("annee = 2024 AND dep = '75'")).toEqual(['02024/75']);
    expect(await find("DEP='l''A and B'")).toEqual(["2024/l'A and B"]);
    expect(await find('')).toHaveLength(3);
    expect(await refusal(find("dep > '75'"))).toBe('InvalidInputException');
    expect(await refusal(find("unknown = '75'"))).toBe('InvalidInputException');
  });
});

describe('faults and lifetime', () => {
  it('throttles when told to, and the SDK gets through by trying again', async () => {
    let left = 1;
    faultFor = ({ operation, table }) =>
      operation === 'GetTable' && table === 'absences' && left-- > 0
        ? { kind: 'error', status: 400, code: 'ThrottlingException' }
        : undefined;
    const get = new GetTableCommand({ DatabaseName: 'raw_rh', Name: 'absences' });
    expect(await refusal(glue.send(get))).toBe('ThrottlingException');
    left = 1;
    const { $metadata } = await client({ maxAttempts: 3 }).send(get);
    expect($metadata.attempts).toBe(2);
  });

  it('loses an acknowledgement after the work is done, resets and cuts', async () => {
    const once = (fault: Fault) => {
      let isDone = false;
      faultFor = () => {
        const isFirst = !isDone;
        isDone = true;
        return isFirst ? fault : undefined;
      };
    };
    once({ kind: 'lose-acknowledgement' });
    await expect(create('lost')).rejects.toThrow();
    expect(await refusal(create('lost'))).toBe('AlreadyExistsException');
    once({ kind: 'reset' });
    await expect(create('reset')).rejects.toThrow();
    await create('reset');
    once({ kind: 'cut', afterBytes: 10 });
    await expect(glue.send(new GetDatabasesCommand({}))).rejects.toThrow();
  });

  it('holds everything after starting again on the same directory', async () => {
    await server.close();
    server = await startGlueServer(options);
    glue = client();
    expect(await allPartitions('segmented')).toHaveLength(300);
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: 'raw_rh', Name: 'versioned' }));
    expect(Table?.VersionId).toBe('3');
  });

  it('takes more than 4,000 partitions a second', async () => {
    await create('large');
    const startedAt = performance.now();
    const batches = Array.from({ length: 80 }, (_, batch) =>
      Array.from({ length: 100 }, (_, n) => partition(batch, String(n))),
    );
    for (let at = 0; at < batches.length; at += 4)
      await Promise.all(batches.slice(at, at + 4).map((batch) => addPartitions('large', batch)));
    const seconds = (performance.now() - startedAt) / 1000;
    expect(await allPartitions('large')).toHaveLength(8000);
    expect(8000 / seconds).toBeGreaterThan(4000);
  });
});
