import type { Mapping } from '../../domain/mapping.ts';
import { formatTableName, parseTableName } from '../../domain/names.ts';
import type { GovernedTable } from '../../domain/permissions/governed-table.ts';
import { isView } from '../../domain/table.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import { withAvroColumns, type AvroSchema } from '../../domain/rules/avro-schema.ts';
import type { Reason } from '../../domain/plan.ts';
import { findAvroSchema, type SchemaFiles } from '../plan/find-avro-schema.ts';

/**
 * The tables of a mapping that move, with the columns that Hive shows of them now, in the order of their names. Tables that are skipped or gone are left
 * out. Of one whose schema cannot be read they are those of the metastore, with the doubt that this leaves.
 */
export async function governedTables(
  mapping: Mapping,
  catalog: SourceCatalog,
  files: SchemaFiles,
): Promise<{ readonly tables: readonly GovernedTable[]; readonly locations: ReadonlyMap<string, string> }> {
  const tables: GovernedTable[] = [];
  const locations = new Map<string, string>();
  for (const [key, { skip, target }] of Object.entries(mapping.tables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const name = parseTableName(key);
    const table = skip === undefined && name !== undefined ? await catalog.findTable(name, files.signal) : undefined;
    if (table === undefined) continue;
    const schema = await findAvroSchema(files, table);
    const { columns } = withAvroColumns(table, schema).storage;
    const columnsDoubt = doubtOf(schema);
    tables.push({
      name: table.name,
      owner: table.owner,
      isView: isView(table),
      columns: [...columns, ...table.partitionKeys],
      ...(columnsDoubt === undefined ? {} : { columnsDoubt }),
      partitionKeys: new Set(table.partitionKeys.map((column) => column.name.toLowerCase())),
      zone: target.zone,
      target: { database: target.database, table: target.table },
    });
    if (table.storage.location !== undefined) locations.set(formatTableName(table.name), table.storage.location);
  }
  return { tables, locations };
}

function doubtOf(schema: AvroSchema | undefined): Reason | undefined {
  const [problem] = schema?.problems ?? [];
  if (problem === undefined) return undefined;
  return { ...problem, text: `${problem.text}; its columns here are those of the metastore, and Hive may show others` };
}
