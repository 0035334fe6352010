import { DATASET_ATTRIBUTE, keyAttributes, keyOf, type Row, type Serving } from './serving.ts';

type Attribute = { readonly S: string } | { readonly N: string } | { readonly BOOL: boolean };

export interface DynamoDbItem {
  readonly Item: Readonly<Record<string, Attribute>>;
}

/** Limits of DynamoDB, in bytes of UTF-8. */
const LARGEST_PARTITION_KEY = 2048;
const LARGEST_SORT_KEY = 1024;
export const LARGEST_ITEM = 400 * 1024;

const NUMBERS = /^(tinyint|smallint|int|bigint|float|double|decimal(\(.*\))?)$/;
const TEXTS = /^(string|varchar(\(.*\))?|char(\(.*\))?|date|timestamp)$/;

/** Why a column cannot be an attribute; undefined where it can. */
export function objectionToType(type: string): string | undefined {
  return NUMBERS.test(type) || TEXTS.test(type) || type === 'boolean' ? undefined : `has the type ${type}`;
}

const FRACTIONS = /^(float|double|decimal(\(.*\))?)$/;

/**
 * Why a column of a type that items can have cannot be in a key; undefined where it can. Its text in the key is that of the table (`1.50`), and DynamoDB answers
 * the attribute as another (`1.5`): who makes the key of an item that was read would find nothing.
 */
export function objectionToKeyType(type: string): string | undefined {
  return FRACTIONS.test(type)
    ? `has the type ${type}, and is in a key: DynamoDB writes such numbers otherwise`
    : undefined;
}

/**
 * A row as an item, in the JSON that imports of tables read (DYNAMODB_JSON). NULL is no attribute. Throws RangeError, without a value, for what DynamoDB
 * would not take.
 */
export function itemOf(
  dataset: string,
  serving: Serving,
  row: Row,
  types: Readonly<Record<string, string>>,
): DynamoDbItem {
  const item: Record<string, Attribute> = { [DATASET_ATTRIBUTE]: { S: dataset } };
  for (const [column, value] of Object.entries(row))
    if (value !== undefined) item[column] = attributeOf(column, value, types[column]!);
  const keys = [[undefined, serving.key] as const, ...Object.entries(serving.indexes)];
  for (const [index, template] of keys) {
    const key = keyOf(template, row);
    if (key === undefined && index === undefined) throw new RangeError('a row has no value for its key');
    if (key === undefined) continue;
    if (sizeOf(key.partition) > LARGEST_PARTITION_KEY || sizeOf(key.sort) > LARGEST_SORT_KEY)
      throw new RangeError('a key is too long');
    const { partition, sort } = keyAttributes(index);
    item[partition] = { S: key.partition };
    item[sort] = { S: key.sort };
  }
  if (sizeOf(JSON.stringify(item)) > LARGEST_ITEM) throw new RangeError('an item is larger than 400 KB');
  return { Item: item };
}

function attributeOf(column: string, value: string, type: string): Attribute {
  if (type === 'boolean') return { BOOL: value === 'true' };
  if (!NUMBERS.test(type)) return { S: value };
  if (!/^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) throw new RangeError(`${column} holds what is no number`);
  return { N: value };
}

function sizeOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
