import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMapping } from '../../../src/config/mapping-file.ts';
import { listMigrations, loadMigration } from '../../../src/config/migration-file.ts';
import type { AssessedItem, AssessedUseCase, Assessment } from '../../../src/domain/assessment/assessment.ts';
import { rankUseCases } from '../../../src/domain/assessment/rank-use-cases.ts';
import { parseLocation } from '../../../src/domain/location.ts';
import { createLake } from '../../../src/sandbox/lake/create-lake.ts';
import { assessCluster, type UsageSource } from '../../../src/steps/assess/assess-cluster.ts';
import { liveUsage } from '../../../src/steps/assess/live-usage.ts';
import { LakeliftError } from '../../../src/errors.ts';
import { MemoryCatalog } from '../plan/memory-source.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const NOW_MS = Date.UTC(2024, 5, 10);
const lake = createLake('whole');
const catalog = new MemoryCatalog(lake.tables, (table) => lake.partitions(table));

/** A file of 1 MB read long ago below every folder, and many in one. */
const usage: UsageSource = {
  kind: 'image',
  usageOf: async (folders) => {
    const one = { files: 1, sizeBytes: 1e6, smallFiles: 1, modifiedAtMs: NOW_MS, readAtMs: NOW_MS };
    const all = new Map<string, typeof one>(folders.map((folder) => [folder, one]));
    const sensors = folders.find((folder) => folder.endsWith('/prevention.db/capteurs'))!;
    all.set(sensors, { ...one, files: 500, smallFiles: 500 });
    const forgotten = folders.find((folder) => folder.endsWith('/retraite.db/points'))!;
    all.set(forgotten, { ...one, modifiedAtMs: NOW_MS - 500 * 86_400_000, readAtMs: NOW_MS - 400 * 86_400_000 });
    all.set('/user/anybody', { ...one, sizeBytes: 5e9 });
    return all;
  },
};

async function assess(ids: readonly string[], daysPerWave?: number): Promise<Assessment> {
  return assessCluster({
    catalog,
    usage,
    migrations: await Promise.all(ids.map((id) => loadMigration(REPOSITORY, id))),
    mappings: await Promise.all(ids.map((id) => readMapping(REPOSITORY, id))),
    daysPerWave,
    clusterAuthorities: [lake.authority],
    nowMs: NOW_MS,
    progress: () => undefined,
    signal: new AbortController().signal,
  });
}

function itemOf({ items }: Assessment, name: string): AssessedItem {
  return items.find((item) => item.name === name)!;
}

const codesOf = (item: AssessedItem): string[] =>
  item.findings.filter(({ severity }) => severity !== 'note').map(({ severity, code }) => `${severity} ${code}`);

describe('the assessment of the whole lake', () => {
  let whole: Assessment;
  beforeAll(async () => {
    whole = await assess(await listMigrations(REPOSITORY));
  });

  it('knows every table and view, and which use cases name them', () => {
    expect(whole.items.filter(({ kind }) => kind !== 'path').map(({ name }) => name)).toEqual(
      lake.tables.map(({ name }) => `${name.database}.${name.table}`).sort(),
    );
    expect(whole.totals).toMatchObject({ views: 9, unassigned: 0, databases: 30 });
    expect(itemOf(whole, 'assurance.sinistres').useCases).toEqual(['churn', 'claims-fraud', 'claims-handling']);
    expect(itemOf(whole, '/data/archives/documents').useCases).toEqual(['document-archive']);
  });

  it.each([
    ['fraude.score_courant', ['decision STORAGE_HANDLER']],
    ['actuariat.scenarios', ['decision LAKE_FORMAT']],
    ['reassurance.bordereaux', ['decision ENCODING']],
    ['partenaire.flux', ['decision SERDE_UNSUPPORTED']],
    ['finance.mv_balance', ['decision MATERIALIZED_VIEW']],
    ['catnat.archives_meteo', ['blocking LIST_BUCKETING']],
    ['assistance.prestataires', ['blocking LOCATION_OTHER_CLUSTER']],
    ['prevention.capteurs', ['attention SMALL_FILES']],
    ['retraite.points', ['attention NOT_USED']],
    // Settled in the mapping: left behind, or converted.
    ['assurance.mouvements', []],
    ['souscription.decisions', ['attention CONVERTED']],
    ['sante.remboursements', []],
  ])('finds of %s: %j', (name, expected) => {
    expect(codesOf(itemOf(whole, name))).toEqual(expected);
  });

  it('names what lies in no table, the largest first', () => {
    expect(whole.otherFolders.map(({ path }) => path)).toEqual(['/user/anybody']);
  });

  it('ranks every use case once, what nothing holds up before what is blocked', () => {
    const rankOf = (id: string): number => whole.useCases.find((useCase) => useCase.id === id)!.rank;
    expect(whole.useCases.map(({ rank }) => rank)).toEqual(whole.useCases.map((_, index) => index + 1));
    expect(rankOf('document-archive')).toBeLessThan(rankOf('natural-catastrophes'));
    expect(whole.useCases.find(({ id }) => id === 'natural-catastrophes')!.reasons).toContain('blocked');
    expect(whole.useCases.at(0)!.reasons).toContain('nothing-to-decide');
  });
});

