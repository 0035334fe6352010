import '../src/cli/heap-limits.js';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GlueTargetCatalog } from '../src/adapters/glue/glue-target-catalog.ts';
import { HiveMetastoreCatalog } from '../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { SqliteLedger } from '../src/adapters/ledger/sqlite-ledger.ts';
import type { Migration } from '../src/domain/migration.ts';
import type { RunId, UseCaseId } from '../src/domain/names.ts';
import type { SourceFileSystem } from '../src/ports/source-file-system.ts';
import { PATIENT, Retry } from '../src/resilience/retry.ts';
import { retryingCatalog } from '../src/resilience/with-retry.ts';
import { proposeMapping } from '../src/steps/map.ts';
import { planUseCase } from '../src/steps/plan/plan-use-case.ts';
import { registerTables } from '../src/steps/register/register-tables.ts';

/** One pass over the tables of a metastore, as a run makes it, but for the files: folders are there and empty. */
export interface CatalogPass {
  readonly mapSeconds: number;
  readonly planSeconds: number;
  readonly registerSeconds: number;
  readonly outcomes: Awaited<ReturnType<typeof registerTables>>;
}

const [metastore = '', glue = '', database = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'lakelift-bench-catalog-'));
const useCase = 'catalog' as UseCaseId;
const signal = new AbortController().signal;
const progress = (): void => undefined;
const source = new HiveMetastoreCatalog({ addresses: [metastore] });
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
const target = retryingCatalog(
  new GlueTargetCatalog({ region: 'us-east-1', endpoint: glue, credentials }),
  new Retry(PATIENT, progress),
);
const ledger = new SqliteLedger(join(directory, 'ledger.sqlite'), useCase);
try {
  console.log(JSON.stringify([await pass('first'), await pass('second')] satisfies CatalogPass[]));
} finally {
  ledger.close();
  target.close();
  await source.close();
  rmSync(directory, { recursive: true });
}

async function pass(name: string): Promise<CatalogPass> {
  const migration = { id: useCase, source: { tables: [`${database}.*`], paths: [] } } as unknown as Migration;
  const started = performance.now();
  const { mapping } = await proposeMapping(migration, source, { signal });
  const mapped = performance.now();
  await planUseCase({
    migration,
    mapping,
    zones: { raw: { bucket: 'raw', prefix: '' } },
    source: emptyFolders(),
    catalog: source,
    writer: ledger.writePlan(),
    clusterAuthorities: ['sandbox'],
    progress,
    signal,
  });
  const planned = performance.now();
  const runId = name as RunId;
  const outcomes = await registerTables({ ledger, runId, useCase, catalog: target, progress, signal });
  const registered = performance.now();
  return {
    mapSeconds: (mapped - started) / 1000,
    planSeconds: (planned - mapped) / 1000,
    registerSeconds: (registered - planned) / 1000,
    outcomes,
  };
}

/** What listing costs depends on the cluster, and is measured with the files. */
function emptyFolders(): SourceFileSystem {
  const none = (): never => {
    throw new Error('These folders hold no files');
  };
  return {
    findEntry: (path) => Promise.resolve({ kind: 'directory', directory: { path, modifiedAtMs: 0 } }),
    findEntryAgain: none,
    async *listDirectory() {},
    findAccess: none,
    getContentSummary: none,
    readRange: none,
    findChecksum: none,
    listBlockSizes: none,
  };
}
