import type {
  ColumnStatistics,
  GetColumnStatisticsForPartitionCommandInput,
  GetColumnStatisticsForTableCommandInput,
  UpdateColumnStatisticsForPartitionCommandInput,
  UpdateColumnStatisticsForTableCommandInput,
} from '@aws-sdk/client-glue';
import { glueErrors } from './glue-error.ts';
import type { GlueIndex, StatisticsKey } from './glue-index.ts';
import { checkBatch, checkStatistics } from './glue-rules.ts';
import { requirePartition } from './partition-operations.ts';
import { requireTable, tableKey } from './table-operations.ts';

const MAX_UPDATE = 25;
const MAX_GET = 100;

export function updateTableStatistics(request: UpdateColumnStatisticsForTableCommandInput, index: GlueIndex): object {
  return update(request.ColumnStatisticsList, keyOf(request, index), index);
}

export function updatePartitionStatistics(
  request: UpdateColumnStatisticsForPartitionCommandInput,
  index: GlueIndex,
): object {
  return update(request.ColumnStatisticsList, partitionKeyOf(request, index), index);
}

export function getTableStatistics(request: GetColumnStatisticsForTableCommandInput, index: GlueIndex): object {
  return found(request.ColumnNames, keyOf(request, index), index);
}

export function getPartitionStatistics(request: GetColumnStatisticsForPartitionCommandInput, index: GlueIndex): object {
  return found(request.ColumnNames, partitionKeyOf(request, index), index);
}

interface Named {
  readonly DatabaseName?: string | undefined;
  readonly TableName?: string | undefined;
}

function keyOf({ DatabaseName, TableName }: Named, index: GlueIndex): StatisticsKey {
  const key = tableKey(DatabaseName, TableName);
  requireTable(key, index);
  return { ...key, values: undefined };
}

function partitionKeyOf(
  request: Named & { readonly PartitionValues?: string[] | undefined },
  index: GlueIndex,
): StatisticsKey {
  const values = request.PartitionValues ?? [];
  const key = keyOf(request, index);
  requirePartition(key, values, index);
  return { ...key, values };
}

/** Takes what it can, and says of each column that it could not. */
function update(list: ColumnStatistics[] | undefined, key: StatisticsKey, index: GlueIndex): object {
  checkBatch(list, MAX_UPDATE, 'columnStatisticsList');
  const columns = new Set(index.findTable(key)!.StorageDescriptor?.Columns?.map(({ Name }) => Name));
  const isKnown = ({ ColumnName }: ColumnStatistics): boolean => columns.has(ColumnName?.toLowerCase());
  const unknown = (list ?? []).filter((statistics) => !isKnown(statistics));
  index.transaction(() => {
    for (const statistics of (list ?? []).filter(isKnown)) {
      checkStatistics(statistics);
      index.putStatistics(key, statistics.ColumnName!.toLowerCase(), statistics);
    }
  });
  return { Errors: unknown.map((one) => ({ ColumnStatistics: one, Error: detail(one.ColumnName) })) };
}

function found(names: string[] | undefined, key: StatisticsKey, index: GlueIndex): object {
  checkBatch(names, MAX_GET, 'columnNames');
  const all = (names ?? []).map((name) => ({ name, statistics: index.findStatistics(key, name.toLowerCase()) }));
  return {
    ColumnStatisticsList: all.flatMap(({ statistics }) => (statistics === undefined ? [] : [statistics])),
    Errors: all.flatMap(({ name, statistics }) =>
      statistics === undefined ? [{ ColumnName: name, Error: detail(name) }] : [],
    ),
  };
}

function detail(column = ''): { ErrorCode: string; ErrorMessage: string } {
  const { code, message } = glueErrors.notFound(`Column ${column}`);
  return { ErrorCode: code, ErrorMessage: message };
}
