import type * as duckdb from '@duckdb/node-api';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { RawCalendars } from '../../domain/privacy/raw-calendars.ts';
import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import { columnsWithDays } from '../../domain/rules/written-days.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import { isAlive } from '../directory/is-alive.ts';
import { notInstalled, refused, unsupported } from './duckdb-errors.ts';
import type { LakeTable, LakeTables } from './lake-tables.ts';
import { isPackedOtherwise, LARGEST_TABLE_BYTES, plainText, tooLarge } from './packed-text.ts';
import { parquetCalendars, type FileCalendars } from './parquet-calendars.ts';
import { tableSql, type LocalFolder } from './table-sql.ts';

type Driver = typeof duckdb;
export type Connection = InstanceType<Driver['DuckDBConnection']>;

export interface TableInSql {
  readonly database: string;
  readonly table: string;
}

/** A table whose files are here. */
export interface BroughtTable extends LakeTable {
  readonly local: readonly LocalFile[];
}

interface LocalFile {
  readonly values: readonly string[];
  readonly path: string;
  /** Where it came from. */
  readonly location: string | undefined;
  /** Of Parquet that is read as Spark does; absent where days are as they stand. */
  readonly calendars?: FileCalendars | undefined;
}

/** A DuckDB in memory with a folder for the files of tables; both are gone when it is closed. */
export class DuckDbSession {
  readonly connection: Connection;
  readonly folder: string;
  readonly #lake: LakeTables;
  readonly #instance: InstanceType<Driver['DuckDBInstance']>;
  readonly #signal: AbortSignal | undefined;
  readonly #stop = (): void => this.connection.interrupt();

  private constructor(
    lake: LakeTables,
    {
      instance,
      connection,
      folder,
    }: { instance: InstanceType<Driver['DuckDBInstance']>; connection: Connection; folder: string },
    signal: AbortSignal | undefined,
  ) {
    this.#lake = lake;
    this.#instance = instance;
    this.connection = connection;
    this.folder = folder;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#stop);
  }

  static async open(lake: LakeTables, signal?: AbortSignal): Promise<DuckDbSession> {
    const { DuckDBInstance } = await loadDriver();
    await (swept ??= removeLeftovers());
    const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`));
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      // Unless told otherwise it spills into the directory of whoever called, and fetches extensions.
      temp_directory: join(folder, 'spilled'),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const connection = await instance.connect();
    // Instants appear as UTC, as in Athena and in jobs, and not by the clock of this machine.
    await connection.run("SET TimeZone = 'UTC'");
    return new DuckDbSession(lake, { instance, connection, folder }, signal);
  }

  /** Runs work on the connection; what it throws is said in our words, and an abort throws its reason. */
  async guarded<Result>(sql: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#signal?.throwIfAborted();
      throw isLakeliftError(error) ? error : refused(error, sql);
    }
  }

  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const reader = await this.guarded(sql, () => this.connection.runAndReadAll(sql));
    return reader.getRows();
  }

  /** Makes a view over a table's files, which are brought here. Days are as they stand; where calendars are given, as Spark reads them. */
  async bring({ database, table }: TableInSql, calendars?: RawCalendars): Promise<BroughtTable> {
    const found = await this.#lake.findTable(database, table, this.#signal);
    const subject = `${database}.${table}`;
    if (found === undefined) throw noTable(subject);
    const listed = found.folders.flatMap((each) => each.files);
    if (listed.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > LARGEST_TABLE_BYTES) throw tooLarge(subject);
    if (listed.some(({ name }) => isPackedOtherwise(name, found))) throw unsupported(subject, 'compressed as a whole');
    const prefix = join(this.folder, `${database}.${table}.`);
    const files = await download(found, { subject, prefix }, this.#signal);
    const local = calendars === undefined ? files : await this.#counted(found, files, calendars);
    await this.connection.run(`CREATE SCHEMA IF NOT EXISTS ${doubleQuotes(database)}`);
    const view = `${doubleQuotes(database)}.${doubleQuotes(table)}`;
    await this.connection.run(`CREATE VIEW ${view} AS ${tableSql(subject, found, byFolder(local))}`);
    return { ...found, local };
  }

  async #counted(
    { columns, serdeLibrary }: LakeTable,
    files: readonly LocalFile[],
    unmarked: RawCalendars,
  ): Promise<readonly LocalFile[]> {
    if (serdeLibrary !== PARQUET_STORAGE.serdeLibrary || columnsWithDays(columns).length === 0) return files;
    const paths = files.map(({ path }) => path);
    const calendars = await parquetCalendars(this.connection, paths, unmarked);
    return files.map((file) => ({ ...file, calendars: calendars.get(file.path) }));
  }

  async close(): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#stop);
    this.connection.closeSync();
    this.#instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const FOLDER = 'lakelift-duckdb-';
let swept: Promise<void> | undefined;

/** Killed processes leave rows of people in their folders, which nobody else would ever remove. Once per process. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const processId = /^lakelift-duckdb-(\d+)-/.exec(name)?.[1];
    if (processId !== undefined && !isAlive(Number(processId)))
      // Another user's is not ours to remove.
      await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function loadDriver(): Promise<Driver> {
  try {
    return await import('@duckdb/node-api');
  } catch (error) {
    throw notInstalled(error);
  }
}

function noTable(subject: string): LakeliftError {
  return new LakeliftError(`there is no table ${subject}`, {
    kind: 'usage',
    code: 'DUCKDB_NO_TABLE',
    subject,
    hint: 'Run the use case first; "lakelift status" says how far it is.',
  });
}

/** Files of a folder that are read alike. */
function byFolder(files: readonly LocalFile[]): LocalFolder[] {
  const folders = [...Map.groupBy(files, ({ values }) => values).values()];
  const alike = folders.flatMap((members) => [
    ...Map.groupBy(members, ({ calendars }) => JSON.stringify(calendars)).values(),
  ]);
  return alike.map((members) => ({ ...members[0]!, paths: members.map(({ path }) => path) }));
}

/** Empty files are left: some readers take them for broken ones. */
async function download(
  table: LakeTable,
  { subject, prefix }: { readonly subject: string; readonly prefix: string },
  signal: AbortSignal | undefined,
): Promise<LocalFile[]> {
  const plain = plainText(subject, table);
  const local: LocalFile[] = [];
  for (const { values, files } of table.folders) {
    for (const file of files.filter(({ sizeBytes }) => sizeBytes > 0)) {
      const path = `${prefix}${local.length}`;
      await pipeline(plain(file.name, await file.read(signal)), createWriteStream(path));
      local.push({ values, path, location: file.location });
    }
  }
  return local;
}