describe('the order of use cases', () => {
  it('puts whose views read a table after those who bring it, and says whom they wait for', async () => {
    const { items } = await assess(['contracts-360']);
    // Its view reads two tables that somebody else brings here.
    const elsewhere = items.map((item) =>
      item.name.startsWith('assurance.') && item.useCases.length > 0 ? { ...item, useCases: ['customers'] } : item,
    );
    const named = ['contracts-360', 'customers'].map((id) => ({
      id,
      title: { fr: id, en: id },
      owner: 'a@b',
      wave: 1,
    }));
    const ranked = rankUseCases(
      named,
      elsewhere.map((item) => ({ ...item, effortDays: item.useCases[0] === 'customers' ? 9 : 0.1 })),
    );
    expect(ranked.map(({ id, needs }) => [id, needs])).toEqual([
      ['customers', []],
      ['contracts-360', ['customers']],
    ]);
    expect(ranked[1]!.reasons).toContain('needs-others-first');
  });

  it('cuts waves by effort, each use case in one', async () => {
    const ids = ['absences', 'churn', 'field-sales', 'finance-ledger', 'natural-catastrophes'];
    const { useCases } = await assess(ids, 2);
    const days = new Map<number, AssessedUseCase[]>();
    for (const useCase of useCases)
      days.set(useCase.proposedWave, [...(days.get(useCase.proposedWave) ?? []), useCase]);
    for (const wave of days.values())
      expect(wave.length === 1 || wave.reduce((sum, { effortDays }) => sum + effortDays, 0) <= 2).toBe(true);
    expect([...days.keys()]).toEqual([...days.keys()].sort((a, b) => a - b));
    expect(days.size).toBeGreaterThan(1);
  });

  it('is drawn without a use case as well', async () => {
    const { useCases, totals } = await assess([]);
    expect(useCases).toEqual([]);
    expect(totals.unassigned).toBe(totals.tables + totals.views);
  });
});

describe('sizes asked of the NameNode', () => {
  it('leave out folders that are gone or closed, and end with any other failure', async () => {
    const failing = (kind: 'denied' | 'not-found' | 'unavailable') =>
      liveUsage({
        getContentSummary: async (folder) => {
          if (folder.endsWith('/bad')) throw new LakeliftError('no', { kind, code: 'TEST' });
          return { sizeBytes: 3n, fileCount: 2n, directoryCount: 1n };
        },
      });
    const folders = ['/good', '/bad'].map((path) => parseLocation(path).path);
    const { signal } = new AbortController();
    for (const kind of ['denied', 'not-found'] as const)
      expect([...(await failing(kind).usageOf(folders, signal))]).toEqual([['/good', { files: 2, sizeBytes: 3 }]]);
    await expect(failing('unavailable').usageOf(folders, signal)).rejects.toMatchObject({ code: 'TEST' });
  });
});
