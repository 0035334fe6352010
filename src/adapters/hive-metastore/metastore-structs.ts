import { bool, i32, i64, list, map, repeated, string, struct, type Decoded } from './thrift/thrift-type.ts';

/**
 * The metastore's structs, by field id: one superset for Hive 1.1 to 4, because ids are never used twice and every reader skips what it
 * does not know. Source: hive_metastore.thrift of Apache Hive.
 */
export const fieldSchema = struct({ name: [1, string], type: [2, string], comment: [3, string] });
const order = struct({ col: [1, string], order: [2, i32] });
const textMap = map(string, string);
const serdeInfo = struct({ name: [1, string], serializationLib: [2, string], parameters: [3, textMap] });
const skewedInfo = struct({
  skewedColNames: [1, list(string)],
  skewedColValues: [2, list(list(string))],
  skewedColValueLocationMaps: [3, map(list(string), string)],
});
export const storageDescriptor = struct({
  cols: [1, repeated(list(fieldSchema))],
  location: [2, string],
  inputFormat: [3, string],
  outputFormat: [4, string],
  compressed: [5, bool],
  numBuckets: [6, i32],
  serdeInfo: [7, repeated(serdeInfo)],
  bucketCols: [8, list(string)],
  sortCols: [9, list(order)],
  parameters: [10, textMap],
  skewedInfo: [11, skewedInfo],
  storedAsSubDirectories: [12, bool],
});
export const table = struct({
  tableName: [1, string],
  dbName: [2, string],
  owner: [3, string],
  createTime: [4, i32],
  sd: [7, storageDescriptor],
  partitionKeys: [8, list(fieldSchema)],
  parameters: [9, textMap],
  viewOriginalText: [10, string],
  viewExpandedText: [11, string],
  tableType: [12, string],
  catName: [17, string],
});
export const partition = struct({
  values: [1, list(string)],
  dbName: [2, string],
  tableName: [3, string],
  createTime: [4, i32],
  sd: [6, storageDescriptor],
  parameters: [7, textMap],
  catName: [9, string],
});
export const database = struct({
  name: [1, string],
  description: [2, string],
  locationUri: [3, string],
  parameters: [4, textMap],
  ownerName: [6, string],
  catalogName: [8, string],
});

/** All of the metastore's exceptions carry a message in field 1 and nothing else that matters here. */
export const failure = struct({ message: [1, string] });

/** Value of `ClientCapability`: without it Hive 3 and later refuse insert-only tables. */
export const INSERT_ONLY_TABLES = 2;
export const getTableRequest = struct({
  dbName: [1, string],
  tblName: [2, string],
  capabilities: [3, struct({ values: [1, list(i32)] })],
});

export const openTransactions = struct({
  highWaterMark: [1, i64],
  open: [2, list(i64)],
  lowestOpen: [3, i64],
});
export const validWriteIdsRequest = struct({ fullTableNames: [1, list(string)], validTxnList: [2, string] });
export const validWriteIds = struct({
  tables: [1, list(struct({ fullTableName: [1, string], highWaterMark: [2, i64], invalid: [3, list(i64)] }))],
});

export type ThriftTable = Decoded<typeof table>;
export type ThriftPartition = Decoded<typeof partition>;
export type ThriftStorage = Decoded<typeof storageDescriptor>;
export type ThriftField = Decoded<typeof fieldSchema>;
export type ThriftDatabase = Decoded<typeof database>;
export type TextMap = Decoded<typeof textMap>;
