import type * as duckdb from '@duckdb/node-api';
import { mkdtemp, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';
import { notInstalled, refused, unsupported } from './duckdb-errors.ts';
import type { LakeTable, LakeTables } from './lake-tables.ts';
import { tableSql, type LocalFolder } from './table-sql.ts';

type Driver = typeof duckdb;
type Connection = InstanceType<Driver['DuckDBConnection']>;

/** Bytes of a table that may be brought to this machine for one query. */
const LARGEST_TABLE_BYTES = 2 * 1024 ** 3;

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
    const { DuckDBInstance } = await loadDriver();
    const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
    const connection = await instance.connect();
    const folder = await mkdtemp(join(tmpdir(), 'lakelift-duckdb-'));
    const stop = (): void => connection.interrupt();
    signal?.addEventListener('abort', stop);
    try {
      for (const name of tablesIn(connection, sql)) await this.#bring(connection, { name, folder, signal });
      const reader = await connection.runAndReadAll(sql);
      return reader.getRows().map((row) => row.map((value) => (value === null ? undefined : String(value))));
    } catch (error) {
      signal?.throwIfAborted();
      throw isLakeliftError(error) ? error : refused(error, sql);
    } finally {
      signal?.removeEventListener('abort', stop);
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Nothing is held between statements. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async #bring(
    connection: Connection,
    {
      name,
      folder,
      signal,
    }: { readonly name: TableInSql; readonly folder: string; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const { database, table } = name;
    const found = await this.#lake.findTable(database, table, signal);
    if (found === undefined) throw noTable(name);
    const subject = `${database}.${table}`;
    const files = found.folders.flatMap((each) => each.files);
    if (files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > LARGEST_TABLE_BYTES)
      throw unsupported(subject, 'larger than 2 GiB');
    if (files.some((file) => /\.(gz|bz2|snappy|deflate|lzo|zst)$/.test(file.name)))
      throw unsupported(subject, 'compressed as a whole');
    const local = await download(found, join(folder, `${database}.${table}.`), signal);
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${doubleQuotes(database)}`);
    const view = `${doubleQuotes(database)}.${doubleQuotes(table)}`;
    await connection.run(`CREATE VIEW ${view} AS ${tableSql(subject, found, local)}`);
  }
}

async function loadDriver(): Promise<Driver> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw notInstalled(error);
  }
}

interface TableInSql {
  readonly database: string;
  readonly table: string;
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

function noTable({ database, table }: TableInSql): LakeliftError {
  const subject = `${database}.${table}`;
  return new LakeliftError(`there is no table ${subject}`, { kind: 'usage', code: 'DUCKDB_NO_TABLE', subject });
}

/** Empty files are left: some readers take them for broken ones. */
async function download(table: LakeTable, prefix: string, signal: AbortSignal | undefined): Promise<LocalFolder[]> {
  let count = 0;
  const folders: LocalFolder[] = [];
  for (const { values, files } of table.folders) {
    const paths: string[] = [];
    for (const file of files.filter(({ sizeBytes }) => sizeBytes > 0)) {
      const path = `${prefix}${count++}`;
      await pipeline(Readable.from(await file.read(signal)), createWriteStream(path));
      paths.push(path);
    }
    folders.push({ values, paths });
  }
  return folders;
}
