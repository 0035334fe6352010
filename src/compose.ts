import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { AthenaEngine } from './adapters/athena/athena-engine.ts';
import { DuckDbDatasetEngine } from './adapters/duckdb/duckdb-dataset-engine.ts';
import { DuckDbEngine } from './adapters/duckdb/duckdb-engine.ts';
import { SourceLake } from './adapters/duckdb/source-lake.ts';
import { TargetLake } from './adapters/duckdb/target-lake.ts';
import { GlueTargetCatalog } from './adapters/glue/glue-target-catalog.ts';
import { HiveMetastoreCatalog } from './adapters/hive-metastore/hive-metastore-catalog.ts';
import { HiveServer2Engine } from './adapters/hiveserver2/hiveserver2-engine.ts';
import type { HiveServer2Options } from './adapters/hiveserver2/hiveserver2-connection.ts';
import { HiveServer2Exporter } from './adapters/hiveserver2/hiveserver2-exporter.ts';
import { HiveServer2Catalog } from './adapters/hiveserver2/hiveserver2-catalog.ts';
import { DirectoryDsnScratch } from './adapters/directory/directory-dsn-scratch.ts';
import { DirectoryDsnTables } from './adapters/directory/directory-dsn-tables.ts';
import * as planNotes from './adapters/directory/plan-note.ts';
import { openRunLog, type RunLog } from './adapters/log/run-log.ts';
import { SqliteLedger } from './adapters/ledger/sqlite-ledger.ts';
import { SqliteRunLock } from './adapters/ledger/sqlite-run-lock.ts';
import { S3TargetObjectStore } from './adapters/s3/s3-target-object-store.ts';
import { SocketThreads } from './adapters/threads/socket-threads.ts';
import { TrinoEngine } from './adapters/trino/trino-engine.ts';
import { WebHdfsSourceFileSystem } from './adapters/webhdfs/webhdfs-source-file-system.ts';
import { noteConfiguredSecrets, readSecret, redact } from './compose-secrets.ts';
import type { Config, Project } from './config/config.ts';
import type { Zone } from './domain/mapping.ts';
import { hdfsPath, type UseCaseId } from './domain/names.ts';
import { LakeliftError } from './errors.ts';
import { WebHdfsClient, type Authentication } from './hdfs-webhdfs-client/index.ts';
import type { DatasetEngine } from './ports/dataset-engine.ts';
import type { DsnScratch, DsnTables } from './ports/dsn-tables.ts';
import type { Ledger, RunLock } from './ports/ledger.ts';
import type { QueryEngine } from './ports/query-engine.ts';
import type { SourceExporter } from './ports/source-exporter.ts';
import type { SourceCatalog } from './ports/source-catalog.ts';
import type { Platform } from './ports/platform.ts';
import type { Progress } from './ports/progress.ts';
import { AdaptiveLimit } from './resilience/adaptive-limit.ts';
import { RateLimit, rateLimitedSource } from './resilience/rate-limit.ts';
import { PATIENT, Retry } from './resilience/retry.ts';
import { retryingCatalog, retryingSourceCatalog, retryingSource, retryingStore } from './resilience/with-retry.ts';
import type { ZoneTarget } from './steps/plan/plan-context.ts';

