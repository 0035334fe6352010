import type { HiveType } from '../rules/hive-type.ts';
import { orderSql } from './calls.ts';
import { translateCondition, translateExpression, type Surroundings } from './expressions.ts';
import { translateFrom, type FromClause, type FromSurroundings } from './from-clause.ts';
import { quoteName } from './hive-string.ts';
import type { Relation, Scope } from './scope.ts';
import type { Expression, Grouping, OrderItem, Query, QueryBody, Select } from './sql-tree.ts';
import { hiveSpelling, isSameType } from './sql-type.ts';
import type { Translation, Value } from './translation.ts';

export type QueryColumns = readonly { readonly name: string; readonly type: HiveType; readonly isExact: boolean }[];

export interface TranslatedQuery {
  readonly sql: string;
  readonly columns: QueryColumns;
}

interface QueryContext {
  readonly translation: Translation;
  readonly ctes: ReadonlyMap<string, QueryColumns>;
  readonly parent?: Scope | undefined;
}

/** Translates a query with all that stands inside. */
export function translateQuery(translation: Translation, query: Query): TranslatedQuery {
  return queryIn({ translation, ctes: new Map() }, query);
}

function queryIn(context: QueryContext, query: Query): TranslatedQuery {
  const ctes = new Map(context.ctes);
  const named = query.ctes.map(({ name, query: inner }) => {
    const { sql, columns } = queryIn({ ...context, ctes }, inner);
    ctes.set(name, columns);
    return `${quoteName(name)} AS (${sql})`;
  });
  const inside = { ...context, ctes };
  const body = bodyIn(inside, query.body);
  const parts = [
    ...(named.length === 0 ? [] : [`WITH ${named.join(', ')}`]),
    body.sql,
    ...(query.orderBy.length === 0 ? [] : [`ORDER BY ${orderIn(inside, query.orderBy, body).join(', ')}`]),
    ...(query.limit === undefined ? [] : [`LIMIT ${query.limit}`]),
  ];
  return { sql: parts.join(' '), columns: body.columns };
}

/** A body, and what names in its ORDER BY may mean besides its columns. */
interface Body extends TranslatedQuery {
  readonly surroundings?: Surroundings | undefined;
}

/** A name of the result is that column; anything else is worked out from the tables. */
function orderIn(context: QueryContext, items: readonly OrderItem[], body: Body): string[] {
  const at = body.surroundings ?? surroundingsOf(context, []);
  return items.map((item) => {
    const { expression } = item;
    if (expression.kind === 'literal')
      return context.translation.refuse(expression.place, 'ORDER BY a place is not translated');
    const name = expression.kind === 'column' && expression.parts.length === 1 ? expression.parts[0]! : undefined;
    const isColumn = body.columns.some((column) => column.name === name);
    return isColumn ? orderSql(at, item, quoteName(name!)) : orderSql(at, item);
  });
}

function bodyIn(context: QueryContext, body: QueryBody): Body {
  switch (body.kind) {
    case 'select':
      return selectIn(context, body);
    case 'nested': {
      const { sql, columns } = queryIn(context, body.query);
      return { sql: `(${sql})`, columns };
    }
    case 'set':
      return setIn(context, body);
  }
}

function setIn(context: QueryContext, body: QueryBody & { kind: 'set' }): Body {
  const [left, right] = [bodyIn(context, body.left), bodyIn(context, body.right)];
  if (left.columns.length !== right.columns.length)
    return context.translation.refuse(body.place, `${body.operator} of queries with different numbers of columns`);
  const columns = left.columns.map((column, index) => {
    const other = right.columns[index]!;
    if (isSameType(column.type, other.type)) return { ...column, isExact: column.isExact && other.isExact };
    return context.translation.refuse(
      body.place,
      `the column "${column.name}" is ${hiveSpelling(column.type)} on one side of ${body.operator} and ${hiveSpelling(other.type)} on the other`,
    );
  });
  return { sql: `${left.sql} ${body.operator} ${right.sql}`, columns };
}

