import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryDsnTables } from '../src/adapters/directory/directory-dsn-tables.ts';
import { DsnParser } from '../src/domain/dsn/dsn-parser.ts';
import { dsnText } from '../src/sandbox/lake/dsn-declaration.ts';
import { Random } from '../src/sandbox/lake/random.ts';
import { employees } from '../src/sandbox/lake/rh.ts';
import { readDsn } from '../src/steps/dsn/read-dsn.ts';

const PIECE_BYTES = 1024 * 1024;
const ROUNDS = 5;

/** How fast DSN files are parsed, and how fast they become tables on disk: in MB for a second of this process' CPU, the median of some rounds. */
export async function measureDsn(megabytes: number): Promise<string> {
  const members = employees();
  const month = Buffer.from(dsnText([{ month: '01012024', members }], new Random('bench')), 'latin1');
  const times = Math.max(1, Math.round((megabytes * 1e6) / month.length));
  const sizeMegabytes = (times * month.length) / 1e6;
  const parsed = await medianOf(() => {
    let rubrics = 0;
    for (let time = 0; time < times; time++) {
      const parser = new DsnParser({ record: ({ values }) => (rubrics += values.length), fault: () => undefined });
      for (let at = 0; at < month.length; at += PIECE_BYTES) parser.push(month.subarray(at, at + PIECE_BYTES));
      if (!parser.end().isComplete) throw new Error('The file is not complete');
    }
    return Promise.resolve(rubrics);
  });
  const written = await medianOf(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'lakelift-bench-dsn-'));
    const files = Array.from({ length: times }, (_, index) => ({ name: `${index}.dsn`, content: piecesOf(month) }));
    const { signal } = new AbortController();
    const all = await readDsn({ files, tables: new DirectoryDsnTables(directory), signal });
    await rm(directory, { recursive: true });
    return all.reduce((sum, { rubricCount }) => sum + rubricCount, 0);
  });
  return [
    `| ${sizeMegabytes.toFixed(0)} MB, ${(parsed.count / 1e6).toFixed(1)} million rubrics | MB for a CPU second |`,
    '| --- | --- |',
    `| parsed | ${(sizeMegabytes / parsed.cpuSeconds).toFixed(0)} |`,
    `| as typed tables on disk | ${(sizeMegabytes / written.cpuSeconds).toFixed(0)} |`,
  ].join('\n');
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    yield await Promise.resolve(bytes.subarray(at, at + PIECE_BYTES));
}

async function medianOf(work: () => Promise<number>): Promise<{ readonly count: number; readonly cpuSeconds: number }> {
  const seconds: number[] = [];
  let count = 0;
  for (let round = 0; round <= ROUNDS; round++) {
    const before = process.cpuUsage();
    count = await work();
    const { user, system } = process.cpuUsage(before);
    if (round > 0) seconds.push((user + system) / 1e6);
  }
  return { count, cpuSeconds: seconds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]! };
}
