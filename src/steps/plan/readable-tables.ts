import { formatTableName, parseTableName, type TableName } from '../../domain/names.ts';
import type { Reason } from '../../domain/plan.ts';
import { parseHiveType, TypeSyntaxError, type HiveType } from '../../domain/rules/hive-type.ts';
import { convertedTable } from '../../domain/rules/converted-table.ts';
import { targetTable } from '../../domain/rules/target-definition.ts';
import type { Column, Table } from '../../domain/table.ts';
import { STAMP, type TargetTable } from '../../domain/target-table.ts';
import type { ReadableTable } from '../../domain/view-sql/translation.ts';
import type { PlanContext } from './plan-context.ts';
import { formatOf } from './plan-conversion.ts';

type Target = ReadableTable['target'];
type Answer =
  | { readonly kind: 'readable'; readonly table: ReadableTable; readonly isOurs: boolean }
  | { readonly kind: 'absent'; readonly reason: Reason };

/** Finds out where a table that a view reads will stand in Glue: brought along by this use case, or standing there already. */
export async function findReadableTable(
  context: PlanContext,
  name: TableName,
  reads: Readonly<Record<string, string>>,
): Promise<Answer> {
  const source = await context.catalog.findTable(name, context.signal);
  if (source === undefined) return absent(name, 'which does not exist at the source');
  const verdict = context.verdicts.get(formatTableName(name));
  if (verdict === 'copy' || verdict === 'convert') return { ...ours(context, source), isOurs: true };
  const standing = await findStanding(context, name, reads);
  if (standing !== undefined) return readable(source, standing.target, columnsOf(standing.table));
  const why = verdict === undefined ? 'which does not belong to this use case' : 'which is not migrated';
  return absent(name, `${why}, and is not known to stand in Glue`);
}

function absent(name: TableName, why: string): Answer {
  const source = formatTableName(name);
  const hint = `Bring it along, or name the table of Glue to read: "view: { reads: { ${source}: database.table } }" in the mapping.`;
  return { kind: 'absent', reason: { code: 'VIEW_READS_ABSENT', text: `it reads ${source}, ${why}`, hint } };
}

function ours(context: PlanContext, source: Table): Answer & { kind: 'readable' } {
  const mapping = context.mapping.tables[formatTableName(source.name)]!;
  const { database, table } = mapping.target;
  const origin = { useCase: context.migration.id, mapping, location: 's3://unused/' };
  const stored = mapping.storage === 'convert' ? convertedTable(source, formatOf(mapping)) : source;
  const { definition } = targetTable(stored, origin);
  return readable(source, { database, table }, columnsOf(definition));
}

/** By what the mapping says, or where "lakelift map" puts a table unless told, with our stamp on it. */
async function findStanding(
  { targetCatalog, signal }: PlanContext,
  name: TableName,
  reads: Readonly<Record<string, string>>,
): Promise<{ readonly target: Target; readonly table: TargetTable } | undefined> {
  const source = formatTableName(name);
  const told = toldTarget(name, reads);
  const target = told ?? usualTarget(name);
  const found = await targetCatalog?.findTable({ database: target.database, name: target.table }, signal);
  if (found === undefined) return undefined;
  return told !== undefined || found.table.parameters[STAMP.source] === source
    ? { target, table: found.table }
    : undefined;
}

function toldTarget(name: TableName, reads: Readonly<Record<string, string>>): Target | undefined {
  const told = reads[formatTableName(name)];
  return told === undefined ? undefined : parseTableName(told);
}

function usualTarget({ database, table }: TableName): Target {
  return { database: `raw_${database}`, table };
}

/** The table of Glue that a view reads in place of one that its use case does not bring. */
export function standingTarget(name: TableName, reads: Readonly<Record<string, string>> = {}): Target {
  return toldTarget(name, reads) ?? usualTarget(name);
}

function columnsOf({ storage, partitionKeys }: TargetTable): Column[] {
  return [...storage.columns, ...partitionKeys];
}

function readable(source: Table, target: Target, targetColumns: readonly Column[]): Answer & { kind: 'readable' } {
  const targetTypes = new Map(targetColumns.map(({ name, type }) => [name.toLowerCase(), type]));
  const columns = [...source.storage.columns, ...source.partitionKeys].flatMap(({ name, type }) => {
    const folded = name.toLowerCase();
    const hiveType = typeOf(type);
    const targetType = typeOf(targetTypes.get(folded));
    return hiveType === undefined || targetType === undefined ? [] : [{ name: folded, type: hiveType, targetType }];
  });
  return { kind: 'readable', table: { target, columns }, isOurs: false };
}

/** Columns of types that nobody can read are not there for a view. */
function typeOf(text: string | undefined): HiveType | undefined {
  try {
    return text === undefined ? undefined : parseHiveType(text);
  } catch (error) {
    if (error instanceof TypeSyntaxError) return undefined;
    throw error;
  }
}
