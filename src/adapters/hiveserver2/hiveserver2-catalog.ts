import { formatTableName, type TableName } from '../../domain/names.ts';
import { DEFAULT_PARTITION, partitionValues } from '../../domain/partition-name.ts';
import type { Partition, Table } from '../../domain/table.ts';
import { isLakeliftError, LakeliftError } from '../../errors.ts';
import type { Database, SourceCatalog } from '../../ports/source-catalog.ts';
import { NULL_NAME_SETTING, withDefaultName, withDefaultValues } from '../hive-metastore/null-partition.ts';
import { HiveServer2Client } from './hiveserver2-client.ts';
import type { HiveServer2Options } from './hiveserver2-connection.ts';
import { hiveIdentifier, hiveLiteral, hiveTable, partitionClause } from './hive-sql.ts';
import { TableDescriber } from './table-describer.ts';

export interface HiveServer2CatalogOptions extends HiveServer2Options {
  /** Sessions that describe partitions side by side. */
  readonly sessions?: number | undefined;
  /** Beyond this many partitions a table is refused: each of them costs HiveServer2 a statement. */
  readonly maxPartitions?: number | undefined;
  /** `formatted` spares the attempt at JSON, for clusters known to refuse it. */
  readonly describe?: 'json' | 'formatted' | undefined;
}

/**
 * Hive's schemas through HiveServer2, where the metastore's port is closed. Tables and partitions are the same as from the metastore
 * as long as the server lets a session set `hive.ddl.output.format=json`; where it refuses, `DESCRIBE FORMATTED` is read, with the
 * losses named there. Slow for many partitions: one statement each, about five a second and session.
 */
export class HiveServer2Catalog implements SourceCatalog {
  readonly #text: HiveServer2Client;
  readonly #describer: TableDescriber;
  readonly #maxPartitions: number;

  constructor(options: HiveServer2CatalogOptions) {
    this.#text = new HiveServer2Client(options);
    this.#describer = new TableDescriber(this.#text, options);
    this.#maxPartitions = options.maxPartitions ?? 5000;
  }

  async listDatabases(signal?: AbortSignal): Promise<string[]> {
    return firstColumn(await this.#text.run('SHOW DATABASES', signal)).sort();
  }

  /** Hive's SQL reaches its own catalog only. */
  listTablesElsewhere(): Promise<[]> {
    return Promise.resolve([]);
  }

  getDatabase(name: string, signal?: AbortSignal): Promise<Database> {
    return this.#describer.database(name, signal);
  }

  async listTables(database: string, signal?: AbortSignal): Promise<string[]> {
    return firstColumn(await this.#text.run(`SHOW TABLES IN ${hiveIdentifier(database)}`, signal)).sort();
  }

  /** `SHOW FUNCTIONS` names those of a database as `database.function`. Up to Hive 3 its patterns have `*`, in Hive 4 `%` (`UDFLike`); both know `|`. */
  async listFunctions(database: string, signal?: AbortSignal): Promise<string[]> {
    const pattern = hiveLiteral(`${database}.*|${database}.%`);
    const names = firstColumn(await this.#text.run(`SHOW FUNCTIONS LIKE ${pattern}`, signal));
    const prefix = `${database}.`;
    return names
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  async findTable(name: TableName, signal?: AbortSignal): Promise<Table | undefined> {
    try {
      return await this.#describer.table(name, signal);
    } catch (error) {
      if (isLakeliftError(error, 'not-found')) return undefined;
      throw error;
    }
  }

  /** Not told by the JSON of DESCRIBE. */
  findConstraints(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  /** Nor are statistics. */
  findStatistics(): Promise<[]> {
    return Promise.resolve([]);
  }

  findPartitionStatistics(): Promise<ReadonlyMap<string, []>> {
    return Promise.resolve(new Map<string, []>());
  }

  findAnalysisTimes(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(new Map<string, number>());
  }

  async listPartitionNames(name: TableName, signal?: AbortSignal): Promise<string[]> {
    const names = await this.#serverNames(name, signal);
    const nullName = await this.#nullName(signal);
    return names.map((one) => withDefaultName(one, nullName));
  }

  async #serverNames(name: TableName, signal?: AbortSignal): Promise<string[]> {
    try {
      return firstColumn(await this.#text.run(`SHOW PARTITIONS ${hiveTable(name)}`, signal));
    } catch (error) {
      if (error instanceof LakeliftError && /is not a partitioned table/i.test(error.message)) return [];
      throw error;
    }
  }

  /** Throws `unsupported` for a table with more partitions than the limit. */
  async *listPartitions(table: Table, signal?: AbortSignal): AsyncGenerator<Partition> {
    if (table.partitionKeys.length === 0) return;
    const names = await this.#serverNames(table.name, signal);
    const nullName = await this.#nullName(signal);
    if (names.length > this.#maxPartitions) throw tooMany(table.name, names.length, this.#maxPartitions);
    const width = this.#describer.sessions;
    for (let start = 0; start < names.length; start += width) {
      const batch = names.slice(start, start + width);
      const read = await Promise.all(batch.map((name, session) => this.#partition(table, name, { session, signal })));
      for (const partition of read) yield withDefaultValues(partition, nullName);
    }
  }

  /** What this cluster writes for NULL. */
  async #nullName(signal?: AbortSignal): Promise<string> {
    const [row] = await this.#text.run(`SET ${NULL_NAME_SETTING}`, signal);
    return row?.[0]?.split('=')[1] ?? DEFAULT_PARTITION;
  }

  /** HiveServer2 tells nobody which writes count. */
  findWriteState(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async close(): Promise<void> {
    await Promise.all([this.#text.close(), this.#describer.close()]);
  }

  #partition(
    table: Table,
    name: string,
    { session, signal }: { readonly session: number; readonly signal: AbortSignal | undefined },
  ): Promise<Partition> {
    const values = partitionValues(name);
    const clause = partitionClause(table.partitionKeys, values);
    return this.#describer.partition({ table, values, clause, session }, signal);
  }
}

function firstColumn(rows: readonly (readonly (string | undefined)[])[]): string[] {
  return rows.map(([first]) => first ?? '');
}

function tooMany(name: TableName, count: number, limit: number): LakeliftError {
  const subject = formatTableName(name);
  return new LakeliftError(
    `${subject} has ${count} partitions; HiveServer2 describes them one by one, and ${limit} is the limit`,
    {
      kind: 'unsupported',
      code: 'HIVE_TOO_MANY_PARTITIONS',
      subject,
      hint: 'Have the metastore port (9083) opened and name it in source.hive.metastore, or raise the limit.',
    },
  );
}
