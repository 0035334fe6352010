import type { MetastoreConnections } from './metastore-connections.ts';
import type { MetastoreConnection } from './metastore-connection.ts';
import { isRefusal, MetastoreRefusal } from './metastore-error.ts';
import { constraintTexts } from './metastore-constraints.ts';
import type { partitionStatisticsRequest, tableStatisticsRequest } from './metastore-statistics.ts';
import type { Decoded } from './thrift/thrift-type.ts';
import { METHODS, type MetastoreMethod } from './metastore-methods.ts';
import {
  INSERT_ONLY_TABLES,
  type ThriftDatabase,
  type ThriftPartition,
  type ThriftTable,
} from './metastore-structs.ts';
import { transactionList, type ValidWrites } from './valid-writes.ts';

interface AnalysedColumn {
  readonly database: string;
  readonly table: string;
  /** By its name; the table itself where absent. */
  readonly partition?: string | undefined;
  readonly column: string;
}

interface ConstrainedTable {
  readonly database?: string | undefined;
  readonly table?: string | undefined;
  /** Before Hive 3 there is none, and it is passed over. */
  readonly catalog?: string | undefined;
}

/** The metastore's calls that the catalog needs, whatever the server's generation. Throws {@link MetastoreRefusal} as the server refuses. */
export class MetastoreClient {
  readonly #connections: MetastoreConnections;

  constructor(connections: MetastoreConnections) {
    this.#connections = connections;
  }

  getAllDatabases(signal?: AbortSignal): Promise<readonly string[]> {
    return this.#connections.use((session) => session.call(METHODS.getAllDatabases, {}, signal), signal);
  }

  getDatabase(name: string, signal?: AbortSignal): Promise<ThriftDatabase> {
    return this.#connections.use((session) => session.call(METHODS.getDatabase, { name }, signal), signal);
  }