function surroundingsOf(context: QueryContext, relations: readonly Relation[]): FromSurroundings {
  const scope: Scope = { relations, parent: context.parent };
  return {
    translation: context.translation,
    scope,
    ctes: context.ctes,
    derive: (query) => queryIn(context, query),
    subquery: (query, around) => {
      const { sql, columns } = queryIn({ ...context, parent: around }, query);
      return { sql, columns: columns.map(({ type }, index) => ({ sql: `column ${index}`, type })) };
    },
  };
}

function selectIn(context: QueryContext, select: Select): Body {
  const { translation } = context;
  const from = select.from === undefined ? undefined : translateFrom(surroundingsOf(context, []), select.from);
  const relations = from?.relations ?? [];
  const at = surroundingsOf(context, relations);
  const outputs = outputsOf(at, select, relations);
  for (const { clause, place } of select.spreading)
    translation.change(place, `${clause} is left out: it only spreads rows over the cluster`);
  const columns = outputs.map(({ name, value }) => ({ name, type: value.type, isExact: value.isExact === true }));
  const list = outputs.map(({ name, value }) => `${value.sql} AS ${quoteName(name)}`);
  const parts = [
    `SELECT ${select.isDistinct ? 'DISTINCT ' : ''}${list.join(', ')}`,
    ...clausesOf(at, select, from, outputs),
  ];
  return { sql: parts.join(' '), columns, surroundings: { ...at, scope: withOutputs(at.scope, outputs) } };
}

interface Output {
  readonly name: string;
  readonly value: Value;
}

function clausesOf(
  at: FromSurroundings,
  select: Select,
  from: FromClause | undefined,
  outputs: readonly Output[],
): string[] {
  const conditions = [
    ...(select.where === undefined ? [] : [translateCondition(at, select.where)]),
    ...(from?.conditions ?? []),
  ];
  const having = select.having && translateCondition({ ...at, scope: withOutputs(at.scope, outputs) }, select.having);
  return [
    ...(from === undefined ? [] : [`FROM ${from.sql}`]),
    ...(conditions.length === 0 ? [] : [`WHERE ${conditions.join(' AND ')}`]),
    ...(select.grouping === undefined ? [] : [`GROUP BY ${groupingSql(at, select.grouping)}`]),
    ...(having === undefined ? [] : [`HAVING ${having}`]),
  ];
}

/** HAVING and ORDER BY may name the results: a result hides no column of the tables. */
function withOutputs(scope: Scope, outputs: readonly Output[]): Scope {
  return { ...scope, parent: { relations: [{ alias: '', columns: outputs }], parent: scope.parent } };
}

function outputsOf(at: FromSurroundings, select: Select, relations: readonly Relation[]): Output[] {
  const outputs = select.items.flatMap((item, index): Output[] => {
    if (item.kind === 'expression')
      return [
        { name: item.alias ?? nameOfOutput(item.expression, index), value: translateExpression(at, item.expression) },
      ];
    const starred = relations.filter(({ alias }) => item.qualifier === undefined || alias === item.qualifier);
    if (starred.length === 0) at.translation.refuse(item.place, '* stands for nothing');
    at.translation.change(item.place, '* becomes the list of columns');
    return starred.flatMap(({ columns }) => columns.map(({ name, value }) => ({ name, value })));
  });
  const twice = outputs.find(({ name }, index) => outputs.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) at.translation.refuse(select.place, `the column "${twice.name}" comes out twice`);
  return outputs;
}

/** As Hive names what has no name: the column's own, `_c2` for the third expression. */
function nameOfOutput(expression: Expression, index: number): string {
  if (expression.kind === 'column') return expression.parts.at(-1)!;
  return expression.kind === 'field' ? expression.name : `_c${index}`;
}

function groupingSql(at: FromSurroundings, { keys, sets, word }: Grouping): string {
  const sqlOf = (key: Expression): string => {
    if (key.kind === 'literal') at.translation.refuse(key.place, 'GROUP BY a literal is read as a place or not at all');
    return translateExpression(at, key).sql;
  };
  const list = keys.map(sqlOf).join(', ');
  if (word !== undefined) return `${word} (${list})`;
  if (sets === undefined) return list;
  return `GROUPING SETS (${sets.map((set) => `(${set.map(sqlOf).join(', ')})`).join(', ')})`;
}
