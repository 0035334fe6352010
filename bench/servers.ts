import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startHdfs } from '../test/stack/hdfs.ts';
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, startMinio } from '../test/stack/aws.ts';
import type { RunningServer } from '../test/stack/server-process.ts';
import { startMetastoreServer } from '../src/sandbox/hive-metastore/metastore-server.ts';
import { cpuOf } from './measure.ts';

export { ACCESS_KEY_ID, SECRET_ACCESS_KEY };
export const REGION = 'us-east-1';

export interface Servers {
  readonly webHdfsUrl: string;
  /** What stands after hdfs:// */
  readonly authority: string;
  readonly s3Endpoint: string;
  /** Without tables: lakelift asks whether one owns the files. In this process, which is not measured. */
  readonly metastore: string;
  /** CPU seconds that each side has used so far. */
  cpu(): { readonly source: number; readonly target: number };
  /**
   * Deletes what MinIO has deleted: it only moves it aside at first, and looks every five minutes for what to delete. Until then each copy of a race
   * holds memory, a long race all there is, and later rounds write to memory that nobody touched before.
   */
  dropDeleted(): Promise<void>;
  stop(): Promise<void>;
}

/** What a server is set to besides what it is when nobody sets it. */
export interface ServerOptions {
  readonly dataDirectory: string;
  readonly blockTokens: boolean;
}

/** HDFS and MinIO of their own, with their data below `dataDirectory`. */
export async function startServers({ dataDirectory, blockTokens }: ServerOptions): Promise<Servers> {
  const directory = await mkdtemp(join(dataDirectory, 'lakelift-bench-'));
  const started: RunningServer[] = [];
  const metastore = await startMetastoreServer({ content: { databases: [], tables: [], partitions: () => [] } });
  const stop = async (): Promise<void> => {
    await metastore.close();
    await Promise.all(started.map((server) => server.stop()));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await mkdir(join(directory, 'hdfs'));
    const hdfs = await startHdfs(join(directory, 'hdfs'), { 'dfs.block.access.token.enable': blockTokens });
    started.push(...hdfs.servers);
    const { endpoint, server } = await startMinio(directory);
    started.push(server);
    const sum = (servers: readonly RunningServer[]): number =>
      servers.reduce((seconds, { processId }) => seconds + cpuOf(processId), 0);
    const cpu = () => ({ source: sum(hdfs.servers), target: sum([server]) });
    const deleted = join(directory, 'minio', '.minio.sys', 'tmp', '.trash');
    const dropDeleted = async (): Promise<void> => {
      for (const name of await readdir(deleted)) await rm(join(deleted, name), { recursive: true, force: true });
    };
    const { webHdfsUrl, authority } = hdfs;
    return { webHdfsUrl, authority, s3Endpoint: endpoint, metastore: metastore.address, cpu, dropDeleted, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
