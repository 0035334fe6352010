import type { Dataset } from '../../domain/privacy/dataset.ts';
import { LARGEST_ITEM } from '../../domain/serving/dynamodb-item.ts';
import { columnsOfKey, keyAttributes, type ItemKey } from '../../domain/serving/serving.ts';
import type { Json } from '../json-file.ts';

/** What a Query reads at most before it ends its page (DynamoDB Developer Guide, "Paginating table query results"). */
const LARGEST_PAGE_BYTES = 1024 * 1024;

/** For 99 of 100 requests, from an application in the same region. A target of this plan: AWS promises none. */
const TARGET_P99_MS = 20;

/** One way to find items of a dataset, in one request: by a whole key, or a page of those whose sort key begins alike. No way is a Scan or has a filter. */
export interface AccessPattern {
  readonly dataset: string;
  /** null is the table itself. */
  readonly index: string | null;
  readonly partition: string;
  readonly sort: string;
  readonly operation: 'GetItem' | 'Query';
  /** As the operation takes it, but for the name of the table, and for values in place of columns in braces. `:sort` may be longer, by what is known of `sort`. */
  readonly request: Json;
  readonly consistency: 'eventual';
  /** Datasets whose items may lie among those, since their keys begin alike; `dataset` of an item tells them apart. */
  readonly alsoFinds: readonly string[];
  /** At most. Where `items` is null, bytes alone bound them; what is beyond a page takes another request a page. */
  readonly page: { readonly requests: 1; readonly items: number | null; readonly sizeBytes: number };
  readonly targetP99Ms: number;
}

export function accessPatterns(served: readonly Dataset[]): AccessPattern[] {
  return served.flatMap(({ name: dataset, serving }) => {
    const { key, indexes } = serving!;
    const queries = [...(isOneItem(key) ? [] : [[undefined, key] as const]), ...Object.entries(indexes)];
    return [
      getItem(dataset, key),
      ...queries.map(([index, each]) => {
        const others = served.filter(({ name }) => name !== dataset);
        return { ...query(dataset, each, index), alsoFinds: namesOfAlike(each, index, others) };
      }),
    ];
  });
}

/** Those with a key in the same place that may be found by what this one is found by. */
function namesOfAlike(key: ItemKey, index: string | undefined, others: readonly Dataset[]): string[] {
  return others
    .filter(({ serving }) => {
      const other = index === undefined ? serving!.key : serving!.indexes[index];
      return other !== undefined && isAlike(key.partition, other.partition) && isAlike(key.sort, other.sort);
    })
    .map(({ name }) => name);
}

function isAlike(one: string, other: string): boolean {
  const [first, second] = [beginningOf(one), beginningOf(other)];
  return first.startsWith(second) || second.startsWith(first);
}

/** What is the same for all rows. */
function beginningOf(text: string): string {
  return text.split('{', 1)[0]!;
}

/** Who knows the partition knows the sort key too. */
function isOneItem({ partition, sort }: ItemKey): boolean {
  const known = columnsOfKey({ partition, sort: '' });
  return columnsOfKey({ partition: '', sort }).every((column) => known.includes(column));
}

function getItem(dataset: string, key: ItemKey): AccessPattern {
  const { partition, sort } = keyAttributes();
  return {
    ...{ dataset, index: null, ...key, operation: 'GetItem' },
    request: { Key: { [partition]: { S: key.partition }, [sort]: { S: key.sort } }, ConsistentRead: false },
    ...{ consistency: 'eventual', alsoFinds: [], page: { requests: 1, items: 1, sizeBytes: LARGEST_ITEM } },
    targetP99Ms: TARGET_P99_MS,
  };
}

function query(dataset: string, key: ItemKey, index?: string): Omit<AccessPattern, 'alsoFinds'> {
  const { partition, sort } = keyAttributes(index);
  // DynamoDB takes no empty text there.
  const beginning = beginningOf(key.sort);
  const isNarrowed = beginning !== '';
  return {
    ...{ dataset, index: index ?? null, ...key, operation: 'Query' },
    request: {
      ...(index !== undefined && { IndexName: index }),
      KeyConditionExpression: `${partition} = :partition${isNarrowed ? ` AND begins_with(${sort}, :sort)` : ''}`,
      ExpressionAttributeValues: {
        ':partition': { S: key.partition },
        ...(isNarrowed && { ':sort': { S: beginning } }),
      },
      ConsistentRead: false,
    },
    ...{ consistency: 'eventual', page: { requests: 1, items: null, sizeBytes: LARGEST_PAGE_BYTES } },
    targetP99Ms: TARGET_P99_MS,
  };
}
