import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import { hmacPads, PADS_TABLE } from '../../domain/privacy/pseudonym.ts';
import type { DatasetEngine, DatasetSession } from '../../ports/dataset-engine.ts';
import { DuckDbSession } from './duckdb-session.ts';
import type { LakeTables } from './lake-tables.ts';
import { hiveType } from './hive-type.ts';

/** Datasets by DuckDB in this process: for tables that fit on this machine. */
export class DuckDbDatasetEngine implements DatasetEngine {
  readonly #lake: LakeTables;

  constructor(lake: LakeTables) {
    this.#lake = lake;
  }

  async open({ database, name }: { database: string; name: string }, signal?: AbortSignal): Promise<DatasetSession> {
    const session = await DuckDbSession.open(this.#lake, signal);
    try {
      const { columns, partitionKeys } = await session.guarded(name, () => session.bring({ database, table: name }));
      const names = [...columns, ...partitionKeys].map((column) => column.name);
      return new OpenDataset(session, `${doubleQuotes(database)}.${doubleQuotes(name)}`, names);
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}

class OpenDataset implements DatasetSession {
  readonly columns: readonly string[];
  readonly #session: DuckDbSession;
  readonly #table: string;

  constructor(session: DuckDbSession, table: string, columns: readonly string[]) {
    this.#session = session;
    this.#table = table;
    this.columns = columns;
  }

  async useKey(key: Uint8Array): Promise<void> {
    const { inner, outer } = hmacPads(key);
    const { blobValue } = await import('@duckdb/node-api');
    // Nothing that this session holds goes to a disk from now on: what does not fit into memory fails.
    await this.#run("SET temp_directory = ''");
    await this.#run(`CREATE TABLE ${PADS_TABLE} (inner_pad BLOB, outer_pad BLOB)`);
    // Bound, so that no statement, and with it no error, holds them.
    const insert = `INSERT INTO ${PADS_TABLE} VALUES ($1, $2)`;
    await this.#session.guarded(insert, () =>
      this.#session.connection.run(insert, [blobValue(inner), blobValue(outer)]),
    );
  }

  async create(columns: readonly { readonly name: string; readonly sql: string }[]): Promise<void> {
    const list = columns.map(({ name, sql }) => `${sql} AS ${doubleQuotes(name)}`);
    await this.#run(`CREATE OR REPLACE TABLE dataset AS SELECT ${list.join(', ')} FROM ${this.#table}`);
  }

  async restrict(condition: string): Promise<number> {
    const before = await this.count('SELECT count(*) FROM dataset');
    await this.#run(`CREATE OR REPLACE TABLE dataset AS SELECT * FROM dataset QUALIFY ${condition}`);
    return before - (await this.count('SELECT count(*) FROM dataset'));
  }

  async count(sql: string): Promise<number> {
    const reader = await this.#session.guarded(sql, () => this.#session.connection.runAndReadAll(sql));
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  async *distinct(column: string): AsyncGenerator<readonly string[]> {
    const text = `CAST(${doubleQuotes(column)} AS VARCHAR)`;
    const sql = `SELECT DISTINCT ${text} FROM dataset WHERE ${text} IS NOT NULL`;
    const result = await this.#session.guarded(sql, () => this.#session.connection.stream(sql));
    for (;;) {
      const chunk = await this.#session.guarded(sql, () => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      yield chunk.getColumnValues(0).map(String);
    }
  }

  async describe(): Promise<readonly { readonly name: string; readonly type: string }[]> {
    const sql = 'DESCRIBE dataset';
    const reader = await this.#session.guarded(sql, () => this.#session.connection.runAndReadAll(sql));
    return reader.getRows().map(([name, type]) => ({ name: String(name), type: hiveType(String(type)) }));
  }

  async toParquet(): Promise<Uint8Array> {
    const file = join(this.#session.folder, 'dataset.parquet');
    // In order, so that neither time nor threads show in the file, and nobody learns who stood beside whom.
    await this.#run(
      `COPY (SELECT * FROM dataset ORDER BY ALL) TO ${standardLiteral(file)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    return readFile(file);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(sql: string): Promise<void> {
    await this.#session.guarded(sql, () => this.#session.connection.run(sql));
  }
}
