import { userInfo } from 'node:os';
import type { SourceStatistics } from '../../domain/column-statistics.ts';
import { formatTableName, type TableName } from '../../domain/names.ts';
import { DEFAULT_PARTITION } from '../../domain/partition-name.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { AnalysedColumns, Database, SourceCatalog } from '../../ports/source-catalog.ts';
import { parseMetastoreAddress, type MetastoreAddress } from './message-transport.ts';
import { MetastoreClient } from './metastore-client.ts';
import { formatValidWrites } from './valid-writes.ts';
import { MetastoreConnections } from './metastore-connections.ts';
import { isRefusal, MetastoreRefusal, translateRefusal } from './metastore-error.ts';
import { statisticsOfThrift } from './metastore-statistics.ts';
import { NULL_NAME_SETTING, withDefaultName, withDefaultValues } from './null-partition.ts';
import { PackedNames } from './packed-names.ts';
import { readInBatches } from './partition-batches.ts';
import { databaseOfThrift, partitionOfThrift, tableOfThrift } from './table-of-thrift.ts';

export interface HiveMetastoreOptions {
  /** `thrift://host:9083` each, tried in order whenever a session is opened. */
  readonly addresses: readonly string[];
  /** Who the metastore takes us for; the user of this process when absent. */
  readonly user?: string | undefined;
  readonly connectTimeoutMs?: number | undefined;
  /** For one call; large tables take the server minutes. */
  readonly callTimeoutMs?: number | undefined;
  /** Sessions held at once. */
  readonly connections?: number | undefined;
}

/**
 * Hive's schemas from its metastore (Thrift, TBinaryProtocol, unframed): Hive 1.1 to 4 and the distributions made of them.
 * Kerberos (SASL) is not supported: such a server gives `unsupported`, METASTORE_SASL.
 */
export class HiveMetastoreCatalog implements SourceCatalog {
  readonly #connections: MetastoreConnections;
  readonly #client: MetastoreClient;

  /** Connects at the first call. Throws `usage` for an address that is none. */
  constructor(options: HiveMetastoreOptions) {
    const { connectTimeoutMs = 10_000, callTimeoutMs = 300_000, connections = 4 } = options;
    const session = { user: options.user ?? userInfo().username, connectTimeoutMs, callTimeoutMs };
    this.#connections = new MetastoreConnections(addressesOf(options.addresses), session, connections);
    this.#client = new MetastoreClient(this.#connections);
  }

