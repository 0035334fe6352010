const SINGLE: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
};

/**
 * The value of a string literal of Hive without its quotes. `\%` and `\_` keep their backslash, which is theirs to LIKE
 * (Hive: `BaseSemanticAnalyzer.unescapeSQLString`).
 */
export function unescapeHiveString(body: string): string {
  return body.replace(/\\(u[0-9a-fA-F]{4}|[0-1][0-7]{2}|[\s\S])/g, (whole, escape: string) => {
    if (escape.length === 5) return String.fromCharCode(parseInt(escape.slice(1), 16));
    if (escape.length === 3) return String.fromCharCode(parseInt(escape, 8));
    if (escape === '%' || escape === '_') return whole;
    return SINGLE[escape] ?? escape;
  });
}

/** A string literal of Trino. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name of Trino. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
