import { quoteTable } from '../../src/domain/fingerprint/dialect.ts';
import { DIALECTS } from '../../src/domain/fingerprint/dialects.ts';
import { DEFAULT_PARTITION } from '../../src/domain/partition-name.ts';
import type { QueryEngine } from '../../src/ports/query-engine.ts';

export interface TypedColumn {
  readonly name: string;
  /** Hive's spelling. */
  readonly type: string;
  /** An expression that both engines know, in place of the column. */
  readonly read?: string;
}

export type CanonicalRow = readonly (string | null)[];

/** The rows of a table as both engines must give them, in the order of their text. */
export async function canonicalRows(
  engine: QueryEngine,
  table: { readonly database: string; readonly name: string },
  columns: readonly TypedColumn[],
): Promise<CanonicalRow[]> {
  const expressions = columns.map((column) => expressionOf(engine, column));
  const rows = await engine.query(
    `SELECT ${expressions.join(', ')} FROM ${quoteTable(DIALECTS[engine.name], { database: table.database, table: table.name })}`,
  );
  const canonical = rows.map((row) =>
    row.map((value, index) => (value === undefined ? null : canonicalValue(value, columns[index]!.type))),
  );
  return canonical.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Exact text of a value: nothing is rounded or trimmed on the way. */
function expressionOf(engine: QueryEngine, { name, type, read }: TypedColumn): string {
  const column = read ?? DIALECTS[engine.name].quote(name);
  return engine.name === 'hive' ? hiveExpression(column, type) : trinoExpression(column, type);
}

function hiveExpression(column: string, type: string): string {
  if (type === 'binary') return `hex(${column})`;
  // Hive turns decimals of more than twenty digits into NULL when they are cast to string, and casts take the padding off char.
  if (type.startsWith('decimal')) return `cast(${column} AS varchar(60))`;
  if (type === 'float') return `cast(cast(${column} AS double) AS string)`;
  return type.includes('<') || type.startsWith('char') ? column : `cast(${column} AS string)`;
}

function trinoExpression(column: string, type: string): string {
  if (type.includes('<')) return `json_format(cast(${column} AS json))`;
  if (type === 'binary') return `to_hex(${column})`;
  // A real loses digits when it is cast to text at once.
  return type === 'float' ? `cast(cast(${column} AS double) AS varchar)` : `cast(${column} AS varchar)`;
}

function canonicalValue(text: string, type: string): string | null {
  // Hive shows a NULL partition key of text by the name of its folder, cut to the length of the type.
  if (text.startsWith('__HI') && DEFAULT_PARTITION.startsWith(text)) return null;
  if (type.includes('<')) return JSON.stringify(JSON.parse(text, exactValue));
  if (type === 'float' || type === 'double') return String(Number(text));
  if (type.startsWith('decimal')) return withoutZeros(text);
  if (type === 'timestamp') return withoutZeros(text);
  if (type === 'boolean') return text.toLowerCase();
  return text;
}

/** Numbers inside arrays, maps and structs as text, so that no digit is lost; instants without the zeros that one engine writes. */
function exactValue(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === 'string' && INSTANT.test(value)) return withoutZeros(value);
  return typeof value === 'number' ? withoutZeros(context?.source ?? String(value)) : value;
}

const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+$/;

function withoutZeros(number: string): string {
  return number.includes('.') ? number.replace(/\.?0+$/, '') : number;
}
