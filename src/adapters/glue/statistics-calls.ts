import {
  GetColumnStatisticsForPartitionCommand,
  GetColumnStatisticsForTableCommand,
  UpdateColumnStatisticsForPartitionCommand,
  UpdateColumnStatisticsForTableCommand,
  type GlueClient,
} from '@aws-sdk/client-glue';
import type { ColumnStatistics } from '../../domain/column-statistics.ts';
import { LakeliftError } from '../../errors.ts';
import { callOptions } from '../aws/aws-settings.ts';
import { fromGlueStatistics, toGlueStatistics } from './glue-statistics.ts';

/** Most columns of one call (Glue API reference). */
const MAX_GET = 100;
const MAX_UPDATE = 25;

interface Owner {
  readonly DatabaseName: string;
  readonly TableName: string;
  readonly partition?: readonly string[] | undefined;
}

/** Columns without statistics are among the answer's errors, as not found. */
export async function findStatistics(
  client: GlueClient,
  { partition, DatabaseName, TableName }: Owner,
  { columns, signal }: { readonly columns: readonly string[]; readonly signal: AbortSignal | undefined },
): Promise<ColumnStatistics[]> {
  const found: ColumnStatistics[] = [];
  for (const ColumnNames of slices(columns, MAX_GET)) {
    const input = { DatabaseName, TableName, ColumnNames };
    const { ColumnStatisticsList: list = [] } =
      partition === undefined
        ? await client.send(new GetColumnStatisticsForTableCommand(input), callOptions(signal))
        : await client.send(
            new GetColumnStatisticsForPartitionCommand({ ...input, PartitionValues: [...partition] }),
            callOptions(signal),
          );
    found.push(...list.map(fromGlueStatistics).filter((one) => one !== undefined));
  }
  return found;
}

export async function putStatistics(
  client: GlueClient,
  { partition, DatabaseName, TableName }: Owner,
  {
    statistics,
    signal,
  }: { readonly statistics: readonly ColumnStatistics[]; readonly signal: AbortSignal | undefined },
): Promise<void> {
  for (const slice of slices(statistics, MAX_UPDATE)) {
    const input = { DatabaseName, TableName, ColumnStatisticsList: slice.map(toGlueStatistics) };
    const { Errors: [refused] = [] } =
      partition === undefined
        ? await client.send(new UpdateColumnStatisticsForTableCommand(input), callOptions(signal))
        : await client.send(
            new UpdateColumnStatisticsForPartitionCommand({ ...input, PartitionValues: [...partition] }),
            callOptions(signal),
          );
    if (refused !== undefined) {
      const column = refused.ColumnStatistics?.ColumnName ?? '?';
      const why = refused.Error?.ErrorMessage ?? 'the catalog gave no reason';
      throw new LakeliftError(`${DatabaseName}.${TableName}: statistics of ${column}: ${why}`, {
        kind: 'usage',
        code: 'GLUE_STATISTICS',
        subject: `${DatabaseName}.${TableName}`,
        hint: 'The message is the catalog’s own.',
      });
    }
  }
}

function slices<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
