import type { DatabaseSync } from 'node:sqlite';
import { LakeliftError } from '../../errors.ts';

/** What a crash costs at most in work to repeat. */
const COMMIT_AFTER_MS = 400;
const COMMIT_AFTER_RECORDS = 2000;
/** Of what is of no use until all of it is there. */
const COMMIT_PROVISIONAL_AFTER_RECORDS = 50_000;

/**
 * Joins records into transactions: a disk sync costs the same for one record as for a thousand.
 * `flush` callers that come while a transaction is open share its commit.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #sync: () => Promise<void>;
  #isOpen = false;
  #records = 0;
  #timer: NodeJS.Timeout | undefined;
  #flush: PromiseWithResolvers<void> | undefined;
  /** Of what is committed already. */
  #syncing: Promise<void> | undefined;
  #failure: Error | undefined;

  /** `sync` brings what is committed to disk; nothing to do where no power loss matters. */
  constructor(database: DatabaseSync, sync: () => Promise<void> = () => Promise.resolve()) {
    this.#database = database;
    this.#sync = sync;
  }

  /** Runs writes inside the current transaction. Throws LEDGER_DISK_FULL, after which nothing of the transaction is kept. */
  write<Result>(work: () => Result): Result {
    const result = this.#join(work);
    if (this.#records >= COMMIT_AFTER_RECORDS) this.commit();
    else this.#timer ??= setTimeout(() => this.#commitLater(), COMMIT_AFTER_MS);
    return result;
  }

  /** The same for what is of no use until more is written: it may well be lost in a crash, and waits for the next commit. */
  writeProvisionally<Result>(work: () => Result): Result {
    const result = this.#join(work);
    if (this.#records >= COMMIT_PROVISIONAL_AFTER_RECORDS) this.commit();
    return result;
  }

  #join<Result>(work: () => Result): Result {
    // What comes after lost records must not be kept without them.
    this.#throwFailure();
    this.#begin();
    let result: Result;
    try {
      result = work();
    } catch (error) {
      throw this.#fail(error);
    }
    this.#records += 1;
    return result;
  }

  /** Resolves when every write so far is on disk; rejects when one could not be kept. */
  async flush(): Promise<void> {
    this.#throwFailure();
    if (!this.#isOpen) return this.#syncing;
    if (this.#flush === undefined) {
      this.#flush = Promise.withResolvers<void>();
      // After the current events, and the sync that is under way: others who flush meanwhile share the commit.
      const commit = (): void => void setImmediate(() => this.#commitLater());
      if (this.#syncing === undefined) commit();
      else void this.#syncing.then(commit, commit);
    }
    return this.#flush.promise;
  }

  /** What is written survives the end of this process from here on, and a power loss once the sync that begins is through. */
  commit(): void {
    if (!this.#isOpen) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#database.exec('COMMIT');
    } catch (error) {
      throw this.#fail(error);
    }
    this.#isOpen = false;
    this.#records = 0;
    this.#beginSync(this.#flush);
    this.#flush = undefined;
  }

  #beginSync(flush: PromiseWithResolvers<void> | undefined): void {
    const syncing = this.#sync().catch((cause: unknown) => {
      throw diskFailure(cause);
    });
    this.#syncing = syncing;
    const end = (): void => {
      if (this.#syncing === syncing) this.#syncing = undefined;
    };
    syncing.then(
      () => {
        end();
        flush?.resolve();
      },
      (error: Error) => {
        end();
        if (flush === undefined) this.#failure = error;
        else flush.reject(error);
      },
    );
  }

  #begin(): void {
    if (this.#isOpen) return;
    try {
      this.#database.exec('BEGIN IMMEDIATE');
    } catch (error) {
      throw translateSqlite(error);
    }
    this.#isOpen = true;
  }

  /** From the timer there is nobody to throw to: whoever flushes or writes next hears of it. */
  #commitLater(): void {
    const isAwaited = this.#flush !== undefined;
    try {
      this.commit();
    } catch (error) {
      if (!isAwaited) this.#failure = error as Error;
    }
  }

  /** Whoever was already waiting is told; otherwise the next caller is. */
  #fail(error: unknown): unknown {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isOpen = false;
    this.#records = 0;
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself when the disk was full.
    }
    const translated = translateSqlite(error);
    this.#flush?.promise.catch(() => undefined);
    this.#flush?.reject(translated);
    this.#flush = undefined;
    return translated;
  }

  #throwFailure(): void {
    if (this.#failure === undefined) return;
    const failure = this.#failure;
    this.#failure = undefined;
    throw failure;
  }
}

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;

/** https://www.sqlite.org/rescode.html; extended codes hold the primary one in their low byte. */
export function translateSqlite(error: unknown): unknown {
  const code = (error as { errcode?: unknown } | undefined)?.errcode;
  if (typeof code !== 'number') return error;
  const primary = code & 255;
  if (primary === SQLITE_FULL || primary === SQLITE_IOERR) return diskFailure(error);
  if (primary === SQLITE_CORRUPT)
    return new LakeliftError('The ledger file is damaged', {
      kind: 'corrupt',
      code: 'LEDGER_UNREADABLE',
      hint: 'Restore it from a backup, or move it away and run again.',
      cause: error,
    });
  return error;
}

function diskFailure(cause: unknown): LakeliftError {
  return new LakeliftError('The ledger cannot be written: its disk is full or failing', {
    kind: 'unavailable',
    code: 'LEDGER_DISK_FULL',
    hint: 'Free space on the disk of state.directory and run again; everything recorded before is kept.',
    cause,
  });
}
