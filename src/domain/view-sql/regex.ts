import { quoteString } from './hive-string.ts';

const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z_0-9',
  s: ' \\t\\n\\x0B\\f\\r',
};
const LITERAL_ESCAPE = /[\\^$.|?*+()[\]{}/\-"'#&~!%@:;,<>= _`]/;

/**
 * A regular expression of Java as Athena's engine reads it. `\d`, `\w` and `\s` are spelt out, since they take in all of Unicode
 * there; undefined for constructs that both engines may read differently (look-around, back references, flags, `\b`, `\p`…).
 */
export function translateRegex(pattern: string): string | undefined {
  let translated = '';
  let isInClass = false;
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index]!;
    if (char === '\\') {
      const escape = escapeOf(pattern[++index], isInClass);
      if (escape === undefined) return undefined;
      translated += escape;
      continue;
    }
    if (isInClass ? char === '[' || pattern.startsWith('&&', index) : isUnsure(pattern, index)) return undefined;
    if (char === '[') isInClass = true;
    else if (char === ']') isInClass = false;
    translated += char;
  }
  return isInClass ? undefined : translated;
}

function escapeOf(char: string | undefined, isInClass: boolean): string | undefined {
  if (char === undefined) return undefined;
  if (/[tnrf]/.test(char) || LITERAL_ESCAPE.test(char)) return `\\${char}`;
  const members = CLASSES[char.toLowerCase()];
  if (members === undefined) return undefined;
  if (isInClass) return char === char.toLowerCase() ? members : undefined;
  return char === char.toLowerCase() ? `[${members}]` : `[^${members}]`;
}

/** Groups with flags or names, and possessive quantifiers. `(?:` is alike. */
function isUnsure(pattern: string, index: number): boolean {
  if (pattern.startsWith('(?', index)) return pattern[index + 2] !== ':';
  return /^[*+?}]\+/.test(pattern.slice(index, index + 2));
}

/** The text that a pattern stands for when it stands for one text only. */
export function plainTextOfRegex(pattern: string): string | undefined {
  const text = pattern.replace(
    /\\([^a-zA-Z0-9])|\[([^\\^[\]])\]/g,
    (_, escaped: string | undefined, single: string) => `\u0000${escaped ?? single}`,
  );
  if (/(?<!\u0000)[\\^$.|?*+()[\]{}]/.test(text) || text === '') return undefined;
  return text.replaceAll('\u0000', '');
}

/** The pattern as a literal of Athena; undefined as {@link translateRegex}. */
export function regexOfLiteral(pattern: string): string | undefined {
  const regex = translateRegex(pattern);
  return regex === undefined ? undefined : quoteString(regex);
}
