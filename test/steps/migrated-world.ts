import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GlueTargetCatalog } from '../../src/adapters/glue/glue-target-catalog.ts';
import { HiveMetastoreCatalog } from '../../src/adapters/hive-metastore/hive-metastore-catalog.ts';
import { SqliteLedger } from '../../src/adapters/ledger/sqlite-ledger.ts';
import type { S3Settings } from '../../src/adapters/s3/s3-client.ts';
import { S3TargetObjectStore } from '../../src/adapters/s3/s3-target-object-store.ts';
import { WebHdfsSourceFileSystem } from '../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import type { Mapping, ReconcileLevel } from '../../src/domain/mapping.ts';
import { defineMigration, type Migration } from '../../src/domain/migration.ts';
import type { RunId } from '../../src/domain/names.ts';
import { settledOutcome } from '../../src/domain/outcome-of-verdict.ts';
import { WebHdfsClient } from '../../src/hdfs-webhdfs-client/index.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { copyFiles } from '../../src/steps/copy/copy-files.ts';
import { proposeMapping } from '../../src/steps/map.ts';
import { planUseCase } from '../../src/steps/plan/plan-use-case.ts';
import { reconcile } from '../../src/steps/reconcile/reconcile.ts';
import { registerTables } from '../../src/steps/register/register-tables.ts';

export const migration = defineMigration({
  id: 'absences',
  title: { fr: 'Gestion et pilotage des absences', en: 'Absence management' },
  owner: 'rh-data@example.org',
  wave: 1,
  source: { tables: ['rh.*'], paths: ['/data/rh/dsn'] },
  purpose: 'Pilotage des absences',
  legalBasis: 'art. 6.1.f',
  consumers: ['dataiku'],
});

const progress = () => undefined;
const signal = new AbortController().signal;
const limits = { filesAtOnce: 8, partsAtOnce: 8, partSizeBytes: 5 * 1024 * 1024 };

export type World = Awaited<ReturnType<typeof startWorld>>;

interface Place {
  readonly migration: Migration;
  readonly nameNode: string;
  readonly user: string;
  readonly authority: string;
  readonly metastore: string;
  readonly s3: S3Settings;
  readonly glueEndpoint: string;
  readonly bucket: string;
  /** Of every table; `rows` unless told. */
  readonly level?: ReconcileLevel | undefined;
}

/** Real clients around a cluster and an AWS account, and the steps of a run as calls. */
export async function openWorld({ migration, nameNode, user, authority, metastore, ...place }: Place) {
  const hdfs = new WebHdfsClient({ nameNodes: [nameNode], authentication: { kind: 'user', user } });
  const source = new WebHdfsSourceFileSystem(hdfs);
  const sourceCatalog = new HiveMetastoreCatalog({ addresses: [metastore], user });
  const store = new S3TargetObjectStore(place.s3);
  const catalog = new GlueTargetCatalog({ ...place.s3, endpoint: place.glueEndpoint });
  const ledger = new SqliteLedger(':memory:', migration.id);
  const { mapping: proposed } = await proposeMapping(migration, sourceCatalog);
  const mapping = atLevel(proposed, place.level ?? 'rows');

  const plan = (into: SqliteLedger) =>
    planUseCase({
      migration,
      mapping,
      zones: { raw: { bucket: place.bucket, prefix: '' } },
      source,
      catalog: sourceCatalog,
      writer: into.writePlan(),
      clusterAuthorities: [authority],
      progress,
      signal,
    });
  const register = (runId: RunId) =>
    registerTables({ ledger, runId, useCase: migration.id, catalog, progress, signal });

  return {
    ledger,
    store,
    register,
    /** Plan, copy and register; the outcome of every item is in the ledger. */
    run: async (runId: RunId) => {
      const { hash: planHash } = await plan(ledger);
      ledger.startRun({ runId, planHash, toolVersion: '0', startedBy: 'me@host', startedAtMs: 1, status: 'running' });
      for (const item of ledger.listItems({})) {
        const outcome = settledOutcome(item);
        if (outcome !== undefined) ledger.recordOutcome(runId, outcome);
      }
      await copyFiles({ ledger, runId, source, target: store, limits, progress, signal });
      const totals = await register(runId);
      ledger.finishRun(runId, 'finished', 2);
      return totals;
    },
    /** Against a plan drawn afresh, with the ledger's evidence unless told otherwise. */
    reconcile: async (
      runId: RunId | undefined,
      engines?: { readonly source: QueryEngine; readonly target: QueryEngine },
    ) => {
      const fresh = new SqliteLedger(':memory:', migration.id);
      try {
        await plan(fresh);
        const evidence = runId === undefined ? undefined : { ledger, runId };
        const record = { useCase: migration.id, fresh, source, store, catalog, progress, signal, nowMs: 3 };
        return await reconcile({ ...record, evidence, engines });
      } finally {
        fresh.close();
      }
    },
    close: async () => {
      hdfs.close();
      store.close();
      catalog.close();
      ledger.close();
      await sourceCatalog.close();
    },
  };
}

function atLevel(mapping: Mapping, level: ReconcileLevel): Mapping {
  const tables = Object.entries(mapping.tables).map(([name, table]) => [name, { ...table, reconcile: { level } }]);
  return { ...mapping, tables: Object.fromEntries(tables) as Mapping['tables'] };
}

/** The sandbox's own lake and account. */
export async function startWorld() {
  const directory = mkdtempSync(join(tmpdir(), 'lakelift-world-'));
  const sandbox = await startSandbox({ directory });
  const { source, target, zones } = sandbox.configuration;
  const credentials = {
    accessKeyId: sandbox.environment['AWS_ACCESS_KEY_ID']!,
    secretAccessKey: sandbox.environment['AWS_SECRET_ACCESS_KEY']!,
  };
  const settings = { ...target.s3, region: target.region, credentials };
  const world = await openWorld({
    migration,
    nameNode: source.hdfs.nameNodes[0]!,
    user: source.hdfs.user,
    authority: source.hdfs.authorities[0]!,
    metastore: source.hive.metastore[0]!,
    s3: settings,
    glueEndpoint: target.glue.endpoint,
    bucket: zones.raw.bucket,
  });
  return {
    ...world,
    sandbox,
    settings,
    bucket: zones.raw.bucket,
    close: async () => {
      await world.close();
      await sandbox.close();
      rmSync(directory, { recursive: true });
    },
  };
}
