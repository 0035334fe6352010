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
  if (type.endsWith('[]')) return `array<${hiveType(type.slice(0, -2))}>`;
  const [, name = '', inner = ''] = /^(DECIMAL|MAP|STRUCT)\((.*)\)$/s.exec(type) ?? [];
  const parts = partsOf(inner);
  switch (name) {
    case 'DECIMAL':
      return `decimal(${parts.join(',')})`;
    case 'MAP':
      return `map<${parts.map(hiveType).join(',')}>`;
    case 'STRUCT':
      return `struct<${parts.map((part) => fieldOf(part, type)).join(',')}>`;
    default:
      throw noEqual(type);
  }
}

/** `city VARCHAR`, or `"City of birth" VARCHAR`: the catalog has no way to quote a name. */
function fieldOf(part: string, type: string): string {
  const [, quoted, bare, of = ''] = /^(?:"((?:[^"]|"")*)"|(\w+)) (.*)$/s.exec(part) ?? [];
  const name = bare ?? quoted ?? '';
  if (!/^\w+$/.test(name)) throw noEqual(type);
  return `${name}:${hiveType(of)}`;
}

/** The texts between the commas of a list of types, but for those within parentheses or quotes. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of text.matchAll(/"(?:[^"]|"")*"|[(),]/g)) {
    if (token === '(') depth++;
    if (token === ')') depth--;
    if (token !== ',' || depth > 0) continue;
    parts.push(text.slice(start, index).trim());
    start = index + 1;
  }
  return [...parts, text.slice(start).trim()];
}

function noEqual(type: string): LakeliftError {
  return new LakeliftError(`A dataset cannot hold a column of type ${type}`, {
    kind: 'unsupported',
    code: 'DATASET_TYPE',
    hint: 'Leave the column out ("treat: drop").',
  });
}
