import type { ColumnMapping, Mapping, TableMapping } from '../domain/mapping.ts';
import { parseTableName } from '../domain/names.ts';
import { classOfKind } from '../domain/rules/personal-values.ts';
import type { QueryEngine } from '../ports/query-engine.ts';
import type { SourceCatalog } from '../ports/source-catalog.ts';
import { asHiveShows, type SchemaFiles } from './plan/find-avro-schema.ts';
import { sampleColumns } from './sample-columns.ts';

export interface Sampling {
  readonly catalog: SourceCatalog;
  readonly engine: QueryEngine;
  /** Where the schemas of Avro tables lie: their columns need not be those that the catalog knows. */
  readonly files: Omit<SchemaFiles, 'signal'>;
  readonly signal?: AbortSignal | undefined;
}

/** A proposal whose columns are classed by some of their values as well, where the name leaves it open. The values stay in memory. */
export async function classByValues(mapping: Mapping, sampling: Sampling): Promise<Mapping> {
  const tables: Record<string, TableMapping> = {};
  for (const [name, table] of Object.entries(mapping.tables))
    tables[name] = Object.values(table.columns).some(isOpen) ? await classed(name, table, sampling) : table;
  return { ...mapping, tables };
}

async function classed(
  name: string,
  mapping: TableMapping,
  { catalog, engine, files, signal }: Sampling,
): Promise<TableMapping> {
  const table = await catalog.findTable(parseTableName(name)!, signal);
  if (table === undefined) return mapping;
  const found = await sampleColumns(engine, await asHiveShows({ ...files, signal }, table), signal);
  const columns = Object.entries(mapping.columns).map(([column, present]) => {
    const kind = found.get(column)?.kind;
    return [column, kind === undefined ? present : told(present, classOfKind(kind))] as const;
  });
  return { ...mapping, columns: Object.fromEntries(columns) };
}

/** What the name leaves open the values say: what the column is, or of which kind a pseudonym is. */
function told(present: ColumnMapping, byValues: ColumnMapping): ColumnMapping {
  if (present.class === 'unclassified') return byValues;
  return isOpen(present) && byValues.treat !== undefined ? byValues : present;
}

function isOpen({ class: kind, treat }: ColumnMapping): boolean {
  return kind === 'unclassified' || treat === 'pseudonymise';
}
