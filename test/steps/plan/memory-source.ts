import type { SourceStatistics } from '../../../src/domain/column-statistics.ts';
import { formatTableName, hdfsPath, type HdfsPath, type TableName } from '../../../src/domain/names.ts';
import { partitionName } from '../../../src/domain/partition-name.ts';
import type { SourceFile } from '../../../src/domain/source-file.ts';
import type { Partition, Table } from '../../../src/domain/table.ts';
import { LakeliftError } from '../../../src/errors.ts';
import type { AnalysedColumns, SourceCatalog } from '../../../src/ports/source-catalog.ts';
import type { FileRange, ReadableFile, SourceEntry, SourceFileSystem } from '../../../src/ports/source-file-system.ts';

const WRITTEN_AT_MS = 1_717_200_000_000;

/** Directories as a cluster answers them, so that a test can arrange what servers rarely show: links, denials, vanished folders. */
export class MemoryFileSystem implements SourceFileSystem {
  readonly #entries = new Map<string, SourceEntry>();
  readonly #texts = new Map<string, Uint8Array>();
  readonly #failures = new Map<string, LakeliftError>();

  /** In the order in which they were asked for. */
  readonly listed: HdfsPath[] = [];
  readonly read: HdfsPath[] = [];

  addFile(path: string, sizeBytes = 10, modifiedAtMs = WRITTEN_AT_MS): void {
    this.#entries.set(path, { kind: 'file', file: { ...sourceFile(path, sizeBytes), modifiedAtMs } });
    this.addDirectory(path.slice(0, path.lastIndexOf('/')));
  }

  addText(path: string, text: string): void {
    this.addBytes(path, Buffer.from(text));
  }

  addBytes(path: string, bytes: Uint8Array, modifiedAtMs = WRITTEN_AT_MS): void {
    this.#texts.set(path, bytes);
    this.addFile(path, bytes.length, modifiedAtMs);
  }

  addLink(path: string, target: string): void {
    this.#entries.set(path, { kind: 'symlink', symlink: { path: hdfsPath(path), symlinkTarget: target } });
    this.addDirectory(path.slice(0, path.lastIndexOf('/')));
  }