  getAllTables(database: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.#connections.use(
      (session) => session.call(METHODS.getAllTables, { db_name: database }, signal),
      signal,
    );
  }

  getFunctions(database: string, signal?: AbortSignal): Promise<readonly string[]> {
    const args = { dbName: database, pattern: '*' };
    return this.#connections.use((session) => session.call(METHODS.getFunctions, args, signal), signal);
  }

  /**
   * Asks in the way that reads insert-only tables first; `get_table_req` is missing before Hive 2.3, `get_table` from Hive 4. Vendors
   * backport, so the server is asked rather than its version. No processor capabilities are sent: a list that lacks some makes the
   * server alter what it answers (MetastoreDefaultTransformer).
   */
  getTable(database: string, table: string, signal?: AbortSignal): Promise<ThriftTable> {
    const byRequest = async (session: MetastoreConnection): Promise<ThriftTable> => {
      const req = { dbName: database, tblName: table, capabilities: { values: [INSERT_ONLY_TABLES] } };
      const { table: found } = await session.call(METHODS.getTableReq, { req }, signal);
      if (found === undefined)
        throw new MetastoreRefusal('get_table_req', 'NoSuchObject', `${database}.${table} not found`);
      return found;
    };
    return this.#connections.use(
      (session) =>
        session.callKnown([
          [METHODS.getTableReq.name, () => byRequest(session)],
          [METHODS.getTable.name, () => session.call(METHODS.getTable, { dbname: database, tbl_name: table }, signal)],
        ]),
      signal,
    );
  }

  getPartitionNames(database: string, table: string, signal?: AbortSignal): Promise<readonly string[]> {
    const args = { db_name: database, tbl_name: table, max_parts: -1 };
    return this.#connections.use((session) => session.call(METHODS.getPartitionNames, args, signal), signal);
  }

  /** In no particular order; a partition that was dropped meanwhile is left out. */
  getPartitionsByNames(
    { database, table }: { readonly database: string; readonly table: string },
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ThriftPartition[]> {
    const args = { db_name: database, tbl_name: table, names };
    return this.#connections.use((session) => session.call(METHODS.getPartitionsByNames, args, signal), signal);
  }

  getTableStatistics(
    request: Decoded<typeof tableStatisticsRequest>,
    signal?: AbortSignal,
  ): Promise<Decoded<(typeof METHODS)['getTableStatistics']['result']>> {
    return this.#connections.use((session) => session.call(METHODS.getTableStatistics, { request }, signal), signal);
  }

  getPartitionStatistics(
    request: Decoded<typeof partitionStatisticsRequest>,
    signal?: AbortSignal,
  ): Promise<Decoded<(typeof METHODS)['getPartitionStatistics']['result']>> {
    return this.#connections.use(
      (session) => session.call(METHODS.getPartitionStatistics, { request }, signal),
      signal,
    );
  }

  /** When the statistics of one column were computed, seconds since 1970. */
  async getAnalysisTime(
    { database, table, partition, column }: AnalysedColumn,
    signal?: AbortSignal,
  ): Promise<bigint | undefined> {
    const args = { db_name: database, tbl_name: table, col_name: column };
    const { about } = await this.#connections.use(
      (session) =>
        partition === undefined
          ? session.call(METHODS.getColumnStatistics, args, signal)
          : session.call(METHODS.getPartitionColumnStatistics, { ...args, part_name: partition }, signal),
      signal,
    );
    return about?.analyzedAt;
  }

  /** The fallback where the server has no such setting or keeps it to itself. */
  async getConfigValue(name: string, fallback: string, signal?: AbortSignal): Promise<string> {
    const args = { name, defaultValue: fallback };
    try {
      return await this.#connections.use((session) => session.call(METHODS.getConfigValue, args, signal), signal);
    } catch (error) {
      if (error instanceof MetastoreRefusal) return fallback;
      throw error;
    }
  }

  /** Each as people write it in SQL. What a server does not know of, none of its tables has. */
  async getConstraints(where: ConstrainedTable, signal?: AbortSignal): Promise<string[]> {
    const ask = async <A extends { readonly request?: ConstrainedTable | undefined }, C>(
      method: MetastoreMethod<A, { readonly constraints?: readonly C[] | undefined }>,
    ): Promise<readonly C[]> => {
      const args = { request: where } as A;
      try {
        const answer = await this.#connections.use(
          (session) => session.callKnown([[method.name, () => session.call(method, args, signal)]]),
          signal,
        );
        return answer.constraints ?? [];
      } catch (error) {
        if (isRefusal(error, 'UnknownMethod')) return [];
        throw error;
      }
    };
    const [primaryKeys, foreignKeys, uniques, notNulls, defaults, checks] = await Promise.all([
      ask(METHODS.getPrimaryKeys),
      ask(METHODS.getForeignKeys),
      ask(METHODS.getUniques),
      ask(METHODS.getNotNulls),
      ask(METHODS.getDefaults),
      ask(METHODS.getChecks),
    ]);
    return constraintTexts({ primaryKeys, foreignKeys, uniques, notNulls, defaults, checks });
  }

  /** undefined before Hive 3, which numbers no writes, and where the server breaks on the question for want of the tables behind it. */
  async findValidWrites(table: string, signal?: AbortSignal): Promise<ValidWrites | undefined> {
    try {
      return await this.#connections.use(async (session) => {
        const validTxnList = transactionList(await session.call(METHODS.getOpenTransactions, {}, signal));
        const rqst = { fullTableNames: [table], validTxnList };
        const { tables } = await session.call(METHODS.getValidWriteIds, { rqst }, signal);
        const { highWaterMark = 0n, invalid = [] } = tables?.[0] ?? {};
        return { highWaterMark, invalid };
      }, signal);
    } catch (error) {
      if (isRefusal(error, 'UnknownMethod') || isRefusal(error, 'ApplicationError')) return undefined;
      throw error;
    }
  }

  /** undefined before Hive 3, which has one catalog without a name. */
  async findCatalogs(signal?: AbortSignal): Promise<readonly string[] | undefined> {
    try {
      return (
        (await this.#connections.use((session) => session.call(METHODS.getCatalogs, {}, signal), signal)).names ?? []
      );
    } catch (error) {
      if (isRefusal(error, 'UnknownMethod')) return undefined;
      throw error;
    }
  }
}
