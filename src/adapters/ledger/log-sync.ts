import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

const dataSync = promisify(fdatasync);

/**
 * Brings the write-ahead log of a ledger to disk beside this thread: SQLite's own sync lets nothing else happen for as long as the disk takes. SQLite keeps the
 * order that a ledger needs to be whole (synchronous=NORMAL); this adds that what was committed is there after a power loss (https://www.sqlite.org/wal.html,
 * https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export class LogSync {
  readonly #path: string;
  #descriptor: number | undefined;
  #pending: Promise<void> | undefined;

  constructor(ledgerPath: string) {
    this.#path = `${ledgerPath}-wal`;
  }

  /** Resolves when all that was committed before is on disk; rejects when the disk refuses. One at a time. */
  async sync(): Promise<void> {
    // There since the first commit, and the same file until the ledger is closed.
    const descriptor = (this.#descriptor ??= openSync(this.#path, 'r+'));
    const before = this.#pending?.catch(() => undefined);
    const pending = before === undefined ? dataSync(descriptor) : before.then(() => dataSync(descriptor));
    this.#pending = pending;
    return pending;
  }

  /** After the last commit. */
  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    void Promise.resolve(this.#pending)
      .catch(() => undefined)
      .then(() => closeSync(descriptor));
  }
}
