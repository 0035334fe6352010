import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../../src/domain/view-sql/function-catalog.ts';
import { parseViewSql } from '../../../src/domain/view-sql/query-parser.ts';
import { MAPPED_VIEWS, PROOF_VIEWS } from '../../e2e/views-lake.ts';

type Node = Readonly<Record<string, unknown>>;

/** What a node of the tree is, in words that the list below repeats. */
function wordsOf(node: Node): string[] {
  const { kind, name, operator, join, word, sets, what, isNegated, frame, nulls, clause, literal } = node;
  const not = isNegated === true ? 'NOT ' : '';
  const words: Readonly<Record<string, string>> = {
    call: `${String(name)}()`,
    binary: String(operator),
    unary: `unary ${String(operator)}`,
    match: `${not}${String(operator)}`,
    set: String(operator),
    join: String(join),
    is: `IS ${not}${String(what)}`,
    literal: `${String(literal)} literal`,
    lateral: `LATERAL VIEW${node['isOuter'] === true ? ' OUTER' : ''}`,
  };
  return [
    ...(typeof kind === 'string' ? [words[kind] ?? `${not}${kind}`] : []),
    ...(typeof word === 'string' ? [word] : []),
    ...(Array.isArray(sets) ? ['GROUPING SETS'] : []),
    ...(typeof frame === 'string' ? [`frame of ${frame.split(' ')[0]!}`] : []),
    ...(typeof nulls === 'string' ? [`NULLS ${nulls}`] : []),
    ...(typeof clause === 'string' ? [clause] : []),
    ...['isDistinct', 'isStar', 'where', 'having', 'limit', 'over', 'operand', 'isDescending'].filter(
      (field) => node[field] !== undefined && node[field] !== false,
    ),
  ];
}

function* wordsBelow(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield* wordsOf(value as Node);
  for (const part of Object.values(value)) yield* wordsBelow(part);
}

const used = new Set(
  [...PROOF_VIEWS, ...MAPPED_VIEWS]
    .filter(({ name }) => name !== 'by_hand')
    .flatMap(({ query }) => [...wordsBelow(parseViewSql(query.replaceAll('$db', 'db')))]),
);

/** What docs/views.md calls translated, but for functions. `scalar` is refused. */
const CONSTRUCTS = [
  'UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT', 'nested', 'isDistinct', 'where', 'having', 'limit', 'subquery', 'all',
  'GROUPING SETS', 'ROLLUP', 'CUBE', 'SORT BY', 'DISTRIBUTE BY', 'CLUSTER BY', 'NULLS FIRST', 'NULLS LAST', 'isDescending',
  'CROSS JOIN', 'JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'LEFT SEMI JOIN', 'LATERAL VIEW', 'LATERAL VIEW OUTER',
  'explode()', 'posexplode()', 'in-query', 'NOT in-query', 'exists', 'in', 'NOT in', 'between', 'case', 'operand', 'cast', 'field', 'index',
  '+', '-', '*', '/', '%', 'DIV', '&', '|', '^', '||', '=', '==', '<=>', '<>', '!=', '<', '>', '>=', 'AND', 'OR', 'unary -', 'unary +', 'unary ~', 'unary NOT',
  'LIKE', 'NOT LIKE', 'RLIKE', 'IS NULL', 'IS NOT NULL', 'IS TRUE', 'IS NOT TRUE', 'IS FALSE', 'over', 'frame of ROWS', 'frame of RANGE', 'isStar',
  'null literal', 'boolean literal', 'string literal', 'number literal', 'date literal', 'timestamp literal',
]; // prettier-ignore

describe('views that are read on real servers', () => {
  it('hold every function that is translated', () => {
    expect(FUNCTION_NAMES.length).toBeGreaterThan(80);
    // One name is that of two calls that are translated together.
    expect(FUNCTION_NAMES.filter((name) => /^\w+$/.test(name)).filter((name) => !used.has(`${name}()`))).toEqual([]);
  });

  it('hold every construct that is translated', () => {
    expect(CONSTRUCTS.filter((construct) => !used.has(construct))).toEqual([]);
  });

  it('hold no construct that the list leaves out', () => {
    const known = new Set([
      ...CONSTRUCTS,
      ...FUNCTION_NAMES.map((name) => `${name}()`),
      'select',
      'primitive',
      'expression',
      'table',
      'column',
    ]);
    expect([...used].filter((word) => !known.has(word))).toEqual([]);
  });
});
