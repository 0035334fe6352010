import type { Reason } from '../plan.ts';
import type { GovernedTable } from './governed-table.ts';
import { rowFilterTokens, type Token } from './row-filter-tokens.ts';

export type RowFilterRuling =
  | { readonly isSupported: true; readonly expression: string }
  | { readonly isSupported: false; readonly reason: Reason };

const MAX_LENGTH = 2048;

/**
 * A Hive row filter as a Lake Formation filter expression, or why it cannot be one. Lake Formation compares columns with constants of the column's
 * own type, joined by AND and OR, in fewer than 2048 characters, without functions; dates, timestamps, arrays and maps cannot be compared, and
 * partition columns cannot be tested for NULL (Lake Formation developer guide, "PartiQL support in row filter expressions").
 */
export function toRowFilter(hive: string, table: GovernedTable): RowFilterRuling {
  if (hive.length > MAX_LENGTH * 2) return unsupported(`it is ${hive.length} characters long`);
  const tokens = rowFilterTokens(hive);
  if (tokens === undefined) return unsupported('it holds more than columns, constants and comparisons');
  try {
    const reader = new FilterReader(tokens, table);
    const expression = reader.whole();
    if (expression.length >= MAX_LENGTH) return unsupported(`Lake Formation takes fewer than ${MAX_LENGTH} characters`);
    return { isSupported: true, expression };
  } catch (error) {
    if (error instanceof NotExpressible) return unsupported(error.message);
    throw error;
  }
}

function unsupported(why: string): RowFilterRuling {
  return {
    isSupported: false,
    reason: {
      code: 'ROW_FILTER_NOT_EXPRESSIBLE',
      text: `the row filter cannot be a Lake Formation filter: ${why}`,
      hint: 'Make a view that filters, at the target, and grant on that.',
    },
  };
}

class NotExpressible extends Error {}

type ColumnKind = 'string' | 'number' | 'boolean';

function columnKind(type: string): ColumnKind | undefined {
  const base = /^\w+/.exec(type.toLowerCase())?.[0] ?? '';
  // Hive compares `char` without its padding; what Lake Formation does with it is not told.
  if (['string', 'varchar'].includes(base)) return 'string';
  if (['int', 'integer', 'bigint', 'float', 'double', 'decimal', 'numeric'].includes(base)) return 'number';
  return base === 'boolean' ? 'boolean' : undefined;
}

/** or := and (OR and)* ; and := not (AND not)* ; not := [NOT] (comparison | "(" or ")"). Everything is written back with its own parentheses. */
class FilterReader {
  readonly #tokens: readonly Token[];
  readonly #table: GovernedTable;
  #next = 0;

  constructor(tokens: readonly Token[], table: GovernedTable) {
    this.#tokens = tokens;
    this.#table = table;
  }

  whole(): string {
    const expression = this.#joined('or');
    if (this.#next < this.#tokens.length) throw new NotExpressible('it does not end where a comparison ends');
    return expression;
  }

  #joined(word: 'or' | 'and'): string {
    const operand = (): string => (word === 'or' ? this.#joined('and') : this.#negation());
    const operands = [operand()];
    while (this.#take('word', word)) operands.push(operand());
    if (operands.length === 1) return operands[0]!;
    return operands.map((text) => `(${text})`).join(` ${word.toUpperCase()} `);
  }

  #negation(): string {
    if (this.#take('word', 'not')) return `NOT (${this.#negation()})`;
    if (!this.#take('sign', '(')) return this.#comparison();
    const inner = this.#joined('or');
    this.#expect('sign', ')');
    return inner;
  }

  #comparison(): string {
    const token = this.#tokens[this.#next++];
    if (token?.kind !== 'name') throw new NotExpressible('a comparison must begin with a column');
    const column = this.#column(token.text);
    if (this.#take('word', 'is')) return this.#nullTest(column.name);
    const not = this.#take('word', 'not') ? 'NOT ' : '';
    if (this.#take('word', 'in')) return `${column.name} ${not}IN (${this.#constants(column.kind)})`;
    if (this.#take('word', 'like')) return `${column.name} ${not}LIKE ${this.#constant(column.kind)}`;
    if (this.#take('word', 'between')) {
      const low = this.#constant(column.kind);
      this.#expect('word', 'and');
      return `${column.name} ${not}BETWEEN ${low} AND ${this.#constant(column.kind)}`;
    }
    if (not !== '') throw new NotExpressible('NOT stands before no IN, LIKE or BETWEEN');
    return `${column.name} ${this.#operator()} ${this.#constant(column.kind)}`;
  }

  #column(written: string): { readonly name: string; readonly kind: ColumnKind } {
    const name = written.toLowerCase();
    const column = this.#table.columns.find((known) => known.name.toLowerCase() === name);
    if (column === undefined)
      throw new NotExpressible(`"${written}" is no column of the table, and functions are not allowed`);
    if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new NotExpressible(`the name of column "${name}" needs quoting`);
    const kind = columnKind(column.type);
    if (kind === undefined)
      throw new NotExpressible(`column "${name}" is of type ${column.type}, which cannot be compared`);
    return { name, kind };
  }

  #nullTest(name: string): string {
    const not = this.#take('word', 'not') ? 'NOT ' : '';
    this.#expect('word', 'null');
    if (this.#table.partitionKeys.has(name))
      throw new NotExpressible(`"${name}" is a partition column, which cannot be tested for NULL`);
    return `${name} IS ${not}NULL`;
  }

  #operator(): string {
    const token = this.#tokens[this.#next++];
    const text = token?.kind === 'sign' ? token.text : '';
    if (!['=', '==', '<', '>', '<=', '>=', '<>', '!='].includes(text))
      throw new NotExpressible('a comparison lacks its sign');
    return text === '==' ? '=' : text;
  }

  #constants(kind: ColumnKind): string {
    this.#expect('sign', '(');
    const values = [this.#constant(kind)];
    while (this.#take('sign', ',')) values.push(this.#constant(kind));
    this.#expect('sign', ')');
    return values.join(', ');
  }

  #constant(kind: ColumnKind): string {
    const token = this.#tokens[this.#next++];
    if (token?.kind === 'string' && kind === 'string') return `'${token.value.replaceAll("'", "''")}'`;
    if (token?.kind === 'number' && kind === 'number') return token.text;
    if (token?.kind === 'word' && kind === 'boolean' && ['true', 'false'].includes(token.text)) return token.text;
    throw new NotExpressible(`a column of kind ${kind} must be compared with a constant of that kind`);
  }

  #take(kind: Token['kind'], text: string): boolean {
    const token = this.#tokens[this.#next];
    const isIt = token?.kind === kind && 'text' in token && token.text === text;
    if (isIt) this.#next++;
    return isIt;
  }

  #expect(kind: Token['kind'], text: string): void {
    if (!this.#take(kind, text)) throw new NotExpressible(`"${text}" is missing`);
  }
}
