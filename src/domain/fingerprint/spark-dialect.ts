import { withoutZeros, type Dialect } from './dialect.ts';
import { HIVE, lateralView } from './hive-dialect.ts';

/** Spark 3.5: what it shares with Hive comes from there. */
export const SPARK: Dialect = {
  ...HIVE,
  // A cast would give 1E-8 for small values.
  decimalText: (value, scale) => withoutZeros(`replace(format_number(${value}, ${scale}), ',', '')`),
  timestampText: (value) => `date_format(${value} + interval 500 microseconds, 'yyyy-MM-dd HH:mm:ss.SSS')`,
  isNaN: (double) => `isnan(${double})`,
  md5: (text) => `md5(cast(${text} as binary))`,
  unfold: lateralView,
  keyText: (key) => `cast(${key} as string)`,
  numberText: (number) => `cast(${number} as string)`,
  readsRows: '',
};
