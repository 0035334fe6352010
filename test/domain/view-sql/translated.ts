import { parseHiveType } from '../../../src/domain/rules/hive-type.ts';
import { parseViewSql } from '../../../src/domain/view-sql/query-parser.ts';
import { translateQuery } from '../../../src/domain/view-sql/queries.ts';
import { hiveSpelling } from '../../../src/domain/view-sql/sql-type.ts';
import { Translation, type ReadableTable } from '../../../src/domain/view-sql/translation.ts';
import { formatPlace, ViewSqlError } from '../../../src/domain/view-sql/view-sql-error.ts';

const COLUMNS: Readonly<Record<string, string>> = {
  i: 'int',
  b: 'bigint',
  s: 'string',
  c: 'char(5)',
  d: 'decimal(10,2)',
  f: 'double',
  day: 'date',
  at: 'timestamp',
  ok: 'boolean',
  list: 'array<int>',
  names: 'array<string>',
  tags: 'map<string,int>',
  who: 'struct<first:string,age:int>',
};

/** A table `rh.t` with a column of each kind, which stands as `raw_rh.t2`. */
export const TABLE: ReadableTable = {
  target: { database: 'raw_rh', table: 't2' },
  columns: Object.entries(COLUMNS).map(([name, text]) => {
    const type = parseHiveType(text);
    return { name, type, targetType: type };
  }),
};

interface Translated {
  readonly sql: string;
  readonly types: readonly string[];
  readonly changes: readonly string[];
}

export function translated(text: string, options: { readonly timeZone?: string } = {}): Translated {
  const translation = new Translation({ tables: new Map([['rh.t', TABLE]]), ...options });
  const { sql, columns } = translateQuery(translation, parseViewSql(text));
  const changes = translation.changes.map((change) => `${change.places.join(', ')}: ${change.text}`);
  return { sql, types: columns.map(({ type }) => hiveSpelling(type)), changes };
}

/** The first expression of a query over the table. */
export function translatedExpression(expression: string, options: { readonly timeZone?: string } = {}): string {
  const { sql } = translated(`select ${expression} x from rh.t`, options);
  return sql.slice('SELECT '.length, sql.lastIndexOf(' AS "x" FROM'));
}

/** Where and why a text is refused. */
export function refusal(text: string): string {
  try {
    translated(text);
  } catch (error) {
    if (error instanceof ViewSqlError) return `${formatPlace(error.place)} ${error.message}`;
    throw error;
  }
  return 'translated';
}
