/** A Hive type, parsed. Names are lower case. */
export type HiveType =
  | { readonly kind: 'primitive'; readonly name: string; readonly parameters: readonly number[] }
  | { readonly kind: 'array'; readonly element: HiveType }
  | { readonly kind: 'map'; readonly key: HiveType; readonly value: HiveType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'union'; readonly members: readonly HiveType[] };

export interface StructField {
  readonly name: string;
  readonly type: HiveType;
}

/** The text of a type that cannot be read; `position` counts from 0. */
export class TypeSyntaxError extends Error {
  override readonly name = 'TypeSyntaxError';
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

const TOKEN = /\s*(?:(`(?:[^`]|``)*`)|('(?:[^'\\]|\\.)*')|([<>(),:])|([^\s<>(),:`']+))/y;

interface Token {
  readonly text: string;
  readonly position: number;
}

/**
 * Reads a type as Hive's `TypeInfoUtils` writes it, at any depth:
 * `type := name [ '(' number {',' number} ')' | '(' quoted zone ')' ] | array<type> | map<type,type> | struct<field:type {,…}> | uniontype<type {,…}>`.
 * Throws {@link TypeSyntaxError}.
 */
export function parseHiveType(text: string): HiveType {
  const reader = new TypeReader(tokensOf(text), text.length);
  const type = reader.readType();
  reader.expectEnd();
  return type;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new TypeSyntaxError(`unexpected character at position ${start}`, start);
    tokens.push({ text: match[0].trimStart(), position: start });
  }
  return tokens;
}

class TypeReader {
  readonly #tokens: readonly Token[];
  readonly #length: number;
  #next = 0;

  constructor(tokens: readonly Token[], length: number) {
    this.#tokens = tokens;
    this.#length = length;
  }

  readType(): HiveType {
    const name = this.#word();
    if (name === 'array') return this.#between(() => ({ kind: 'array', element: this.readType() }));
    if (name === 'map') return this.#between(() => this.#mapBody());
    if (name === 'struct') return this.#between(() => ({ kind: 'struct', fields: this.#list(() => this.#field()) }));
    if (name === 'uniontype')
      return this.#between(() => ({ kind: 'union', members: this.#list(() => this.readType()) }));
    return { kind: 'primitive', name: this.#fullName(name), parameters: this.#parameters() };
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length) throw this.#fault('nothing more');
  }

  #mapBody(): HiveType {
    const key = this.readType();
    this.#expect(',');
    return { kind: 'map', key, value: this.readType() };
  }

  #field(): StructField {
    const name = this.#fieldName();
    this.#expect(':');
    const type = this.readType();
    if (this.#accept('comment')) this.#next++;
    return { name, type };
  }

  #fieldName(): string {
    const text = this.#peek();
    if (!text?.startsWith('`')) return this.#word();
    this.#next++;
    return text.slice(1, -1).replaceAll('``', '`').toLowerCase();
  }

  /** Names of several words: `timestamp with local time zone`, `double precision`. */
  #fullName(first: string): string {
    const words = [first];
    while (/^[a-z]/i.test(this.#peek() ?? '') && this.#peek()!.toLowerCase() !== 'comment') words.push(this.#word());
    return words.join(' ');
  }

  #parameters(): number[] {
    if (!this.#accept('(')) return [];
    if (this.#skipZone()) return [];
    const numbers = this.#list(() => {
      const word = this.#word();
      if (!/^\d+$/.test(word)) throw this.#fault('a number', -1);
      return Number(word);
    });
    this.#expect(')');
    return numbers;
  }

  /** The session's, in `timestamp with local time zone('Europe/Paris')`: values are instants whatever it is. */
  #skipZone(): boolean {
    if (this.#peek()?.startsWith("'") !== true) return false;
    this.#next++;
    this.#expect(')');
    return true;
  }

  #between(body: () => HiveType): HiveType {
    this.#expect('<');
    const type = body();
    this.#expect('>');
    return type;
  }

  #list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.#accept(',')) items.push(item());
    return items;
  }

  #word(): string {
    const text = this.#peek();
    if (text === undefined || /^[<>(),:`']/.test(text)) throw this.#fault('a name');
    this.#next++;
    return text.toLowerCase();
  }

  #accept(text: string): boolean {
    if (this.#peek()?.toLowerCase() !== text) return false;
    this.#next++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#accept(text)) throw this.#fault(`"${text}"`);
  }

  #peek(): string | undefined {
    return this.#tokens[this.#next]?.text;
  }

  #fault(expected: string, offset = 0): TypeSyntaxError {
    const position = this.#tokens[this.#next + offset]?.position ?? this.#length;
    return new TypeSyntaxError(`${expected} expected at position ${position}`, position);
  }
}
