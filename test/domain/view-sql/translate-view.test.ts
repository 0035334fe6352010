import { describe, expect, it } from 'vitest';
import { parseHiveType } from '../../../src/domain/rules/hive-type.ts';
import { encodePrestoView } from '../../../src/domain/view-sql/presto-view.ts';
import { parseViewSql } from '../../../src/domain/view-sql/query-parser.ts';
import { namesReadBy } from '../../../src/domain/view-sql/table-references.ts';
import { translateView } from '../../../src/domain/view-sql/translate-view.ts';
import { TABLE } from './translated.ts';

const options = { tables: new Map([['rh.t', TABLE]]) };

function viewOf(text: string, columns: Readonly<Record<string, string>>): string {
  const typed = Object.entries(columns).map(([name, type]) => ({ name, type: parseHiveType(type) }));
  return translateView(parseViewSql(text), typed, options).sql;
}

describe('the columns of a view', () => {
  it('have the names and types of the catalog, whatever the query calls them', () => {
    expect(viewOf("select i, 'x' b from rh.t", { one: 'int', two: 'string' })).toBe(
      'SELECT "q"."i" AS "one", CAST("q"."b" AS varchar) AS "two" FROM (' +
        `SELECT "t"."i" AS "i", 'x' AS "b" FROM "raw_rh"."t2" AS "t") AS "q"`,
    );
  });

  it('are refused where the catalog says another type than the query was understood to give', () => {
    expect(() => viewOf('select i from rh.t', { i: 'double' })).toThrow("is double in Hive's catalog");
    expect(() => viewOf('select d from rh.t', { d: 'decimal(10,3)' })).toThrow('understood to give decimal(10,2)');
    expect(() => viewOf('select i from rh.t', { a: 'int', b: 'int' })).toThrow('gives 1 columns');
  });
});

it('finds the tables that a view reads wherever they stand, without the queries of WITH', () => {
  const text = `with a as (select i from rh.one) select i from a join (select i from rh.two) x on x.i = a.i
    where i in (select i from rh.three) and not exists (select 1 from rh.four where a = 1) union all select i from rh.five`;
  expect(namesReadBy(text).map(({ table }) => table)).toEqual(['one', 'two', 'three', 'four', 'five']);
});

it("writes a view as Athena does, in the engine's spelling of types", () => {
  const columns = [
    { name: 'a', type: 'int' },
    { name: 'é', type: 'struct<x:array<string>,y:timestamp>' },
  ];
  const text = encodePrestoView({ sql: "SELECT 'é'", database: 'raw_rh', columns });
  const [, base64] = /^\/\* Presto View: ([A-Za-z0-9+/=]+) \*\/$/.exec(text)!;
  expect(JSON.parse(Buffer.from(base64!, 'base64').toString('utf8'))).toEqual({
    originalSql: "SELECT 'é'",
    catalog: 'awsdatacatalog',
    schema: 'raw_rh',
    columns: [
      { name: 'a', type: 'integer' },
      { name: 'é', type: 'row(x array(varchar), y timestamp)' },
    ],
  });
});
