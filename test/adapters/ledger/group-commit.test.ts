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

  describe('with a disk that takes its time', () => {
    let syncs: PromiseWithResolvers<void>[];
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));

    beforeEach(() => {
      syncs = [];
      const sync = (): Promise<void> => {
        const one = Promise.withResolvers<void>();
        syncs.push(one);
        return one.promise;
      };
      commits = new GroupCommit(database, sync);
    });

    it('resolves a flush when what it waits for is on disk, and goes on writing meanwhile', async () => {
      insert(1);
      let isFlushed = false;
      const flush = commits.flush().then(() => (isFlushed = true));
      await settle();
      insert(2);
      expect([syncs.length, isFlushed, kept()]).toEqual([1, false, [1, 2]]);
      syncs[0]!.resolve();
      await flush;
    });

    it('gives all who flush during a sync one commit behind it', async () => {
      insert(1);
      const first = commits.flush();
      await settle();
      insert(2);
      const second = commits.flush();
      insert(3);
      const third = commits.flush();
      await settle();
      expect(syncs).toHaveLength(1);
      syncs[0]!.resolve();
      await first;
      await vi.waitFor(() => expect(syncs).toHaveLength(2));
      syncs[1]!.resolve();
      await Promise.all([second, third]);
    });

    it('waits for the sync of what was committed before', async () => {
      insert(1);
      commits.commit();
      let isFlushed = false;
      const flush = commits.flush().then(() => (isFlushed = true));
      await settle();
      expect(isFlushed).toBe(false);
      syncs[0]!.resolve();
      await flush;
    });

    it('tells whoever waits, or whoever writes next, that the disk refused', async () => {
      insert(1);
      const flush = commits.flush();
      await vi.waitFor(() => expect(syncs).toHaveLength(1));
      syncs[0]!.reject(new Error('ENOSPC'));
      await expect(flush).rejects.toThrow(diskFull);
      insert(2);
      commits.commit();
      syncs[1]!.reject(new Error('EIO'));
      await settle();
      expect(() => insert(3)).toThrow(diskFull);
    });
  });
});
