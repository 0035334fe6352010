import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import type { HiveType } from '../../domain/rules/hive-type.ts';
import { unsupported } from './duckdb-errors.ts';

/** DuckDB's spelling of a Hive type. */
export function duckType(type: HiveType): string {
  switch (type.kind) {
    case 'primitive':
      return primitive(type.name, type.parameters);
    case 'array':
      return `${duckType(type.element)}[]`;
    case 'map':
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    case 'struct':
      return `STRUCT(${type.fields.map((field) => `${doubleQuotes(field.name)} ${duckType(field.type)}`).join(', ')})`;
    case 'union':
      throw unsupported('a column', 'a union');
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  varchar: 'VARCHAR',
  char: 'VARCHAR',
  binary: 'BLOB',
};

function primitive(name: string, parameters: readonly number[]): string {
  if (name === 'decimal') return `DECIMAL(${parameters[0] ?? 10}, ${parameters[1] ?? 0})`;
  return NAMES[name] ?? name.toUpperCase();
}
