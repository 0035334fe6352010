import type { QueryEngine } from '../../ports/query-engine.ts';
import { DuckDbSession, type Connection, type TableInSql } from './duckdb-session.ts';
import type { LakeTables } from './lake-tables.ts';

/**
 * SQL over files, for sides without an engine of their own: the tables that a statement names are found in the catalog, their files brought
 * to a temporary folder, and the statement run there. Nothing is kept between statements, so that each sees the lake as it is.
 */
export class DuckDbEngine implements QueryEngine {
  readonly name = 'duckdb';
  readonly #lake: LakeTables;

  constructor(lake: LakeTables) {
    this.#lake = lake;
  }

  async query(sql: string, signal?: AbortSignal): Promise<(string | undefined)[][]> {
    const session = await DuckDbSession.open(this.#lake, signal);
    try {
      return await session.guarded(sql, async () => {
        for (const table of tablesIn(session.connection, sql)) await session.bring(table);
        const reader = await session.connection.runAndReadAll(sql);
        return reader.getRows().map((row) => row.map((value) => (value === null ? undefined : String(value))));
      });
    } finally {
      await session.close();
    }
  }

  /** Nothing is held between statements. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Names are quoted where they need it. */
function tablesIn(connection: Connection, sql: string): TableInSql[] {
  return connection.getTableNames(sql, true).flatMap((name) => {
    const parts = [...name.matchAll(/"((?:[^"]|"")*)"|([^".]+)/g)].map((part) =>
      (part[1] ?? part[2]!).replaceAll('""', '"'),
    );
    const [database, table] = parts;
    return parts.length === 2 ? [{ database: database!, table: table! }] : [];
  });
}
