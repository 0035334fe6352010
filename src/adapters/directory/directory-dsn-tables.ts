import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { DsnFault } from '../../domain/dsn/dsn-record.ts';
import { dsnTable, type DsnRow, type DsnTable } from '../../domain/dsn/dsn-table.ts';
import { BLOCKS } from '../../domain/dsn/norm.ts';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { DsnFileSummary, DsnTables } from '../../ports/dsn-tables.ts';
import { isAlive } from './is-alive.ts';

const WRITE_CHARACTERS = 1024 * 1024;
/** Personal data: for this user alone. */
const OWN_FILE = 0o600;
const OWN_DIRECTORY = 0o700;
const QUARANTINE = 'quarantine';
const SUMMARY = 'summary.json';
/** Of this process, and of one that was killed. */
const UNFINISHED = /\.(\d+)\.part$/;

interface Waiting {
  pieces: string[];
  characters: number;
}

/**
 * Tables as JSON Lines in a directory, one file a table; a row has the columns that are not null. `summary.json` goes first when tables are replaced and
 * comes last: where it stands, all of them are of one time.
 */
export class DirectoryDsnTables implements DsnTables {
  readonly #directory: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #files = new Map<string, FileHandle>();
  readonly #keys = new Map<DsnTable, readonly string[]>();
  #isFull = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  add(table: DsnTable, row: DsnRow): void {
    let keys = this.#keys.get(table);
    if (keys === undefined) this.#keys.set(table, (keys = table.columns.map(({ name }) => `${JSON.stringify(name)}:`)));
    let line = '';
    for (let index = 0; index < row.length; index++) {
      const value = row[index];
      if (value === null) continue;
      const { type } = table.columns[index]!;
      const isNumber = type === 'decimal' || type === 'integer';
      line += `${line === '' ? '{' : ','}${keys[index]}${isNumber ? value : JSON.stringify(value)}`;
    }
    this.#take(table.name, `${line}}\n`);
  }

  quarantine(file: string, fault: DsnFault): void {
    this.#take(QUARANTINE, `${JSON.stringify({ file, ...fault })}\n`);
  }

  async flush(): Promise<void> {
    if (this.#isFull) await this.#write(WRITE_CHARACTERS);
  }

  async finish(files: readonly DsnFileSummary[]): Promise<void> {
    await this.#guarded(async () => {
      const tables = Object.keys(BLOCKS).map(dsnTable);
      const unknown = [...new Set(files.flatMap(({ unknownBlocks }) => unknownBlocks))].sort().map(dsnTable);
      // Every table is there, empty ones too: what reads them need not know what a month happened to hold.
      for (const name of [...tables.map((table) => table.name), QUARANTINE]) this.#take(name, '');
      await this.#write(0);
      for (const file of this.#files.values()) {
        await file.sync();
        await file.close();
      }
      await rm(join(this.#directory, SUMMARY), { force: true });
      for (const name of this.#files.keys()) await rename(this.#part(name), join(this.#directory, `${name}.jsonl`));
      await this.#removeOthers();
      this.#files.clear();
      await this.#put('schema.json', { norm: 'P24V01', tables: [...tables, ...unknown] });
      await this.#put(SUMMARY, { files });
    });
  }

  async discard(): Promise<void> {
    for (const [name, file] of this.#files) {
      await file.close().catch(() => undefined);
      await rm(this.#part(name), { force: true });
    }
    this.#files.clear();
  }

  #take(name: string, line: string): void {
    let waiting = this.#waiting.get(name);
    if (waiting === undefined) this.#waiting.set(name, (waiting = { pieces: [], characters: 0 }));
    if (line !== '') waiting.pieces.push(line);
    waiting.characters += line.length;
    if (waiting.characters >= WRITE_CHARACTERS) this.#isFull = true;
  }

  /** What waits in tables with at least so many characters. */
  async #write(atLeast: number): Promise<void> {
    await this.#guarded(async () => {
      for (const [name, waiting] of this.#waiting) {
        if (waiting.characters < atLeast) continue;
        const file = this.#files.get(name) ?? (await this.#open(name));
        await file.appendFile(waiting.pieces.join(''));
        this.#waiting.delete(name);
      }
      this.#isFull = false;
    });
  }

  /** Tables of blocks that only an earlier time had, and what killed processes left. */
  async #removeOthers(): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const isOldTable = /^s\d\d_g\d\d_\d\d\.jsonl$/.test(name) && !this.#files.has(name.replace('.jsonl', ''));
      const processId = UNFINISHED.exec(name)?.[1];
      if (isOldTable || (processId !== undefined && !isAlive(Number(processId))))
        await rm(join(this.#directory, name), { force: true });
    }
  }

  async #open(name: string): Promise<FileHandle> {
    await mkdir(this.#directory, { recursive: true, mode: OWN_DIRECTORY });
    const file = await open(this.#part(name), 'w', OWN_FILE);
    this.#files.set(name, file);
    return file;
  }

  async #put(name: string, content: unknown): Promise<void> {
    const file = await open(this.#part(name), 'w', OWN_FILE);
    try {
      await file.appendFile(`${JSON.stringify(content, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(this.#part(name), join(this.#directory, name));
  }

  #part(name: string): string {
    return join(this.#directory, `${name}.${process.pid}.part`);
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      const isDenied = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
      throw new LakeliftError(`The tables cannot be written to ${this.#directory}: ${messageOf(error)}`, {
        kind: isDenied ? 'denied' : 'unavailable',
        code: 'DSN_TABLES_NOT_WRITTEN',
        subject: this.#directory,
        hint: isDenied ? 'Name a directory that this user may write to.' : 'Free some space, then run again.',
        cause: error,
      });
    }
  }
}
