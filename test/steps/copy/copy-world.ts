import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import { S3TargetObjectStore } from '../../../src/adapters/s3/s3-target-object-store.ts';
import { SocketThreads } from '../../../src/adapters/threads/socket-threads.ts';
import { WebHdfsSourceFileSystem } from '../../../src/adapters/webhdfs/webhdfs-source-file-system.ts';
import { hdfsPath, s3Key, type RunId, type UseCaseId } from '../../../src/domain/names.ts';
import type { Outcome } from '../../../src/domain/outcome.ts';
import type { FileItem, ObjectAddress } from '../../../src/domain/plan.ts';
import { WebHdfsClient, WebHdfsWriter } from '../../../src/hdfs-webhdfs-client/index.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';
import type { SourceFileSystem } from '../../../src/ports/source-file-system.ts';
import type { TargetObjectStore } from '../../../src/ports/target-object-store.ts';
import { AdaptiveLimit } from '../../../src/resilience/adaptive-limit.ts';
import { Retry } from '../../../src/resilience/retry.ts';
import { retryingSource, retryingStore } from '../../../src/resilience/with-retry.ts';
import type { Fault } from '../../../src/sandbox/fault.ts';
import { startS3Server, type S3FaultRequest } from '../../../src/sandbox/s3/s3-server.ts';
import type { SandboxFileSystem } from '../../../src/sandbox/webhdfs/sandbox-file-system.ts';
import type { BlockFaultHook } from '../../../src/sandbox/webhdfs/data-ports.ts';
import type { WebHdfsFault, WebHdfsRequest } from '../../../src/sandbox/webhdfs/webhdfs-fault.ts';
import { startWebHdfsServer } from '../../../src/sandbox/webhdfs/webhdfs-server.ts';
import { copyFiles, type CopyRequest } from '../../../src/steps/copy/copy-files.ts';

export const MIB = 1024 * 1024;

interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly forcePathStyle: true;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Connections {
  readonly nameNode: string;
  /** The other one of a pair. */
  readonly standby?: string;
  readonly httpFs: string;
  readonly user: string;
  readonly s3: S3Settings;
  /** From the data ports of DataNodes, where they answer. */
  readonly readsBlocks?: boolean;
  /** Beside the first, that move parts. */
  readonly threads?: number;
}

/** HDFS and S3, real or sandboxed, with an empty bucket and an empty directory. */
export interface CopyWorld {
  readonly connections: Connections;
  readonly bucket: string;
  readonly directory: string;
  readonly writer: WebHdfsWriter;
  readonly source: SourceFileSystem;
  readonly target: TargetObjectStore;
  /** Whether threads move parts. */
  readonly sharesMemory: () => boolean;
  close(): Promise<void>;
}

export interface SandboxCopyWorld extends CopyWorld {
  readonly fileSystem: SandboxFileSystem;
  /** What to do to requests from now on. */
  sourceFault: (request: WebHdfsRequest) => WebHdfsFault | undefined;
  targetFault: (request: S3FaultRequest) => Fault | undefined;
  blockFault: BlockFaultHook;
}

const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox-secret' };

export function connect(
  connections: Connections,
  onPressure?: () => void,
): Pick<CopyWorld, 'source' | 'target' | 'sharesMemory'> {
  const { user, readsBlocks, threads: most = 0 } = connections;
  const threads = new SocketThreads({ most, first: most });
  const retry = new Retry({ patienceMs: 20_000, firstPauseMs: 5, longestPauseMs: 200, onPressure }, () => undefined);
  const client = new WebHdfsClient({
    nameNodes: nameNodesOf(connections),
    authentication: { kind: 'user', user },
    readsBlocks,
    blockTransfers: threads.blockTransfers,
    onDataNodePressure: onPressure,
  });
  const store = new S3TargetObjectStore({ ...connections.s3, bodyTransfers: threads.bodyTransfers });
  const close = (): void => {
    store.close();
    void threads.close();
  };
  return {
    source: retryingSource(new WebHdfsSourceFileSystem(client), retry),
    target: { ...retryingStore(store, retry), close },
    sharesMemory: threads.sharesMemory,
  };
}

function nameNodesOf({ nameNode, standby }: Connections): string[] {
  return standby === undefined ? [nameNode] : [nameNode, standby];
}

export async function openWorld(connections: Connections): Promise<CopyWorld> {
  const bucket = `copy-${randomUUID()}`;
  const client = new S3Client(connections.s3);
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  const { user } = connections;
  const writer = new WebHdfsWriter({ nameNodes: nameNodesOf(connections), authentication: { kind: 'user', user } });
  const directory = `/copy-${randomUUID()}`;
  await writer.makeDirectories(directory);
  const ends = connect(connections);
  const close = async (): Promise<void> => {
    await writer.delete(directory, { recursive: true });
    ends.target.close();
  };
  return { connections, bucket, directory, writer, ...ends, close };
}

