import { DIALECTS } from '../../domain/fingerprint/dialects.ts';
import { added, type Fingerprint } from '../../domain/fingerprint/fingerprint.ts';
import {
  countSql,
  fingerprintSqls,
  type FingerprintedTable,
  type PartitionFilter,
} from '../../domain/fingerprint/fingerprint-sql.ts';
import { DEFAULT_PARTITION, partitionValues } from '../../domain/partition-name.ts';
import type { Column } from '../../domain/table.ts';
import { LakeliftError } from '../../errors.ts';
import type { QueryEngine } from '../../ports/query-engine.ts';

/** What one engine reads in a partition. */
export interface PartitionRows {
  /** Both sums are 0 where rows were only counted. */
  readonly fingerprint: Fingerprint;
  /** The partition's values as this engine prints them; several where it tells values apart that are one here. */
  readonly printed: PartitionFilter;
}

/** By {@link rowKey}; the empty key for a table without partitions. */
export type RowsByPartition = ReadonlyMap<string, PartitionRows>;

export interface Reading {
  readonly engine: QueryEngine;
  readonly table: FingerprintedTable;
  /** Whether rows are counted only, or their values summed up too. */
  readonly level: 'rows' | 'content';
  /** Some partitions only. */
  readonly filter?: PartitionFilter | undefined;
}

export async function readPartitions(reading: Reading, signal: AbortSignal): Promise<RowsByPartition> {
  const { engine, table } = reading;
  const partitions = new Map<string, PartitionRows>();
  for (const [place, sql] of statementsOf(reading).entries()) {
    for (const row of await engine.query(sql, signal)) {
      const values = row.slice(0, table.keys.length);
      const key = keyOf(table.keys, values);
      const fingerprint = fingerprintOf(reading, row.slice(table.keys.length));
      const known = partitions.get(key);
      partitions.set(key, {
        fingerprint: known === undefined ? fingerprint : added(known.fingerprint, fingerprint),
        // The first statement has read every row.
        printed: place === 0 ? [...(known?.printed ?? []), values] : (known?.printed ?? []),
      });
    }
  }
  return partitions;
}

function statementsOf({ engine, table, level, filter }: Reading): string[] {
  const dialect = DIALECTS[engine.name];
  return level === 'rows' ? [countSql(dialect, table, filter)] : fingerprintSqls(dialect, table, filter);
}

function fingerprintOf({ engine, table, level }: Reading, row: readonly (string | undefined)[]): Fingerprint {
  // A table without rows sums up to NULL.
  const numbers = row.map((text) => (level === 'content' ? (text ?? '0') : text));
  const [rows, first = '0', second = '0'] = numbers;
  if (rows === undefined || ![rows, first, second].every((text) => /^\d+$/.test(text)))
    throw badCount(
      engine,
      table,
      numbers.find((text) => text === undefined || !/^\d+$/.test(text)),
    );
  return { rows: BigInt(rows), first: BigInt(first), second: BigInt(second) };
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

function badCount({ name }: QueryEngine, table: FingerprintedTable, count: string | undefined): LakeliftError {
  return new LakeliftError(`${name} answered "${count ?? 'NULL'}" where a count was asked for`, {
    kind: 'unavailable',
    code: 'ROW_COUNT_UNREADABLE',
    subject: `${table.database}.${table.table}`,
  });
}
