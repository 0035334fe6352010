import { parseHiveType, TypeSyntaxError, type HiveType } from '../rules/hive-type.ts';
import { BARE_CALLS, parseCall } from './call-parser.ts';
import type { Expression, Query } from './sql-tree.ts';
import type { TokenReader } from './token-reader.ts';
import { ViewSqlError, type Place } from './view-sql-error.ts';

const CONSTANTS = new Set(['null', 'true', 'false']);

const COMPARISONS = new Set(['=', '==', '<=>', '<>', '!=', '<', '<=', '>', '>=']);

/** Reads expressions with the precedence of Hive's grammar; where versions of Hive differ, parentheses are asked for. */
export class ExpressionParser {
  readonly reader: TokenReader;
  readonly #readQuery: () => Query;

  constructor(reader: TokenReader, readQuery: () => Query) {
    this.reader = reader;
    this.#readQuery = readQuery;
  }

  expression(): Expression {
    return this.#chain(['or'], () => this.#chain(['and'], () => this.#not()));
  }

  #chain(words: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    while (this.reader.peek().kind === 'word' && words.includes(this.reader.peek().text)) {
      const { text, place } = this.reader.take();
      left = binary(text.toUpperCase(), left, operand(), place);
    }
    return left;
  }

  #not(): Expression {
    const { place } = this.reader;
    if (this.reader.isWord('not') && this.reader.peek(1).text === 'exists') {
      this.reader.take();
      return { kind: 'unary', operator: 'NOT', value: this.#comparison(), place };
    }
    if (!this.reader.acceptWords('not')) return this.#comparison();
    return { kind: 'unary', operator: 'NOT', value: this.#not(), place };
  }

  #comparison(): Expression {
    const left = this.#predicate();
    const { kind, text, place } = this.reader.peek();
    if (kind !== 'symbol' || !COMPARISONS.has(text)) return left;
    this.reader.take();
    const compared = binary(text, left, this.#predicate(), place);
    if (this.reader.peek().kind === 'symbol' && COMPARISONS.has(this.reader.peek().text))
      throw this.reader.refuse('comparisons in a row are read in different orders by different versions of Hive');
    return compared;
  }

  /** What may follow a value: IS, IN, BETWEEN, LIKE. */
  #predicate(): Expression {
    const value = this.#arithmetic();
    const { place } = this.reader;
    if (this.reader.acceptWords('is')) return this.#is(value, place);
    const isNegated = this.reader.acceptWords('not');
    if (this.reader.acceptWords('between')) {
      const low = this.#arithmetic();
      this.reader.expectWords('and');
      return { kind: 'between', value, low, high: this.#arithmetic(), isNegated, place };
    }
    if (this.reader.acceptWords('in')) return this.#in(value, isNegated, place);
    if (this.reader.acceptWords('like'))
      return { kind: 'match', operator: 'LIKE', value, pattern: this.#arithmetic(), isNegated, place };
    if (this.reader.acceptWords('rlike') || this.reader.acceptWords('regexp'))
      return { kind: 'match', operator: 'RLIKE', value, pattern: this.#arithmetic(), isNegated, place };
    if (isNegated) throw this.reader.fault('"BETWEEN", "IN" or "LIKE"');
    return value;
  }

  #is(value: Expression, place: Place): Expression {
    if (value.kind === 'binary' && !value.isEnclosed)
      throw new ViewSqlError('IS after an operator is read in different orders by different versions of Hive', place);
    const isNegated = this.reader.acceptWords('not');
    for (const what of ['NULL', 'TRUE', 'FALSE'] as const) {
      if (this.reader.acceptWords(what.toLowerCase())) return { kind: 'is', value, what, isNegated, place };
    }
    throw this.reader.fault('"NULL", "TRUE" or "FALSE"');
  }

  #in(value: Expression, isNegated: boolean, place: Place): Expression {
    this.reader.expectSymbol('(');
    const isQuery = this.reader.isWord('select') || this.reader.isWord('with');
    const operand = isQuery ? this.#readQuery() : this.reader.list(() => this.expression());
    this.reader.expectSymbol(')');
    if (Array.isArray(operand)) return { kind: 'in', value, list: operand, isNegated, place };
    return { kind: 'in-query', value, query: operand, isNegated, place };
  }

  #arithmetic(): Expression {
    return this.#operators(LEVELS.length - 1);
  }

  #operators(level: number): Expression {
    if (level < 0) return this.#unary();
    let left = this.#operators(level - 1);
    while (isOperator(this.reader, LEVELS[level]!)) {
      const { text, place } = this.reader.take();
      left = binary(text.toUpperCase(), left, this.#operators(level - 1), place);
    }
    return left;
  }

  #unary(): Expression {
    const { text, kind, place } = this.reader.peek();
    if (kind !== 'symbol' || (text !== '-' && text !== '+' && text !== '~')) return this.#suffixed();
    this.reader.take();
    return { kind: 'unary', operator: text, value: this.#unary(), place };
  }

  #suffixed(): Expression {
    let value = this.#atom();
    for (;;) {
      const { place } = this.reader;
      if (this.reader.acceptSymbol('[')) {
        value = { kind: 'index', value, index: this.expression(), place };
        this.reader.expectSymbol(']');
      } else if (this.reader.acceptSymbol('.')) {
        const name = this.reader.name();
        value =
          value.kind === 'column' ? { ...value, parts: [...value.parts, name] } : { kind: 'field', value, name, place };
      } else if (value.kind === 'column' && value.parts.length > 1 && this.reader.isSymbol('(')) {
        value = parseCall(this, value.parts.join('.'), value.place);
      } else return value;
    }
  }

  #atom(): Expression {
    const { reader } = this;
    const token = reader.peek();
    const { place, text } = token;
    if (token.kind === 'number') return { kind: 'literal', literal: 'number', text: reader.take().text, place };
    if (token.kind === 'string') return { kind: 'literal', literal: 'string', text: this.#strings(), place };
    if (reader.acceptSymbol('(')) return this.#enclosed(place);
    if (token.kind === 'word') return this.#word(text, place);
    if (token.kind === 'quoted') {
      reader.take();
      return reader.isSymbol('(') ? parseCall(this, text, place) : { kind: 'column', parts: [text], place };
    }
    throw reader.fault('an expression');
  }

  /** Strings in a row are one. */
  #strings(): string {
    let text = this.reader.take().text;
    while (this.reader.peek().kind === 'string') text += this.reader.take().text;
    return text;
  }

  #enclosed(place: Place): Expression {
    const isQuery = this.reader.isWord('select') || this.reader.isWord('with');
    const value = isQuery ? ({ kind: 'scalar', query: this.#readQuery(), place } as const) : this.expression();
    this.reader.expectSymbol(')');
    return value.kind === 'binary' ? { ...value, isEnclosed: true } : value;
  }

  #word(text: string, place: Place): Expression {
    const { reader } = this;
    const next = reader.peek(1);
    if (text === 'case') return this.#case();
    if (CONSTANTS.has(text)) return this.#constant();
    if (text === 'interval' && next.text !== '.' && next.text !== ')')
      throw reader.refuse('arithmetic with INTERVAL is not translated');
    if (next.text === '(' && text === 'cast') return this.#cast();
    if (next.text === '(' && text === 'exists') return this.#exists();
    return this.#named(text, place);
  }

  #named(text: string, place: Place): Expression {
    const { reader } = this;
    const next = reader.peek(1);
    const type = text === 'date' || text === 'timestamp' ? text : undefined;
    reader.take();
    if (type !== undefined && next.kind === 'string')
      return { kind: 'literal', literal: type, text: reader.take().text, place };
    if (reader.isSymbol('(') || BARE_CALLS.has(text)) return parseCall(this, text, place);
    return { kind: 'column', parts: [text], place };
  }

  #constant(): Expression {
    const { text, place } = this.reader.take();
    return { kind: 'literal', literal: text === 'null' ? 'null' : 'boolean', text, place };
  }

  #exists(): Expression {
    const { place } = this.reader.take();
    this.reader.expectSymbol('(');
    const query = this.#readQuery();
    this.reader.expectSymbol(')');
    return { kind: 'exists', query, place };
  }

  #case(): Expression {
    const { place } = this.reader.take();
    const operand = this.reader.isWord('when') ? undefined : this.expression();
    const branches: { when: Expression; then: Expression }[] = [];
    while (this.reader.acceptWords('when')) {
      const when = this.expression();
      this.reader.expectWords('then');
      branches.push({ when, then: this.expression() });
    }
    const otherwise = this.reader.acceptWords('else') ? this.expression() : undefined;
    this.reader.expectWords('end');
    return { kind: 'case', operand, branches, otherwise, place };
  }

  #cast(): Expression {
    const { place } = this.reader.take();
    this.reader.expectSymbol('(');
    const value = this.expression();
    this.reader.expectWords('as');
    const type = this.#type();
    this.reader.expectSymbol(')');
    return { kind: 'cast', value, type, place };
  }

  #type(): HiveType {
    const { reader } = this;
    const { start, place } = reader.peek();
    for (let depth = 0; depth > 0 || !reader.isSymbol(')');) {
      if (reader.peek().kind === 'end') throw reader.fault('a type');
      if (reader.isSymbol('(')) depth++;
      if (reader.isSymbol(')')) depth--;
      reader.take();
    }
    const text = reader.text.slice(start, reader.peek().start).trim();
    try {
      return parseHiveType(text);
    } catch (error) {
      if (error instanceof TypeSyntaxError) throw new ViewSqlError(`the type "${text}" is not understood`, place);
      throw error;
    }
  }
}

/** Binary operators from the tightest to the loosest. */
const LEVELS: readonly (readonly string[])[] = [['^'], ['*', '/', '%', 'div'], ['+', '-'], ['||'], ['&'], ['|']];

function isOperator(reader: TokenReader, operators: readonly string[]): boolean {
  const { kind, text } = reader.peek();
  return (kind === 'symbol' || kind === 'word') && operators.includes(text);
}

function binary(operator: string, left: Expression, right: Expression, place: Place): Expression {
  return { kind: 'binary', operator, left, right, isEnclosed: false, place };
}
