import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import type { CatalogPass } from '../../bench/catalog-run.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { startGlueServer } from '../../src/sandbox/glue/glue-server.ts';
import { startMetastoreServer } from '../../src/sandbox/hive-metastore/metastore-server.ts';
import { PARQUET, sketchPartition, sketchTable } from '../../src/sandbox/lake/lake-table.ts';

const PARTITIONS = 100_000;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))));

/** Two passes over a table of so many partitions, in a process of its own with a small heap. */
async function register(partitions: number, fault: (operation: string) => Fault | undefined): Promise<CatalogPass[]> {
  const columns = Array.from({ length: 20 }, (_, index) => `colonne_${index} decimal(12,2) -- montant n° ${index}`);
  const sketch = { database: 'many', name: 't', columns, partitionKeys: ['n int'], format: PARQUET };
  const table = sketchTable(sketch);
  const all = Array.from({ length: partitions }, (_, index) => sketchPartition(table, [String(index)]));
  const databases = [{ name: 'many', location: undefined, comment: undefined, parameters: {} }];
  const metastore = await startMetastoreServer({ content: { databases, tables: [table], partitions: () => all } });
  const glue = await startGlueServer({
    directory: undefined,
    credentials,
    faults: ({ operation }) => fault(operation),
  });
  closing.push(
    () => metastore.close(),
    () => glue.close(),
  );
  const script = join(import.meta.dirname, '../../bench/catalog-run.ts');
  const args = ['--max-old-space-size=80', script, metastore.address, glue.url, 'many'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as CatalogPass[];
}

it('registers a hundred thousand partitions in a heap of 80 MB and few calls, and writes nothing the second time', async () => {
  const calls = new Map<string, number>();
  const [first, second] = await register(PARTITIONS, (operation) => {
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    return undefined;
  });
  expect(first?.outcomes).toEqual({ registered: PARTITIONS + 1 });
  expect(second?.outcomes).toEqual({ unchanged: PARTITIONS + 1 });
  const writes = [...calls].filter(([operation]) => /Create|Update|Delete/.test(operation));
  expect(Object.fromEntries(writes)).toEqual({
    CreateDatabase: 1,
    CreateTable: 1,
    BatchCreatePartition: PARTITIONS / 100,
  });
}, 300_000);

it('learns the rate that a catalog allows: throttled a few times, it goes on at that rate', async () => {
  const partitions = 2500;
  const rate = 10;
  const burst = 2;
  let tokens = burst;
  let lastMs = performance.now();
  let throttled = 0;
  const [first] = await register(partitions, () => {
    const now = performance.now();
    tokens = Math.min(burst, tokens + ((now - lastMs) / 1000) * rate);
    lastMs = now;
    if (tokens-- >= 1) return undefined;
    throttled += 1;
    return { kind: 'error', status: 400, code: 'ThrottlingException' };
  });
  expect(first?.outcomes).toEqual({ registered: partitions + 1 });
  expect(throttled).toBeGreaterThan(0);
  expect(throttled).toBeLessThan(30);
}, 120_000);
