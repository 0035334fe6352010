import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LakeliftError } from '../../errors.ts';
import type { LockHolder, RunLock } from '../../ports/ledger.ts';
import { translateSqlite } from './group-commit.ts';

/**
 * The run lock: an open write transaction on a file of its own, which the operating system ends with the process that holds it.
 * The ledger itself stays readable meanwhile.
 */
export class SqliteRunLock implements RunLock {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  acquire(holder: LockHolder): { release(): void } {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(this.#path);
    try {
      database.exec(
        `PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS holder (only INTEGER PRIMARY KEY CHECK (only = 1), body TEXT NOT NULL) STRICT`,
      );
      database.prepare('INSERT OR REPLACE INTO holder (only, body) VALUES (1, ?)').run(JSON.stringify(holder));
      database.exec('BEGIN IMMEDIATE');
    } catch (cause) {
      const current = readHolder(database);
      database.close();
      throw isBusy(cause) ? lockedBy(current, this.#path, cause) : translateSqlite(cause);
    }
    return {
      release: () => {
        database.exec('ROLLBACK; DELETE FROM holder');
        database.close();
      },
    };
  }

  findHolder(): LockHolder | undefined {
    if (!existsSync(this.#path)) return undefined;
    const database = new DatabaseSync(this.#path);
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN IMMEDIATE; ROLLBACK');
      return undefined;
    } catch (cause) {
      if (isBusy(cause)) return readHolder(database);
      throw translateSqlite(cause);
    } finally {
      database.close();
    }
  }
}

/** Whoever only looks who holds it has it for an instant. */
const PATIENCE_MS = 300;
const SQLITE_BUSY = 5;

function isBusy(error: unknown): boolean {
  return ((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}

function readHolder(database: DatabaseSync): LockHolder | undefined {
  try {
    const row = database.prepare('SELECT body FROM holder').get() as { body: string } | undefined;
    return row === undefined ? undefined : (JSON.parse(row.body) as LockHolder);
  } catch {
    return undefined;
  }
}

function lockedBy(holder: LockHolder | undefined, path: string, cause: unknown): LakeliftError {
  const who =
    holder === undefined
      ? 'another process'
      : `${holder.startedBy} (process ${holder.processId}) since ${new Date(holder.sinceMs).toISOString()}`;
  return new LakeliftError(`Another run of this use case is under way: ${who}`, {
    kind: 'locked',
    code: 'RUN_LOCKED',
    subject: path,
    hint: 'Wait for it, or end that process; the lock goes with it.',
    cause,
  });
}
