import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import type { TableItem } from '../../../src/domain/plan.ts';
import { describeRegistration } from '../../contracts/registration.ts';
import { oneTable, partitionItems, registerPlan, tableItem } from '../../contracts/registration-plan.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
const region = 'eu-west-3';

describe('registerTables on the sandbox', () => {
  let server: SandboxServer;
  beforeAll(async () => void (server = await startGlueServer({ directory: undefined, credentials })));
  afterAll(() => server.close());

  describeRegistration(() => new GlueTargetCatalog({ endpoint: server.url, region, credentials }));
});

describe('registerTables on a catalog in trouble', () => {
  let calls: string[] = [];
  let fault: (operation: string) => Fault | undefined = () => undefined;
  let server: SandboxServer;
  let catalog: GlueTargetCatalog;

  beforeAll(async () => {
    const faults = ({ operation }: { operation: string }) => {
      calls.push(operation);
      return fault(operation);
    };
    server = await startGlueServer({ directory: undefined, credentials, faults });
    catalog = new GlueTargetCatalog({ endpoint: server.url, region, credentials });
  });
  beforeEach(() => {
    calls = [];
    fault = () => undefined;
  });
  afterAll(async () => {
    catalog.close();
    await server.close();
  });

  it('writes nothing the second time', async () => {
    const plan = oneTable('rh.twice', ['1', '2']);
    await registerPlan(catalog, plan);
    expect(calls.filter((call) => /Create|Update/.test(call)).length).toBeGreaterThan(0);
    calls = [];
    expect(await registerPlan(catalog, plan)).toMatchObject({ totals: { unchanged: 3 } });
    expect(calls.filter((call) => /Create|Update|Delete/.test(call))).toEqual([]);
  });

  it('makes the partition index that the mapping asks for once, before the partitions', async () => {
    const [table, ...partitions] = oneTable('rh.indexed', ['1', '2']);
    const keys = (table as TableItem).definition!.partitionKeys.map(({ name }) => name);
    const plan = [{ ...(table as TableItem), partitionIndex: keys }, ...partitions];
    await registerPlan(catalog, plan);
    expect(calls.indexOf('CreatePartitionIndex')).toBeLessThan(calls.indexOf('BatchCreatePartition'));
    calls = [];
    expect(await registerPlan(catalog, plan)).toMatchObject({ totals: { unchanged: 3 } });
    expect(calls.filter((call) => /Create|Update/.test(call))).toEqual([]);
  });

  it('reports a table whose index could not be made as failed, and registers its partitions all the same', async () => {
    const [table, ...partitions] = oneTable('rh.unindexed', ['1', '2']);
    const keys = (table as TableItem).definition!.partitionKeys.map(({ name }) => name);
    fault = (operation) =>
      operation === 'CreatePartitionIndex' ? { kind: 'error', status: 501, code: 'NotImplemented' } : undefined;
    const { outcomes, totals } = await registerPlan(catalog, [
      { ...(table as TableItem), partitionIndex: keys },
      ...partitions,
    ]);
    expect(totals).toEqual({ failed: 1, registered: 2 });
    expect(outcomes.get('table:rh.unindexed')?.message).toMatch(/the table stands, but not its partition index/);
  });

  it('looks again when an answer was lost: what stands decides', async () => {
    let lost = 0;
    fault = (operation) =>
      operation === 'BatchCreatePartition' && lost++ === 0 ? { kind: 'lose-acknowledgement' } : undefined;
    const { totals } = await registerPlan(catalog, oneTable('rh.lost', ['1', '2']));
    expect(lost).toBeGreaterThan(1);
    expect((totals.registered ?? 0) + (totals.unchanged ?? 0)).toBe(3);
    expect(totals.failed).toBeUndefined();
  });

  it('registers ten thousand partitions in batches, each with its own outcome', async () => {
    const values = Array.from({ length: 10_000 }, (_, index) => String(index));
    const items = [tableItem('rh.many'), ...partitionItems('rh.many', values)];
    const first = await registerPlan(catalog, items);
    expect(first.totals).toEqual({ registered: 10_001 });
    expect(calls.filter((call) => call === 'BatchCreatePartition')).toHaveLength(100);
    expect((await registerPlan(catalog, items)).totals).toEqual({ unchanged: 10_001 });
  });
});
