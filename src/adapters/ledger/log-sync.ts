import { closeSync, fdatasync, openSync } from 'node:fs';
import { promisify } from 'node:util';

/**
 * Brings the write-ahead log of a ledger to disk beside this thread: SQLite's own sync lets nothing else happen for as long as the disk takes. SQLite keeps the
 * order that a ledger needs to be whole (synchronous=NORMAL); this adds that what was committed is there after a power loss (https://www.sqlite.org/wal.html,
 * https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export class LogSync {
  readonly #path: string;
  readonly #dataSync: (descriptor: number) => Promise<void>;
  #descriptor: number | undefined;
  #last = Promise.resolve();

  constructor(ledgerPath: string, dataSync = promisify(fdatasync)) {
    this.#path = `${ledgerPath}-wal`;
    this.#dataSync = dataSync;
  }

  /**
   * Resolves when all that was committed before is on disk. One at a time. Once the disk has refused, all that follow are refused: the kernel may have dropped
   * what it could not write, and says that all is well when asked again (https://wiki.postgresql.org/wiki/Fsync_Errors).
   */
  async sync(): Promise<void> {
    // There since the first commit, and the same file until the ledger is closed.
    const descriptor = (this.#descriptor ??= openSync(this.#path, 'r+'));
    this.#last = this.#last.then(() => this.#dataSync(descriptor));
    return this.#last;
  }

  /** After the last commit. */
  close(): void {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return;
    const close = (): void => closeSync(descriptor);
    void this.#last.then(close, close);
  }
}
