import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BatchRecord } from '../../domain/batch/batch-record.ts';
import type { BatchHistory } from '../../ports/batch-history.ts';

/** One JSON file a batch, named by its id. */
export class DirectoryBatchHistory implements BatchHistory {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async add(record: BatchRecord): Promise<void> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const path = join(this.#directory, `${record.batchId}.json`);
    await writeFile(`${path}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  async list(): Promise<BatchRecord[]> {
    const names = await readdir(this.#directory).catch(() => []);
    const newestFirst = names.filter((name) => name.endsWith('.json')).sort((a, b) => (a < b ? 1 : -1));
    return Promise.all(
      newestFirst.map(async (name) => JSON.parse(await readFile(join(this.#directory, name), 'utf8')) as BatchRecord),
    );
  }
}
