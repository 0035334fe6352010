import { afterAll, beforeAll, expect, it } from 'vitest';
import { GlueTargetCatalog } from '../../../src/adapters/glue/glue-target-catalog.ts';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import type { ColumnStatistics } from '../../../src/domain/column-statistics.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { PlanItem, TableItem } from '../../../src/domain/plan.ts';
import { startGlueServer } from '../../../src/sandbox/glue/glue-server.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import type { SandboxServer } from '../../../src/sandbox/loopback.ts';
import type { ReconcileRequest } from '../../../src/steps/reconcile/reconcile-context.ts';
import { reconcileStatistics } from '../../../src/steps/reconcile/reconcile-statistics.ts';
import { oneTable, registerPlan } from '../../contracts/registration-plan.ts';

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };
let fault: Fault | undefined;
let server: SandboxServer;
let catalog: GlueTargetCatalog;

beforeAll(async () => {
  const faults = ({ operation }: { operation: string }) => (operation.includes('Statistics') ? fault : undefined);
  server = await startGlueServer({ directory: undefined, credentials, faults });
  catalog = new GlueTargetCatalog({ endpoint: server.url, region: 'eu-west-3', credentials });
});
afterAll(async () => {
  catalog.close();
  await server.close();
});

const nulls = (column: string, type: string, count: number): ColumnStatistics => {
  const values = { kind: 'string', longestBytes: 13, averageBytes: 13, nulls: count, distinct: 4 } as const;
  return { column, type, analyzedAtSeconds: 1, values };
};
const STATISTICS = [nulls('nir', 'string', 0), nulls('montant', 'decimal(10,2)', 0)];

function analysed(scope: string): [TableItem, ...PlanItem[]] {
  const [table, first, ...others] = oneTable(scope, ['1', '2']) as [TableItem, PlanItem, PlanItem];
  const item = { ...table, statistics: STATISTICS, partitionsWithStatistics: 1 };
  return [item, { ...first, statistics: STATISTICS.slice(0, 1) } as PlanItem, ...others];
}

async function compared(items: readonly [TableItem, ...PlanItem[]]) {
  const fresh = new SqliteLedger(':memory:', 'absences' as UseCaseId);
  const writer = fresh.writePlan();
  for (const item of items) writer.add(item);
  writer.finish();
  const request = { fresh, catalog, signal: new AbortController().signal } as unknown as ReconcileRequest;
  try {
    return await reconcileStatistics(request, items[0]);
  } finally {
    fresh.close();
  }
}

it('passes what stands as planned, of the table and of its partitions', async () => {
  const plan = analysed('rh.same');
  await registerPlan(catalog, plan);
  expect(await compared(plan)).toEqual({
    checks: [{ check: 'statistics', status: 'passed', compared: 3, deviating: 0 }],
    findings: [],
  });
});

it('names the columns whose statistics are others, table and partitions apart', async () => {
  const plan = analysed('rh.other');
  await registerPlan(catalog, plan);
  const table = plan[0].definition!;
  await catalog.putStatistics({ table }, [nulls('montant', 'decimal(10,2)', 3)]);
  await catalog.putStatistics({ table, partition: ['1'] }, [nulls('nir', 'string', 1)]);
  const { checks, findings } = await compared(plan);
  expect(checks).toMatchObject([{ status: 'differences', compared: 3, deviating: 2 }]);
  expect(findings.map(({ subject, weight }) => `${subject} ${weight}`)).toEqual([
    'montant difference',
    'annee=1, nir difference',
  ]);
});

it('says what does not stand without calling it a difference: no row is missing', async () => {
  const plan = analysed('rh.absent');
  await registerPlan(catalog, oneTable('rh.absent', ['1', '2']));
  const { checks, findings } = await compared(plan);
  expect(findings).toEqual([]);
  expect(checks).toMatchObject([
    { status: 'incomplete', reason: 'statistics of 3 columns do not stand at the target' },
  ]);
});

it('goes on past a partition of which the catalog gives no answer', async () => {
  const plan = analysed('rh.partly');
  const [table] = plan;
  await registerPlan(catalog, [table]);
  await catalog.putStatistics({ table: table.definition! }, [nulls('montant', 'decimal(10,2)', 3)]);
  const { checks, findings } = await compared(plan);
  expect(checks).toMatchObject([{ status: 'differences', compared: 2, deviating: 1 }]);
  expect(checks[0]?.reason).toMatch(/^statistics of 1 columns could not be asked for: .*GLUE_NOT_FOUND/);
  expect(findings.map(({ subject }) => subject)).toEqual(['montant']);
});

it('says why when the catalog cannot be asked, and has nothing to say of tables without any', async () => {
  const plan = analysed('rh.unasked');
  await registerPlan(catalog, plan);
  fault = { kind: 'error', status: 400, code: 'AccessDeniedException' };
  const { checks, findings } = await compared(plan);
  fault = undefined;
  expect(findings).toEqual([]);
  expect(checks).toMatchObject([{ status: 'incomplete', reason: expect.stringContaining('GLUE_DENIED') as string }]);
  expect(await compared(oneTable('rh.unasked', ['1']) as [TableItem, ...PlanItem[]])).toEqual({
    checks: [],
    findings: [],
  });
});
