import { mappedLines } from './mapped-lines.ts';

/** The characters that a table's parameters give OpenCSVSerde. */
export interface CsvLayout {
  readonly separator: string;
  readonly quote: string;
  readonly escape: string;
}

export function csvLayout(parameters: Readonly<Record<string, string>>): CsvLayout {
  const { separatorChar = ',', quoteChar = '"', escapeChar = '\\' } = parameters;
  return { separator: separatorChar, quote: quoteChar, escape: escapeChar };
}

/**
 * A line taken apart as OpenCSVSerde does (opencsv 2.3, CSVParser.parseLine): inside quotes a doubled quote is one, and so is an escaped one; a quote
 * in the middle of a field stays; an escape before anything else is dropped, and so is a field whose quote is never closed. An empty line has no field.
 */
export function openCsvFields(line: string, layout: CsvLayout): string[] {
  const { separator, quote, escape } = layout;
  if (line === '') return [];
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  let isInField = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if ((isQuoted || isInField) && standsForNext(layout, char, line[at + 1])) {
      field += line[++at]!;
      if (char === quote) isInField = !isInField;
    } else if (char === escape) continue;
    else if (char === quote) {
      // Blanks in front of a quote are dropped.
      if (isEmbedded(line, at, separator)) field = /^\s+$/.test(field) ? '' : field + char;
      isQuoted = !isQuoted;
      isInField = !isInField;
    } else if (char === separator && !isQuoted) {
      fields.push(field);
      field = '';
      isInField = false;
    } else {
      field += char;
      isInField = true;
    }
  }
  return isQuoted ? fields : [...fields, field];
}

function standsForNext({ quote, escape }: CsvLayout, char: string, next: string | undefined): boolean {
  return next === quote ? char === quote || char === escape : next === escape && char === escape;
}

/** A quote that neither opens nor closes a field. */
function isEmbedded(line: string, at: number, separator: string): boolean {
  const next = line[at + 1];
  return at > 2 && line[at - 1] !== separator && next !== undefined && next !== separator;
}

/** Stands without quotes, and no field does. */
export const CSV_NULL = String.raw`\N`;

export interface CsvRows extends CsvLayout {
  /** Columns that the table has: fields beyond them are dropped, and NULL stands for those that a line lacks. */
  readonly columns: number;
}

/** The same rows as CSV that has one way of writing a quote only (RFC 4180), which is all that DuckDB reads. */
export function plainCsv(content: AsyncIterable<Uint8Array>, rows: CsvRows): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return mappedLines(content, decoder, (line) => plainLine(line, rows));
}

/** OpenCSVSerde.deserialize. */
function plainLine(line: string, { columns, ...layout }: CsvRows): string {
  const fields = openCsvFields(line.endsWith('\r') ? line.slice(0, -1) : line, layout);
  const written = Array.from({ length: columns }, (_, at) => plainField(fields[at]));
  return `${written.join(',')}\n`;
}

function plainField(field: string | undefined): string {
  return field === undefined ? CSV_NULL : `"${field.replaceAll('"', '""')}"`;
}
