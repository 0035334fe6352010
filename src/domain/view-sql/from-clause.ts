import { translateCondition, translateExpression, type Surroundings } from './expressions.ts';
import { cast } from './conversions.ts';
import { quoteName } from './hive-string.ts';
import type { QueryColumns } from './queries.ts';
import type { Relation, RelationColumn, Scope } from './scope.ts';
import type { Expression, FromItem, Query, TableReference } from './sql-tree.ts';
import { INT, isSameType, isInteger, hiveSpelling } from './sql-type.ts';
import type { ReadableTable, Value } from './translation.ts';

export interface FromClause {
  readonly sql: string;
  readonly relations: readonly Relation[];
  /** Conditions that LEFT SEMI JOIN adds to WHERE. */
  readonly conditions: readonly string[];
}

/** What FROM needs besides what expressions do. */
export interface FromSurroundings extends Surroundings {
  /** Columns of queries named by WITH. */
  readonly ctes: ReadonlyMap<string, QueryColumns>;
  readonly derive: (query: Query) => { readonly sql: string; readonly columns: QueryColumns };
}

export function translateFrom(at: FromSurroundings, item: FromItem): FromClause {
  switch (item.kind) {
    case 'table':
      return tableClause(at, item);
    case 'subquery': {
      const { sql, columns } = at.derive(item.query);
      return { sql: `(${sql}) AS ${quoteName(item.alias)}`, relations: [derived(item.alias, columns)], conditions: [] };
    }
    case 'join':
      return joinClause(at, item);
    case 'lateral':
      return lateralClause(at, item);
  }
}

function derived(alias: string, columns: QueryColumns): Relation {
  return {
    alias,
    columns: columns.map(({ name, type, isExact }) => ({ name, value: columnValue(alias, name, { type, isExact }) })),
  };
}

function columnValue(alias: string, name: string, { type, isExact }: Pick<Value, 'type' | 'isExact'>): Value {
  return { sql: `${quoteName(alias)}.${quoteName(name)}`, type, ...(isExact === true ? { isExact } : {}) };
}

function tableClause(at: FromSurroundings, item: TableReference): FromClause {
  const columns = item.database === undefined ? at.ctes.get(item.name) : undefined;
  if (columns !== undefined)
    return {
      sql: `${quoteName(item.name)} AS ${quoteName(item.alias)}`,
      relations: [derived(item.alias, columns)],
      conditions: [],
    };
  if (item.database === undefined)
    return at.translation.refuse(
      item.place,
      `"${item.name}" is named without its database, and the session's is not known`,
    );
  const source = `${item.database}.${item.name}`;
  const table = at.translation.options.tables.get(source);
  if (table === undefined) return at.translation.refuse(item.place, `the table ${source} is not known`);
  const { target } = table;
  at.translation.change(item.place, `${source} becomes ${target.database}.${target.table}`);
  return {
    sql: `${quoteName(target.database)}.${quoteName(target.table)} AS ${quoteName(item.alias)}`,
    relations: [{ alias: item.alias, database: item.database, columns: tableColumns(at, item, table) }],
    conditions: [],
  };
}

/** A column that the target holds in a wider type is narrowed, so that the view reckons with Hive's. */
function tableColumns(at: FromSurroundings, item: TableReference, { columns }: ReadableTable): RelationColumn[] {
  return columns.map(({ name, type, targetType }) => {
    const value = columnValue(item.alias, name, { type, isExact: true });
    if (isSameType(type, targetType)) return { name, value };
    if (isInteger(type) && isInteger(targetType)) return { name, value: cast(value.sql, type) };
    const text = `the column ${name} of ${item.name} is ${hiveSpelling(targetType)} in Glue and ${hiveSpelling(type)} in Hive`;
    return unusable(at, { name, text, item });
  });
}

/** Refused only where it is named: the other columns serve. */
function unusable(
  at: FromSurroundings,
  { name, text, item }: { readonly name: string; readonly text: string; readonly item: TableReference },
): RelationColumn {
  return {
    name,
    get value(): Value {
      return at.translation.refuse(item.place, text);
    },
  };
}

function joinClause(at: FromSurroundings, item: FromItem & { kind: 'join' }): FromClause {
  const left = translateFrom(at, item.left);
  if (item.join === 'LEFT SEMI JOIN') return semiJoin(at, left, item);
  if (left.conditions.length > 0)
    return at.translation.refuse(item.place, 'a join after LEFT SEMI JOIN is not translated');
  const right = translateFrom(at, item.right);
  const relations = [...left.relations, ...right.relations];
  const isNested = item.right.kind === 'join' || item.right.kind === 'lateral';
  const rightSql = isNested ? `(${right.sql})` : right.sql;
  if (item.on === undefined) {
    if (item.join !== 'JOIN' && item.join !== 'CROSS JOIN')
      return at.translation.refuse(item.place, `${item.join} without ON`);
    return { sql: `${left.sql} CROSS JOIN ${rightSql}`, relations, conditions: right.conditions };
  }
  const join = item.join === 'CROSS JOIN' ? 'JOIN' : item.join;
  const on = condition(at, relations, item.on);
  return { sql: `${left.sql} ${join} ${rightSql} ON ${on}`, relations, conditions: right.conditions };
}