/** Joins adapters, wrappers and settings; nothing else in the program knows which vendor stands behind a port. */
export function connect({ config }: Project, progress: Progress, rateLimit = new RateLimit(undefined)): Platform {
  const { filesAtOnce, partsAtOnce, retryForMinutes } = config.limits;
  const parts = new AdaptiveLimit({ first: Math.ceil(partsAtOnce / 4), most: partsAtOnce });
  const smallFiles = new AdaptiveLimit({ first: filesAtOnce, most: filesAtOnce });
  const onPressure = (): void => [parts, smallFiles].forEach((limit) => limit.pressed());
  const retry = new Retry({ ...PATIENT, patienceMs: retryForMinutes * 60_000, onPressure }, progress);
  const threads = new SocketThreads({ most: config.limits.threads });
  const { blockTransfers } = threads;
  const hdfs = new WebHdfsClient({ ...webHdfsOptions(config), blockTransfers, onDataNodePressure: onPressure });
  const catalog = retryingSourceCatalog(sourceCatalog(config), retry);
  const store = retryingStore(objectStore(config, threads, onPressure), retry);
  const targetCatalog = retryingCatalog(
    new GlueTargetCatalog({ ...awsSettings(config), endpoint: config.target.glue?.endpoint }),
    retry,
  );
  const exporter = sourceExporter(config);
  const source = retryingSource(rateLimitedSource(new WebHdfsSourceFileSystem(hdfs), rateLimit), retry);
  const sourceRows = sourceEngine(config, new SourceLake(catalog, source));
  return {
    source,
    catalog,
    store,
    targetCatalog,
    sourceEngine: sourceRows,
    targetEngine: targetEngine(config, new TargetLake(targetCatalog, store)),
    exporter,
    copySlots: { parts, smallFiles, sharesMemory: threads.sharesMemory },
    close: async () => {
      hdfs.close();
      store.close();
      targetCatalog.close();
      await Promise.allSettled([threads.close(), catalog.close(), sourceRows?.close(), exporter?.close()]);
    },
  };
}

/** The ledger of a use case and the lock that a run of it holds. */
export function openLedger(project: Project, useCase: UseCaseId): Ledger {
  return new SqliteLedger(ledgerPath(project, useCase), useCase);
}

/** Undefined, and nothing made, where no run has been on this machine. */
export function findLedger(project: Project, useCase: UseCaseId): Ledger | undefined {
  return existsSync(ledgerPath(project, useCase)) ? openLedger(project, useCase) : undefined;
}

function ledgerPath(project: Project, useCase: UseCaseId): string {
  return join(stateDirectory(project), useCase, 'ledger.sqlite');
}

export function runLock(project: Project, useCase: UseCaseId): RunLock {
  return new SqliteRunLock(join(stateDirectory(project), useCase, 'run.lock'));
}

/** The last plan that somebody looked at; undefined where none was drawn on this machine. */
export function findPlanNote(project: Project, useCase: UseCaseId): planNotes.PlanNote | undefined {
  return planNotes.findPlanNote(planNotePath(project, useCase));
}

export function putPlanNote(project: Project, useCase: UseCaseId, note: planNotes.PlanNote): void {
  planNotes.putPlanNote(planNotePath(project, useCase), note);
}

function planNotePath(project: Project, useCase: UseCaseId): string {
  return join(stateDirectory(project), useCase, 'plan.json');
}

export { readRangerExport, type RangerExport } from './adapters/ranger/ranger-policies.ts';
export { readSentryExport } from './adapters/sentry/sentry-policies.ts';

/** The log of one command on a use case, named by when it began. */
export function runLog(project: Project, useCase: UseCaseId): RunLog {
  const name = `${new Date().toISOString().replace(/[:.]/g, '-')}.jsonl`;
  noteConfiguredSecrets(project.config);
  return openRunLog(join(stateDirectory(project), useCase, 'logs', name), redact);
}

/** For plans that nobody will run: gone when closed. */
export function openScratchLedger(useCase: UseCaseId): Ledger {
  return new SqliteLedger('', useCase);
}

export function stateDirectory({ root, config }: Project): string {
  return isAbsolute(config.state.directory) ? config.state.directory : join(root, config.state.directory);
}

export function zoneTargets({ zones }: Config): Partial<Record<Zone, ZoneTarget>> {
  return Object.fromEntries(Object.entries(zones).map(([zone, { bucket, prefix }]) => [zone, { bucket, prefix }]));
}

/** `user@host`, for the ledger and the report. */
export function whoAmI(): string {
  return `${userInfo().username}@${hostname()}`;
}

function webHdfsOptions({ source: { hdfs } }: Config): ConstructorParameters<typeof WebHdfsClient>[0] {
  return {
    nameNodes: hdfs.nameNodes,
    authentication: authenticationOf(hdfs),
    readsBlocks: hdfs.blockReads === 'auto',
    tls: hdfs.caFile === undefined ? undefined : { ca: readFileSync(hdfs.caFile) },
  };
}

