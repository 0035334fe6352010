import { DatabaseSync } from 'node:sqlite';
import type { LargeMap, NewMap } from '../../domain/large-map.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { SpillingMap, type MapTable } from './spilling-map.ts';

/** Maps in memory while they are small, then in one private file of SQLite, which the system removes even after a kill. */
export class SqliteScratch implements Scratch {
  #database: DatabaseSync | undefined;
  #tables = 0;

  readonly newMap: NewMap = <Value>(): LargeMap<Value> => new SpillingMap<Value>(() => this.#newTable());

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }

  #newTable(): MapTable {
    this.#database ??= openPrivateFile();
    this.#tables += 1;
    const table = `map_${this.#tables}`;
    this.#database.exec(`CREATE TABLE ${table} (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID`);
    return { database: this.#database, table };
  }
}

/** One transaction that never ends and no journal: nothing of it is worth being kept. */
function openPrivateFile(): DatabaseSync {
  const database = new DatabaseSync('');
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN');
  return database;
}