  async listDatabases(signal?: AbortSignal): Promise<string[]> {
    return [...(await translated('the metastore', () => this.#client.getAllDatabases(signal)))].sort();
  }

  /** Catalogs beside `hive`, whose databases are not read; none before Hive 3. */
  async listOtherCatalogs(signal?: AbortSignal): Promise<string[]> {
    const catalogs = await translated('the metastore', () => this.#client.findCatalogs(signal));
    return (catalogs ?? []).filter((name) => name !== 'hive').sort();
  }

  async listTablesElsewhere(database: string, signal?: AbortSignal): Promise<string[]> {
    const catalogs = await this.listOtherCatalogs(signal);
    const found = catalogs.map(async (catalog) => {
      const elsewhere = `@${catalog}#${database}`;
      const tables = await orNone([], async () => this.#client.getAllTables(elsewhere, signal));
      return tables.map((table) => `${elsewhere}.${table}`);
    });
    return (await Promise.all(found)).flat().sort();
  }

  async getDatabase(name: string, signal?: AbortSignal): Promise<Database> {
    return databaseOfThrift(await translated(name, () => this.#client.getDatabase(name, signal)));
  }

  /** Throws `not-found` when there is no such database. */
  async listTables(database: string, signal?: AbortSignal): Promise<string[]> {
    const names = await translated(database, () => this.#client.getAllTables(database, signal));
    if (names.length === 0) await this.getDatabase(database, signal);
    return [...names].sort();
  }

  async listFunctions(database: string, signal?: AbortSignal): Promise<string[]> {
    return [...(await translated(database, () => this.#client.getFunctions(database, signal)))].sort();
  }

  async findTable(name: TableName, signal?: AbortSignal): Promise<Table | undefined> {
    try {
      return tableOfThrift(await this.#client.getTable(name.database, name.table, signal));
    } catch (error) {
      if (isRefusal(error, 'NoSuchObject') || isRefusal(error, 'UnknownDB')) return undefined;
      throw translateRefusal(error, formatTableName(name));
    }
  }

  async findConstraints({ name, catalog = 'hive' }: Table, signal?: AbortSignal): Promise<string[] | undefined> {
    try {
      return await this.#client.getConstraints({ ...name, catalog }, signal);
    } catch (error) {
      // Clusters whose backing database was upgraded by halves answer everything but this.
      if (error instanceof MetastoreRefusal) return undefined;
      throw error;
    }
  }

  async findStatistics(
    { database, table }: TableName,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly SourceStatistics[]> {
    return orNone([], async () => {
      const found = await this.#client.getTableStatistics({ database, table, columns }, signal);
      return statisticsOfThrift(found.columns ?? []);
    });
  }

  async findPartitionStatistics(
    { database, table }: TableName,
    { names: partitions, columns }: { readonly names: readonly string[]; readonly columns: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly SourceStatistics[]>> {
    return orNone(new Map(), async () => {
      const found = await this.#client.getPartitionStatistics({ database, table, columns, partitions }, signal);
      return new Map((found.partitions ?? []).map(([name, own]) => [name, statisticsOfThrift(own)]));
    });
  }

  /** One call a column. */
  async findAnalysisTimes(
    name: TableName,
    { columns, partition }: AnalysedColumns,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    const asked = columns.map(async (column) => {
      const ask = () => this.#client.getAnalysisTime({ ...name, partition, column }, signal);
      return [column, Number((await orNone(undefined, ask)) ?? 0n)] as const;
    });
    return new Map((await Promise.all(asked)).filter(([, seconds]) => seconds > 0));
  }

  /** Throws `not-found` when there is no such table. */
  async listPartitionNames(name: TableName, signal?: AbortSignal): Promise<string[]> {
    const names = await this.#serverNames(name, signal);
    const nullName = await this.#nullName(signal);
    return names.map((one) => withDefaultName(one, nullName));
  }

  async *listPartitions({ name, partitionKeys }: Table, signal?: AbortSignal): AsyncGenerator<Partition> {
    if (partitionKeys.length === 0) return;
    const names = await this.#packedNames(name, signal);
    const nullName = await this.#nullName(signal);
    const source = {
      getByNames: (batch: readonly string[]) => this.#client.getPartitionsByNames(name, batch, signal),
      listNames: () => this.#serverNames(name, signal),
    };
    try {
      for await (const partition of readInBatches(source, names, signal)) {
        yield withDefaultValues(partitionOfThrift(partition), nullName);
      }
    } catch (error) {
      throw translateRefusal(error, formatTableName(name));
    }
  }

  async findWriteState(name: TableName, signal?: AbortSignal): Promise<string | undefined> {
    const subject = formatTableName(name);
    const writes = await translated(subject, () => this.#client.findValidWrites(subject, signal));
    return writes === undefined ? undefined : formatValidWrites(writes);
  }

  close(): Promise<void> {
    this.#connections.close();
    return Promise.resolve();
  }

  /** For as long as their partitions are read. */
  async #packedNames(name: TableName, signal?: AbortSignal): Promise<PackedNames> {
    return new PackedNames(await this.#serverNames(name, signal));
  }

  async #serverNames(name: TableName, signal?: AbortSignal): Promise<readonly string[]> {
    const subject = formatTableName(name);
    try {
      const names = await this.#client.getPartitionNames(name.database, name.table, signal);
      if (names.length === 0) await this.#getTable(name, signal);
      return names;
    } catch (error) {
      // Before Hive 3 the first exception of this call is another one, so the table itself decides.
      if (isRefusal(error, 'NoSuchObject')) await this.#getTable(name, signal);
      throw translateRefusal(error, subject);
    }
  }

  async #getTable(name: TableName, signal?: AbortSignal): Promise<void> {
    const subject = formatTableName(name);
    await translated(subject, () => this.#client.getTable(name.database, name.table, signal));
  }

  /** What this cluster writes for NULL. */
  #nullName(signal?: AbortSignal): Promise<string> {
    const ask = (): Promise<string> => this.#client.getConfigValue(NULL_NAME_SETTING, DEFAULT_PARTITION, signal);
    return translated(NULL_NAME_SETTING, ask);
  }
}

function addressesOf(texts: readonly string[]): MetastoreAddress[] {
  try {
    if (texts.length === 0) throw new RangeError('no metastore address');
    return texts.map(parseMetastoreAddress);
  } catch (error) {
    const hint = 'Write source.hive.metastore as a list of thrift://host:9083.';
    throw new LakeliftError(messageOf(error), { kind: 'usage', code: 'METASTORE_ADDRESS', hint, cause: error });
  }
}

/** Statistics are a help: a table is read without them where the server refuses. */
async function orNone<T>(none: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MetastoreRefusal) return none;
    throw error;
  }
}

async function translated<T>(subject: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateRefusal(error, subject);
  }
}
