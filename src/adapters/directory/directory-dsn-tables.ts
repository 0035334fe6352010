import { mkdir, open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { DsnFault } from '../../domain/dsn/dsn-record.ts';
import { dsnTable, type DsnColumn, type DsnRow, type DsnTable } from '../../domain/dsn/dsn-table.ts';
import { BLOCKS } from '../../domain/dsn/norm.ts';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { DsnFileSummary, DsnTables } from '../../ports/dsn-tables.ts';
import { isAlive } from './is-alive.ts';
import { JsonLines } from './json-lines.ts';

const WRITE_BYTES = 1024 * 1024;
/** Personal data: for this user alone. */
const OWN_FILE = 0o600;
const OWN_DIRECTORY = 0o700;
const ROW_END = Buffer.from('}\n');
const QUARANTINE = 'quarantine';
const SUMMARY = 'summary.json';
/** Of this process, and of one that was killed. */
const UNFINISHED = /\.(\d+)\.part$/;

/** Numbers of more are in quotes: whoever reads JSON, DuckDB too, makes them doubles, which are exact to fifteen digits. */
const MOST_EXACT_CHARACTERS = 15;

interface Cell {
  /** `{"dsn_file":` where it is the first of its row, and `,"dsn_file":` where it is not. */
  readonly first: Uint8Array;
  readonly next: Uint8Array;
  readonly isNumber: boolean;
}

/**
 * Tables as JSON Lines in a directory, one file a table; a row has the columns that are not null. `summary.json` goes first when tables are replaced and
 * comes last: where it stands, all of them are of one time.
 */
export class DirectoryDsnTables implements DsnTables {
  readonly #directory: string;
  readonly #waiting = new Map<string, JsonLines>();
  readonly #files = new Map<string, FileHandle>();
  readonly #cells = new Map<DsnTable, readonly Cell[]>();
  #isFull = false;

  constructor(directory: string) {
    this.#directory = directory;
  }

  add(table: DsnTable, { columns, values }: DsnRow): void {
    let cells = this.#cells.get(table);
    if (cells === undefined) this.#cells.set(table, (cells = table.columns.map(cellOf)));
    const lines = this.#linesOf(table.name);
    for (let index = 0; index < columns.length; index++) {
      const { first, next, isNumber } = cells[columns[index]!]!;
      const value = values[index]!;
      lines.rawBytes(index === 0 ? first : next);
      if (isNumber && value.length <= MOST_EXACT_CHARACTERS) lines.number(value);
      else lines.text(value);
    }
    lines.rawBytes(ROW_END);
    if (lines.sizeBytes >= WRITE_BYTES) this.#isFull = true;
  }

  quarantine(file: string, fault: DsnFault): void {
    const lines = this.#linesOf(QUARANTINE);
    lines.raw(`${JSON.stringify({ file, ...fault })}\n`);
    if (lines.sizeBytes >= WRITE_BYTES) this.#isFull = true;
  }

  async flush(): Promise<void> {
    if (this.#isFull) await this.#write(WRITE_BYTES);
  }

  async finish(files: readonly DsnFileSummary[]): Promise<void> {
    await this.#guarded(async () => {
      const tables = Object.keys(BLOCKS).map(dsnTable);
      const unknown = [...new Set(files.flatMap(({ unknownBlocks }) => unknownBlocks))].sort().map(dsnTable);
      // Every table is there, empty ones too: what reads them need not know what a month happened to hold.
      for (const name of [...tables.map((table) => table.name), QUARANTINE]) this.#linesOf(name);
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

  #linesOf(name: string): JsonLines {
    let lines = this.#waiting.get(name);
    if (lines === undefined) this.#waiting.set(name, (lines = new JsonLines()));
    return lines;
  }

  /** What waits in tables with at least so many bytes. */
  async #write(atLeast: number): Promise<void> {
    await this.#guarded(async () => {
      for (const [name, lines] of this.#waiting) {
        if (lines.sizeBytes < atLeast) continue;
        const file = this.#files.get(name) ?? (await this.#open(name));
        await file.appendFile(lines.bytes);
        lines.clear();
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

function cellOf({ name, type }: DsnColumn): Cell {
  const [first, next] = ['{', ','].map((before) => Buffer.from(`${before}${JSON.stringify(name)}:`)) as [
    Buffer,
    Buffer,
  ];
  return { first, next, isNumber: type === 'decimal' || type === 'integer' };
}