function authenticationOf(hdfs: Config['source']['hdfs']): Authentication | undefined {
  const { delegationTokenFile, user } = hdfs;
  // Read at each request, so that a renewed token is picked up without a restart.
  if (delegationTokenFile !== undefined)
    return { kind: 'delegation-token', token: () => readSecret(delegationTokenFile) };
  return user === undefined ? undefined : { kind: 'user', user };
}

function sourceCatalog({ source: { hive, hdfs } }: Config): SourceCatalog {
  if (hive.metastore.length > 0) return new HiveMetastoreCatalog({ addresses: hive.metastore, user: hdfs.user });
  return new HiveServer2Catalog(hiveServer2Options(hive.hiveServer2!));
}

function sourceExporter({ source: { hive } }: Config): SourceExporter | undefined {
  if (hive.hiveServer2 === undefined || hive.staging === undefined) return undefined;
  const { database, folder } = hive.staging;
  return new HiveServer2Exporter(hiveServer2Options(hive.hiveServer2), { database, folder: hdfsPath(folder) });
}

function hiveServer2Options(settings: NonNullable<Config['source']['hive']['hiveServer2']>): HiveServer2Options {
  const { host, port, user, passwordEnvironment, isTls, caFile } = settings;
  const password = passwordEnvironment === undefined ? undefined : process.env[passwordEnvironment];
  if (passwordEnvironment !== undefined && password === undefined) {
    const hint = `Set ${passwordEnvironment}, or take passwordEnvironment out of lakelift.yaml.`;
    throw new LakeliftError(`The environment variable ${passwordEnvironment} is not set`, {
      kind: 'usage',
      code: 'SECRET_MISSING',
      subject: passwordEnvironment,
      hint,
    });
  }
  const tls = isTls ? { ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8') } : undefined;
  return { host, port, user, password, tls };
}

/** How every service of AWS is reached. */
export function awsSettings({ target, limits }: Config): { region: string; maxConnections: number } {
  return { region: target.region, maxConnections: limits.filesAtOnce + limits.partsAtOnce };
}

function objectStore(config: Config, { bodyTransfers }: SocketThreads, onPressure: () => void): S3TargetObjectStore {
  const kmsKeyIds = Object.fromEntries(
    Object.values(config.zones).flatMap(({ bucket, kmsKeyId }) => (kmsKeyId === undefined ? [] : [[bucket, kmsKeyId]])),
  );
  const { endpoint, forcePathStyle } = config.target.s3 ?? {};
  const settings = { ...awsSettings(config), endpoint, forcePathStyle, kmsKeyIds };
  return new S3TargetObjectStore({ ...settings, bodyTransfers, onPressure });
}

function sourceEngine({ source }: Config, lake: SourceLake): QueryEngine | undefined {
  const { hiveServer2 } = source.hive;
  if (hiveServer2 !== undefined) return new HiveServer2Engine(hiveServer2Options(hiveServer2));
  return source.engine === undefined ? undefined : new DuckDbEngine(lake);
}

function targetEngine({ target }: Config, lake: TargetLake): QueryEngine | undefined {
  const { engine, region } = target;
  switch (engine?.kind) {
    case undefined:
      return undefined;
    case 'duckdb':
      return new DuckDbEngine(lake);
    case 'trino':
      return new TrinoEngine({ url: engine.url, user: engine.user, catalog: engine.catalog });
    case 'athena':
      return new AthenaEngine({
        region,
        workgroup: engine.workgroup,
        catalog: engine.catalog,
        outputLocation: engine.outputLocation,
      });
  }
}

/** Tables of DSN files in a folder of this machine. */
export function dsnTables(directory: string): DsnTables {
  return new DirectoryDsnTables(directory);
}

/** The same for as long as a build takes. */
export function dsnScratch(): Promise<DsnScratch> {
  return DirectoryDsnScratch.make();
}

/** Makes datasets of what stands at the target, on this machine. */
export function datasetEngine({ targetCatalog, store }: Platform): DatasetEngine {
  return new DuckDbDatasetEngine(new TargetLake(targetCatalog, store));
}

/** Reads datasets for an application; on this machine where no engine of the target is configured. */
export function servingEngine({ targetEngine: engine, targetCatalog, store }: Platform): QueryEngine {
  return engine ?? new DuckDbEngine(new TargetLake(targetCatalog, store));
}
