import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { backup, DatabaseSync } from 'node:sqlite';
import { LakeliftError } from '../../errors.ts';
import type { LedgerCopy, LocalLedger, StateMark } from '../../ports/local-ledger.ts';
import { openLedgerFile } from './ledger-schema.ts';
import { translateSqlite } from './group-commit.ts';

/** More pages than a ledger has: copied in one go, under one view of the file, so that no writer can make the copy begin again. */
const ALL_PAGES = 2 ** 31 - 1;

/** The ledger file of one use case, as something to be copied and replaced whole. */
export class LedgerFile implements LocalLedger {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  exists(): boolean {
    return existsSync(this.#path);
  }

  findMark(): StateMark | undefined {
    try {
      return JSON.parse(readFileSync(`${this.#path}.mark`, 'utf8')) as StateMark;
    } catch {
      // None yet, or cut by a full disk: the saved ledger is brought again then.
      return undefined;
    }
  }

  putMark(mark: StateMark): void {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#path}.mark.new`, JSON.stringify(mark), { mode: 0o600 });
    renameSync(`${this.#path}.mark.new`, `${this.#path}.mark`);
  }

  async copy(): Promise<LedgerCopy> {
    const path = `${this.#path}.copy`;
    rmSync(path, { force: true });
    const source = this.exists() ? new DatabaseSync(this.#path, { readOnly: true }) : openLedgerFile(this.#path);
    try {
      await backup(source, path, { rate: ALL_PAGES });
    } catch (error) {
      throw translateSqlite(error);
    } finally {
      source.close();
    }
    return { path, sha256: await sha256Of(path), sizeBytes: statSync(path).size };
  }

  incomingPath(): string {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    return `${this.#path}.incoming-${process.pid}`;
  }

  async takeOver(sha256: string): Promise<void> {
    const incoming = this.incomingPath();
    if ((await sha256Of(incoming)) !== sha256) throw notWhatWasSaved(this.#path);
    if (this.exists()) {
      // Its log goes into it before it is moved: the new one must not find it.
      openLedgerFile(this.#path).close();
      renameSync(this.#path, `${this.#path}.superseded`);
    }
    for (const suffix of ['-wal', '-shm']) rmSync(`${this.#path}${suffix}`, { force: true });
    renameSync(incoming, this.#path);
  }

  clean(): void {
    for (const suffix of ['.copy', '.copy-journal', `.incoming-${process.pid}`])
      rmSync(`${this.#path}${suffix}`, { force: true });
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function notWhatWasSaved(path: string): LakeliftError {
  return new LakeliftError('The ledger in the state bucket is not the one that was saved', {
    kind: 'corrupt',
    code: 'STATE_CORRUPT',
    subject: path,
    hint: 'Restore an earlier version of the object, if the bucket keeps them. Without it nothing at the target is lost: remove state.json, and the next run recognises finished objects by their metadata.',
  });
}
