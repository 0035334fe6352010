import { DIALECTS } from '../domain/fingerprint/dialects.ts';
import { kindOfValues, type ValueFinding } from '../domain/rules/personal-values.ts';
import { isView, type Table } from '../domain/table.ts';
import { isLakeliftError, type ErrorKind } from '../errors.ts';
import type { QueryEngine } from '../ports/query-engine.ts';

const ROWS = 200;
/** Concern one table; whatever else fails is heard. */
const UNREADABLE: ReadonlySet<ErrorKind> = new Set(['unsupported', 'corrupt', 'usage', 'denied', 'not-found']);

/**
 * Reads some rows of a table with the engine of the source, and tells by form and check digits what its columns hold. Values stay in memory,
 * and nothing of them is in the result. Empty where the engine does not read such a table; columns that are no text or number are left out.
 */
export async function sampleColumns(
  engine: QueryEngine,
  table: Table,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, ValueFinding>> {
  const names = table.storage.columns.filter(({ type }) => isPlain(type)).map(({ name }) => name.toLowerCase());
  if (names.length === 0 || isView(table)) return new Map();
  const dialect = DIALECTS[engine.name];
  const columns = names.map((name) => `cast(${dialect.quote(name)} AS ${dialect.textType})`);
  const from = `${dialect.quote(table.name.database)}.${dialect.quote(table.name.table)}`;
  const sql = `SELECT ${columns.join(', ')} FROM ${from} LIMIT ${ROWS}`;
  const rows = await rowsOf(engine, sql, signal);
  return new Map(
    names.flatMap((name, index) => {
      const finding = kindOfValues(
        rows.map((row) => row[index]),
        name,
      );
      return finding === undefined ? [] : [[name, finding] as const];
    }),
  );
}

/** A table that cannot be read is classed by the names of its columns. */
async function rowsOf(
  engine: QueryEngine,
  sql: string,
  signal: AbortSignal | undefined,
): Promise<(string | undefined)[][]> {
  try {
    return await engine.query(sql, signal);
  } catch (error) {
    if (isLakeliftError(error) && UNREADABLE.has(error.kind)) return [];
    throw error;
  }
}

function isPlain(type: string): boolean {
  return /^(string|varchar|char|bigint|int|decimal)\b/i.test(type);
}
