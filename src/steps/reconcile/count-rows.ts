import { DEFAULT_PARTITION, partitionValues } from '../../domain/partition-name.ts';
import type { Column } from '../../domain/table.ts';
import { LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';

/** Rows per combination of partition values; the empty key for a table without partitions. */
export type RowCounts = ReadonlyMap<string, bigint>;

interface Counted {
  readonly database: string;
  readonly name: string;
  readonly keys: readonly Column[];
}

export async function countRows(engine: QueryEngine, table: Counted, signal: AbortSignal): Promise<RowCounts> {
  const counts = new Map<string, bigint>();
  for (const row of await engine.query(countingSql(engine, table), signal)) {
    const count = row.at(-1);
    if (count === undefined || !/^\d+$/.test(count)) throw badCount(engine, table, count);
    const key = keyOf(table.keys, row.slice(0, -1));
    counts.set(key, (counts.get(key) ?? 0n) + BigInt(count));
  }
  return counts;
}

function countingSql(engine: QueryEngine, { database, name, keys }: Counted): string {
  const [text, always] = engine.name === 'hive' ? ['varchar(65535)', ' WHERE rand() >= 0'] : ['varchar', ''];
  const columns = keys.map((key) => engine.quoteColumn(key.name));
  const selected = [...columns.map((column) => `cast(${column} AS ${text})`), `cast(count(*) AS ${text})`];
  const grouped = columns.length === 0 ? '' : ` GROUP BY ${columns.join(', ')}`;
  // Hive answers a bare count from statistics, which may be stale (hive.compute.query.using.stats); a condition makes it read the rows.
  return `SELECT ${selected.join(', ')} FROM ${engine.quoteTable(database, name)}${always}${grouped}`;
}

/** The key under which a partition's rows are counted. */
export function rowKey(keys: readonly Column[], name: string): string {
  return keyOf(keys, partitionValues(name));
}

function keyOf(keys: readonly Column[], values: readonly (string | undefined)[]): string {
  return keys.map(({ type }, index) => canonical(type, values[index])).join('/');
}

/** Engines print one value in several ways: NULL as itself or by Hive's name for it, numbers with and without zeros in front or behind. */
function canonical(type: string, value: string | undefined): string {
  if (value === undefined || value === '' || isDefault(type, value)) return DEFAULT_PARTITION;
  if (/^(tinyint|smallint|int|integer|bigint)$/i.test(type))
    return /^-?\d+$/.test(value) ? String(BigInt(value)) : value;
  if (/^decimal/i.test(type)) return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
  if (/^(float|double)$/i.test(type)) return String(Number(value));
  if (/^timestamp/i.test(type)) return value.replace(/\.0+$/, '').replace(/(\.\d*?)0+$/, '$1');
  if (/^boolean$/i.test(type)) return value.toLowerCase();
  if (/^char/i.test(type)) return value.trimEnd();
  return value.replaceAll('%', '%25').replaceAll('/', '%2F');
}

/** Hive cuts the name that stands for NULL to the length of a char or varchar key. */
function isDefault(type: string, value: string): boolean {
  const length = /^(?:var)?char\((\d+)\)$/i.exec(type)?.[1];
  return value === DEFAULT_PARTITION.slice(0, length === undefined ? undefined : Number(length));
}

function badCount({ name }: QueryEngine, table: Counted, count: string | undefined): LakeliftError {
  return new LakeliftError(`${name} answered "${count ?? 'NULL'}" where a count was asked for`, {
    kind: 'corrupt',
    code: 'ROW_COUNT_UNREADABLE',
    subject: `${table.database}.${table.name}`,
  });
}
