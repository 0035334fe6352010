import { randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Load } from './contender.ts';
import { HadoopJava } from '../test/stack/hadoop-java.ts';
import type { Servers } from './servers.ts';

const BLOCK = 1 << 20;
const SMALLEST_BYTES = 1000;
const LARGEST_BYTES = 64_000;

/** Files of one size with random bytes, in HDFS. */
export async function createLargeFiles(
  servers: Servers,
  directory: string,
  files: number,
  bytes: number,
): Promise<Load> {
  await inLocalFolder(directory, async (folder) => {
    const block = randomFillSync(new Uint8Array(BLOCK));
    for (let index = 0; index < files; index++) {
      const file = createWriteStream(join(folder, `large-${index}.bin`));
      for (let written = 0; written < bytes; written += BLOCK) {
        randomFillSync(block, 0, 4096);
        if (!file.write(block.slice(0, Math.min(BLOCK, bytes - written)))) await once(file, 'drain');
      }
      await once(file.end(), 'close');
    }
    await loadIntoHdfs(servers, folder, '/bench/large');
  });
  return { name: 'large', path: '/bench/large', files, sizeBytes: files * bytes };
}

/** Files of 1 to 64 KB, all sizes alike frequent, in folders of 500 as partitions are. */
export async function createSmallFiles(servers: Servers, directory: string, files: number): Promise<Load> {
  let sizeBytes = 0;
  await inLocalFolder(directory, async (folder) => {
    const content = randomFillSync(new Uint8Array(LARGEST_BYTES));
    for (let index = 0; index < files; index++) {
      const partition = join(folder, `day=${String(Math.floor(index / 500)).padStart(4, '0')}`);
      if (index % 500 === 0) await mkdir(partition);
      const size = SMALLEST_BYTES + Math.floor(((LARGEST_BYTES - SMALLEST_BYTES) * (index % 1000)) / 999);
      content[0] = index;
      content[1] = index >> 8;
      await writeFile(join(partition, `part-${index}.bin`), content.subarray(0, size));
      sizeBytes += size;
    }
    await loadIntoHdfs(servers, folder, '/bench/small');
  });
  return { name: 'small', path: '/bench/small', files, sizeBytes };
}

/** By Hadoop's own shell, many files at a time: rclone took ten minutes for 20,000 small ones. */
async function loadIntoHdfs({ authority }: Servers, folder: string, path: string): Promise<void> {
  const java = await HadoopJava.installed(`${folder}.java`);
  const core = { 'fs.defaultFS': `hdfs://${authority}` };
  const config = await java.configure('shell', core, { 'dfs.replication': 2 });
  const shell = (...args: string[]) => java.run(config, 'org.apache.hadoop.fs.FsShell', ...args);
  await shell('-mkdir', '-p', path);
  const entries = (await readdir(folder)).map((name) => join(folder, name));
  await shell('-put', '-d', '-t', '16', ...entries, path);
}

async function inLocalFolder(directory: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(directory, 'lakelift-bench-data-'));
  await mkdir(join(folder, 'data'));
  try {
    await work(join(folder, 'data'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
