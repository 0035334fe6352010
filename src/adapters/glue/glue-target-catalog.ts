import {
  BatchCreatePartitionCommand,
  BatchUpdatePartitionCommand,
  CreateDatabaseCommand,
  CreatePartitionIndexCommand,
  CreateTableCommand,
  DeletePartitionIndexCommand,
  GetDatabaseCommand,
  GetPartitionIndexesCommand,
  GetTableCommand,
  GlueClient,
  paginateGetTables,
  UpdateTableCommand,
} from '@aws-sdk/client-glue';
import { AdaptiveRetryStrategy, DefaultRateLimiter } from '@smithy/core/retry';
import type { ColumnStatistics } from '../../domain/column-statistics.ts';
import type { TargetPartition, TargetTable } from '../../domain/target-table.ts';
import type {
  CatalogedTable,
  PartitionResult,
  StatisticsOwner,
  TableRef,
  TargetCatalog,
} from '../../ports/target-catalog.ts';
import { credentialsOf, renewOnRefusal } from '../aws/aws-credentials.ts';
import { callOptions, requestHandlerSettings, SDK_ATTEMPTS, type AwsSettings } from '../aws/aws-settings.ts';
import { isEntityNotFound, translateGlueError, type GlueWork } from './glue-errors.ts';
import { fromGluePartition, fromGlueTable, toPartitionInput, toTableInput } from './glue-table.ts';
import { sendPartitionsAsJson } from './partition-json.ts';
import { findStatistics, putStatistics } from './statistics-calls.ts';
import { inBatches } from './partition-batches.ts';
import { failedIndex, indexNameOf, isOver } from './partition-index.ts';
import { partitionPages } from './segmented-partitions.ts';

const TIMEOUTS = { answerMs: 60_000, idleMs: 60_000 };
/** Never below five calls a second: who makes few calls would else wait two seconds for each after one refusal. The retry wrapper pauses longer. */
const RATE = { beta: 0.5, minFillRate: 5 };

/**
 * The AWS Glue Data Catalog of an account and region. Names are folded here already, so that no catalog can keep them otherwise.
 * AWS publishes no rates of this API: calls go as fast as they are answered until the first ThrottlingException, which halves their
 * rate; from then on a token bucket lets them through, and grows again (cubic, as in the SDK's adaptive mode).
 */
export class GlueTargetCatalog implements TargetCatalog {
  readonly #client: GlueClient;