function condition(at: FromSurroundings, relations: readonly Relation[], on: Expression): string {
  return translateCondition({ ...at, scope: { relations, parent: at.scope.parent } }, on);
}

function semiJoin(at: FromSurroundings, left: FromClause, item: FromItem & { kind: 'join' }): FromClause {
  if (item.on === undefined) return at.translation.refuse(item.place, 'LEFT SEMI JOIN without ON');
  const right = translateFrom(at, item.right);
  const on = condition(at, [...left.relations, ...right.relations], item.on);
  at.translation.change(item.place, 'LEFT SEMI JOIN becomes EXISTS');
  const exists = `EXISTS (SELECT 1 FROM ${right.sql} WHERE ${on})`;
  return { ...left, conditions: [...left.conditions, exists] };
}

function lateralClause(at: FromSurroundings, item: FromItem & { kind: 'lateral' }): FromClause {
  const left = translateFrom(at, item.left);
  if (left.conditions.length > 0)
    return at.translation.refuse(item.place, 'LATERAL VIEW after LEFT SEMI JOIN is not translated');
  const { name, args } = item.call;
  if ((name !== 'explode' && name !== 'posexplode') || args.length !== 1)
    return at.translation.refuse(item.call.place, `LATERAL VIEW ${name} is not translated; explode and posexplode are`);
  const scope: Scope = { relations: left.relations, parent: at.scope.parent };
  const value = translateExpression({ ...at, scope }, args[0]!);
  const { unnested, columns } = exploded(at, item, value);
  const alias = quoteName(item.alias);
  const names = [...columns, ...(name === 'posexplode' ? ['lakelift_pos'] : [])].map(quoteName).join(', ');
  const unnest = `UNNEST(${unnested})${name === 'posexplode' ? ' WITH ORDINALITY' : ''} AS ${alias} (${names})`;
  at.translation.change(
    item.place,
    `LATERAL VIEW ${item.isOuter ? 'OUTER ' : ''}${name} becomes ${item.isOuter ? 'LEFT' : 'CROSS'} JOIN UNNEST`,
  );
  return {
    sql: `${left.sql} ${item.isOuter ? `LEFT JOIN ${unnest} ON true` : `CROSS JOIN ${unnest}`}`,
    relations: [...left.relations, { alias: item.alias, columns: lateralColumns(item, value) }],
    conditions: [],
  };
}

/** Structs of an array would be spread over columns: each is wrapped in a row of its own. */
function exploded(
  at: FromSurroundings,
  item: FromItem & { kind: 'lateral' },
  { sql, type }: Value,
): { unnested: string; columns: readonly string[] } {
  const names = columnNames(item, type.kind === 'map');
  if (type.kind === 'map') {
    if (item.call.name === 'explode') return { unnested: sql, columns: names };
  } else if (type.kind === 'array') {
    const isStruct = type.element.kind === 'struct';
    return { unnested: isStruct ? `transform(${sql}, e -> ROW(e))` : sql, columns: names.slice(-1) };
  }
  return at.translation.refuse(item.call.place, `${item.call.name} of ${hiveSpelling(type)} is not translated`);
}

function columnNames({ call, columns }: FromItem & { kind: 'lateral' }, isMap: boolean): readonly string[] {
  if (columns.length > 0) return columns;
  const element = isMap ? ['key', 'value'] : ['col'];
  return call.name === 'posexplode' ? ['pos', ...element] : element;
}

function lateralColumns(item: FromItem & { kind: 'lateral' }, { type }: Value): RelationColumn[] {
  const types = type.kind === 'map' ? [type.key, type.value] : type.kind === 'array' ? [type.element] : [];
  const names = columnNames(item, type.kind === 'map');
  const elements = names.slice(names.length - types.length);
  const columns = elements.map((name, index) => ({
    name,
    value: columnValue(item.alias, name, { type: types[index]!, isExact: true }),
  }));
  if (item.call.name !== 'posexplode') return columns;
  const position = cast(`${quoteName(item.alias)}.${quoteName('lakelift_pos')} - 1`, INT);
  return [{ name: names[0]!, value: position }, ...columns];
}
