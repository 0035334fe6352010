import { fileStatus, list, member, type FileStatus } from './file-status.ts';
import { unexpectedAnswer, type Operation } from './name-node-router.ts';
import { isUnknownOperation } from './webhdfs-error.ts';

/** Children of directories, page by page where the server pages (LISTSTATUS_BATCH, Hadoop 3). */
export class DirectoryListing {
  readonly #ask: (operation: Operation) => Promise<unknown>;
  #hasBatches = true;

  constructor(ask: (operation: Operation) => Promise<unknown>) {
    this.#ask = ask;
  }

  async *list(path: string, signal: AbortSignal | undefined): AsyncGenerator<FileStatus> {
    if (this.#hasBatches) {
      try {
        yield* this.#listInBatches(path, signal);
        return;
      } catch (error) {
        if (!isUnknownOperation(error)) throw error;
        this.#hasBatches = false;
      }
    }
    const json = await this.#ask({ method: 'GET', op: 'LISTSTATUS', path, signal });
    for (const entry of list(json, 'FileStatuses', 'FileStatus')) yield fileStatus(entry, path);
  }

  async *#listInBatches(path: string, signal: AbortSignal | undefined): AsyncGenerator<FileStatus> {
    for (let startAfter: string | undefined, remaining = 1; remaining > 0;) {
      const json = await this.#ask({ method: 'GET', op: 'LISTSTATUS_BATCH', path, query: { startAfter }, signal });
      const entries = list(json, 'DirectoryListing', 'partialListing', 'FileStatuses', 'FileStatus').map((entry) =>
        fileStatus(entry, path),
      );
      yield* entries;
      remaining = Number(member(json, 'DirectoryListing', 'remainingEntries'));
      const last = entries.at(-1)?.path;
      if (remaining > 0 && last === undefined) throw unexpectedAnswer('LISTSTATUS_BATCH');
      startAfter = last?.slice(last.lastIndexOf('/') + 1);
    }
  }
}
