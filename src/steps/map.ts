import type { ColumnMapping, Mapping, PathMapping, TableMapping } from '../domain/mapping.ts';
import type { Migration } from '../domain/migration.ts';
import { formatTableName } from '../domain/names.ts';
import { proposeColumn } from '../domain/rules/column-class.ts';
import type { Table } from '../domain/table.ts';
import type { SourceCatalog } from '../ports/source-catalog.ts';
import { asHiveShows, type SchemaFiles } from './plan/find-avro-schema.ts';
import { expandTables, type MissingTable } from './source-tables.ts';

interface Proposal {
  readonly mapping: Mapping;
  /** Tables that the script names and the source does not know: to be shown, never mapped. */
  readonly missing: readonly MissingTable[];
}

/**
 * Proposes a mapping for a use case from what the source holds now. People edit it afterwards; merging never undoes that. With `files`,
 * tables of Avro have the columns of their schema, which the metastore need not know.
 */
export async function proposeMapping(
  migration: Migration,
  catalog: SourceCatalog,
  { signal, files }: { readonly signal?: AbortSignal; readonly files?: Omit<SchemaFiles, 'signal'> } = {},
): Promise<Proposal> {
  const { found, missing } = await expandTables(migration.source.tables, catalog, signal);
  const tables: Record<string, TableMapping> = {};
  for (const name of found) {
    const table = await catalog.findTable(name, signal);
    // Dropped between the two calls: the next run of the command will say so.
    if (table === undefined) continue;
    const shown = files === undefined ? table : await asHiveShows({ ...files, signal }, table);
    tables[formatTableName(name)] = proposeTable(shown);
  }
  const paths = Object.fromEntries([...migration.source.paths].sort().map((path) => [path, proposePath(path)]));
  return { mapping: { useCase: migration.id, tables, paths }, missing };
}

/** Where a table goes unless a person says otherwise. */
export function proposeTable(table: Table): TableMapping {
  const { database, table: name } = table.name;
  return {
    target: { zone: 'raw', database: glueName(`raw_${database}`), table: glueName(name) },
    storage: 'keep',
    partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
    columns: proposeColumns(table),
    reconcile: { level: 'rows' },
  };
}

function proposeColumns(table: Table): Record<string, ColumnMapping> {
  const columns = [...table.storage.columns, ...table.partitionKeys];
  return Object.fromEntries(
    columns.map(({ name }) => name.toLowerCase()).map((name) => [name, proposeColumn(name)] as const),
  );
}

function proposePath(path: string): PathMapping {
  return { target: { zone: 'raw', prefix: path.slice(1) } };
}

/** Athena reads lower-case letters, digits and underscore without quoting. */
function glueName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9_]/g, '_');
}