export interface SandboxWorldOptions {
  readonly denied?: 's3:PutObject'[];
  readonly httpFsChecksum?: 'md5' | 'composite';
  /** DataNodes whose blocks are read. */
  readonly dataPorts?: number;
  readonly threads?: number;
}

export async function openSandboxWorld({
  denied = [],
  httpFsChecksum = 'md5',
  dataPorts = 0,
  threads = 0,
}: SandboxWorldOptions = {}): Promise<SandboxCopyWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'lakelift-copy-'));
  const faults: Pick<SandboxCopyWorld, 'sourceFault' | 'targetFault' | 'blockFault'> = {
    sourceFault: () => undefined,
    targetFault: () => undefined,
    blockFault: () => undefined,
  };
  const hdfs = await startWebHdfsServer({
    directory: join(folder, 'hdfs'),
    httpFsChecksum,
    faults: (request) => faults.sourceFault(request),
    dataPorts,
    blockFaults: (read) => faults.blockFault(read),
  });
  const rules: Record<string, 's3:PutObject'[]> = {};
  const s3 = await startS3Server({
    directory: join(folder, 's3'),
    credentials,
    faults: (request) => faults.targetFault(request),
    denied: rules,
  });
  const world = await openWorld({
    nameNode: hdfs.webHdfsUrl,
    httpFs: hdfs.httpFsUrl,
    user: 'hdfs',
    readsBlocks: dataPorts > 0,
    threads,
    s3: { endpoint: s3.url, region: 'eu-west-3', forcePathStyle: true, credentials },
  });
  rules[world.bucket] = denied;
  const close = async (): Promise<void> => {
    faults.sourceFault = faults.targetFault = () => undefined;
    await world.close();
    await hdfs.close();
    await s3.close();
    rmSync(folder, { recursive: true });
  };
  return Object.assign(faults, { ...world, fileSystem: hdfs.fileSystem, close });
}

export const openLedger = (path = ':memory:'): SqliteLedger => new SqliteLedger(path, 'absences' as UseCaseId);
export const RUN = 'run-1' as RunId;
const LIMITS = { filesAtOnce: 4, partsAtOnce: 4, partSizeBytes: 5 * MIB };

/** The plan of a directory as it is now: every file to the key of its name. */
export async function itemsOf(world: CopyWorld, directory = world.directory): Promise<FileItem[]> {
  const items: FileItem[] = [];
  for await (const entry of world.source.listDirectory(hdfsPath(directory))) {
    if (entry.kind !== 'file') continue;
    const key = s3Key(entry.file.path.slice(1));
    items.push({
      kind: 'file',
      id: `file:${world.bucket}/${key}`,
      scope: directory,
      verdict: 'copy',
      source: entry.file,
      target: { bucket: world.bucket, key },
    });
  }
  return items;
}

export function writePlan(ledger: Ledger, items: readonly FileItem[]): void {
  const writer = ledger.writePlan();
  for (const item of items) writer.add(item);
  writer.finish();
}

export function request(world: CopyWorld, ledger: Ledger, changes: Partial<CopyRequest> = {}): CopyRequest {
  const { filesAtOnce, partsAtOnce } = changes.limits ?? LIMITS;
  const slotsOf = (most: number) => new AdaptiveLimit({ first: most, most });
  return {
    ledger,
    slots: { parts: slotsOf(partsAtOnce), smallFiles: slotsOf(filesAtOnce), sharesMemory: world.sharesMemory },
    runId: RUN,
    source: world.source,
    target: world.target,
    limits: LIMITS,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Plans the world's directory as it is, copies it, and gives the outcomes by file name. */
export async function copyDirectory(
  world: CopyWorld,
  changes: Partial<CopyRequest> = {},
): Promise<Record<string, Outcome>> {
  const ledger = changes.ledger ?? openLedger();
  writePlan(ledger, await itemsOf(world));
  await copyFiles(request(world, ledger, changes));
  return outcomes(ledger, changes.runId ?? RUN);
}

export function outcomes(ledger: Ledger, runId: RunId): Record<string, Outcome> {
  const byName: Record<string, Outcome> = {};
  for (const { item, outcome } of ledger.listOutcomes(runId, { kind: 'file' }))
    if (outcome !== undefined) byName[item.id.slice(item.id.lastIndexOf('/') + 1)] = outcome;
  return byName;
}

export function addressOf(world: CopyWorld, name: string): ObjectAddress {
  return { bucket: world.bucket, key: s3Key(`${world.directory.slice(1)}/${name}`) };
}

export async function objectBytes(world: CopyWorld, name: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await world.target.readObject(addressOf(world, name))));
}

export async function openUploads(world: CopyWorld): Promise<string[]> {
  return (await Array.fromAsync(world.target.listUploads(world.bucket, ''))).map(({ key }) => key);
}

/** Bytes that differ everywhere, the same for the same seed. */
export function bytesOf(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0, state = seed * 2654435761; i < size; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
