import { formatTableName, type TableName } from '../domain/names.ts';
import { nearNames } from '../domain/near-names.ts';
import type { Reason } from '../domain/plan.ts';
import { isLakeliftError } from '../errors.ts';
import type { SourceCatalog } from '../ports/source-catalog.ts';

/** A table, or a pattern, of a migration script that matches nothing at the source. */
export interface MissingTable {
  readonly pattern: string;
  readonly reason: Reason;
}

interface ExpandedTables {
  /** Sorted by name, each once. */
  readonly found: readonly TableName[];
  readonly missing: readonly MissingTable[];
}

/** Finds the tables that `database.table` patterns (`*` = any characters) stand for at the source now. */
export async function expandTables(
  patterns: readonly string[],
  catalog: SourceCatalog,
  signal?: AbortSignal,
): Promise<ExpandedTables> {
  const found = new Map<string, TableName>();
  const missing: MissingTable[] = [];
  const databases = await catalog.listDatabases(signal);
  const tablesOf = rememberTables(catalog, signal);
  for (const pattern of new Set(patterns.map((text) => text.toLowerCase()))) {
    const [database = '', tablePattern = ''] = splitOnce(pattern);
    if (!databases.includes(database)) {
      missing.push({
        pattern,
        reason: noDatabase(database, databases, await elsewhere(catalog, database, signal)),
      });
      continue;
    }
    const tables = await tablesOf(database);
    const matching = tables.filter((table) => matches(table, tablePattern));
    for (const table of matching) found.set(`${database}.${table}`, { database, table });
    if (matching.length === 0) missing.push({ pattern, reason: noTable(database, tablePattern, tables) });
  }
  return { found: [...found.values()].sort(byName), missing };
}

function rememberTables(catalog: SourceCatalog, signal?: AbortSignal): (database: string) => Promise<string[]> {
  const known = new Map<string, Promise<string[]>>();
  return (database) => {
    const tables = known.get(database) ?? catalog.listTables(database, signal);
    known.set(database, tables);
    return tables;
  };
}

function splitOnce(name: string): [string, string] {
  const dot = name.indexOf('.');
  return [name.slice(0, dot), name.slice(dot + 1)];
}

/** Whether a `database.table` pattern of a script stands for a table. */
export function patternCovers(pattern: string, { database, table }: TableName): boolean {
  const [ofDatabase, tablePattern] = splitOnce(pattern.toLowerCase());
  return ofDatabase === database && matches(table, tablePattern);
}

function matches(table: string, pattern: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`).test(table);
}

function noTable(database: string, pattern: string, tables: readonly string[]): Reason {
  const near = nearNames(pattern, tables).map((table) => `${database}.${table}`);
  return missingReason(`nothing at the source is called "${database}.${pattern}"`, near);
}

/** Spark keeps its own databases in a catalog of its own, beside Hive's in one metastore. */
function noDatabase(database: string, databases: readonly string[], tables: readonly string[]): Reason {
  const [first] = tables;
  if (first === undefined) return missingReason(`there is no database "${database}"`, nearNames(database, databases));
  const text = `there is no database "${database}" in the catalog of Hive; another catalog of the metastore has one, with ${tables.length} tables such as ${first}`;
  const hint = 'Have the engine that owns them write them as tables of Hive, or map their folders under "paths".';
  return { code: 'SOURCE_TABLE_NOT_FOUND', text, hint };
}

/** It is only for a better word: whoever may not ask hears that there is none. */
async function elsewhere(catalog: SourceCatalog, database: string, signal?: AbortSignal): Promise<string[]> {
  try {
    return await catalog.listTablesElsewhere(database, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!isLakeliftError(error)) throw error;
    return [];
  }
}

function missingReason(text: string, near: readonly string[]): Reason {
  const advice = 'Mend the name in the migration script, or ask for the right to see it.';
  const hint = near.length === 0 ? advice : `Did you mean ${near.join(', ')}? ${advice}`;
  return { code: 'SOURCE_TABLE_NOT_FOUND', text, hint };
}

function byName(a: TableName, b: TableName): number {
  return formatTableName(a) < formatTableName(b) ? -1 : 1;
}
