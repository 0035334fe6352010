import { tokensOfHive, type Token } from './sql-tokens.ts';
import { ViewSqlError, type Place } from './view-sql-error.ts';

/** Words that end an expression, and are thus no alias without AS. */
const NO_ALIAS = new Set(
  (
    'from where group having order sort cluster distribute limit union intersect except minus on using join inner left right full ' +
    'cross natural lateral as window tablesample when then else end and or not is in between like rlike regexp asc desc nulls ' +
    'rows range over div offset grouping with qualify select preceding following'
  ).split(' '),
);

/** Walks over the tokens of a view's text. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokensOfHive(text);
  }

  get place(): Place {
    return this.peek().place;
  }

  peek(offset = 0): Token {
    return this.#tokens[Math.min(this.#next + offset, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  isWord(...words: readonly string[]): boolean {
    return words.every((word, index) => this.peek(index).kind === 'word' && this.peek(index).text === word);
  }

  isSymbol(symbol: string, offset = 0): boolean {
    return this.peek(offset).kind === 'symbol' && this.peek(offset).text === symbol;
  }

  /** Takes the words when all of them come next. */
  acceptWords(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.#next += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#next++;
    return true;
  }

  expectWords(...words: readonly string[]): void {
    if (!this.acceptWords(...words)) throw this.fault(`"${words.join(' ').toUpperCase()}"`);
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) throw this.fault(`"${symbol}"`);
  }

  name(): string {
    const token = this.peek();
    if (token.kind !== 'quoted' && token.kind !== 'word') throw this.fault('a name');
    return this.take().text;
  }

  /** An alias, with AS or without; undefined when there is none. */
  alias(): string | undefined {
    if (this.acceptWords('as')) return this.name();
    const token = this.peek();
    const isAlias = token.kind === 'quoted' || (token.kind === 'word' && !NO_ALIAS.has(token.text));
    return isAlias ? this.take().text : undefined;
  }

  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  fault(expected: string): ViewSqlError {
    return new ViewSqlError(`${expected} was expected, and "${this.peek().text}" stands there`, this.place);
  }

  refuse(message: string): ViewSqlError {
    return new ViewSqlError(message, this.place);
  }
}
