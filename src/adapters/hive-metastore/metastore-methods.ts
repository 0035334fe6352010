import { childOfTwo, CONSTRAINTS, tableOfThree, tableOfTwo } from './metastore-constraints.ts';
import {
  columnStatistics,
  datedStatistics,
  partitionStatisticsRequest,
  tableStatisticsRequest,
} from './metastore-statistics.ts';
import * as structs from './metastore-structs.ts';
import { i16, list, map, string, struct, type StructOf, type ThriftType } from './thrift/thrift-type.ts';

/** Kinds of the metastore's declared exceptions. */
export type MetastoreFailure =
  'NoSuchObject' | 'MetaException' | 'InvalidOperation' | 'UnknownDB' | 'ConfigValSecurity';

/** What both ends must agree on for one method: arguments, result, and which exception stands in which field of the reply. */
export interface MetastoreMethod<A, R> {
  readonly name: string;
  readonly args: ThriftType<A>;
  readonly result: ThriftType<R>;
  readonly failures: Readonly<Record<number, MetastoreFailure>>;
}

/** A reply: `success` in field 0, or one of the declared exceptions in fields 1 to 3. */
export function replyOf<R>(result: ThriftType<R>) {
  return struct({
    success: [0, result],
    failure1: [1, structs.failure],
    failure2: [2, structs.failure],
    failure3: [3, structs.failure],
  });
}

type Failures = MetastoreMethod<unknown, unknown>['failures'];

function method<const F extends Readonly<Record<string, readonly [number, ThriftType<unknown>]>>, R>(
  name: string,
  fields: F,
  result: ThriftType<R>,
  failures: Failures,
): MetastoreMethod<StructOf<F>, R> {
  return { name, args: struct(fields), result, failures };
}

const names = list(string);
const META_FIRST: Failures = { 1: 'MetaException', 2: 'NoSuchObject', 3: 'InvalidOperation' };
const OBJECT_FIRST: Failures = { 1: 'NoSuchObject', 2: 'MetaException' };

/** Methods of service ThriftHiveMetastore, those that only read. */
export const METHODS = {
  setUgi: method('set_ugi', { user_name: [1, string], group_names: [2, names] }, names, META_FIRST),
  getAllDatabases: method('get_all_databases', {}, names, META_FIRST),
  getDatabase: method('get_database', { name: [1, string] }, structs.database, OBJECT_FIRST),
  getAllTables: method('get_all_tables', { db_name: [1, string] }, names, META_FIRST),
  getFunctions: method('get_functions', { dbName: [1, string], pattern: [2, string] }, names, META_FIRST),
  /** Hive 2.3 and later. */
  getTableReq: method(
    'get_table_req',
    { req: [1, structs.getTableRequest] },
    struct({ table: [1, structs.table] }),
    META_FIRST,
  ),
  /** Gone in Hive 4. */
  getTable: method('get_table', { dbname: [1, string], tbl_name: [2, string] }, structs.table, META_FIRST),
  /** At most 32,767 names, or all of them for -1. */
  getPartitionNames: method(
    'get_partition_names',
    { db_name: [1, string], tbl_name: [2, string], max_parts: [3, i16] },
    names,
    OBJECT_FIRST,
  ),
  getPartitionsByNames: method(
    'get_partitions_by_names',
    { db_name: [1, string], tbl_name: [2, string], names: [3, names] },
    list(structs.partition),
    META_FIRST,
  ),
  /** The server answers only for names that begin with hive, mapred or hdfs. */
  getConfigValue: method('get_config_value', { name: [1, string], defaultValue: [2, string] }, string, {
    1: 'ConfigValSecurity',
  }),
  getTableStatistics: method(
    'get_table_statistics_req',
    { request: [1, tableStatisticsRequest] },
    struct({ columns: [1, list(columnStatistics)] }),
    OBJECT_FIRST,
  ),
  getPartitionStatistics: method(
    'get_partitions_statistics_req',
    { request: [1, partitionStatisticsRequest] },
    struct({ partitions: [1, map(string, list(columnStatistics))] }),
    OBJECT_FIRST,
  ),
  getColumnStatistics: method(
    'get_table_column_statistics',
    { db_name: [1, string], tbl_name: [2, string], col_name: [3, string] },
    datedStatistics,
    OBJECT_FIRST,
  ),
  getPartitionColumnStatistics: method(
    'get_partition_column_statistics',
    { db_name: [1, string], tbl_name: [2, string], part_name: [3, string], col_name: [4, string] },
    datedStatistics,
    OBJECT_FIRST,
  ),
  /** Keys: Hive 2.1 and later. */
  getPrimaryKeys: method('get_primary_keys', { request: [1, tableOfTwo] }, CONSTRAINTS.primaryKeys, META_FIRST),
  getForeignKeys: method('get_foreign_keys', { request: [1, childOfTwo] }, CONSTRAINTS.foreignKeys, META_FIRST),
  /** All other constraints: Hive 3 and later. */
  getUniques: method('get_unique_constraints', { request: [1, tableOfThree] }, CONSTRAINTS.uniques, META_FIRST),
  getNotNulls: method('get_not_null_constraints', { request: [1, tableOfThree] }, CONSTRAINTS.notNulls, META_FIRST),
  getDefaults: method('get_default_constraints', { request: [1, tableOfThree] }, CONSTRAINTS.defaults, META_FIRST),
  getChecks: method('get_check_constraints', { request: [1, tableOfThree] }, CONSTRAINTS.checks, META_FIRST),
  /** Hive 3 and later. */
  getCatalogs: method('get_catalogs', {}, struct({ names: [1, names] }), META_FIRST),
  /** Hive 3 and later; before, the list is a set. */
  getOpenTransactions: method('get_open_txns', {}, structs.openTransactions, {}),
  /** Hive 3 and later. */
  getValidWriteIds: method(
    'get_valid_write_ids',
    { rqst: [1, structs.validWriteIdsRequest] },
    structs.validWriteIds,
    META_FIRST,
  ),
} as const;
