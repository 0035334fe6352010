import { parseOrder } from './call-parser.ts';
import { ExpressionParser } from './expression-parser.ts';
import { parseFrom } from './from-parser.ts';
import type { Expression, Grouping, Query, QueryBody, Select, SelectItem } from './sql-tree.ts';
import { TokenReader } from './token-reader.ts';

/**
 * Reads a view's text in Hive's SQL. Refuses, with its place, whatever it does not know: what comes out is what was written.
 * Throws {@link ViewSqlError}.
 */
export function parseViewSql(text: string): Query {
  const parser = new QueryParser(new TokenReader(text));
  const query = parser.query();
  parser.reader.acceptSymbol(';');
  if (parser.reader.peek().kind !== 'end') throw parser.reader.fault('the end of the query');
  return query;
}

export class QueryParser {
  readonly reader: TokenReader;
  readonly expressions: ExpressionParser;

  constructor(reader: TokenReader) {
    this.reader = reader;
    this.expressions = new ExpressionParser(reader, () => this.query());
  }

  query(): Query {
    const ctes = this.reader.acceptWords('with') ? this.reader.list(() => this.#cte()) : [];
    const body = this.#body();
    const orderBy = this.reader.acceptWords('order', 'by') ? parseOrder(this.expressions) : [];
    const limit = this.#limit();
    return { ctes, body, orderBy, ...(limit === undefined ? {} : { limit }) };
  }

  #cte(): Query['ctes'][number] {
    const { place } = this.reader;
    const name = this.reader.name();
    this.reader.expectWords('as');
    this.reader.expectSymbol('(');
    const query = this.query();
    this.reader.expectSymbol(')');
    return { name, query, place };
  }

  #limit(): number | undefined {
    if (!this.reader.acceptWords('limit')) return undefined;
    const { kind, text } = this.reader.peek();
    if (kind !== 'number' || !/^\d+$/.test(text)) throw this.reader.fault('a whole number');
    this.reader.take();
    if (this.reader.isSymbol(',') || this.reader.isWord('offset')) throw this.reader.refuse('OFFSET is not translated');
    return Number(text);
  }

  /** INTERSECT binds tighter in Athena than in Hive: the two are not mixed. */
  #body(): QueryBody {
    let left = this.#term();
    for (;;) {
      const { place } = this.reader;
      const operator = this.#setOperator();
      if (operator === undefined) return left;
      if (left.kind === 'set' && (left.operator === 'INTERSECT') !== (operator === 'INTERSECT'))
        throw this.reader.refuse('INTERSECT beside another set operation needs parentheses');
      left = { kind: 'set', operator, left, right: this.#term(), place };
    }
  }

  #setOperator(): (QueryBody & { kind: 'set' })['operator'] | undefined {
    const { reader } = this;
    if (reader.acceptWords('union', 'all')) return 'UNION ALL';
    const operator = reader.acceptWords('union')
      ? 'UNION'
      : reader.acceptWords('intersect')
        ? 'INTERSECT'
        : reader.acceptWords('except') || reader.acceptWords('minus')
          ? 'EXCEPT'
          : undefined;
    if (operator === undefined) return undefined;
    if (reader.isWord('all')) throw reader.refuse(`${operator} ALL is not translated`);
    reader.acceptWords('distinct');
    return operator;
  }

  #term(): QueryBody {
    if (!this.reader.acceptSymbol('(')) return this.#select();
    const query = this.query();
    this.reader.expectSymbol(')');
    return { kind: 'nested', query };
  }

  #select(): Select {
    const { reader } = this;
    const { place } = reader;
    if (reader.isWord('from')) throw reader.refuse('FROM before SELECT is not translated');
    reader.expectWords('select');
    const isDistinct = reader.acceptWords('distinct');
    if (!isDistinct) reader.acceptWords('all');
    if (reader.isWord('transform')) throw reader.refuse('TRANSFORM runs a script of the cluster');
    const items = reader.list(() => this.#item());
    const from = reader.acceptWords('from') ? parseFrom(this) : undefined;
    const where = this.#optional('where');
    const grouping = reader.acceptWords('group', 'by') ? this.#grouping() : undefined;
    const having = this.#optional('having');
    if (reader.isWord('window')) throw reader.refuse('windows named elsewhere are not translated');
    const spreading = this.#spreading();
    return { kind: 'select', isDistinct, items, from, where, grouping, having, spreading, place };
  }

  #optional(word: string): Expression | undefined {
    return this.reader.acceptWords(word) ? this.expressions.expression() : undefined;
  }

  #item(): SelectItem {
    const { reader } = this;
    const { place } = reader;
    if (reader.acceptSymbol('*')) return { kind: 'all', place };
    if (reader.isSymbol('.', 1) && reader.isSymbol('*', 2)) {
      const qualifier = reader.name();
      reader.take();
      reader.take();
      return { kind: 'all', qualifier, place };
    }
    const expression = this.expressions.expression();
    const alias = reader.alias();
    return { kind: 'expression', expression, alias };
  }

  #grouping(): Grouping {
    const { reader, expressions } = this;
    for (const word of ['rollup', 'cube'] as const) {
      if (!reader.isWord(word) || !reader.isSymbol('(', 1)) continue;
      reader.take();
      return { keys: this.#enclosedList(), word: word.toUpperCase() as 'ROLLUP' };
    }
    const keys = reader.list(() => expressions.expression());
    if (reader.acceptWords('with', 'rollup')) return { keys, word: 'ROLLUP' };
    if (reader.acceptWords('with', 'cube')) return { keys, word: 'CUBE' };
    if (!reader.acceptWords('grouping', 'sets')) return { keys };
    reader.expectSymbol('(');
    const sets = reader.list(() => (reader.isSymbol('(') ? this.#enclosedList() : [expressions.expression()]));
    reader.expectSymbol(')');
    return { keys, sets };
  }

  #enclosedList(): Expression[] {
    this.reader.expectSymbol('(');
    const list = this.reader.isSymbol(')') ? [] : this.reader.list(() => this.expressions.expression());
    this.reader.expectSymbol(')');
    return list;
  }

  #spreading(): Select['spreading'] {
    const found: { clause: string; place: Select['place'] }[] = [];
    for (let isMore = true; isMore;) {
      isMore = false;
      for (const word of ['distribute', 'cluster', 'sort']) {
        const { place } = this.reader;
        if (!this.reader.acceptWords(word, 'by')) continue;
        parseOrder(this.expressions);
        found.push({ clause: `${word.toUpperCase()} BY`, place });
        isMore = true;
      }
    }
    return found;
  }
}
