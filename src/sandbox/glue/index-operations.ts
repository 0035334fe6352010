import type { CreatePartitionIndexCommandInput, GetPartitionIndexesCommandInput } from '@aws-sdk/client-glue';
import { glueErrors } from './glue-error.ts';
import type { GlueIndex } from './glue-index.ts';
import { foldName } from './glue-rules.ts';
import { requireTable, tableKey } from './table-operations.ts';

const MOST_INDEXES = 3;
/** "Working with partition indexes": string and the integers. */
const INDEXABLE = /^(string|tinyint|smallint|int|bigint|long)$/;

/** The index is active at once: nothing here takes time. */
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
    index.putPartitionIndexes(key, [...standing, { IndexName: name, Keys: wanted, IndexStatus: 'ACTIVE' }]);
  });
  return {};
}

export function getPartitionIndexes(request: GetPartitionIndexesCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  return { PartitionIndexDescriptorList: index.partitionIndexes(key) };
}
