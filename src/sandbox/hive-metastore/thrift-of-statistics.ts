import type { columnStatistics } from '../../adapters/hive-metastore/metastore-statistics.ts';
import type { Decoded } from '../../adapters/hive-metastore/thrift/thrift-type.ts';
import type { DecimalBound, SourceStatistics, ValueStatistics } from '../../domain/column-statistics.ts';
import { bytesOfUnscaled } from '../../domain/unscaled-value.ts';

type Thrift = Decoded<typeof columnStatistics>;

/** Column statistics as a metastore hands them out. */
export function thriftOfStatistics({ column, values }: SourceStatistics): Thrift {
  return { column, type: values.kind, values: { [values.kind]: partsOf(values) } };
}

function partsOf(values: ValueStatistics): object {
  const nulls = BigInt(values.nulls);
  const distinct = 'distinct' in values ? { distinct: BigInt(values.distinct) } : {};
  const counts = { nulls, ...distinct };
  switch (values.kind) {
    case 'boolean':
      return { trues: BigInt(values.trues), falses: BigInt(values.falses), nulls };
    case 'long':
      return { least: BigInt(values.least), greatest: BigInt(values.greatest), ...counts };
    case 'double':
      return { least: values.least, greatest: values.greatest, ...counts };
    case 'decimal':
      return { least: decimal(values.least), greatest: decimal(values.greatest), ...counts };
    case 'date':
      return { least: { days: BigInt(values.least) }, greatest: { days: BigInt(values.greatest) }, ...counts };
    case 'string':
    case 'binary':
      return { longest: BigInt(values.longestBytes), average: values.averageBytes, ...counts };
  }
}

function decimal({ unscaled, scale }: DecimalBound): object {
  return { unscaled: bytesOfUnscaled(BigInt(unscaled)), scale };
}
