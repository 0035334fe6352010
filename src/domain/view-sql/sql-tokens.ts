import { unescapeHiveString } from './hive-string.ts';
import { ViewSqlError, type Place } from './view-sql-error.ts';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol' | 'end';
  /** Words in lower case; names and strings without quotes and escapes. */
  readonly text: string;
  readonly place: Place;
  /** Offset in the text, from 0. */
  readonly start: number;
}

const BLANK = /(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const TOKENS: readonly { readonly kind: Token['kind']; readonly pattern: RegExp }[] = [
  { kind: 'quoted', pattern: /`(?:[^`]|``)*`/y },
  { kind: 'string', pattern: /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y },
  { kind: 'number', pattern: /(?:\d+\.\d*|\.\d+|\d+)(?:e[+-]?\d+)?(?:bd|[lsydf])?(?![\w])/iy },
  { kind: 'word', pattern: /[a-z_0-9][a-z_0-9]*/iy },
  { kind: 'symbol', pattern: /<=>|<>|!=|<=|>=|==|\|\||[-+*/%&|^~=<>!(),.[\];:]/y },
];

/** The tokens of a query in Hive's SQL, the last one marking the end. Throws {@link ViewSqlError} at what is none. */
export function tokensOfHive(text: string): Token[] {
  const tokens: Token[] = [];
  const placeAt = placesIn(text);
  let position = skipBlank(text, 0);
  while (position < text.length) {
    const [token, end] = tokenAt(text, position, placeAt(position));
    tokens.push(token);
    position = skipBlank(text, end);
  }
  tokens.push({ kind: 'end', text: 'the end', place: placeAt(position), start: position });
  return tokens;
}

function tokenAt(text: string, position: number, place: Place): [Token, number] {
  for (const { kind, pattern } of TOKENS) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (match !== null) return [{ kind, text: valueOf(kind, match[0]), place, start: position }, pattern.lastIndex];
  }
  throw new ViewSqlError(`the character "${text[position]!}" is not understood`, place);
}

function valueOf(kind: Token['kind'], raw: string): string {
  switch (kind) {
    case 'quoted':
      return raw.slice(1, -1).replaceAll('``', '`').toLowerCase();
    case 'string':
      return unescapeHiveString(raw.slice(1, -1));
    case 'word':
      return raw.toLowerCase();
    default:
      return raw;
  }
}

function skipBlank(text: string, position: number): number {
  BLANK.lastIndex = position;
  BLANK.exec(text);
  return BLANK.lastIndex;
}

/** Asked from the beginning to the end, never backwards. */
function placesIn(text: string): (position: number) => Place {
  let line = 1;
  let lineStart = 0;
  return (position) => {
    for (let end = text.indexOf('\n', lineStart); end !== -1 && end < position; end = text.indexOf('\n', lineStart)) {
      line++;
      lineStart = end + 1;
    }
    return { line, column: position - lineStart + 1 };
  };
}
