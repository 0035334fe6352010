import type { GeneratedFile } from './blueprint.ts';

/** What a spreadsheet would compute. */
const FORMULA = /^[=+\-@\t\r]/;

/** RFC 4180 lines; a cell that a spreadsheet would take for a formula begins with an apostrophe. */
export function csvFile(path: string, rows: readonly (readonly string[])[]): GeneratedFile {
  return { path, text: rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('') };
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",'\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
