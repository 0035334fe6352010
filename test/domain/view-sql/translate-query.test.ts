import { describe, expect, it } from 'vitest';
import { refusal, translated, translatedExpression } from './translated.ts';

describe('a view of Hive in the SQL of Athena', () => {
  it('reads the tables where they stand, under the names that the query gives them', () => {
    const { sql, changes } = translated('SELECT `t`.`i` FROM `rh`.`t` WHERE `t`.`s` = "it\'s"');
    expect(sql).toBe(`SELECT "t"."i" AS "i" FROM "raw_rh"."t2" AS "t" WHERE ("t"."s" = 'it''s')`);
    expect(changes).toEqual(['1:21: rh.t becomes raw_rh.t2']);
  });

  it.for([
    ["nvl(s, 'x')", `COALESCE("t"."s", 'x')`],
    ['i / 2', '(CAST("t"."i" AS double) / 2)'],
    ['i % b', '("t"."i" % NULLIF("t"."b", 0))'],
    ['i div 2', '(CAST("t"."i" AS bigint) / 2)'],
    ['d / 3', 'CAST(CAST("t"."d" AS decimal(14,6)) / 3 AS decimal(14,6))'],
    ["day = '2024-02-29'", `("t"."day" = DATE '2024-02-29')`],
    ["i = '5'", '("t"."i" = 5)'],
    ['i <=> null', '("t"."i" IS NOT DISTINCT FROM NULL)'],
    ['list[0]', 'element_at("t"."list", 1)'],
    ["tags['k']", `element_at("t"."tags", 'k')`],
    ['who.first', '"t"."who"."first"'],
    ['size(list)', 'CAST(COALESCE(cardinality("t"."list"), -1) AS integer)'],
    ['substr(s, 0, 2)', 'substr("t"."s", 1, 2)'],
    ["s rlike '^\\\\d+'", `(regexp_like("t"."s", '^[0-9]+'))`],
    ["s like 'a\\_b'", `("t"."s" LIKE 'a\\_b' ESCAPE '\\')`],
    ['datediff(day, at)', `CAST(date_diff('day', CAST("t"."at" AS date), "t"."day") AS integer)`],
    ['cast(f as int)', 'CAST(truncate(CAST("t"."f" AS double)) AS integer)'],
    ["c = 'ab'", `(rtrim(CAST("t"."c" AS varchar)) = 'ab')`],
    ['ok is not true', '("t"."ok" IS DISTINCT FROM true)'],
    ['row_number() over (order by i)', 'CAST(row_number() OVER (ORDER BY "t"."i" ASC NULLS FIRST) AS integer)'],
    ["split(s, '\\\\|')[1]", `element_at(split("t"."s", '|'), 2)`],
    ['not ok and i between 1 and 2', '((NOT "t"."ok") AND ("t"."i" BETWEEN 1 AND 2))'],
  ])('turns %s into %s', ([hive, athena]) => {
    expect(translatedExpression(hive!)).toBe(athena);
  });

  it.for([
    ['i + b', 'bigint'],
    ['d * 2', 'decimal(12,2)'],
    ['d / i', 'decimal(21,13)'],
    ['d + i', 'decimal(13,2)'],
    ['1.50', 'decimal(2,1)'],
    ['nvl(d, 0)', 'decimal(12,2)'],
    ["case when ok then 1 else 'x' end", 'string'],
    ['avg(d)', 'decimal(14,6)'],
    ['sum(i)', 'bigint'],
    ['round(d, 1)', 'decimal(10,1)'],
    ['add_months(day, 1)', 'string'],
  ])('knows that %s is %s in Hive', ([expression, type]) => {
    expect(translated(`select ${expression} x from rh.t`).types).toEqual([type]);
  });

  it('unnests lateral views, keeps rows without elements where OUTER asks for it, and counts places from 0', () => {
    expect(translated('select i, k from rh.t lateral view outer explode(tags) m as k, v').sql).toContain(
      'LEFT JOIN UNNEST("t"."tags") AS "m" ("k", "v") ON true',
    );
    const { sql } = translated('select p from rh.t lateral view posexplode(list) m as p, e');
    expect(sql).toContain('SELECT CAST("m"."lakelift_pos" - 1 AS integer) AS "p"');
    expect(sql).toContain('CROSS JOIN UNNEST("t"."list") WITH ORDINALITY AS "m" ("e", "lakelift_pos")');
  });

  it('writes grouping sets, of which Hive itself loses the names', () => {
    const { sql } = translated('select ok, count(*) n from rh.t group by ok, s grouping sets ((ok, s), ok, ())');
    expect(sql).toMatch(/GROUP BY GROUPING SETS \(\("t"\."ok", "t"\."s"\), \("t"\."ok"\), \(\)\)$/);
  });

  it('puts what HAVING calls by its result name in place', () => {
    expect(translated('select s, count(*) n from rh.t group by s having n > 1').sql).toMatch(
      /HAVING \(count\(\*\) > 1\)$/,
    );
  });

  it('turns LEFT SEMI JOIN into EXISTS', () => {
    const { sql } = translated('select t.i from rh.t left semi join rh.t u on t.i = u.b where t.i > 0');
    expect(sql).toMatch(/WHERE \("t"\."i" > 0\) AND EXISTS \(SELECT 1 FROM "raw_rh"."t2" AS "u" WHERE /);
  });

  it('names queries of WITH without looking for them in the catalog', () => {
    const { sql } = translated('with a as (select i from rh.t) select a.i from a');
    expect(sql).toBe(
      'WITH "a" AS (SELECT "t"."i" AS "i" FROM "raw_rh"."t2" AS "t") SELECT "a"."i" AS "i" FROM "a" AS "a"',
    );
  });

  it('takes the day of today with parentheses and, as a reserved word, without', () => {
    const today = "CAST(current_timestamp AT TIME ZONE 'Europe/Paris' AS date)";
    for (const text of ['current_date', 'current_date()'])
      expect(translatedExpression(text, { timeZone: 'Europe/Paris' })).toBe(today);
    expect(refusal('select current_timestamp x from rh.t')).toMatch(/^1:8 current_timestamp: it is an instant/);
  });

  it('knows where text and instants meet once it knows the time zone', () => {
    expect(refusal('select from_unixtime(b) x from rh.t')).toMatch(/^1:8 from_unixtime: it depends on the time zone/);
    expect(translatedExpression('from_unixtime(b)', { timeZone: 'Europe/Paris' })).toBe(
      `format_datetime(from_unixtime("t"."b", 'Europe/Paris'), 'yyyy-MM-dd HH:mm:ss')`,
    );
  });

  it.for([
    ['select i,\n  rand() r from rh.t', '2:3 rand: it gives other values each time'],
    ['select finance.rate(i) r from rh.t', '1:8 finance.rate is a function of your own (UDF)'],
    ['select masked(s) r from rh.t', '1:8 the function masked is not among those known'],
    ['select nowhere from rh.t', '1:8 the column "nowhere" is not known'],
    ['select i from t', '1:15 "t" is named without its database'],
    ['select i from rh.t tablesample(10 percent)', '1:20 TABLESAMPLE reads other rows each time'],
    ['select transform(i) using "x" as y from rh.t', '1:8 TRANSFORM runs a script of the cluster'],
    ['select i from rh.t where i = 1 = ok', '1:32 comparisons in a row'],
    ['select i + 1 is null x from rh.t', '1:14 IS after an operator'],
    ['select concat(f) x from rh.t', '1:8 concat: text of a double'],
    ["select date_format(day, 'E') x from rh.t", '1:8 date_format: the pattern "E"'],
    ["select s rlike '(?i)a' x from rh.t", '1:10 the regular expression holds'],
    ["select i = 'x' a from rh.t", "1:10 the text 'x' is compared with int"],
    ['select day + interval 1 day x from rh.t', '1:14 arithmetic with INTERVAL'],
    ['select ok + 1 x from rh.t', '1:11 arithmetic with boolean'],
    ['select i from rh.t group by 1', '1:29 GROUP BY a literal'],
    ['select i from rh.t order by 1', '1:29 ORDER BY a place'],
    ['select coalesce(day, at) x from rh.t', '1:8 date and timestamp meet'],
    ['select d * d * d * d x from rh.t', '1:18 a decimal of more than 38 digits'],
    [
      'select i from rh.t union all select s from rh.t',
      '1:20 the column "i" is int on one side of UNION ALL and string on the other',
    ],
    [
      "select d = '2024-02-30' a, day = '2024-02-30' b from rh.t",
      "1:10 the text '2024-02-30' is compared with decimal",
    ],
    ['select i # from rh.t', '1:10 the character "#"'],
    ['select (select max(i) from rh.t) x from rh.t', '1:8 a query in place of a value'],
    ['select i from rh.t limit 5 offset 2', '1:28 OFFSET'],
    ['insert into rh.t select 1', '1:1 "SELECT" was expected'],
  ])('refuses %s at its place', ([text, expected]) => {
    expect(refusal(text!)).toContain(expected);
  });
});
