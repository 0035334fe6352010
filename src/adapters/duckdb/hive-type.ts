import { LakeliftError } from '../../errors.ts';

const PLAIN: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  TINYINT: 'tinyint',
  SMALLINT: 'smallint',
  INTEGER: 'int',
  BIGINT: 'bigint',
  FLOAT: 'float',
  DOUBLE: 'double',
  VARCHAR: 'string',
  BLOB: 'binary',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
};

/** Hive's spelling of a type of DuckDB, for the catalog. Throws `unsupported` for those that Athena has no equal of. */
export function hiveType(type: string): string {
  const plain = PLAIN[type];
  if (plain !== undefined) return plain;
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  if (decimal !== null) return `decimal(${decimal[1]},${decimal[2]})`;
  if (type.endsWith('[]')) return `array<${hiveType(type.slice(0, -2))}>`;
  throw new LakeliftError(`A dataset cannot hold a column of type ${type}`, {
    kind: 'unsupported',
    code: 'DATASET_TYPE',
    hint: 'Leave the column out ("treat: drop").',
  });
}
