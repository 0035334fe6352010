import type {
  CreateTableCommandInput,
  DeleteTableCommandInput,
  GetTableCommandInput,
  GetTablesCommandInput,
  GetTableVersionsCommandInput,
  Table,
  UpdateTableCommandInput,
} from '@aws-sdk/client-glue';
import { requireDatabase } from './database-operations.ts';
import { CATALOG_ID, decodeToken, nowSeconds, pageOf } from './glue-call.ts';
import { glueErrors } from './glue-error.ts';
import type { GlueIndex, Stored, TableKey } from './glue-index.ts';
import { foldName, foldTable, pageSize } from './glue-rules.ts';

export function createTable(request: CreateTableCommandInput, index: GlueIndex): object {
  const { TableInput: input } = request;
  if (input === undefined || request.OpenTableFormatInput !== undefined || request.PartitionIndexes !== undefined)
    throw glueErrors.invalidInput('The sandbox creates tables from TableInput alone');
  const key = tableKey(request.DatabaseName, input.Name);
  requireDatabase(key.database, index);
  const now = nowSeconds();
  const record: Stored<Table> = {
    Retention: 0,
    ...foldTable(input),
    Name: key.table,
    DatabaseName: key.database,
    CreateTime: now,
    UpdateTime: now,
    VersionId: '0',
    CatalogId: CATALOG_ID,
    IsRegisteredWithLakeFormation: false,
  };
  index.transaction(() => {
    if (index.findTable(key) !== undefined) throw glueErrors.alreadyExists('Table');
    index.putTable(key, record);
    index.putVersion(key, record);
  });
  return {};
}

/** The version goes up with every update; SkipArchive only leaves it out of the archive. */
export function updateTable(request: UpdateTableCommandInput, index: GlueIndex): object {
  const input = request.TableInput;
  const key = tableKey(request.DatabaseName, request.Name ?? input?.Name);
  const folded = foldTable(input!);
  index.transaction(() => {
    const existing = requireTable(key, index);
    if (request.VersionId !== undefined && request.VersionId !== existing.VersionId)
      throw glueErrors.concurrentModification('table');
    const record = {
      Retention: 0,
      ...folded,
      Name: key.table,
      DatabaseName: key.database,
      CreateTime: existing.CreateTime,
      UpdateTime: nowSeconds(),
      VersionId: String(Number(existing.VersionId) + 1),
      CatalogId: CATALOG_ID,
      IsRegisteredWithLakeFormation: false,
    } as Stored<Table>;
    index.putTable(key, record);
    if (request.SkipArchive !== true) index.putVersion(key, record);
  });
  return {};
}

export function getTable({ DatabaseName, Name }: GetTableCommandInput, index: GlueIndex): object {
  return { Table: requireTable(tableKey(DatabaseName, Name), index) };
}

export function getTables(request: GetTablesCommandInput, index: GlueIndex): object {
  const database = foldName(request.DatabaseName, 'databaseName');
  requireDatabase(database, index);
  const size = pageSize(request.MaxResults, 100);
  if (request.Expression !== undefined) throw glueErrors.invalidInput('The sandbox has no Expression in GetTables');
  const found = index.tables(database, decodeToken(request.NextToken), size + 1);
  const { items, token } = pageOf(found, size, ({ Name }) => Name!);
  return { TableList: items, ...token };
}

export function getTableVersions(request: GetTableVersionsCommandInput, index: GlueIndex): object {
  const key = tableKey(request.DatabaseName, request.TableName);
  requireTable(key, index);
  const size = pageSize(request.MaxResults, 100);
  const before = request.NextToken === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeToken(request.NextToken));
  const { items, token } = pageOf(index.versions(key, before, size + 1), size, ({ VersionId }) => VersionId!);
  return { TableVersions: items.map((table) => ({ Table: table, VersionId: table.VersionId })), ...token };
}

export function deleteTable({ DatabaseName, Name }: DeleteTableCommandInput, index: GlueIndex): object {
  const key = tableKey(DatabaseName, Name);
  requireTable(key, index);
  index.transaction(() => index.deleteTable(key));
  return {};
}

export function tableKey(database: string | undefined, table: string | undefined): TableKey {
  return { database: foldName(database, 'databaseName'), table: foldName(table, 'tableName') };
}

export function requireTable(key: TableKey, index: GlueIndex): Stored<Table> {
  requireDatabase(key.database, index);
  const table = index.findTable(key);
  if (table === undefined) throw glueErrors.notFound(`Table ${key.table}`);
  return table;
}
