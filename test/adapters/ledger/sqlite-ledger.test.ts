import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqliteLedger } from '../../../src/adapters/ledger/sqlite-ledger.ts';
import { SqliteRunLock } from '../../../src/adapters/ledger/sqlite-run-lock.ts';
import type { UseCaseId } from '../../../src/domain/names.ts';
import type { PartitionItem } from '../../../src/domain/plan.ts';
import { fileItem, ledgerContract, runId } from '../../contracts/ledger.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'lakelift-ledger-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (name = 'ledger.sqlite'): SqliteLedger => new SqliteLedger(join(directory, name), 'absences' as UseCaseId);
const child = join(import.meta.dirname, 'ledger-writer.child.ts');

ledgerContract(() => open());

const LAYOUT = {
  inputFormat: 'i',
  outputFormat: 'o',
  serdeLibrary: 's',
  serdeParameters: { 'serialization.format': '1' },
  isCompressed: false,
  bucketCount: -1,
  bucketColumns: [],
  sortColumns: [],
};

async function lastLineOf(
  process: ReturnType<typeof spawn>,
  stopWhen: (lines: string[]) => boolean,
): Promise<string[]> {
  let text = '';
  for await (const chunk of process.stdout!) {
    text += String(chunk);
    if (stopWhen(text.trim().split('\n'))) process.kill('SIGKILL');
  }
  // The last line may be cut by the kill.
  return text.slice(0, text.lastIndexOf('\n')).split('\n');
}

describe('SqliteLedger', () => {
  it('loses nothing that was acknowledged when the process is killed', async () => {
    for (let round = 0; round < 5; round++) {
      const lines = await lastLineOf(
        spawn(process.execPath, [child, join(directory, `k${round}`)]),
        (seen) => seen.length > 20 + 13 * round,
      );
      const last = Number(lines.at(-1));
      const ledger = open(`k${round}`);
      for (let i = 0; i <= last; i++) expect(ledger.findOutcome(runId('r'), String(i))?.status).toBe('verified');
      ledger.close();
    }
  });

  it('says that the disk is full, and keeps everything acknowledged before', async () => {
    const path = join(directory, 'full');
    const command = `trap '' XFSZ; ulimit -f 512; exec "${process.execPath}" "${child}" "${path}"`;
    const lines = await lastLineOf(spawn('sh', ['-c', command]), () => false);
    expect(lines.at(-1)).toBe('LEDGER_DISK_FULL');
    const ledger = open('full');
    expect(ledger.findOutcome(runId('r'), lines.at(-2)!)?.status).toBe('verified');
    ledger.recordOutcome(runId('r'), { itemId: 'again', status: 'verified' });
    await ledger.flush();
    ledger.close();
  });

  it('can be read by its owner only', () => {
    open().close();
    expect(statSync(join(directory, 'ledger.sqlite')).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that is no ledger, and a ledger of a newer version', () => {
    writeFileSync(join(directory, 'text'), 'no database, but long enough to be looked at'.repeat(100));
    expect(() => open('text')).toThrow(expect.objectContaining({ code: 'LEDGER_UNREADABLE' }) as Error);
    open('newer').close();
    const database = new DatabaseSync(join(directory, 'newer'));
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => open('newer')).toThrow(expect.objectContaining({ code: 'LEDGER_TOO_NEW' }) as Error);
  });

  it('keeps what partitions repeat once, and gives every partition back whole', async () => {
    const ledger = open();
    const columns = [{ name: 'a', type: 'int', comment: 'é' }];
    const storage = { ...LAYOUT, columns, location: 's3://raw/t/' };
    const items = ['1', '2', '3'].map((value): PartitionItem => {
      const own = value === '3' ? { columns: [{ name: 'b', type: 'string' }] } : {};
      const definition = {
        values: [value],
        parameters: {},
        storage: { ...storage, ...own, location: `s3://raw/${value}/` },
      };
      const table = { database: 'd', name: 't' };
      const id = `partition:d.t/p=${value}`;
      return { kind: 'partition', id, scope: 'd.t', name: `p=${value}`, table, verdict: 'copy', definition };
    });
    const write = (): string => {
      const writer = ledger.writePlan();
      for (const item of items) writer.add(item);
      return writer.finish().hash;
    };
    expect(write()).toBe(write());
    expect([...ledger.listItems({ kind: 'partition' })]).toEqual(items);
    await ledger.flush();
    const database = new DatabaseSync(join(directory, 'ledger.sqlite'));
    expect(database.prepare('SELECT count(*) AS count FROM layout').get()).toEqual({ count: 2 });
    database.close();
    ledger.close();
  });

  it('goes on with a ledger of version 1, whose partitions hold everything themselves', () => {
    open('old').close();
    const database = new DatabaseSync(join(directory, 'old'));
    database.exec(
      'DROP TABLE layout; DROP TABLE conversion; DROP TABLE staged_file; DROP TABLE approval; DROP TABLE approved_line; PRAGMA user_version = 1',
    );
    const storage = { ...LAYOUT, columns: [{ name: 'a', type: 'int' }], location: 's3://raw/1/' };
    const definition = { values: ['1'], parameters: {}, storage };
    const item = { kind: 'partition', id: 'partition:d.t/p=1', scope: 'd.t', name: 'p=1', verdict: 'copy', definition };
    const insert = database.prepare(
      'INSERT INTO item (id, kind, scope, verdict, size_bytes, body) VALUES (?, ?, ?, ?, 0, ?)',
    );
    insert.run(item.id, item.kind, item.scope, item.verdict, JSON.stringify(item));
    database.close();
    const ledger = open('old');
    expect([...ledger.listItems({})]).toEqual([item]);
    ledger.writePlan().finish();
    ledger.close();
  });

  it('holds a plan of many files in little memory', () => {
    const ledger = open();
    const writer = ledger.writePlan();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 60_000; i++) writer.add(fileItem(`d=${i % 97}/f${i}`));
    expect(writer.finish().totals.file?.copy?.count).toBe(60_000);
    let count = 0;
    for (const item of ledger.listItems({ kind: 'file' })) count += item.kind === 'file' ? 1 : 0;
    expect(count).toBe(60_000);
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(200);
    ledger.close();
  });
});

describe('SqliteRunLock', () => {
  const holder = { startedBy: 'alice@ci-7', processId: 4711, sinceMs: Date.UTC(2026, 0, 2) };

  it('lets one run in, names its holder to the next, and is free again after release', () => {
    const lock = new SqliteRunLock(join(directory, 'run.lock'));
    const held = lock.acquire(holder);
    expect(() => lock.acquire({ ...holder, startedBy: 'bob' })).toThrow(
      expect.objectContaining({
        kind: 'locked',
        code: 'RUN_LOCKED',
        message: expect.stringMatching(/alice@ci-7 \(process 4711\) since 2026-01-02/) as string,
      }) as Error,
    );
    held.release();
    lock.acquire(holder).release();
  });

  it('is freed by the operating system when its process is killed', async () => {
    const path = join(directory, 'run.lock');
    const script = `const { SqliteRunLock } = await import(${JSON.stringify(join(import.meta.dirname, '../../../src/adapters/ledger/sqlite-run-lock.ts'))});
      new SqliteRunLock(${JSON.stringify(path)}).acquire(${JSON.stringify(holder)}); console.log('held'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script]);
    await new Promise((resolve) => other.stdout.once('data', resolve));
    const lock = new SqliteRunLock(path);
    expect(() => lock.acquire(holder)).toThrow(expect.objectContaining({ code: 'RUN_LOCKED' }) as Error);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    lock.acquire(holder).release();
  });
});
