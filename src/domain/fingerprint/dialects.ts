import type { Dialect } from './dialect.ts';
import { DUCKDB } from './duckdb-dialect.ts';
import { HIVE } from './hive-dialect.ts';
import { SPARK } from './spark-dialect.ts';
import { TRINO } from './trino-dialect.ts';

/** By the name of the engine that speaks it. */
export const DIALECTS = {
  hive: HIVE,
  trino: TRINO,
  athena: TRINO,
  duckdb: DUCKDB,
  spark: SPARK,
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof DIALECTS;
