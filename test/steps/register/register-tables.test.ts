import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import { Retry } from '../../../src/resilience/retry.ts';
import { retryingCatalog } from '../../../src/resilience/with-retry.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import type { ColumnStatistics } from '../../../src/domain/column-statistics.ts';
import type { PartitionItem, TableItem } from '../../../src/domain/plan.ts';
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

function long(column: string, least: number): ColumnStatistics {
  const values = { kind: 'long', least, greatest: 9, nulls: 0, distinct: 4 } as const;
  return { column, type: 'bigint', analyzedAtSeconds: 1_717_200_000, values };
}

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

  it('says of an index that Glue could not fill why, and makes it anew in the run after', async () => {
    const [plain, ...partitions] = oneTable('rh.failing', ['__HIVE_DEFAULT_PARTITION__']) as [TableItem, PartitionItem];
    await registerPlan(catalog, [plain, ...partitions]);
    const table = { ...plain, partitionIndex: ['annee'] };
    const first = await registerPlan(catalog, [table, ...partitions]);
    expect(first.outcomes.get('table:rh.failing')?.status).toBe('updated');
    const second = await registerPlan(catalog, [table, ...partitions]);
    expect(second.outcomes.get('table:rh.failing')).toMatchObject({
      status: 'failed',
      errorCode: 'PARTITION_INDEX_FAILED',
      message: expect.stringMatching(/INVALID_PARTITION_TYPE_DATA_ERROR.*__HIVE_DEFAULT_PARTITION__/) as string,
    });
    const third = await registerPlan(catalog, [table, ...partitions]);
    expect(third.outcomes.get('table:rh.failing')?.status).toBe('updated');
  });

  it('registers all partitions of a batch but the one for which the catalog refuses the request', async () => {
    const values = Array.from({ length: 40 }, (_, index) => String(index));
    const [table, ...partitions] = oneTable('rh.halved', values) as [TableItem, ...PartitionItem[]];
    const odd = partitions.map((one, index) =>
      index === 17 ? { ...one, definition: { ...one.definition!, parameters: { ['k'.repeat(256)]: '' } } } : one,
    );
    const { totals, outcomes } = await registerPlan(catalog, [table, ...odd]);
    expect(totals).toEqual({ failed: 1, registered: 40 });
    expect(outcomes.get(odd[17]!.id)).toMatchObject({ status: 'failed', errorCode: 'GLUE_INVALID' });
  });

  const statistics = [long('montant', 1), long('jours', 2)];
  const analysed = (scope: string) => {
    const [table, first, ...others] = oneTable(scope, ['1', '2']) as [TableItem, PartitionItem, PartitionItem];
    const storage = {
      ...table.definition!.storage,
      columns: statistics.map(({ column: name, type }) => ({ name, type })),
    };
    return [
      { ...table, definition: { ...table.definition!, storage }, statistics },
      { ...first, statistics },
      ...others,
    ];
  };

  it('carries statistics over once, of the table and of partitions that have some, and again only what changed', async () => {
    const plan = analysed('rh.analysed');
    const first = await registerPlan(catalog, plan);
    expect(first.outcomes.get('table:rh.analysed')).toMatchObject({
      status: 'registered',
      message: 'statistics of 2 columns',
    });
    expect(calls.filter((call) => call.startsWith('UpdateColumnStatistics'))).toEqual([
      'UpdateColumnStatisticsForTable',
      'UpdateColumnStatisticsForPartition',
    ]);
    calls = [];
    expect(await registerPlan(catalog, plan)).toMatchObject({ totals: { unchanged: 3 }, notes: [] });
    expect(calls.filter((call) => /Create|Update/.test(call))).toEqual([]);
    const [table, ...partitions] = plan;
    const changed = { ...table!, statistics: [statistics[0], long('jours', 3)] } as TableItem;
    const again = await registerPlan(catalog, [changed, ...partitions]);
    expect(again.outcomes.get('table:rh.analysed')?.status).toBe('updated');
    const owner = { table: changed.definition! };
    expect(await catalog.findStatistics(owner, ['montant', 'jours'])).toEqual(changed.statistics);
  });

  it('warns once of a catalog that takes no statistics, and registers everything', async () => {
    fault = (operation) =>
      operation.includes('ColumnStatistics')
        ? { kind: 'error', status: 400, code: 'AccessDeniedException' }
        : undefined;
    const { totals, notes } = await registerPlan(catalog, [...analysed('rh.unanalysed'), ...analysed('rh.neither')]);
    expect(totals).toEqual({ registered: 6 });
    expect(notes).toEqual([expect.stringMatching(/statistics are not carried over in this run.*GLUE_DENIED/)]);
    // Two tables at a time, of four owners of statistics.
    expect(calls.filter((call) => call.includes('ColumnStatistics')).length).toBeLessThan(3);
    expect(calls.filter((call) => call === 'GetDatabase')).toHaveLength(1);
  });

  it('names owners whose statistics fail, and goes on with the others', async () => {
    const [table, ...partitions] = analysed('rh.halfanalysed') as [TableItem, ...PartitionItem[]];
    const plan = [table, ...partitions.map((one) => ({ ...one, statistics }))];
    let asked = 0;
    fault = (operation) =>
      operation === 'GetColumnStatisticsForPartition' && asked++ === 0
        ? { kind: 'error', status: 400, code: 'InvalidInputException' }
        : undefined;
    const { totals, notes } = await registerPlan(catalog, plan);
    expect(totals).toEqual({ registered: 3 });
    expect(notes).toEqual([expect.stringMatching(/statistics of 1 tables or partitions.*halfanalysed.*GLUE_INVALID/)]);
    expect(calls.filter((call) => call === 'UpdateColumnStatisticsForPartition')).toHaveLength(1);
    fault = () => undefined;
    calls = [];
    expect(await registerPlan(catalog, plan)).toMatchObject({ totals: { unchanged: 3 }, notes: [] });
    expect(calls.filter((call) => call === 'UpdateColumnStatisticsForPartition')).toHaveLength(1);
  });

  it('carries statistics over through a hiccup, once it is repeated', async () => {
    const policy = { patienceMs: 20_000, firstPauseMs: 1, longestPauseMs: 5 };
    const patient = retryingCatalog(catalog, new Retry(policy, () => undefined));
    const failures = { GetColumnStatisticsForPartition: 0, UpdateColumnStatisticsForPartition: 0 };
    fault = (operation) =>
      // More than the SDK repeats by itself.
      operation in failures && failures[operation as keyof typeof failures]++ < 4
        ? { kind: 'error', status: 503, code: 'ServiceUnavailableException' }
        : undefined;
    const { totals, notes } = await registerPlan(patient, analysed('rh.hiccup'));
    expect({ totals, notes }).toEqual({ totals: { registered: 3 }, notes: [] });
    expect(failures).toEqual({ GetColumnStatisticsForPartition: 5, UpdateColumnStatisticsForPartition: 5 });
  });

  it('waits for a catalog that throttles the first statistics', async () => {
    const policy = { patienceMs: 20_000, firstPauseMs: 1, longestPauseMs: 5 };
    const patient = retryingCatalog(catalog, new Retry(policy, () => undefined));
    let asked = 0;
    fault = (operation) =>
      operation === 'GetColumnStatisticsForTable' && asked++ < 4
        ? { kind: 'error', status: 400, code: 'ThrottlingException' }
        : undefined;
    const { totals, notes } = await registerPlan(patient, analysed('rh.throttled'));
    expect({ totals, notes, asked }).toEqual({ totals: { registered: 3 }, notes: [], asked: 5 });
  });

  it('does not go on asking a catalog that is in trouble from the first statistics on', async () => {
    fault = (operation) =>
      operation.includes('ColumnStatistics') ? { kind: 'error', status: 500, code: 'InternalFailure' } : undefined;
    const repeated: unknown[] = [];
    const policy = { patienceMs: 20_000, firstPauseMs: 1, longestPauseMs: 5 };
    const patient = retryingCatalog(catalog, new Retry(policy, (event) => repeated.push(event)));
    const { totals, notes } = await registerPlan(patient, analysed('rh.nostatistics'));
    expect(repeated).toEqual([]);
    expect({ totals, notes }).toEqual({
      totals: { registered: 3 },
      notes: [expect.stringMatching(/since the catalog takes none.*AWS_UNAVAILABLE/)],
    });
    expect(calls.filter((call) => call === 'GetColumnStatisticsForPartition')).toEqual([]);
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
