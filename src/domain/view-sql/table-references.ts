import { formatTableName, type TableName } from '../names.ts';
import { parseViewSql } from './query-parser.ts';
import type { Expression, FromItem, Query, QueryBody, TableReference } from './sql-tree.ts';

/** Tables and views that the text of a view reads, each once, in the order of the text. Throws `ViewSqlError`. */
export function namesReadBy(text: string): TableName[] {
  const names = tablesReadBy(parseViewSql(text)).flatMap(({ database, name }) =>
    database === undefined ? [] : [{ database, table: name }],
  );
  return [...new Map(names.map((name) => [formatTableName(name), name])).values()];
}

/** Every table or view that a query names, those of WITH left out. */
function tablesReadBy(query: Query): TableReference[] {
  return inQuery(query, new Set());
}

function inQuery(query: Query, outer: ReadonlySet<string>): TableReference[] {
  const known = new Set(outer);
  const found: TableReference[] = [];
  for (const cte of query.ctes) {
    found.push(...inQuery(cte.query, known));
    known.add(cte.name);
  }
  return [
    ...found,
    ...inBody(query.body, known),
    ...query.orderBy.flatMap(({ expression }) => inNode(expression, known)),
  ];
}

function inBody(body: QueryBody, known: ReadonlySet<string>): TableReference[] {
  if (body.kind === 'nested') return inQuery(body.query, known);
  if (body.kind === 'set') return [...inBody(body.left, known), ...inBody(body.right, known)];
  const expressions = [
    ...body.items.flatMap((item) => (item.kind === 'expression' ? [item.expression] : [])),
    ...[body.where, body.having].filter((expression) => expression !== undefined),
  ];
  return [
    ...(body.from === undefined ? [] : inFrom(body.from, known)),
    ...expressions.flatMap((expression) => inNode(expression, known)),
  ];
}

function inFrom(item: FromItem, known: ReadonlySet<string>): TableReference[] {
  switch (item.kind) {
    case 'table':
      return item.database === undefined && known.has(item.name) ? [] : [item];
    case 'subquery':
      return inQuery(item.query, known);
    case 'join':
      return [
        ...inFrom(item.left, known),
        ...inFrom(item.right, known),
        ...(item.on === undefined ? [] : inNode(item.on, known)),
      ];
    case 'lateral':
      return [...inFrom(item.left, known), ...inNode(item.call, known)];
  }
}

/** Queries may stand anywhere inside an expression. */
function inNode(node: Expression, known: ReadonlySet<string>): TableReference[] {
  if (node.kind === 'in-query') return [...inNode(node.value, known), ...inQuery(node.query, known)];
  if (node.kind === 'exists' || node.kind === 'scalar') return inQuery(node.query, known);
  return Object.values(node).flatMap((member: unknown) => inMember(member, known));
}

function inMember(member: unknown, known: ReadonlySet<string>): TableReference[] {
  if (Array.isArray(member)) return member.flatMap((inner: unknown) => inMember(inner, known));
  if (typeof member !== 'object' || member === null) return [];
  if ('kind' in member && 'place' in member) return inNode(member as Expression, known);
  return Object.values(member).flatMap((inner: unknown) => inMember(inner, known));
}
