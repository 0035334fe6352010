import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { DynamoDbTables } from '../../../src/adapters/dynamodb/dynamodb-tables.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Input = Readonly<Record<string, unknown>>;
type Answer = { readonly status?: number; readonly body: object };

/** Speaks DynamoDB's JSON protocol and answers as told, with what no emulator does. */
async function dynamoDb(answer: (operation: string, input: Input, count: number) => Answer) {
  const calls: { operation: string; input: Input }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
      const input = JSON.parse(Buffer.concat(chunks).toString()) as Input;
      calls.push({ operation, input });
      const { status = 200, body } = answer(operation, input, calls.length);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const tables = new DynamoDbTables({
    region: 'eu-west-3',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  closers.push(async () => {
    tables.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { tables, calls };
}

const refused = (kind: string, more: object = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${kind}`, message: 'no', ...more },
});
const item = { pk: { S: 'SERVICE#7' }, sk: { S: 'ARRET#1' }, matricule: { S: 'v1.a' }, jours: { N: '3' } };

describe('Tables of DynamoDB', () => {
  it('are listed page by page, by the beginning of their names', async () => {
    const pages = [
      { TableNames: ['a-1', 'b-1'], LastEvaluatedTableName: 'b-1' },
      { TableNames: ['c-1'], LastEvaluatedTableName: 'c-1' },
      { TableNames: ['a-2'] },
    ];
    const { tables, calls } = await dynamoDb((_, __, count) => ({ body: pages[count - 1]! }));
    expect(await tables.listTables('a-')).toEqual(['a-1', 'a-2']);
    expect(calls.map(({ input }) => input)).toEqual([
      {},
      { ExclusiveStartTableName: 'b-1' },
      { ExclusiveStartTableName: 'c-1' },
    ]);
  });

  it('are read as they are now, each page from where the one before ended', async () => {
    const key = { pk: item.pk, sk: item.sk };
    const { tables, calls } = await dynamoDb((_, { ExclusiveStartKey: from }) => ({
      body: from === undefined ? { Items: [item], LastEvaluatedKey: key } : { Items: [] },
    }));
    expect(await tables.readPage('t')).toEqual({ items: [item], next: key });
    expect(await tables.readPage('t', key)).toEqual({ items: [], next: undefined });
    expect(calls.map(({ input }) => input)).toEqual([
      { TableName: 't', ConsistentRead: true },
      { TableName: 't', ConsistentRead: true, ExclusiveStartKey: key },
    ]);
  });

  it('lose an item only while it is what was read; by its key alone where that says whose it is', async () => {
    const { tables, calls } = await dynamoDb(() => ({ body: {} }));
    expect(await tables.deleteItem('t', { item, attributes: ['matricule'] })).toBe(true);
    expect(await tables.deleteItem('t', { item, attributes: ['pk'] })).toBe(true);
    const Key = { pk: item.pk, sk: item.sk };
    expect(calls.map(({ input }) => input)).toEqual([
      {
        ...{ TableName: 't', Key, ConditionExpression: '#a0 = :v0', ExpressionAttributeNames: { '#a0': 'matricule' } },
        ExpressionAttributeValues: { ':v0': item.matricule },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      { TableName: 't', Key },
    ]);
  });

  it('keep one that is somebody else’s by then, and do not count as kept what is gone: an answer may be lost', async () => {
    const { tables, calls } = await dynamoDb((_, __, count) =>
      count === 1
        ? refused('ConditionalCheckFailedException', { Item: { ...item, matricule: { S: 'v1.b' } } })
        : count === 2
          ? { status: 500, body: {} }
          : refused('ConditionalCheckFailedException'),
    );
    expect(await tables.deleteItem('t', { item, attributes: ['matricule'] })).toBe(false);
    expect(await tables.deleteItem('t', { item, attributes: ['matricule'] })).toBe(true);
    expect(calls).toHaveLength(3);
  });

  it.each([
    ['AccessDeniedException', { kind: 'denied', code: 'DYNAMODB_DENIED', hint: 'Grant dynamodb:Scan on t.' }],
    ['ResourceNotFoundException', { kind: 'not-found', code: 'DYNAMODB_NOT_FOUND' }],
    ['ProvisionedThroughputExceededException', { kind: 'throttled', code: 'AWS_THROTTLED' }],
    ['ThrottlingException', { kind: 'throttled', code: 'AWS_THROTTLED' }],
    ['UnrecognizedClientException', { kind: 'denied', code: 'AWS_CREDENTIALS' }],
    ['ValidationException', { kind: 'unsupported', code: 'DYNAMODB_REFUSED', subject: 't' }],
  ])('say what %s means', async (kind, meaning) => {
    const { tables } = await dynamoDb(() => refused(kind));
    await expect(tables.readPage('t')).rejects.toMatchObject(meaning);
  });

  it('have a status, and none where they are gone', async () => {
    const { tables } = await dynamoDb((_, { TableName }) =>
      TableName === 't' ? { body: { Table: { TableStatus: 'CREATING' } } } : refused('ResourceNotFoundException'),
    );
    expect([await tables.findStatus('t'), await tables.findStatus('u')]).toEqual(['CREATING', undefined]);
  });
});
