export type Token =
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'sign'; readonly text: string };

const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'between', 'like', 'is', 'null', 'true', 'false']);
const TOKEN =
  /\s+|(?<quotedName>`[^`]+`)|(?<string>'[^'\\]*'|"[^"\\]*")|(?<number>-?\d+(?:\.\d+)?)(?![\w.])|(?<name>[A-Za-z_]\w*)|(?<sign><=|>=|<>|!=|==|[=<>(),])/y;

/** The words of a Hive expression; undefined where something stands that no row filter of Lake Formation may hold. */
export function rowFilterTokens(expression: string): Token[] | undefined {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.length) {
    const groups = pattern.exec(expression)?.groups;
    if (groups === undefined) return undefined;
    const token = tokenOf(groups);
    if (token !== undefined) tokens.push(token);
  }
  return tokens;
}

function tokenOf({ quotedName, string, number, name, sign }: Readonly<Record<string, string>>): Token | undefined {
  if (quotedName !== undefined) return { kind: 'name', text: quotedName.slice(1, -1) };
  if (string !== undefined) return { kind: 'string', value: string.slice(1, -1) };
  if (number !== undefined) return { kind: 'number', text: number };
  if (sign !== undefined) return { kind: 'sign', text: sign };
  if (name === undefined) return undefined;
  const lower = name.toLowerCase();
  return KEYWORDS.has(lower) ? { kind: 'word', text: lower } : { kind: 'name', text: name };
}
