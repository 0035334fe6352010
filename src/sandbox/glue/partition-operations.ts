import type {
  BatchCreatePartitionCommandInput,
  BatchDeletePartitionCommandInput,
  BatchGetPartitionCommandInput,
  BatchUpdatePartitionCommandInput,
  Column,
  GetPartitionCommandInput,
  GetPartitionsCommandInput,
  Partition,
  PartitionInput,
  Segment,
} from '@aws-sdk/client-glue';
import { CATALOG_ID, decodeToken, encodeToken, nowSeconds } from './glue-call.ts';
import { GlueError, glueErrors } from './glue-error.ts';
import { partitionKey, type GlueIndex, type Stored, type TableKey } from './glue-index.ts';
import { checkBatch, checkPartition, checkValues, pageSize } from './glue-rules.ts';
import { parsePartitionExpression } from './partition-expression.ts';
import { requireTable, tableKey } from './table-operations.ts';

const MAX_CREATE = 100;
const MAX_UPDATE = 100;
const MAX_DELETE = 25;
const MAX_GET = 1000;
const MAX_SEGMENTS = 10;

export function batchCreatePartition(request: BatchCreatePartitionCommandInput, index: GlueIndex): object {
  checkBatch(request.PartitionInputList, MAX_CREATE, 'partitionInputList');
  const inputs = (request.PartitionInputList ?? []).map(checkPartition);
  const key = tableKey(request.DatabaseName, request.TableName);
  const keys = keysOf(key, index);
  const Errors = eachOf(inputs, index, (folded) => {
    checkValues(folded, keys);
    if (index.findPartition(key, folded.Values!) !== undefined) throw glueErrors.alreadyExists('Partition');
    index.putPartition(key, stored(key, folded));
  });
  return { Errors };
}

export function batchUpdatePartition(request: BatchUpdatePartitionCommandInput, index: GlueIndex): object {
  checkBatch(request.Entries, MAX_UPDATE, 'entries');
  const entries = (request.Entries ?? []).map(({ PartitionValueList: Values = [], PartitionInput: input }) => ({
    Values,
    folded: checkPartition(input ?? {}),
  }));
  const key = tableKey(request.DatabaseName, request.TableName);
  const keys = keysOf(key, index);
  const failures = eachOf(entries, index, ({ Values, folded }) => {
    const existing = requirePartition(key, Values, index);
    checkValues(folded, keys);
    const isMoved = partitionKey(folded.Values!) !== partitionKey(Values);
    if (isMoved && index.findPartition(key, folded.Values!) !== undefined) throw glueErrors.alreadyExists('Partition');
    if (isMoved) index.deletePartition(key, Values);
    index.putPartition(key, { ...stored(key, folded), CreationTime: existing.CreationTime ?? nowSeconds() });
  });
  return {
    Errors: failures.map(({ PartitionValues, ErrorDetail }) => ({ PartitionValueList: PartitionValues, ErrorDetail })),
  };
}

export function batchDeletePartition(request: BatchDeletePartitionCommandInput, index: GlueIndex): object {
  checkBatch(request.PartitionsToDelete, MAX_DELETE, 'partitionsToDelete');
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  const Errors = eachOf(request.PartitionsToDelete ?? [], index, ({ Values }) => {
    requirePartition(key, Values!, index);
    index.deletePartition(key, Values!);
  });
  return { Errors };
}

export function getPartition(request: GetPartitionCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  return { Partition: requirePartition(key, request.PartitionValues ?? [], index) };
}

/** Partitions that do not exist are simply left out; UnprocessedKeys is for throttling only. */
export function batchGetPartition(request: BatchGetPartitionCommandInput, index: GlueIndex): object {
  checkBatch(request.PartitionsToGet, MAX_GET, 'partitionsToGet');
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  const found = (request.PartitionsToGet ?? []).map(({ Values }) => index.findPartition(key, Values ?? []));
  return { Partitions: found.filter((partition) => partition !== undefined), UnprocessedKeys: [] };
}

export function getPartitions(request: GetPartitionsCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  const table = requireTable(key, index);
  const fits = parsePartitionExpression(request.Expression ?? '', table.PartitionKeys ?? []);
  const size = pageSize(request.MaxResults, MAX_GET);
  const segment = checkSegment(request.Segment);
  const partitions: Stored<Partition>[] = [];
  let after = decodeToken(request.NextToken);
  for (;;) {
    const found = index.partitions(key, { after, ...segment, limit: size + 1 });
    for (const partition of found) {
      const isFull = partitions.length === size;
      if (isFull) return { Partitions: shown(partitions, request), NextToken: encodeToken(after) };
      after = partitionKey(partition.Values ?? []);
      if (fits(partition.Values ?? [])) partitions.push(partition);
    }
    if (found.length <= size) return { Partitions: shown(partitions, request) };
  }
}

function shown(partitions: Stored<Partition>[], request: GetPartitionsCommandInput): Stored<Partition>[] {
  if (request.ExcludeColumnSchema !== true) return partitions;
  return partitions.map((partition) => {
    const storage = { ...partition.StorageDescriptor };
    delete storage.Columns;
    return { ...partition, StorageDescriptor: storage };
  });
}

function checkSegment(segment: Segment | undefined): { readonly segment: number; readonly total: number } {
  const total = segment?.TotalSegments ?? 1;
  const number = segment?.SegmentNumber ?? 0;
  if (total < 1 || total > MAX_SEGMENTS || number < 0 || number >= total)
    throw glueErrors.invalidInput(`Segment ${number} of ${total} does not exist; at most ${MAX_SEGMENTS} are allowed`);
  return { segment: number, total };
}

function keysOf(key: TableKey, index: GlueIndex): readonly Column[] {
  return requireTable(key, index).PartitionKeys ?? [];
}

export function requirePartition(key: TableKey, values: readonly string[], index: GlueIndex): Stored<Partition> {
  const partition = index.findPartition(key, values);
  if (partition === undefined) throw glueErrors.notFound(`Partition ${values.join('/')}`);
  return partition;
}

function stored(key: TableKey, input: PartitionInput): Stored<Partition> {
  return {
    ...input,
    DatabaseName: key.database,
    TableName: key.table,
    CreationTime: nowSeconds(),
    CatalogId: CATALOG_ID,
  };
}

interface Failure {
  readonly PartitionValues: string[];
  readonly ErrorDetail: { readonly ErrorCode: string; readonly ErrorMessage: string };
}

/** Does every entry of a batch it can, in one transaction, and says which ones it could not: that is no failure of the call. */
function eachOf<T extends { readonly Values?: string[] | undefined }>(
  entries: readonly T[],
  index: GlueIndex,
  work: (entry: T) => void,
): Failure[] {
  const failures: Failure[] = [];
  index.transaction(() => {
    for (const entry of entries) {
      try {
        work(entry);
      } catch (error) {
        if (!(error instanceof GlueError)) throw error;
        const ErrorDetail = { ErrorCode: error.code, ErrorMessage: error.message };
        failures.push({ PartitionValues: entry.Values ?? [], ErrorDetail });
      }
    }
  });
  return failures;
}
