import { z } from 'zod';
import type { Partition, StorageDescriptor, Table } from '../../domain/table.ts';
import { LakeliftError } from '../../errors.ts';
import type { Database } from '../../ports/source-catalog.ts';
import type { ThriftPartition, ThriftTable } from '../hive-metastore/metastore-structs.ts';
import { partitionOfThrift, tableOfThrift } from '../hive-metastore/table-of-thrift.ts';

const optional = <T extends z.ZodType>(type: T) => type.nullish().transform((value) => value ?? undefined);
const text = optional(z.string());
const texts = optional(z.array(z.string()));
const record = optional(z.record(z.string(), z.string()).transform((value) => Object.entries(value)));
const fields = optional(z.array(z.object({ name: text, type: text, comment: text })));

/** The metastore's Thrift structs as Jackson prints them: the same field names. */
const storage = optional(
  z.object({
    cols: fields,
    location: text,
    inputFormat: text,
    outputFormat: text,
    compressed: optional(z.boolean()),
    numBuckets: optional(z.number()),
    serdeInfo: optional(z.object({ name: text, serializationLib: text, parameters: record })),
    bucketCols: texts,
    sortCols: optional(z.array(z.object({ col: text, order: optional(z.number()) }))),
    parameters: record,
    skewedInfo: optional(z.object({ skewedColNames: texts })),
    storedAsSubDirectories: optional(z.boolean()),
  }),
);
const table = z.object({
  tableName: z.string(),
  dbName: z.string(),
  owner: text,
  createTime: optional(z.number()),
  sd: storage,
  partitionKeys: fields,
  parameters: record,
  viewOriginalText: text,
  viewExpandedText: text,
  tableType: text,
  catName: text,
}) satisfies z.ZodType<ThriftTable>;
const partition = z.object({
  values: z.array(z.string()),
  sd: storage,
  parameters: record,
}) satisfies z.ZodType<ThriftPartition>;
const database = z.object({
  database: z.string(),
  comment: text,
  location: text,
  params: optional(z.record(z.string(), z.string())),
});

/** The table of `DESCRIBE EXTENDED` under `hive.ddl.output.format=json`. */
export function tableOfJson(json: string): Table {
  const { tableInfo } = parsed(json, z.object({ tableInfo: table }));
  const read = tableOfThrift(tableInfo);
  return { ...read, storage: withoutKeys(read.storage, read) };
}

/** The partition of `DESCRIBE EXTENDED ... PARTITION`. */
export function partitionOfJson(json: string, of: Table): Partition {
  const { partitionInfo } = parsed(json, z.object({ partitionInfo: partition }));
  const read = partitionOfThrift(partitionInfo);
  return { ...read, storage: withoutKeys(read.storage, of) };
}

export function databaseOfJson(json: string): Database {
  const { database: name, comment, location, params } = parsed(json, database);
  return { name, comment, location, parameters: params ?? {} };
}

/** While describing, Hive appends the partition keys to the columns of the very struct that it then prints (DDLTask.describeTable). */
function withoutKeys(descriptor: StorageDescriptor, { partitionKeys }: Table): StorageDescriptor {
  const keys = new Set(partitionKeys.map(({ name }) => name));
  return { ...descriptor, columns: descriptor.columns.filter(({ name }) => !keys.has(name)) };
}

function parsed<T>(json: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parseJson(json));
  if (result.success) return result.data;
  throw unreadable(z.prettifyError(result.error), result.error);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw unreadable('no JSON', error);
  }
}

function unreadable(detail: string, cause: unknown): LakeliftError {
  return new LakeliftError(`HiveServer2 described a table in an unknown form: ${detail}`, {
    kind: 'corrupt',
    code: 'HIVE_DESCRIBE_FORM',
    hint: 'Read the schemas from the metastore instead (source.hive.metastore).',
    cause,
  });
}
