import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMetastoreServer } from '../src/sandbox/hive-metastore/metastore-server.ts';
import { startWebHdfsServer } from '../src/sandbox/webhdfs/webhdfs-server.ts';
import { swallowParts } from './endless.ts';
import { prepareCopy } from './lakelift.ts';
import { measure } from './measure.ts';

/** Memory of copying one large file. The limit that is promised: parts in flight times their size, and 150 MB. */
export async function measureOneFile(sizeBytes: number): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'lakelift-bench-one-'));
  const source = await startWebHdfsServer({ directory: join(directory, 'hdfs'), dataPorts: 1 });
  source.fileSystem.writeFile('/bench/one/zeros.bin', { zeroBytes: sizeBytes });
  const target = await swallowParts();
  const metastore = await startMetastoreServer({ content: { databases: [], tables: [], partitions: () => [] } });
  try {
    const endpoints = { webHdfsUrl: source.webHdfsUrl, s3Endpoint: target.url, authority: 'zeros:8020' };
    const job = {
      servers: { ...endpoints, metastore: metastore.address },
      load: { path: '/bench/one' },
      bucket: 'one',
    };
    const { peakMemoryBytes, wallSeconds, cpuSeconds } = await measure(await prepareCopy({ ...job, directory }));
    const perGigabyte = cpuSeconds / (sizeBytes / 1e9);
    return `**One file of ${(sizeBytes / 1e9).toFixed(0)} GB**: peak memory ${(peakMemoryBytes / 1e6).toFixed(0)} MB, ${wallSeconds.toFixed(0)} s, client CPU ${perGigabyte.toFixed(2)} s/GB, from a sandbox's data port to a store that compares and forgets.`;
  } finally {
    await Promise.all([source, target, metastore].map((server) => server.close()));
    await rm(directory, { recursive: true, force: true });
  }
}
