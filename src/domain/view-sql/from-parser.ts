import { parseCall } from './call-parser.ts';
import type { QueryParser } from './query-parser.ts';
import type { FromItem, JoinKind, TableReference } from './sql-tree.ts';
import type { TokenReader } from './token-reader.ts';

const JOINS: readonly { readonly words: readonly string[]; readonly join: JoinKind }[] = [
  { words: ['left', 'semi', 'join'], join: 'LEFT SEMI JOIN' },
  { words: ['left', 'outer', 'join'], join: 'LEFT JOIN' },
  { words: ['left', 'join'], join: 'LEFT JOIN' },
  { words: ['right', 'outer', 'join'], join: 'RIGHT JOIN' },
  { words: ['right', 'join'], join: 'RIGHT JOIN' },
  { words: ['full', 'outer', 'join'], join: 'FULL JOIN' },
  { words: ['full', 'join'], join: 'FULL JOIN' },
  { words: ['inner', 'join'], join: 'JOIN' },
  { words: ['cross', 'join'], join: 'CROSS JOIN' },
  { words: ['join'], join: 'JOIN' },
];

/** Reads what follows FROM: tables, subqueries, joins and lateral views, in their order. */
export function parseFrom(parser: QueryParser): FromItem {
  const { reader } = parser;
  let left = source(parser);
  for (;;) {
    const { place } = reader;
    if (reader.isWord('lateral', 'view')) left = lateral(parser, left);
    else if (reader.acceptSymbol(',')) left = { kind: 'join', join: 'CROSS JOIN', left, right: source(parser), place };
    else {
      const kind = JOINS.find(({ words }) => reader.acceptWords(...words));
      if (kind === undefined) return left;
      const right = source(parser);
      if (reader.isWord('using')) throw reader.refuse('JOIN … USING is not translated');
      const on = reader.acceptWords('on') ? parser.expressions.expression() : undefined;
      left = { kind: 'join', join: kind.join, left, right, on, place };
    }
  }
}

function source(parser: QueryParser): FromItem {
  const { reader } = parser;
  const { place } = reader;
  if (!reader.acceptSymbol('(')) return table(reader);
  if (!reader.isWord('select') && !reader.isWord('with') && !reader.isSymbol('(')) {
    const inner = parseFrom(parser);
    reader.expectSymbol(')');
    return inner;
  }
  const query = parser.query();
  reader.expectSymbol(')');
  const alias = reader.alias();
  if (alias === undefined) throw reader.fault('a name for the subquery');
  return { kind: 'subquery', query, alias, place };
}

function table(reader: TokenReader): TableReference {
  const { place } = reader;
  const first = reader.name();
  const second = reader.acceptSymbol('.') ? reader.name() : undefined;
  if (reader.isSymbol('.')) throw reader.refuse('names of three parts are not translated');
  if (reader.isSymbol('(')) throw reader.refuse('functions in FROM are not translated');
  if (reader.isWord('tablesample')) throw reader.refuse('TABLESAMPLE reads other rows each time');
  if (reader.isWord('for')) throw reader.refuse('reading an older version of a table is not translated');
  const name = second ?? first;
  const database = second === undefined ? {} : { database: first };
  const alias = reader.alias() ?? name;
  if (reader.isWord('tablesample')) throw reader.refuse('TABLESAMPLE reads other rows each time');
  return { kind: 'table', ...database, name, alias, place };
}

function lateral(parser: QueryParser, left: FromItem): FromItem {
  const { reader, expressions } = parser;
  const { place } = reader;
  reader.expectWords('lateral', 'view');
  const isOuter = reader.acceptWords('outer');
  const functionPlace = reader.place;
  const call = parseCall(expressions, reader.name(), functionPlace);
  const alias = reader.name();
  const columns: string[] = [];
  if (reader.acceptWords('as')) columns.push(...reader.list(() => reader.name()));
  return { kind: 'lateral', left, isOuter, call, alias, columns, place };
}
