import { fstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupCommit } from '../../../src/adapters/ledger/group-commit.ts';
import { LogSync } from '../../../src/adapters/ledger/log-sync.ts';
import { openLedgerFile } from '../../../src/adapters/ledger/ledger-schema.ts';

describe('LogSync', () => {
  let path: string;

  beforeEach(() => {
    path = join(mkdtempSync(join(tmpdir(), 'lakelift-log-sync-')), 'ledger.sqlite');
  });
  afterEach(() => rmSync(join(path, '..'), { recursive: true }));

  it('syncs the log that a ledger writes to, after what was committed', async () => {
    const database = openLedgerFile(path);
    const synced: number[] = [];
    const log = new LogSync(path, async (descriptor) => void synced.push(fstatSync(descriptor).size));
    const commits = new GroupCommit(database, () => log.sync());
    for (let round = 0; round < 3; round++) {
      commits.write(() => database.exec(`CREATE TABLE extra_${round} (n INTEGER)`));
      await commits.flush();
    }
    log.close();
    database.close();
    expect(synced).toHaveLength(3);
    expect(synced[0]).toBeGreaterThan(0);
    expect(synced).toEqual(synced.toSorted((a, b) => a - b));
  });

  it('goes on refusing once the disk has refused, whatever it says then', async () => {
    writeFileSync(`${path}-wal`, '');
    const dataSync = vi.fn().mockRejectedValueOnce(new Error('EIO')).mockResolvedValue(undefined);
    const log = new LogSync(path, dataSync);
    const both = await Promise.allSettled([log.sync(), log.sync()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(log.sync()).rejects.toThrow('EIO');
    expect(dataSync).toHaveBeenCalledTimes(1);
    log.close();
  });

  it('lets a sync end before it closes the log', async () => {
    writeFileSync(`${path}-wal`, '');
    const { promise, resolve } = Promise.withResolvers<void>();
    let descriptor = -1;
    const log = new LogSync(path, (given) => {
      descriptor = given;
      return promise;
    });
    const syncing = log.sync();
    await vi.waitFor(() => expect(descriptor).toBeGreaterThan(0));
    log.close();
    expect(fstatSync(descriptor).isFile()).toBe(true);
    resolve();
    await syncing;
    await vi.waitFor(() => expect(() => fstatSync(descriptor)).toThrow('EBADF'));
  });

  it('rejects where there is no log', async () => {
    await expect(new LogSync(path).sync()).rejects.toThrow('ENOENT');
  });
});
