import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DsnLines, DsnScratch } from '../../ports/dsn-tables.ts';
import { DirectoryDsnTables } from './directory-dsn-tables.ts';
import { isAlive } from './is-alive.ts';

const FOLDER = 'lakelift-dsn-';

/** In a folder of this user's own that is gone with it; those of killed processes go when the next one is made. */
export class DirectoryDsnScratch implements DsnScratch {
  readonly tables: DirectoryDsnTables;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.tables = new DirectoryDsnTables(folder);
  }

  static async make(): Promise<DirectoryDsnScratch> {
    for (const name of await readdir(tmpdir())) {
      const processId = /^lakelift-dsn-(\d+)-/.exec(name)?.[1];
      if (processId !== undefined && !isAlive(Number(processId)))
        // Another user's is not ours to remove.
        await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
    }
    return new DirectoryDsnScratch(await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`)));
  }

  async open(table: string): Promise<DsnLines> {
    const file = join(this.#folder, `${table}.jsonl`);
    const { size } = await stat(file);
    return { sizeBytes: size, read: () => createReadStream(file) as AsyncIterable<Uint8Array> };
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
