import { existsSync, readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { GlueTargetCatalog } from './adapters/glue/glue-target-catalog.ts';
import * as planNotes from './adapters/directory/plan-note.ts';
import { SqliteLedger } from './adapters/ledger/sqlite-ledger.ts';
import { SqliteRunLock } from './adapters/ledger/sqlite-run-lock.ts';
import { S3TargetObjectStore } from './adapters/s3/s3-target-object-store.ts';
import { SocketThreads } from './adapters/threads/socket-threads.ts';
import { SpareCores } from './adapters/threads/spare-cores.ts';
import { WebHdfsSourceFileSystem } from './adapters/webhdfs/webhdfs-source-file-system.ts';
import { sourceCatalog, sourceEngine, sourceExporter, targetEngine } from './compose-engines.ts';
import { readSecret } from './compose-secrets.ts';
import type { Config, Project } from './config/config.ts';
import type { Zone } from './domain/mapping.ts';
import type { UseCaseId } from './domain/names.ts';
import { WebHdfsClient, type Authentication } from './hdfs-webhdfs-client/index.ts';
import type { Ledger, RunLock } from './ports/ledger.ts';
import type { Platform } from './ports/platform.ts';
import type { Progress } from './ports/progress.ts';
import { AdaptiveLimit } from './resilience/adaptive-limit.ts';
import { RateLimit, rateLimitedSource } from './resilience/rate-limit.ts';
import { PATIENT, Retry } from './resilience/retry.ts';
import { retryingCatalog, retryingSourceCatalog, retryingSource, retryingStore } from './resilience/with-retry.ts';
import type { ZoneTarget } from './steps/plan/plan-context.ts';

/** Of a core: less of all of them idle than that, and more parts at a time would wait for each other (measured: 64 MB for nothing). */
const ROOM_CORES = 0.25;

/** Joins adapters, wrappers and settings; nothing else in the program knows which vendor stands behind a port. */
export async function connect(
  { config }: Project,
  progress: Progress,
  rateLimit = new RateLimit(undefined),
): Promise<Platform> {
  const { filesAtOnce, partsAtOnce, retryForMinutes } = config.limits;
  const spareCores = new SpareCores();
  const hasRoom = (): boolean => spareCores.since() > ROOM_CORES;
  const parts = new AdaptiveLimit({ first: Math.ceil(partsAtOnce / 4), most: partsAtOnce, hasRoom });
  const smallFiles = new AdaptiveLimit({ first: filesAtOnce, most: filesAtOnce });
  const onPressure = (): void => [parts, smallFiles].forEach((limit) => limit.pressed());
  const retry = new Retry({ ...PATIENT, patienceMs: retryForMinutes * 60_000, onPressure }, progress);
  const threads = new SocketThreads({ most: config.limits.threads });
  const { blockTransfers } = threads;
  const hdfs = new WebHdfsClient({ ...webHdfsOptions(config), blockTransfers, onDataNodePressure: onPressure });
  const catalog = retryingSourceCatalog(await sourceCatalog(config), retry);
  const store = retryingStore(objectStore(config, threads, onPressure), retry);
  const targetCatalog = retryingCatalog(
    new GlueTargetCatalog({ ...awsSettings(config), endpoint: config.target.glue?.endpoint }),
    retry,
  );
  const source = retryingSource(rateLimitedSource(new WebHdfsSourceFileSystem(hdfs), rateLimit), retry);
  const exporter = await sourceExporter(config);
  const sourceRows = await sourceEngine(config, { catalog, source });
  const targetRows = await targetEngine(config, { targetCatalog, store });
  return {
    source,
    catalog,
    store,
    targetCatalog,
    sourceEngine: sourceRows,
    targetEngine: targetRows,
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
