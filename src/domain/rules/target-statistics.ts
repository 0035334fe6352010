import type { ColumnStatistics, SourceStatistics, ValueStatistics } from '../column-statistics.ts';
import { PERSONAL_CLASSES, type TableMapping } from '../mapping.ts';
import type { Column } from '../table.ts';

/** What a table or partition says of its own column statistics. */
export interface VouchedStatistics {
  /** Columns whose statistics hold, in lower case; undefined where Hive does not say, and those hold that were computed after every change. */
  readonly columns: readonly string[] | undefined;
  /** Of the files that they were computed from; undefined where Hive did not write it down. */
  readonly sizeBytes: number | undefined;
  /** When Hive last wrote to it, seconds since 1970: its calls for statistics do not tell when those were computed. */
  readonly writtenAtSeconds: number;
}

/**
 * Reads COLUMN_STATS_ACCURATE (org.apache.hadoop.hive.common.StatsSetupConst): from Hive 2 on JSON that names each column until something is
 * written. Hive 1 keeps "true" there, which speaks of row counts only; it dates its column statistics instead.
 */
export function vouchedStatistics(
  parameters: Readonly<Record<string, string>>,
  createdAtSeconds: number,
): VouchedStatistics | undefined {
  const word = parameters['COLUMN_STATS_ACCURATE'] ?? '';
  const columns = word.toLowerCase() === 'true' ? undefined : accurateColumns(word);
  if (columns?.length === 0) return undefined;
  const sizeBytes = Number(parameters['totalSize'] ?? Number.NaN);
  const writtenAtSeconds = Number(parameters['transient_lastDdlTime'] ?? createdAtSeconds);
  if (!Number.isFinite(writtenAtSeconds)) return undefined;
  return { columns, sizeBytes: Number.isSafeInteger(sizeBytes) ? sizeBytes : undefined, writtenAtSeconds };
}

function accurateColumns(text: string): string[] {
  if (!text.startsWith('{')) return [];
  try {
    const { COLUMN_STATS: columns = {} } = JSON.parse(text) as { COLUMN_STATS?: Readonly<Record<string, unknown>> };
    return Object.keys(columns)
      .filter((name) => String(columns[name]) === 'true')
      .map((name) => name.toLowerCase())
      .sort();
  } catch {
    return [];
  }
}

const KINDS: readonly (readonly [types: RegExp, kind: ValueStatistics['kind']])[] = [
  [/^boolean$/, 'boolean'],
  [/^(tinyint|smallint|int|bigint)$/, 'long'],
  [/^(float|double)$/, 'double'],
  [/^decimal\(/, 'decimal'],
  [/^date$/, 'date'],
  [/^(string|varchar\(.*|char\(.*)$/, 'string'],
  [/^binary$/, 'binary'],
];

/**
 * What of a source's statistics goes to the target: those of a kind that the column's type there has (timestamps have none in Glue), and bounds
 * only of columns that are not personal, because a bound is a value of somebody.
 */
export function targetStatistics(
  found: readonly SourceStatistics[],
  columns: readonly Column[],
  { mapping, writtenAtSeconds }: { readonly mapping: TableMapping; readonly writtenAtSeconds: number },
): ColumnStatistics[] {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  return found.flatMap(({ column, values }) => {
    const type = types.get(column);
    if (type === undefined || KINDS.find(([pattern]) => pattern.test(type))?.[1] !== values.kind) return [];
    const isPersonal = PERSONAL_CLASSES.has(mapping.columns[column]?.class ?? 'unclassified');
    if (isPersonal && 'least' in values) return [];
    return [{ column, type, analyzedAtSeconds: writtenAtSeconds, values }];
  });
}
