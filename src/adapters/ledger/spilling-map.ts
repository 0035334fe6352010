import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LargeMap } from '../../domain/large-map.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import { translateSqlite } from './group-commit.ts';

/** Where the entries of one map lie: columns `key` and `value`. */
export interface MapTable {
  readonly database: DatabaseSync;
  readonly table: string;
}

/** So many entries stay in memory: most tables have fewer partitions, and a file costs more than they do. */
const IN_MEMORY = 1000;
const PAGE = 500;

interface Row {
  readonly key: string;
  readonly value: string;
}

/** A map that moves to a table of SQLite, made when it is needed, once it has grown. */
export class SpillingMap<Value> implements LargeMap<Value> {
  readonly #newTable: () => MapTable;
  readonly #entries = new Map<string, Value>();
  #spilled: Statements | undefined;

  constructor(newTable: () => MapTable) {
    this.#newTable = newTable;
  }

  get size(): number {
    return this.#spilled === undefined ? this.#entries.size : (this.#spilled.count.get() as { size: number }).size;
  }

  get(key: string): Value | undefined {
    if (this.#spilled === undefined) return this.#entries.get(key);
    const row = this.#spilled.find.get(key) as Pick<Row, 'value'> | undefined;
    return row === undefined ? undefined : (JSON.parse(row.value) as Value);
  }

  set(key: string, value: Value): void {
    if (this.#spilled === undefined) {
      this.#entries.set(key, value);
      if (this.#entries.size > IN_MEMORY) this.#spill();
    } else put(this.#spilled, key, value);
  }

  delete(key: string): void {
    if (this.#spilled === undefined) this.#entries.delete(key);
    else this.#spilled.remove.run(key);
  }

  *[Symbol.iterator](): Generator<[string, Value]> {
    if (this.#spilled === undefined) return yield* [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
    let rows = this.#spilled.firstPage.all() as unknown as Row[];
    while (rows.length > 0) {
      for (const { key, value } of rows) yield [key, JSON.parse(value) as Value];
      rows = this.#spilled.nextPage.all(rows.at(-1)!.key) as unknown as Row[];
    }
  }

  #spill(): void {
    this.#spilled = statementsOn(this.#newTable());
    for (const [key, value] of this.#entries) put(this.#spilled, key, value);
    this.#entries.clear();
  }
}

type Statements = Readonly<Record<'count' | 'find' | 'insert' | 'remove' | 'firstPage' | 'nextPage', StatementSync>>;

function statementsOn({ database, table }: MapTable): Statements {
  return {
    count: database.prepare(`SELECT count(*) AS size FROM ${table}`),
    find: database.prepare(`SELECT value FROM ${table} WHERE key = ?`),
    insert: database.prepare(`INSERT OR REPLACE INTO ${table} (key, value) VALUES (?, ?)`),
    remove: database.prepare(`DELETE FROM ${table} WHERE key = ?`),
    firstPage: database.prepare(`SELECT key, value FROM ${table} ORDER BY key LIMIT ${PAGE}`),
    nextPage: database.prepare(`SELECT key, value FROM ${table} WHERE key > ? ORDER BY key LIMIT ${PAGE}`),
  };
}

function put({ insert }: Statements, key: string, value: unknown): void {
  try {
    insert.run(key, JSON.stringify(value));
  } catch (error) {
    throw translated(error);
  }
}

/** SQLite's private files lie where it keeps temporary ones (https://www.sqlite.org/tempfiles.html), not beside the ledger. */
function translated(error: unknown): unknown {
  const known = translateSqlite(error);
  if (!isLakeliftError(known) || known.code !== 'LEDGER_DISK_FULL') return known;
  return new LakeliftError('What is kept aside for the while cannot be written: the disk of temporary files is full', {
    kind: known.kind,
    code: known.code,
    hint: 'Free space in the folder of temporary files (SQLITE_TMPDIR or TMPDIR, else /var/tmp) and run again; nothing recorded is lost.',
    cause: error,
  });
}
