import type {
  Column,
  CreatePartitionIndexCommandInput,
  DeletePartitionIndexCommandInput,
  GetPartitionIndexesCommandInput,
  PartitionIndexDescriptor,
} from '@aws-sdk/client-glue';
import { glueErrors } from './glue-error.ts';
import type { GlueIndex, TableKey } from './glue-index.ts';
import { foldName } from './glue-rules.ts';
import { requireTable, tableKey } from './table-operations.ts';

const MOST_INDEXES = 3;
/** "Working with partition indexes": string and the integers. */
const INDEXABLE = /^(string|tinyint|smallint|int|bigint|long)$/;

/** Keys whose values must be numbers, which NULL is not. */
const OF_NUMBERS = /^(tinyint|smallint|int|bigint|long)$/;
const MOST_PARTITIONS = 1000;

/** The index is active, or has failed, at once: nothing here takes time. */
export function createPartitionIndex(request: CreatePartitionIndexCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  const { PartitionKeys: keys = [] } = requireTable(key, index);
  const name = foldName(request.PartitionIndex?.IndexName, 'partitionIndex.indexName');
  const wanted = (request.PartitionIndex?.Keys ?? []).map((one) => {
    const found = keys.find(({ Name }) => Name === one.toLowerCase());
    if (found === undefined) throw glueErrors.invalidInput(`${one} is no partition key of ${key.table}`);
    if (!INDEXABLE.test(found.Type ?? '')) throw glueErrors.invalidInput(`${one} is of type ${found.Type ?? ''}`);
    return { Name: found.Name, Type: found.Type };
  });
  if (wanted.length === 0) throw glueErrors.invalidInput('An index needs at least one key');
  index.transaction(() => {
    const standing = index.partitionIndexes(key);
    if (standing.some(({ IndexName }) => IndexName === name)) throw glueErrors.alreadyExists('Partition index');
    if (standing.length >= MOST_INDEXES) throw glueErrors.invalidInput(`A table has at most ${MOST_INDEXES} indexes`);
    const Keys = wanted.map(({ Name = '', Type }) => ({ Name, Type }));
    index.putPartitionIndexes(key, [...standing, { IndexName: name, Keys, ...stateOf(index, key, { keys, wanted }) }]);
  });
  return {};
}

/** "BackfillError": an index over partitions whose values are not of the types of its keys ends as failed, and names some of them. */
function stateOf(
  index: GlueIndex,
  key: TableKey,
  { keys, wanted }: { readonly keys: readonly Column[]; readonly wanted: readonly Column[] },
): Pick<PartitionIndexDescriptor, 'IndexStatus' | 'BackfillErrors'> {
  const places = wanted
    .filter(({ Type }) => OF_NUMBERS.test(Type ?? ''))
    .map((one) => keys.findIndex(({ Name }) => Name === one.Name));
  const isBad = (values: readonly string[]): boolean => places.some((place) => !/^[+-]?\d+$/.test(values[place] ?? ''));
  const partitions = index.partitions(key, { after: '', segment: 0, total: 1, limit: MOST_PARTITIONS });
  const bad = partitions.map(({ Values = [] }) => Values).filter(isBad);
  if (bad.length === 0) return { IndexStatus: 'ACTIVE' };
  const Partitions = bad.slice(0, 10).map((Values) => ({ Values }));
  return { IndexStatus: 'FAILED', BackfillErrors: [{ Code: 'INVALID_PARTITION_TYPE_DATA_ERROR', Partitions }] };
}

export function deletePartitionIndex(request: DeletePartitionIndexCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  const name = foldName(request.IndexName, 'indexName');
  const standing = index.partitionIndexes(key);
  const kept = standing.filter(({ IndexName }) => IndexName !== name);
  if (kept.length === standing.length) throw glueErrors.notFound(`Partition index ${name}`);
  index.putPartitionIndexes(key, kept);
  return {};
}

export function getPartitionIndexes(request: GetPartitionIndexesCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  return { PartitionIndexDescriptorList: index.partitionIndexes(key) };
}
