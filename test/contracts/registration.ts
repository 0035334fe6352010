import { afterAll, beforeAll, expect, it } from 'vitest';
import { SqliteLedger } from '../../src/adapters/ledger/sqlite-ledger.ts';
import type { UseCaseId } from '../../src/domain/names.ts';
import type { PlanItem } from '../../src/domain/plan.ts';
import { STAMP } from '../../src/domain/target-table.ts';
import type { TargetCatalog } from '../../src/ports/target-catalog.ts';
import { diffCatalog } from '../../src/steps/register/diff-catalog.ts';
import {
  definitionOf,
  oneTable,
  partitionFile,
  partitionItems,
  registerPlan,
  tableItem,
  viewItem,
} from './registration-plan.ts';

/** Registration as it must work against any catalog. */
export function describeRegistration(open: () => TargetCatalog): void {
  let catalog: TargetCatalog;
  beforeAll(() => void (catalog = open()));
  afterAll(() => catalog.close());

  const valuesOf = async (scope: string) => {
    const found: string[] = [];
    for await (const { values } of catalog.listPartitions(definitionOf(scope))) found.push(values[0]!);
    return found.sort();
  };
  const changesIn = async (items: ReturnType<typeof oneTable>) => {
    const ledger = new SqliteLedger(':memory:', 'absences' as UseCaseId);
    const writer = ledger.writePlan();
    for (const item of items) writer.add(item);
    writer.finish();
    const changes = await Array.fromAsync(diffCatalog(ledger, catalog, new AbortController().signal));
    ledger.close();
    return changes;
  };

  it('creates database, table and partitions, and says so for each', async () => {
    const plan = oneTable('rh.nouvelle', ['2023', '2024']);
    expect(await changesIn(plan)).toMatchObject([{ diff: { kind: 'create' }, partitions: { create: 2, extra: 0 } }]);
    const { outcomes } = await registerPlan(catalog, plan);
    expect([...outcomes.values()].map((outcome) => outcome?.status)).toEqual([
      'registered',
      'registered',
      'registered',
    ]);
    const standing = await catalog.findTable(definitionOf('rh.nouvelle'));
    expect(standing?.table.parameters[STAMP.runId]).toBe('r1');
    expect(await valuesOf('rh.nouvelle')).toEqual(['2023', '2024']);
  });

  it('finds nothing to do when it is done again', async () => {
    const plan = oneTable('rh.encore', ['2023', '2024']);
    await registerPlan(catalog, plan);
    expect((await registerPlan(catalog, plan)).totals).toEqual({ unchanged: 3 });
    expect(await changesIn(plan)).toMatchObject([{ diff: { kind: 'unchanged' }, partitions: { unchanged: 2 } }]);
  });

  it('updates what changed, keeps what others added, and touches nothing else', async () => {
    const scope = 'rh.modifiee';
    await registerPlan(catalog, oneTable(scope, ['2023', '2024']));
    const standing = (await catalog.findTable(definitionOf(scope)))!;
    const foreign = { ...standing.table, parameters: { ...standing.table.parameters, equipe: 'paie' } };
    await catalog.updateTable(foreign, standing.version);

    const [changed, ...same] = partitionItems(scope, ['2023', '2024']);
    const moved = { ...changed!.definition!.storage, location: `s3://raw/${scope}/ailleurs/` };
    const plan = [
      tableItem(scope, { description: 'Nouvelle description' }),
      { ...changed!, definition: { ...changed!.definition!, storage: moved } },
      ...same,
    ];
    const { outcomes } = await registerPlan(catalog, plan);
    expect(Object.fromEntries([...outcomes].map(([id, outcome]) => [id, outcome?.status]))).toEqual({
      [`table:${scope}`]: 'updated',
      [`partition:${scope}/annee=2023`]: 'updated',
      [`partition:${scope}/annee=2024`]: 'unchanged',
    });
    const after = (await catalog.findTable(definitionOf(scope)))!.table;
    expect(after).toMatchObject({ description: 'Nouvelle description', parameters: { equipe: 'paie' } });
  });

  it('leaves a table that it did not make alone, and its partitions with it', async () => {
    const scope = 'rh.etrangere';
    await registerPlan(catalog, [tableItem('rh.pour_la_base')]);
    const foreign = definitionOf(scope, { parameters: { EXTERNAL: 'TRUE' }, description: 'à nous' });
    await catalog.createTable(foreign);
    const { outcomes } = await registerPlan(catalog, oneTable(scope, ['2024']));
    expect(outcomes.get(`table:${scope}`)).toMatchObject({ status: 'refused', errorCode: 'FOREIGN_TABLE' });
    expect(outcomes.get(`partition:${scope}/annee=2024`)).toMatchObject({ status: 'not-attempted' });
    expect((await catalog.findTable(foreign))!.table.description).toBe('à nous');
    expect(await valuesOf(scope)).toEqual([]);
  });

  it('registers a view after what it reads, as a view of Athena, and finds nothing to do the second time', async () => {
    const plan = [
      viewItem('rh.a_vue', ['rh.z_vue']),
      viewItem('rh.z_vue', ['rh.lue']),
      tableItem('rh.lue', { partitionKeys: [] }),
    ];
    const { outcomes } = await registerPlan(catalog, plan);
    expect([...outcomes.values()].map((outcome) => outcome?.status)).toEqual(plan.map(() => 'registered'));
    const standing = (await catalog.findTable(plan[0]!.definition!))!.table;
    expect(standing).toMatchObject({ type: 'VIRTUAL_VIEW', viewOriginalText: plan[0]!.definition!.viewOriginalText });
    expect((await registerPlan(catalog, plan)).totals).toEqual({ unchanged: 3 });
    const edited = viewItem('rh.a_vue', ['rh.z_vue'], { viewOriginalText: '/* Presto View: e30= */' });
    const again = await registerPlan(catalog, [edited, ...plan.slice(1)]);
    expect(again.outcomes.get('view:rh.a_vue')).toMatchObject({ status: 'updated', message: 'view text' });
  });

  it('leaves a view alone whose tables did not come to stand, and one that it did not make', async () => {
    await catalog.createTable(definitionOf('rh.lue_etrangere', { parameters: { EXTERNAL: 'TRUE' } }));
    const foreign = viewItem('rh.vue_etrangere', []).definition!;
    await catalog.createTable({ ...foreign, parameters: { presto_view: 'true' } });
    const plan = [
      tableItem('rh.lue_etrangere'),
      viewItem('rh.vue_orpheline', ['rh.lue_etrangere']),
      viewItem('rh.vue_orpheline_2', ['rh.vue_orpheline']),
      viewItem('rh.vue_etrangere', []),
    ];
    const { outcomes } = await registerPlan(catalog, plan);
    for (const scope of ['rh.vue_orpheline', 'rh.vue_orpheline_2'])
      expect(outcomes.get(`view:${scope}`)).toMatchObject({ status: 'not-attempted', errorCode: 'VIEW_READS_ABSENT' });
    expect(outcomes.get('view:rh.vue_etrangere')).toMatchObject({ status: 'refused', errorCode: 'FOREIGN_TABLE' });
    expect(await catalog.findTable(definitionOf('rh.vue_orpheline'))).toBeUndefined();
  });

  it('registers no table before all its files are proven', async () => {
    const scope = 'rh.incomplete';
    const plan = [...oneTable(scope, ['2023', '2024']), partitionFile(scope, '2023'), partitionFile(scope, '2024')];
    const isBad = (id: string) => id.includes('2024');
    const { outcomes } = await registerPlan(catalog, plan, ({ id }) => (isBad(id) ? 'failed' : 'verified'));
    expect(outcomes.get(`table:${scope}`)).toMatchObject({ status: 'not-attempted', errorCode: 'FILES_NOT_VERIFIED' });
    expect(outcomes.get(`partition:${scope}/annee=2023`)?.status).toBe('not-attempted');
    expect(await catalog.findTable(definitionOf(scope))).toBeUndefined();
  });

  it('adds to a table that stands the partitions whose files are proven, and only those', async () => {
    const scope = 'rh.croissante';
    await registerPlan(catalog, oneTable(scope, ['2022']));
    const plan = [
      ...oneTable(scope, ['2022', '2023', '2024']),
      partitionFile(scope, '2023'),
      partitionFile(scope, '2024'),
    ];
    const { outcomes } = await registerPlan(catalog, plan, ({ id }) => (id.includes('2024') ? 'failed' : 'verified'));
    expect(outcomes.get(`partition:${scope}/annee=2023`)?.status).toBe('registered');
    expect(outcomes.get(`partition:${scope}/annee=2024`)).toMatchObject({ errorCode: 'FILES_NOT_VERIFIED' });
    expect(await valuesOf(scope)).toEqual(['2022', '2023']);
  });

  it('leaves out a partition that waits, whose files wait with it, and registers the table and the others', async () => {
    const scope = 'rh.en_attente';
    const reason = { code: 'CODEC_UNSUPPORTED', text: 'cannot be read' };
    const waits = (item: PlanItem): PlanItem =>
      item.id.includes('annee=2024') ? { ...item, verdict: 'needs-decision', reason } : item;
    const plan = [...oneTable(scope, ['2023', '2024']), partitionFile(scope, '2023'), partitionFile(scope, '2024')];
    const { outcomes } = await registerPlan(catalog, plan.map(waits));
    expect(outcomes.get(`table:${scope}`)?.status).toBe('registered');
    expect(outcomes.get(`partition:${scope}/annee=2023`)?.status).toBe('registered');
    expect(outcomes.get(`partition:${scope}/annee=2024`)).toBeUndefined();
    expect(await valuesOf(scope)).toEqual(['2023']);
  });

  it('never removes a partition, and warns of those that nobody planned', async () => {
    const scope = 'rh.surnombre';
    await registerPlan(catalog, oneTable(scope, ['2022', '2023']));
    const { notes } = await registerPlan(catalog, oneTable(scope, ['2023']));
    expect(notes.join()).toContain('annee=2022');
    expect(await valuesOf(scope)).toEqual(['2022', '2023']);
  });
}
