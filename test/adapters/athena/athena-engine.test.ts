import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { AthenaEngine } from '../../../src/adapters/athena/athena-engine.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Answer = { readonly status?: number; readonly body: object };
interface Call {
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Speaks Athena's JSON protocol and answers as told; there is no Athena to run here. */
async function athena(answer: (call: Call, count: number) => Answer): Promise<{ engine: AthenaEngine; calls: Call[] }> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
      const call = { operation, input: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown> };
      calls.push(call);
      const { status = 200, body } = answer(call, calls.filter((one) => one.operation === operation).length);
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const engine = new AthenaEngine({
    region: 'eu-west-3',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    workgroup: 'wg',
    catalog: 'AwsDataCatalog',
    outputLocation: 's3://results/',
  });
  closers.push(async () => {
    await engine.close();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { engine, calls };
}

const row = (...values: (string | undefined)[]): object => ({
  Data: values.map((value) => (value === undefined ? {} : { VarCharValue: value })),
});
const execution = (State: string, extra: object = {}, status: object = {}): Answer => ({
  body: {
    QueryExecution: {
      StatementType: 'DML',
      Statistics: { DataScannedInBytes: 1000 },
      Status: { State, ...status },
      ...extra,
    },
  },
});

/** A query that runs for one poll and then has `pages`. */
function succeeding(pages: readonly object[][], extra: object = {}) {
  return ({ operation, input }: Call, count: number): Answer => {
    if (operation === 'StartQueryExecution') return { body: { QueryExecutionId: 'q1' } };
    if (operation === 'GetQueryExecution') return execution(count === 1 ? 'RUNNING' : 'SUCCEEDED', extra);
    const page = Number(input['NextToken'] ?? 0);
    const NextToken = page + 1 < pages.length ? String(page + 1) : undefined;
    return { body: { ResultSet: { Rows: pages[page] }, NextToken } };
  };
}

describe('AthenaEngine', () => {
  it('starts, waits, and reads every page without the row of column names', async () => {
    const { engine, calls } = await athena(
      succeeding([[row('n', 'v'), row('9223372036854775807', 'a')], [row('2', undefined)], [row('n', '')]]),
    );
    expect(await engine.query('select n, v from t')).toEqual([
      ['9223372036854775807', 'a'],
      ['2', undefined],
      ['n', ''],
    ]);
    expect(calls[0]?.input).toMatchObject({
      QueryString: 'select n, v from t',
      WorkGroup: 'wg',
      QueryExecutionContext: { Catalog: 'AwsDataCatalog' },
      ResultConfiguration: { OutputLocation: 's3://results/' },
    });
    expect(engine.scannedBytes).toBe(1000);
  });

  it('keeps the first row of statements that have no row of names', async () => {
    const { engine } = await athena(succeeding([[row('t1'), row('t2')]], { StatementType: 'DDL' }));
    expect(await engine.query('show tables in db')).toEqual([['t1'], ['t2']]);
  });

  it.each([
    [{ ErrorCategory: 2, ErrorMessage: 'SYNTAX_ERROR: line 1:1' }, 'usage'],
    [{ ErrorCategory: 1, Retryable: true, ErrorMessage: 'internal' }, 'unavailable'],
    [{ ErrorCategory: 2, ErrorMessage: 'Access Denied (Service: Amazon S3)' }, 'denied'],
  ])('says what became of a query that failed (%o)', async (AthenaError, kind) => {
    const { engine } = await athena(({ operation }) =>
      operation === 'StartQueryExecution'
        ? { body: { QueryExecutionId: 'q1' } }
        : execution('FAILED', {}, { AthenaError }),
    );
    await expect(engine.query('select 1')).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(AthenaError.ErrorMessage) as string,
    });
    expect(engine.scannedBytes).toBe(1000);
  });

  it.each([
    ['AccessDeniedException', 'denied'],
    ['ExpiredTokenException', 'denied'],
    ['InvalidRequestException', 'usage'],
  ])('translates a refused call (%s)', async (name, kind) => {
    const { engine } = await athena(() => ({ status: 400, body: { __type: name, message: 'no' } }));
    await expect(engine.query('select 1')).rejects.toMatchObject({ kind });
  });

  it('stops the query at Athena when told to stop', async () => {
    const { engine, calls } = await athena(({ operation }) =>
      operation === 'StartQueryExecution' ? { body: { QueryExecutionId: 'q1' } } : execution('RUNNING'),
    );
    const abort = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => abort.abort(reason), 300);
    await expect(engine.query('select 1', abort.signal)).rejects.toBe(reason);
    expect(calls.filter(({ operation }) => operation === 'StopQueryExecution').map(({ input }) => input)).toEqual([
      { QueryExecutionId: 'q1' },
    ]);
  });
});
