/** Codes whose first digits name another département than their communes lie in (INSEE, code officiel géographique). */
const EXCEPTIONS: Readonly<Record<string, string>> = { '94390': '91', '97133': '977', '97150': '978', '98799': '989' };

/**
 * Département of a French postal code, undefined for what is none. Corsica is two (20000 to 20199 the south), overseas have three digits. Sixteen codes reach
 * into a second département; these count for the one they are named after.
 */
export function departmentOf(postalCode: string): string | undefined {
  const code = postalCode.trim();
  if (!/^\d{5}$/.test(code)) return undefined;
  const exception = EXCEPTIONS[code];
  if (exception !== undefined) return exception;
  if (code.startsWith('20')) return code < '20200' ? '2A' : '2B';
  return /^9[78]/.test(code) ? code.slice(0, 3) : code.slice(0, 2);
}

/** DuckDB's SQL for {@link departmentOf} of a text expression. */
export function departmentSql(text: string): string {
  const code = `trim(${text})`;
  const exceptions = Object.entries(EXCEPTIONS).map(([from, to]) => `WHEN ${code} = '${from}' THEN '${to}'`);
  return [
    `CASE WHEN NOT regexp_full_match(${code}, '[0-9]{5}') THEN NULL`,
    ...exceptions,
    `WHEN ${code} LIKE '20%' THEN CASE WHEN ${code} < '20200' THEN '2A' ELSE '2B' END`,
    `WHEN left(${code}, 2) IN ('97', '98') THEN left(${code}, 3)`,
    `ELSE left(${code}, 2) END`,
  ].join(' ');
}