  constructor(settings: AwsSettings) {
    this.#client = new GlueClient({
      region: settings.region,
      ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
      ...credentialsOf(settings),
      retryStrategy: new AdaptiveRetryStrategy(SDK_ATTEMPTS, { rateLimiter: new DefaultRateLimiter(RATE) }),
      requestHandler: requestHandlerSettings(settings, TIMEOUTS),
    });
    // It walks through every request and answer for a log that nobody reads: a tenth of the CPU of registering partitions.
    this.#client.middlewareStack.remove('loggerMiddleware');
    sendPartitionsAsJson(this.#client);
    renewOnRefusal(this.#client);
  }

  async hasDatabase(database: string, signal?: AbortSignal): Promise<boolean> {
    const command = new GetDatabaseCommand({ Name: database.toLowerCase() });
    const work = { subject: database, permission: 'glue:GetDatabase' };
    return (await found(work, () => this.#client.send(command, callOptions(signal)))) !== undefined;
  }

  async createDatabase(database: string, description: string, signal?: AbortSignal): Promise<void> {
    const input = { Name: database.toLowerCase(), Description: description };
    const command = new CreateDatabaseCommand({ DatabaseInput: input });
    const work = { subject: database, permission: 'glue:CreateDatabase' };
    await translated(work, () => this.#client.send(command, callOptions(signal)));
  }

  async findTable(table: TableRef, signal?: AbortSignal): Promise<CatalogedTable | undefined> {
    const { DatabaseName, TableName } = namesOf(table);
    const command = new GetTableCommand({ DatabaseName, Name: TableName });
    const answer = await found(workOn(table, 'glue:GetTable'), () => this.#client.send(command, callOptions(signal)));
    if (answer?.Table === undefined) return undefined;
    return { table: fromGlueTable(answer.Table), version: answer.Table.VersionId };
  }

  async *listTables(database: string, signal?: AbortSignal): AsyncGenerator<TargetTable> {
    const names = { DatabaseName: database.toLowerCase() };
    try {
      for await (const { TableList = [] } of paginateGetTables({ client: this.#client }, names, callOptions(signal)))
        for (const table of TableList) yield fromGlueTable(table);
    } catch (error) {
      if (isEntityNotFound(error)) return;
      throw translateGlueError(error, { subject: database, permission: 'glue:GetTables' });
    }
  }

  async createTable(table: TargetTable, signal?: AbortSignal): Promise<void> {
    const { DatabaseName } = namesOf(table);
    const command = new CreateTableCommand({ DatabaseName, TableInput: toTableInput(table) });
    await translated(workOn(table, 'glue:CreateTable'), () => this.#client.send(command, callOptions(signal)));
  }

  /** The version before stays in the table's archive. */
  async updateTable(table: TargetTable, version: string | undefined, signal?: AbortSignal): Promise<void> {
    const { DatabaseName } = namesOf(table);
    const command = new UpdateTableCommand({ DatabaseName, TableInput: toTableInput(table), VersionId: version });
    await translated(workOn(table, 'glue:UpdateTable'), () => this.#client.send(command, callOptions(signal)));
  }

  async ensurePartitionIndex(
    table: TableRef,
    keys: readonly string[],
    signal?: AbortSignal,
  ): Promise<'created' | 'unchanged'> {
    const names = namesOf(table);
    const listing = workOn(table, 'glue:GetPartitionIndexes');
    const { PartitionIndexDescriptorList: standing = [] } = await translated(listing, () =>
      this.#client.send(new GetPartitionIndexesCommand(names), callOptions(signal)),
    );
    const overKeys = standing.filter(({ Keys }) => isOver(Keys, keys));
    if (overKeys.some(({ IndexStatus }) => IndexStatus !== 'FAILED')) return 'unchanged';
    const IndexName = indexNameOf(keys);
    const failed = overKeys.find((one) => one.IndexName?.toLowerCase() === IndexName.toLowerCase());
    if (failed !== undefined) {
      await translated(workOn(table, 'glue:DeletePartitionIndex'), () =>
        this.#client.send(new DeletePartitionIndexCommand({ ...names, IndexName }), callOptions(signal)),
      );
      throw failedIndex(table, failed);
    }
    const PartitionIndex = { IndexName, Keys: [...keys] };
    await translated(workOn(table, 'glue:CreatePartitionIndex'), () =>
      this.#client.send(new CreatePartitionIndexCommand({ ...names, PartitionIndex }), callOptions(signal)),
    );
    return 'created';
  }

  async *listPartitions(table: TableRef, signal?: AbortSignal): AsyncGenerator<TargetPartition> {
    const { DatabaseName: database, TableName } = namesOf(table);
    try {
      for await (const page of partitionPages(this.#client, { database, table: TableName }, signal))
        for (const partition of page) yield fromGluePartition(partition);
    } catch (error) {
      throw translateGlueError(error, workOn(table, 'glue:GetPartitions'));
    }
  }

  createPartitions(
    table: TableRef,
    partitions: readonly TargetPartition[],
    signal?: AbortSignal,
  ): Promise<PartitionResult[]> {
    const work = workOn(table, 'glue:BatchCreatePartition');
    return inBatches(work, partitions, async (batch) => {
      const input = { ...namesOf(table), PartitionInputList: batch.map(toPartitionInput) };
      const { Errors } = await this.#client.send(new BatchCreatePartitionCommand(input), callOptions(signal));
      return (Errors ?? []).map((error) => ({ values: error.PartitionValues ?? [], detail: error.ErrorDetail }));
    });
  }

  updatePartitions(
    table: TableRef,
    partitions: readonly TargetPartition[],
    signal?: AbortSignal,
  ): Promise<PartitionResult[]> {
    const work = workOn(table, 'glue:BatchUpdatePartition');
    return inBatches(work, partitions, async (batch) => {
      const Entries = batch.map((partition) => ({
        PartitionValueList: [...partition.values],
        PartitionInput: toPartitionInput(partition),
      }));
      const input = { ...namesOf(table), Entries };
      const { Errors } = await this.#client.send(new BatchUpdatePartitionCommand(input), callOptions(signal));
      return (Errors ?? []).map((error) => ({ values: error.PartitionValueList ?? [], detail: error.ErrorDetail }));
    });
  }

  findStatistics(
    owner: StatisticsOwner,
    columns: readonly string[],
    signal?: AbortSignal,
  ): Promise<readonly ColumnStatistics[]> {
    const work = workOn(
      owner.table,
      `glue:GetColumnStatisticsFor${owner.partition === undefined ? 'Table' : 'Partition'}`,
    );
    return translated(work, () =>
      findStatistics(this.#client, { ...namesOf(owner.table), ...owner }, { columns, signal }),
    );
  }

  putStatistics(owner: StatisticsOwner, statistics: readonly ColumnStatistics[], signal?: AbortSignal): Promise<void> {
    const work = workOn(
      owner.table,
      `glue:UpdateColumnStatisticsFor${owner.partition === undefined ? 'Table' : 'Partition'}`,
    );
    return translated(work, () =>
      putStatistics(this.#client, { ...namesOf(owner.table), ...owner }, { statistics, signal }),
    );
  }

  close(): void {
    this.#client.destroy();
  }
}

function namesOf({ database, name }: TableRef): { DatabaseName: string; TableName: string } {
  return { DatabaseName: database.toLowerCase(), TableName: name.toLowerCase() };
}

function workOn({ database, name }: TableRef, permission: string): GlueWork {
  return { subject: `${database}.${name}`, permission };
}

async function translated<T>(work: GlueWork, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translateGlueError(error, work);
  }
}

async function found<T>(work: GlueWork, call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isEntityNotFound(error)) return undefined;
    throw translateGlueError(error, work);
  }
}
