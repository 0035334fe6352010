import { METHODS } from '../../adapters/hive-metastore/metastore-methods.ts';
import { INSERT_ONLY_TABLES } from '../../adapters/hive-metastore/metastore-structs.ts';
import type { Table } from '../../domain/table.ts';
import { MetastoreFailureAnswer, serve, type ServedMethod } from './metastore-answer.ts';
import { MetastoreLookup, type MetastoreContent } from './metastore-content.ts';
import { thriftOfStatistics } from './thrift-of-statistics.ts';
import { thriftOfDatabase, thriftOfPartition, thriftOfTable } from './thrift-of-table.ts';

/** Which methods exist: keys came with 2.1, `get_table_req` with 2.3, catalogs and other constraints with 3, and 4 took `get_table` away. */
export type MetastoreGeneration = '1.1' | '2.3' | '3' | '4';

/** The methods of a metastore of that generation, by name. */
export function metastoreService(
  content: MetastoreContent,
  generation: MetastoreGeneration,
  settings: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, ServedMethod> {
  const lookup = new MetastoreLookup(content);
  const isModern = generation === '3' || generation === '4';
  const methods = [
    serve(METHODS.setUgi, ({ user_name: user = '', group_names: groups = [] }) => [user, ...groups]),
    serve(
      METHODS.getConfigValue,
      ({ name = '', defaultValue = '' }) => settings[name] ?? configValue(name, defaultValue),
    ),
    ...namesAndDatabases(lookup, isModern),
    ...partitionMethods(lookup, isModern),
    ...statisticsMethods(lookup),
    ...(generation === '1.1' ? [] : [tableByRequest(lookup, isModern), ...keyMethods()]),
    ...(isModern
      ? [serve(METHODS.getCatalogs, () => ({ names: lookup.catalogNames() })), ...constraintMethods(lookup)]
      : []),
    ...(generation === '4' ? [] : [tableByName(lookup, isModern)]),
  ];
  return new Map(methods.map((method) => [method.name, method]));
}

function namesAndDatabases(lookup: MetastoreLookup, isModern: boolean): ServedMethod[] {
  return [
    serve(METHODS.getAllDatabases, () => lookup.databaseNames()),
    serve(METHODS.getAllTables, ({ db_name: database }) => lookup.tableNames(database)),
    // The lake of the sandbox holds none.
    serve(METHODS.getFunctions, () => []),
    serve(METHODS.getDatabase, ({ name }) => ({
      ...thriftOfDatabase(lookup.getDatabase(name)),
      catalogName: isModern ? 'hive' : undefined,
    })),
  ];
}

/** The lake of the sandbox has no keys. */
function keyMethods(): ServedMethod[] {
  return [
    serve(METHODS.getPrimaryKeys, () => ({ constraints: [] })),
    serve(METHODS.getForeignKeys, () => ({ constraints: [] })),
  ];
}

/** Of a table's constraints only `column NOT NULL` is served. */
function constraintMethods(lookup: MetastoreLookup): ServedMethod[] {
  const none = () => ({ constraints: [] });
  return [
    serve(METHODS.getNotNulls, ({ request = {} }) => {
      const { constraints = [] } = lookup.getTable(request.database, request.table);
      const notNull = constraints.filter((text) => text.endsWith(' NOT NULL'));
      return { constraints: notNull.map((text) => ({ column: text.slice(0, text.indexOf(' ')), name: text })) };
    }),
    serve(METHODS.getUniques, none),
    serve(METHODS.getDefaults, none),
    serve(METHODS.getChecks, none),
  ];
}

function tableByRequest(lookup: MetastoreLookup, isModern: boolean): ServedMethod {
  return serve(METHODS.getTableReq, ({ req = {} }) => {
    const table = lookup.getTable(req.dbName, req.tblName);
    refuseInsertOnly(table, req.capabilities?.values ?? []);
    return { table: { ...thriftOfTable(table), catName: isModern ? 'hive' : undefined } };
  });
}

function tableByName(lookup: MetastoreLookup, isModern: boolean): ServedMethod {
  return serve(METHODS.getTable, ({ dbname, tbl_name: name }) => {
    const table = lookup.getTable(dbname, name);
    if (isModern) refuseInsertOnly(table, []);
    return { ...thriftOfTable(table), catName: isModern ? 'hive' : undefined };
  });
}

function partitionMethods(lookup: MetastoreLookup, isModern: boolean): ServedMethod[] {
  return [
    serve(METHODS.getPartitionNames, ({ db_name: database, tbl_name: name, max_parts: max = -1 }) => {
      const table = lookup.findTable(database, name);
      const names = table === undefined ? [] : lookup.partitionNames(table);
      return max < 0 ? names : names.slice(0, max);
    }),
    serve(METHODS.getPartitionsByNames, ({ db_name: database, tbl_name: name, names = [] }) => {
      const table = lookup.getTable(database, name);
      const found = names.map((one) => lookup.findPartition(table, one)).filter((one) => one !== undefined);
      return found.map((one) => ({ ...thriftOfPartition(table, one), catName: isModern ? 'hive' : undefined }));
    }),
  ];
}

function statisticsMethods(lookup: MetastoreLookup): ServedMethod[] {
  return [
    serve(METHODS.getTableStatistics, ({ request: { database, table: name, columns = [] } = {} }) => {
      const found = lookup.statistics(lookup.getTable(database, name), columns);
      return { columns: found.map(thriftOfStatistics) };
    }),
    serve(
      METHODS.getPartitionStatistics,
      ({ request: { database, table: name, columns = [], partitions = [] } = {} }) => {
        const table = lookup.getTable(database, name);
        const found = partitions.map(
          (one) => [one, lookup.statistics(table, columns, one).map(thriftOfStatistics)] as const,
        );
        return { partitions: found.filter(([, own]) => own.length > 0) };
      },
    ),
  ];
}

/** HiveMetaStore.java of branch-3: the check of plain `get_table` can never be passed. */
function refuseInsertOnly(table: Table, capabilities: readonly number[]): void {
  if (table.parameters['transactional_properties'] !== 'insert_only') return;
  if (capabilities.includes(INSERT_ONLY_TABLES)) return;
  const reason = 'Your client does not appear to support insert-only tables';
  throw new MetastoreFailureAnswer(
    'MetaException',
    `${reason}. To skip capability checks, please set metastore.client.capability.check to false`,
  );
}

function configValue(name: string, defaultValue: string): string {
  if (/^(hive|mapred|hdfs)/.test(name)) return defaultValue;
  throw new MetastoreFailureAnswer(
    'ConfigValSecurity',
    `For security reasons, the config key ${name} cannot be accessed`,
  );
}
