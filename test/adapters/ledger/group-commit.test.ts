import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupCommit } from '../../../src/adapters/ledger/group-commit.ts';

const SQLITE_FULL = 13;
const diskFull = expect.objectContaining({ code: 'LEDGER_DISK_FULL' }) as Error;

describe('GroupCommit', () => {
  let database: DatabaseSync;
  let commits: GroupCommit;
  let isDiskFull: boolean;
  let commitCount: number;
  let refusals: number;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE t (n INTEGER)');
    isDiskFull = false;
    commitCount = refusals = 0;
    const failing = {
      exec(sql: string): void {
        if (sql === 'COMMIT' && isDiskFull && ++refusals > 0)
          throw Object.assign(new Error('full'), { errcode: SQLITE_FULL });
        if (sql === 'COMMIT') commitCount++;
        database.exec(sql);
      },
    };
    commits = new GroupCommit(failing as DatabaseSync);
  });

  const insert = (n: number): void => void commits.write(() => database.prepare('INSERT INTO t VALUES (?)').run(n));
  const kept = (): unknown[] =>
    database
      .prepare('SELECT n FROM t ORDER BY n')
      .all()
      .map((row) => row['n']);

  it('gives flushes that come together one commit', async () => {
    for (let n = 0; n < 50; n++) insert(n);
    await Promise.all(Array.from({ length: 50 }, () => commits.flush()));
    expect(commitCount).toBe(1);
    expect(kept()).toHaveLength(50);
  });

  it('commits by itself after a moment', async () => {
    insert(1);
    await vi.waitFor(() => expect(commitCount).toBe(1), 5000);
  });

  it('keeps provisional records for the next commit, however long that takes, up to so many', async () => {
    vi.useFakeTimers();
    const provisional = (n: number): void =>
      void commits.writeProvisionally(() => database.prepare('INSERT INTO t VALUES (?)').run(n));
    for (let n = 0; n < 5000; n++) provisional(n);
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    expect(commitCount).toBe(0);
    await commits.flush();
    expect(commitCount).toBe(1);
    expect(kept()).toHaveLength(5000);
    for (let n = 0; n < 50_000; n++) provisional(n);
    expect(commitCount).toBe(2);
  });

  it('tells the next writer that earlier records were lost, before anything is kept without them', async () => {
    insert(1);
    isDiskFull = true;
    await vi.waitFor(() => expect(refusals).toBe(1), 5000);
    isDiskFull = false;
    expect(() => insert(2)).toThrow(diskFull);
    insert(3);
    await commits.flush();
    expect(kept()).toEqual([3]);
  });

  it('tells whoever awaits the flush, and nobody twice', async () => {
    insert(1);
    isDiskFull = true;
    await expect(Promise.all([commits.flush(), commits.flush()])).rejects.toThrow(diskFull);
    isDiskFull = false;
    insert(2);
    await commits.flush();
    expect(kept()).toEqual([2]);
  });
});