  addDirectory(path: string, modifiedAtMs = 0): void {
    if (path === '' || this.#entries.has(path)) return;
    this.#entries.set(path, { kind: 'directory', directory: { path: hdfsPath(path), modifiedAtMs } });
    this.addDirectory(path.slice(0, path.lastIndexOf('/')));
  }

  /** Listing or reading `path` throws from now on. */
  fail(path: string, error: LakeliftError): void {
    this.#failures.set(path, error);
  }

  async findEntry(path: HdfsPath): Promise<SourceEntry | undefined> {
    return Promise.resolve(this.#entries.get(path));
  }

  findEntryAgain(path: HdfsPath): Promise<SourceEntry | undefined> {
    return this.findEntry(path);
  }

  async *listDirectory(directory: HdfsPath): AsyncGenerator<SourceEntry> {
    this.listed.push(directory);
    await Promise.resolve();
    const failure = this.#failures.get(directory);
    if (failure !== undefined) throw failure;
    if (!this.#entries.has(directory)) throw notFound(directory);
    for (const [path, entry] of this.#entries) {
      if (path !== directory && path.slice(0, path.lastIndexOf('/')) === directory) yield entry;
    }
  }

  getContentSummary(): never {
    throw new Error('the plan needs no content summary');
  }

  /** The plan reads schemas and the ends of files that tell their writer; a file of which a test gives no bytes is gone when it is read. */
  readRange({ path }: ReadableFile, range: FileRange, into: Uint8Array): Promise<undefined> {
    this.read.push(path);
    const bytes = this.#texts.get(path);
    if (bytes === undefined) throw notFound(path);
    const failure = this.#failures.get(path);
    if (failure !== undefined) throw failure;
    into.set(bytes.subarray(range.offset, range.offset + range.length));
    return Promise.resolve(undefined);
  }

  findAccess(): never {
    throw new Error('the plan asks for no rights');
  }

  listBlockSizes(): never {
    throw new Error('the plan asks for no blocks');
  }

  findChecksum(): never {
    throw new Error('the plan asks for no checksum');
  }
}

function notFound(path: string): LakeliftError {
  return new LakeliftError(`${path} does not exist`, { kind: 'not-found', code: 'HDFS_NOT_FOUND', subject: path });
}

export function sourceFile(path: string, sizeBytes: number): SourceFile {
  return {
    path: hdfsPath(path),
    sizeBytes,
    modifiedAtMs: WRITTEN_AT_MS,
    blockSizeBytes: 134_217_728,
    isEncrypted: false,
    isErasureCoded: false,
    owner: 'hive',
    group: 'hadoop',
    permission: '644',
  };
}

/** Tables as a metastore answers them. */
export class MemoryCatalog implements SourceCatalog {
  readonly #tables: readonly Table[];
  readonly #partitionsOf: (table: Table) => readonly Partition[];
  /** `@catalog#database.table` */
  elsewhere: readonly string[] = [];
  /** `database.function` */
  functions: readonly string[] = [];
  /** By `database.table`, or `database.table/partition`. */
  statistics: ReadonlyMap<string, readonly SourceStatistics[]> = new Map();
  /** By the same names. */
  analysedAtSeconds: ReadonlyMap<string, number> = new Map();
  /** What it says of the writes of any transactional table. */
  writeState: string | undefined;

  constructor(tables: readonly Table[], partitionsOf: (table: Table) => readonly Partition[] = () => []) {
    this.#tables = tables;
    this.#partitionsOf = partitionsOf;
  }

  async listDatabases(): Promise<string[]> {
    return Promise.resolve([...new Set(this.#tables.map(({ name }) => name.database))].sort());
  }

  getDatabase(): never {
    throw new Error('nobody asks for a database here');
  }

  async listTables(database: string): Promise<string[]> {
    const tables = this.#tables.filter(({ name }) => name.database === database);
    return Promise.resolve(tables.map(({ name }) => name.table).sort());
  }

  async listTablesElsewhere(database: string): Promise<string[]> {
    return Promise.resolve(this.elsewhere.filter((name) => name.includes(`#${database}.`)));
  }

  async listFunctions(database: string): Promise<string[]> {
    const own = this.functions.filter((name) => name.startsWith(`${database}.`));
    return Promise.resolve(own.map((name) => name.slice(database.length + 1)));
  }

  async findTable(name: TableName): Promise<Table | undefined> {
    return Promise.resolve(this.#tables.find((table) => formatTableName(table.name) === formatTableName(name)));
  }

  async findConstraints({ constraints }: Table): Promise<string[] | undefined> {
    return Promise.resolve(constraints === undefined ? undefined : [...constraints]);
  }

  async findStatistics(name: TableName, columns: readonly string[]): Promise<readonly SourceStatistics[]> {
    const known = this.statistics.get(formatTableName(name)) ?? [];
    return Promise.resolve(known.filter(({ column }) => columns.includes(column)));
  }

  async findPartitionStatistics(
    name: TableName,
    { names, columns }: { readonly names: readonly string[]; readonly columns: readonly string[] },
  ): Promise<ReadonlyMap<string, readonly SourceStatistics[]>> {
    const known = names.map((one) => [one, this.statistics.get(`${formatTableName(name)}/${one}`) ?? []] as const);
    const asked = known.map(([one, own]) => [one, own.filter(({ column }) => columns.includes(column))] as const);
    return Promise.resolve(new Map(asked.filter(([, own]) => own.length > 0)));
  }

  async findAnalysisTimes(
    name: TableName,
    { columns, partition }: AnalysedColumns,
  ): Promise<ReadonlyMap<string, number>> {
    const owner = partition === undefined ? formatTableName(name) : `${formatTableName(name)}/${partition}`;
    const seconds = this.analysedAtSeconds.get(owner);
    return Promise.resolve(new Map(seconds === undefined ? [] : columns.map((column) => [column, seconds])));
  }

  async listPartitionNames(name: TableName): Promise<string[]> {
    const table = await this.findTable(name);
    return table === undefined
      ? []
      : this.#partitionsOf(table).map(({ values }) => partitionName(table.partitionKeys, values));
  }

  async *listPartitions(table: Table): AsyncGenerator<Partition> {
    await Promise.resolve();
    yield* this.#partitionsOf(table);
  }

  async findWriteState(): Promise<string | undefined> {
    return Promise.resolve(this.writeState);
  }

  async close(): Promise<void> {
    return Promise.resolve();
  }
}
