import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { doubleQuotes, standardLiteral } from '../../domain/fingerprint/dialect.ts';
import { DEFAULT_PARTITION } from '../../domain/partition-name.ts';
import { hmacPads, PADS_TABLE } from '../../domain/privacy/pseudonym.ts';
import { OF_TODAY } from '../../domain/privacy/raw-calendars.ts';
import { LakeliftError } from '../../errors.ts';
import type {
  DatasetEngine,
  DatasetFile,
  DatasetSession,
  GivenTable,
  MadeTable,
  StandingTable,
  TableName,
  TypedColumn,
} from '../../ports/dataset-engine.ts';
import { DuckDbSession, type BroughtTable } from './duckdb-session.ts';
import { fileWithout } from './file-without.ts';
import { hiveType } from './hive-type.ts';
import type { LakeTables } from './lake-tables.ts';
import { madeLake } from './made-lake.ts';
import { tableSql } from './table-sql.ts';

/** More folders than this are no partitions but rows. */
const MOST_PARTITIONS = 1000;

/** Datasets by DuckDB in this process: for tables that fit on this machine. */
export class DuckDbDatasetEngine implements DatasetEngine {
  readonly #lake: LakeTables;

  constructor(lake: LakeTables) {
    this.#lake = lake;
  }

  async open(
    tables: readonly (StandingTable | MadeTable | GivenTable)[],
    signal?: AbortSignal,
  ): Promise<DatasetSession> {
    const session = await DuckDbSession.open(madeLake(tables, this.#lake), signal);
    try {
      const brought = new Map<string, BroughtTable>();
      for (const table of tables) {
        const relation = relationOf(table);
        if (brought.has(relation)) continue;
        const place = { database: table.database, table: table.name };
        const calendars = ('calendars' in table ? table.calendars : undefined) ?? OF_TODAY;
        brought.set(relation, await session.guarded(table.name, () => session.bring(place, calendars)));
      }
      return new OpenDataset(session, brought);
    } catch (error) {
      await session.close();
      throw error;
    }
  }
}

function relationOf({ database, name }: TableName): string {
  return `${doubleQuotes(database)}.${doubleQuotes(name)}`;
}

class OpenDataset implements DatasetSession {
  readonly #session: DuckDbSession;
  readonly #tables: ReadonlyMap<string, BroughtTable>;

  constructor(session: DuckDbSession, tables: ReadonlyMap<string, BroughtTable>) {
    this.#session = session;
    this.#tables = tables;
  }

  columnsOf(table: TableName): readonly TypedColumn[] {
    const { columns = [], partitionKeys = [] } = this.#tables.get(relationOf(table)) ?? {};
    return [...columns, ...partitionKeys];
  }

  relationOf(table: TableName): string {
    return relationOf(table);
  }

  filesOf(table: TableName): readonly string[] {
    const folders = this.#tables.get(relationOf(table))?.folders ?? [];
    return folders.flatMap(({ files }) => files.flatMap(({ location }) => location ?? []));
  }

  async useKeys(keys: ReadonlyMap<number, Uint8Array>): Promise<void> {
    const { blobValue } = await import('@duckdb/node-api');
    // Nothing that this session holds goes to a disk from now on: what does not fit into memory fails.
    await this.#run("SET temp_directory = ''");
    await this.#run(`CREATE TABLE ${PADS_TABLE} (version INTEGER, inner_pad BLOB, outer_pad BLOB)`);
    // Bound, so that no statement, and with it no error, holds them.
    const insert = `INSERT INTO ${PADS_TABLE} VALUES ($1, $2, $3)`;
    for (const [version, key] of keys) {
      const { inner, outer } = hmacPads(key);
      const pads = [version, blobValue(inner), blobValue(outer)];
      await this.#session.guarded(insert, () => this.#session.connection.run(insert, pads));
    }
  }

  async create(query: string): Promise<void> {
    await this.#run(`CREATE OR REPLACE TABLE dataset AS ${query}`);
  }

  async restrict(condition: string): Promise<number> {
    const before = await this.count('SELECT count(*) FROM dataset');
    await this.create(`SELECT * FROM dataset QUALIFY ${condition}`);
    return before - (await this.count('SELECT count(*) FROM dataset'));
  }

  async count(sql: string): Promise<number> {
    return Number((await this.#session.rows(sql))[0]?.[0] ?? 0);
  }

  fileWithout(
    table: TableName,
    { location, content }: { readonly location: string; readonly content: Uint8Array },
    condition: string,
  ): Promise<{ readonly rows: number; readonly content: Uint8Array }> {
    const [subject, brought] = this.#opened(table);
    return fileWithout(this.#session, { subject, table: brought, location, condition }, content);
  }

  #opened(table: TableName): [relation: string, brought: BroughtTable] {
    const relation = relationOf(table);
    const brought = this.#tables.get(relation);
    if (brought === undefined) throw new RangeError(`${relation} was not opened`);
    return [relation, brought];
  }

  async countByFile(table: TableName, condition: string): Promise<ReadonlyMap<string, number>> {
    const [relation, brought] = this.#opened(table);
    const counts = new Map<string, number>();
    for (const { values, path, location, calendars } of brought.local) {
      const rows = tableSql(relation, brought, [{ values, paths: [path], calendars }]);
      const found = await this.count(`SELECT count(*) FROM (${rows}) WHERE ${condition}`);
      if (found > 0) counts.set(location ?? path, found);
    }
    return counts;
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

  async describe(): Promise<readonly TypedColumn[]> {
    const rows = await this.#session.rows('DESCRIBE dataset');
    return rows.map(([name, type]) => ({ name: String(name), type: hiveType(String(type)) }));
  }

  async toFiles(partitions: readonly string[]): Promise<readonly DatasetFile[]> {
    if (partitions.length === 0) return [{ values: [], body: await this.#parquet(partitions, '') }];
    const texts = partitions.map((name) => `CAST(${doubleQuotes(name)} AS VARCHAR)`);
    const found = await this.#session.rows(
      `SELECT DISTINCT ${texts.join(', ')} FROM dataset ORDER BY ALL LIMIT ${MOST_PARTITIONS + 1}`,
    );
    if (found.length > MOST_PARTITIONS)
      throw unfitPartitions(partitions, `more than ${MOST_PARTITIONS} different values`);
    if (found.flat().includes(''))
      throw unfitPartitions(partitions, 'an empty text, which no folder can be told from NULL by');
    const files: DatasetFile[] = [];
    for (const row of found) {
      const values = row.map((value) => (typeof value === 'string' ? value : undefined));
      const conditions = values.map(
        (value, index) =>
          `${texts[index]!} IS NOT DISTINCT FROM ${value === undefined ? 'NULL' : standardLiteral(value)}`,
      );
      const body = await this.#parquet(partitions, `WHERE ${conditions.join(' AND ')}`);
      files.push({ values: values.map((value) => value ?? DEFAULT_PARTITION), body });
    }
    return files;
  }

  emptyFile(partitions: readonly string[]): Promise<Uint8Array> {
    return this.#parquet(partitions, 'WHERE false');
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  /** In order, so that neither time nor threads show in the file, and nobody learns who stood beside whom. */
  async #parquet(without: readonly string[], condition: string): Promise<Uint8Array> {
    const file = join(this.#session.folder, 'dataset.parquet');
    const columns = without.length === 0 ? '*' : `* EXCLUDE (${without.map(doubleQuotes).join(', ')})`;
    const rows = `SELECT ${columns} FROM dataset ${condition} ORDER BY ALL`;
    await this.#run(`COPY (${rows}) TO ${standardLiteral(file)} (FORMAT parquet, COMPRESSION zstd)`);
    return readFile(file);
  }

  async #run(sql: string): Promise<void> {
    await this.#session.guarded(sql, () => this.#session.connection.run(sql));
  }
}

function unfitPartitions(partitions: readonly string[], what: string): LakeliftError {
  return new LakeliftError(`The dataset cannot have partitions by ${partitions.join(', ')}: ${what}`, {
    kind: 'usage',
    code: 'DATASET_PARTITIONS',
    hint: 'Choose columns of few values, such as a year or a département.',
  });
}
