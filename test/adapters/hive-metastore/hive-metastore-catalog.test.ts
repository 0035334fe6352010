import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HiveMetastoreCatalog } from '../../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { constraintTexts } from '../../../src/adapters/hive-metastore/metastore-constraints.ts';
import { statisticsOfThrift } from '../../../src/adapters/hive-metastore/metastore-statistics.ts';
import type { SourceStatistics } from '../../../src/domain/column-statistics.ts';
import { partitionName } from '../../../src/domain/partition-name.ts';
import type { Partition, Table } from '../../../src/domain/table.ts';
import type { LakeliftError } from '../../../src/errors.ts';
import type { MetastoreContent } from '../../../src/sandbox/hive-metastore/metastore-content.ts';
import {
  startMetastoreServer,
  type MetastoreServer,
  type MetastoreServerOptions,
} from '../../../src/sandbox/hive-metastore/metastore-server.ts';
import { oddSandboxTables } from '../../contracts/odd-sandbox-tables.ts';
import { sourceCatalogContract } from '../../contracts/source-catalog.ts';

for (const generation of ['1.1', '2.3', '3', '4'] as const) {
  sourceCatalogContract(`sandbox metastore ${generation}`, async () => {
    const server = await startMetastoreServer({ content: oddSandboxTables, generation });
    const catalog = new HiveMetastoreCatalog({ addresses: [server.address] });
    const close = async (): Promise<void> => {
      await catalog.close();
      await server.close();
    };
    return { catalog, database: 'odd', close };
  });
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(options: Partial<MetastoreServerOptions> = {}): Promise<MetastoreServer> {
  const server = await startMetastoreServer({ content: oddSandboxTables, ...options });
  closers.push(() => server.close());
  return server;
}

function catalogOf(addresses: readonly string[], timeouts: { callTimeoutMs?: number } = {}): HiveMetastoreCatalog {
  const catalog = new HiveMetastoreCatalog({ addresses, connectTimeoutMs: 2000, ...timeouts });
  closers.unshift(() => catalog.close());
  return catalog;
}

async function listenRaw(answer: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    answer(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return `thrift://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function failureOf(work: Promise<unknown>): Promise<LakeliftError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error as LakeliftError,
  );
  if (outcome === undefined) throw new Error('did not fail');
  return outcome;
}

const EVERY_KIND: SourceStatistics[] = [
  { column: 'boolean', values: { kind: 'boolean', trues: 3, falses: 2, nulls: 1 } },
  { column: 'long', values: { kind: 'long', least: -9, greatest: 2 ** 53 - 1, nulls: 0, distinct: 4 } },
  { column: 'double', values: { kind: 'double', least: -0.5, greatest: 1e300, nulls: 0, distinct: 4 } },
  {
    column: 'decimal',
    values: {
      kind: 'decimal',
      least: { unscaled: '-12345678901234567890', scale: 4 },
      greatest: { unscaled: '128', scale: 2 },
      nulls: 0,
      distinct: 4,
    },
  },
  { column: 'date', values: { kind: 'date', least: -141_428, greatest: 19_782, nulls: 0, distinct: 4 } },
  { column: 'string', values: { kind: 'string', longestBytes: 13, averageBytes: 12.5, nulls: 0, distinct: 4 } },
  { column: 'binary', values: { kind: 'binary', longestBytes: 13, averageBytes: 12.5, nulls: 0 } },
];

const parquetOdd = { database: 'odd', table: 'parquet_odd' };

/** parquet_odd with this many partitions. */
function withPartitions(count: number): MetastoreContent {
  const [first] = oddSandboxTables.partitions(
    oddSandboxTables.tables.find(({ name }) => name.table === 'parquet_odd')!,
  );
  const many = Array.from({ length: count }, (_, index): Partition => ({
    ...first!,
    values: [`v ${index}`, String(index)],
  }));
  return { ...oddSandboxTables, partitions: () => many };
}

async function listAll(catalog: HiveMetastoreCatalog): Promise<Partition[]> {
  return Array.fromAsync(catalog.listPartitions((await catalog.findTable(parquetOdd))!));
}

describe('HiveMetastoreCatalog', () => {
  it('asks an old server in the old way, and asks once', async () => {
    const server = await serve({ generation: '1.1' });
    const catalog = catalogOf([server.address]);
    for (let turn = 0; turn < 3; turn++) await catalog.findTable(parquetOdd);
    expect(server.calls.filter((name) => name === 'get_table_req')).toHaveLength(1);
    expect(server.calls.filter((name) => name === 'get_table')).toHaveLength(3);
  });

  it('reads statistics of every kind, and only what is asked for', async () => {
    const statistics = (_: Table, partition?: string) =>
      partition === 'none'
        ? []
        : EVERY_KIND.map((one) => (partition === undefined ? one : { ...one, column: `${one.column}_p` }));
    const server = await serve({ generation: '1.1', content: { ...oddSandboxTables, statistics } });
    const catalog = catalogOf([server.address]);
    const columns = EVERY_KIND.map(({ column }) => column);
    expect(await catalog.findStatistics(parquetOdd, columns)).toEqual(EVERY_KIND);
    expect(await catalog.findStatistics(parquetOdd, ['long', 'other'])).toEqual([EVERY_KIND[1]]);
    const found = await catalog.findPartitionStatistics(parquetOdd, {
      names: ['p=1/n=2', 'none'],
      columns: ['date_p'],
    });
    expect([...found]).toEqual([['p=1/n=2', [{ ...EVERY_KIND[4]!, column: 'date_p' }]]]);
    expect(await catalog.findStatistics({ database: 'odd', table: 'gone' }, columns)).toEqual([]);
  });

  it('names tables of other catalogs that have a database of that name', async () => {
    const otherCatalogs = { spark: { odd: ['events', 'a'], default: ['x'] }, lake: { rh: ['y'] } };
    const server = await serve({ content: { ...oddSandboxTables, otherCatalogs } });
    expect(await catalogOf([server.address]).listTablesElsewhere('odd')).toEqual(['@spark#odd.a', '@spark#odd.events']);
    const old = await serve({ generation: '2.3', content: { ...oddSandboxTables, otherCatalogs } });
    expect(await catalogOf([old.address]).listTablesElsewhere('odd')).toEqual([]);
  });

  it('leaves out statistics with a part that is not known or not exact', () => {
    const counts = { nulls: 0n, distinct: 1n };
    const found = statisticsOfThrift([
      { column: 'nothing_but_null', values: { long: counts } },
      { column: 'large', values: { long: { least: 0n, greatest: 2n ** 53n, ...counts } } },
      { column: 'unbounded', values: { double: { least: -Infinity, greatest: 1, ...counts } } },
      { column: 'uncounted', values: { long: { least: 0n, greatest: 1n, nulls: -1n, distinct: 1n } } },
      { column: 'of_a_kind_to_come', values: {} },
      { column: 'Whole', values: { long: { least: 0n, greatest: 1n, ...counts } } },
    ]);
    expect(found).toEqual([
      { column: 'whole', values: { kind: 'long', least: 0, greatest: 1, nulls: 0, distinct: 1 } },
    ]);
  });

  it('takes the next address when one is down', async () => {
    const server = await serve();
    expect(await catalogOf(['thrift://127.0.0.1:1', server.address]).listDatabases()).toContain('odd');
  });

  it('names every address when none answers', async () => {
    const error = await failureOf(catalogOf(['thrift://127.0.0.1:1', 'thrift://127.0.0.1:2']).listDatabases());
    expect(error).toMatchObject({ kind: 'unavailable', code: 'METASTORE_UNREACHABLE' });
    expect(error.message).toMatch(/127\.0\.0\.1:1.*127\.0\.0\.1:2/);
  });

  it('refuses an address that is none, before connecting', () => {
    for (const text of ['hms:9083', 'http://hms:9083', 'thrift://hms:99999', 'thrift://', '']) {
      expect(() => catalogOf([text])).toThrow(
        expect.objectContaining({ kind: 'usage', code: 'METASTORE_ADDRESS' }) as Error,
      );
    }
  });

  it('says that Kerberos is not supported when the server hangs up at once', async () => {
    const address = await listenRaw((socket) => socket.on('error', () => undefined).end());
    const error = await failureOf(catalogOf([address]).listDatabases());
    expect(error).toMatchObject({ kind: 'unsupported', code: 'METASTORE_SASL', subject: address });
    expect(error.hint).toContain('hiveServer2');
  });

  it('says that Kerberos is not supported when the server answers in SASL', async () => {
    const text = Buffer.from('Invalid status -128');
    const refusal = Buffer.concat([Buffer.from([4, 0, 0, 0, text.length]), text]);
    const address = await listenRaw((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.end(refusal)),
    );
    expect(await failureOf(catalogOf([address]).listDatabases())).toMatchObject({
      kind: 'unsupported',
      code: 'METASTORE_SASL',
    });
  });

  it('calls a server of another protocol corrupt rather than waiting for more', async () => {
    const http = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n');
    const address = await listenRaw((socket) =>
      socket.on('error', () => undefined).once('data', () => socket.write(http)),
    );
    expect(await failureOf(catalogOf([address]).listDatabases())).toMatchObject({ kind: 'corrupt' });
  });

  it('gives up a call after its time and works again afterwards', async () => {
    const server = await serve({
      faults: ({ method, count }) =>
        method === 'get_all_databases' && count === 1 ? { kind: 'delay', delayMs: 2000 } : undefined,
    });
    const catalog = catalogOf([server.address], { callTimeoutMs: 200 });
    expect(await failureOf(catalog.listDatabases())).toMatchObject({ kind: 'unavailable', code: 'METASTORE_TIMEOUT' });
    expect(await catalog.listDatabases()).toContain('odd');
  });

  it('stops waiting for an answer when told to', async () => {
    const server = await serve({
      faults: ({ method }) => (method === 'get_all_databases' ? { kind: 'delay', delayMs: 5000 } : undefined),
    });
    const abort = new AbortController();
    const reason = new Error('enough');
    const listing = catalogOf([server.address]).listDatabases(abort.signal);
    setTimeout(() => abort.abort(reason), 50);
    const started = Date.now();
    await expect(listing).rejects.toBe(reason);
    expect(Date.now() - started).toBeLessThan(2000);
  });

  it.each(['reset', 'lose-acknowledgement'] as const)(
    'asks again on a new session after one broke (%s)',
    async (kind) => {
      const server = await serve({
        faults: ({ method, count }) => (method === 'get_all_databases' && count === 2 ? { kind } : undefined),
      });
      const catalog = catalogOf([server.address]);
      for (let turn = 0; turn < 3; turn++) expect(await catalog.listDatabases()).toContain('odd');
      expect(server.calls.filter((name) => name === 'set_ugi')).toHaveLength(2);
    },
  );

  it('survives a restart of the server', async () => {
    const server = await serve();
    const catalog = catalogOf([server.address]);
    expect(await catalog.listDatabases()).toContain('odd');
    await server.close();
    expect(await failureOf(catalog.listDatabases())).toMatchObject({ kind: 'unavailable' });
    await serve({ port: server.port });
    expect(await catalog.listDatabases()).toContain('odd');
  });

  it('never takes an answer that was cut for a whole one', async () => {
    const server = await serve({
      faults: ({ method }) => (method === 'get_partitions_by_names' ? { kind: 'cut', afterBytes: 500 } : undefined),
    });
    expect(await failureOf(listAll(catalogOf([server.address])))).toMatchObject({ kind: 'unavailable' });
  });

  it('halves what it asks for until the server can answer', async () => {
    const count = 300;
    const server = await serve({
      content: withPartitions(count),
      faults: ({ method, count: calls }) =>
        method === 'get_partitions_by_names' && calls <= 3
          ? { kind: 'error', failure: 'MetaException', message: 'Number of partitions scanned exceeds limit' }
          : undefined,
    });
    const partitions = await listAll(catalogOf([server.address]));
    expect(new Set(partitions.map(({ values }) => values[0])).size).toBe(count);
    expect(server.calls.filter((name) => name === 'get_partitions_by_names')).toHaveLength(3 + 8);
  });

  it('asks for less of what follows too, when it fails with more on its way', async () => {
    const count = 4500;
    const server = await serve({
      content: withPartitions(count),
      faults: ({ method, count: calls }) =>
        method === 'get_partitions_by_names' && (calls === 2 || calls === 4)
          ? { kind: 'error', failure: 'MetaException', message: 'Number of partitions scanned exceeds limit' }
          : undefined,
    });
    const catalog = catalogOf([server.address]);
    const partitions = await listAll(catalog);
    const { partitionKeys } = (await catalog.findTable(parquetOdd))!;
    const names = partitions.map(({ values }) => partitionName(partitionKeys, values));
    expect(names).toEqual(await catalog.listPartitionNames(parquetOdd));
    expect(names).toHaveLength(count);
  });

  it('fails, rather than asking for ever less, when the server fails for one partition', async () => {
    const server = await serve({
      faults: ({ method }) =>
        method === 'get_partitions_by_names'
          ? { kind: 'error', failure: 'MetaException', message: 'broken' }
          : undefined,
    });
    expect(await failureOf(listAll(catalogOf([server.address])))).toMatchObject({ code: 'METASTORE_FAILED' });
  });

  it('leaves out partitions dropped between the listing and the reading', async () => {
    const before = withPartitions(5);
    const table = before.tables[0]!;
    const after = before.partitions(table).slice(1);
    let isListed = false;
    const server = await serve({
      content: { ...before, partitions: (one) => (isListed ? after : before.partitions(one)) },
      faults: ({ method }) => {
        if (method === 'get_partitions_by_names') isListed = true;
        return undefined;
      },
    });
    expect(await listAll(catalogOf([server.address]))).toHaveLength(4);
  });

  it('fails when the server goes on listing a partition that it does not hand out', async () => {
    const all = withPartitions(3);
    const some = all.partitions(all.tables[0]!).slice(1);
    let isAskedByName = false;
    const server = await serve({
      content: { ...all, partitions: (one) => (isAskedByName ? some : all.partitions(one)) },
      faults: ({ method }) => {
        isAskedByName = method === 'get_partitions_by_names';
        return undefined;
      },
    });
    expect(await failureOf(listAll(catalogOf([server.address])))).toMatchObject({
      kind: 'corrupt',
      code: 'METASTORE_PARTITION_WITHHELD',
    });
  });

  it('knows NULL under the name that the cluster gives it', async () => {
    const [first] = withPartitions(1).partitions(oddSandboxTables.tables[0]!);
    const content = { ...oddSandboxTables, partitions: () => [{ ...first!, values: ['__NULL__', '1'] }] };
    const server = await serve({ content, settings: { 'hive.exec.default.partition.name': '__NULL__' } });
    const catalog = catalogOf([server.address]);
    expect(await catalog.listPartitionNames(parquetOdd)).toEqual(['p=__HIVE_DEFAULT_PARTITION__/n=1']);
    expect((await listAll(catalog)).map(({ values }) => values)).toEqual([['__HIVE_DEFAULT_PARTITION__', '1']]);
  });

  it('streams a hundred thousand partitions in the order of their names', async () => {
    const server = await serve({ content: withPartitions(100_000) });
    const catalog = catalogOf([server.address]);
    const table = (await catalog.findTable(parquetOdd))!;
    const names = await catalog.listPartitionNames(parquetOdd);
    let at = 0;
    for await (const { values } of catalog.listPartitions(table)) {
      if (partitionName(table.partitionKeys, values) !== names[at]) throw new Error(`out of order at ${at}`);
      at += 1;
    }
    expect(at).toBe(100_000);
    expect(server.calls.filter((name) => name === 'get_partitions_by_names')).toHaveLength(100);
  });
});

describe('constraints of a table', () => {
  const constrained: MetastoreContent = {
    ...oddSandboxTables,
    tables: oddSandboxTables.tables.map((table) => ({ ...table, constraints: ['id NOT NULL'] })),
  };
  const [{ name }] = constrained.tables as [(typeof constrained.tables)[0]];

  it.each([
    ['1.1', []],
    ['2.3', []],
    ['3', ['id NOT NULL']],
    ['4', ['id NOT NULL']],
  ] as const)('are asked of a metastore of Hive %s as far as it knows of them', async (generation, expected) => {
    const server = await serve({ content: constrained, generation });
    const catalog = catalogOf([server.address]);
    const table = (await catalog.findTable(name))!;
    expect(await catalog.findConstraints(table)).toEqual(expected);
    const asked = server.calls.length;
    await catalog.findConstraints(table);
    expect(server.calls.length - asked).toBeLessThanOrEqual(6);
  });

  it('are unknown where the metastore fails to tell, and the table can be read all the same', async () => {
    const server = await serve({
      content: constrained,
      faults: ({ method }) =>
        method === 'get_not_null_constraints'
          ? { kind: 'error', failure: 'MetaException', message: 'Table "KEY_CONSTRAINTS" is missing' }
          : undefined,
    });
    const catalog = catalogOf([server.address]);
    const table = (await catalog.findTable(name))!;
    expect(await catalog.findConstraints(table)).toBeUndefined();
  });

  it('over several columns are one, in the order of their places', () => {
    const parent = { parentDatabase: 'd', parentTable: 'p', name: 'f' };
    expect(
      constraintTexts({
        primaryKeys: [
          { column: 'b', sequence: 2, name: 'k' },
          { column: 'a', sequence: 1, name: 'k' },
        ],
        foreignKeys: [
          { ...parent, column: 'y', parentColumn: 'v', sequence: 2 },
          { ...parent, column: 'x', parentColumn: 'u', sequence: 1 },
        ],
        checks: [{ column: 'n', expression: 'n > 0', name: 'c' }],
      }),
    ).toEqual(['FOREIGN KEY (x, y) REFERENCES d.p (u, v)', 'PRIMARY KEY (a, b)', 'n CHECK n > 0']);
  });
});
