/** A view that real Hive makes over the tables of {@link LAKE_STATEMENTS}, for the proof that Athena's stand-in gives the same rows. */
export interface ProofView {
  readonly name: string;
  /** `$db` stands for the database. */
  readonly query: string;
  /** Named where CREATE VIEW names its columns. */
  readonly columns?: string;
}

const TYPES = `n int, big bigint, small tinyint, label string, code char(5), tag varchar(6), price decimal(10,2), ratio double, day date,
  at timestamp, ok boolean, raw binary, list array<int>, names array<string>, tags map<string,int>, who struct<first:string,age:int>, people array<struct<first:string,age:int>>, json string`;

/** Makes tables with ordinary, odd and missing values. */
export function lakeStatements(database: string): string[] {
  const rows = [
    row("1, 10, 1, 'abc', 'ab', 'x', 12.50, 2.675, '2024-02-29', '2024-01-31 10:11:12', true, 'abc'", [
      'array(1, 2, 3)',
      "array('a', 'b')",
      "map('k', 1)",
      "named_struct('first', 'Zoé', 'age', 7)",
      "array(named_struct('first', 'A', 'age', 1), named_struct('first', 'B', 'age', 2))",
      `'{"a":{"b":[10,20],"c":"é"},"k":1.5,"t":true,"s":"x"}'`,
    ]),
    row("2, -5, -1, ' 7 ', 'ab', 'y', -0.05, -2.5, '2023-12-31', '1969-12-31 23:59:59.25', false, ''", [
      'array(5)',
      "array('')",
      "map('k', 2, 'z', 3)",
      "named_struct('first', '', 'age', 0)",
      "array(named_struct('first', 'C', 'age', 3))",
      `'{"a":{},"k":null}'`,
    ]),
    row(
      "3, 9007199254740993, 7, '2024-3-05 x', 'zz', 'y', 100.00, 0.1, '1970-01-01', '2024-12-30 00:00:00', true, 'é'",
      [
        'array(0)',
        "array('q')",
        "map('z', 0)",
        "named_struct('first', 'q', 'age', 100)",
        "array(named_struct('first', 'D', 'age', 4))",
        "'no json'",
      ],
    ),
    row("4, 4, 0, '20240105', '', '', 0.00, 1e10, '2024-01-31', '2024-06-30 23:59:59.999', false, 'un deux trois'", [
      'array(9, 8)',
      "array('z', 'y')",
      "map('k', 5)",
      "named_struct('first', 'r', 'age', 5)",
      "array(named_struct('first', 'E', 'age', 5))",
      `'{"k":"v"}'`,
    ]),
    nulls(5),
    row(
      "6, 0, 3, '-1.9', 'ab', 'x', 12.50, 0.0, '2024-12-30', '2024-01-01 00:00:00', cast(null as boolean), cast(null as binary)",
      [
        'array(1, cast(null as int))',
        "array('n', cast(null as string))",
        "map('k', cast(null as int))",
        "named_struct('first', cast(null as string), 'age', 1)",
        "array(named_struct('first', cast(null as string), 'age', 6))",
        `'{"a":"text"}'`,
      ],
    ),
  ];
  return [
    `CREATE FUNCTION ${database}.masked AS 'org.apache.hadoop.hive.ql.udf.UDFHex'`,
    `CREATE EXTERNAL TABLE ${database}.facts (${TYPES}) STORED AS ORC LOCATION '/data/${database}/facts'`,
    `INSERT INTO ${database}.facts ${rows.join(' UNION ALL ')}`,
    `CREATE EXTERNAL TABLE ${database}.sites (id int, site string) PARTITIONED BY (region string) STORED AS PARQUET LOCATION '/data/${database}/sites'`,
    `INSERT INTO ${database}.sites PARTITION (region='sud') SELECT 1, 'Lyon' UNION ALL SELECT 2, 'Nice' UNION ALL SELECT 9, 'Sète'`,
  ];
}

function row(simple: string, nested: readonly string[]): string {
  const names = TYPES.split(/,\s*(?=\w+ )/).map((column) => column.trim().split(' '));
  const values = [...split(simple).map((value, index) => `cast(${value} as ${names[index]![1]!})`), ...nested];
  return `SELECT ${values.map((value, index) => `${value} AS ${names[index]![0]!}`).join(', ')}`;
}

function split(values: string): string[] {
  return values.match(/(?:'[^']*'|[^,'(]|\([^)]*\))+/g)!.map((value) => value.trim());
}

function nulls(n: number): string {
  const nested = [
    'if(false, array(1), null)',
    "if(false, array('a'), null)",
    "if(false, map('a', 1), null)",
    "if(false, named_struct('first', 'a', 'age', 1), null)",
    "if(false, array(named_struct('first', 'a', 'age', 1)), null)",
    'cast(null as string)',
  ];
  return row(`${n}${', null'.repeat(11)}`, nested);
}

const view = (name: string, query: string, columns?: string): ProofView => ({
  name,
  query,
  ...(columns === undefined ? {} : { columns }),
});

/** Every construct that is translated, at least once, together with {@link MAPPED_VIEWS} (`test/domain/view-sql/proof-views.test.ts`). */
export const PROOF_VIEWS: readonly ProofView[] = [
  view('plain', 'select * from $db.facts'),
  view('renamed', 'select n, label from $db.facts where n > 1', 'one, `two`'),
  view(
    'arithmetic',
    `select n, n + 1 a, n * 2 b, big - n c, n / 2 d, n % 4 e, n div 2 f, price * 2 g, price / 3 h, price / n i, price + n j, price - ratio k,
    -n l, n / (n - 1) m, price % 2 o, n * 1.5 p, ratio / 3 q, label + 1 r, n & 3 s, n | 8 t, n ^ 1 u, ~n v, small + small w, 10 / 4 x, 1.50 y, price * price z from $db.facts`,
  ),
  view(
    'rounding',
    'select n, round(ratio, 2) a, round(ratio) b, round(price, 1) c, round(price) d, round(n) e, floor(ratio) f, ceil(ratio) g, floor(price) h, ceil(price) i, abs(ratio) j, abs(n) k, sqrt(big) l, pmod(big, 3) o, round(price / 3, 4) p, floor(n) q from $db.facts',
  ),
  view(
    'casts',
    `select n, cast(label as int) a, cast(label as double) b, cast(label as decimal(6,1)) c, cast(ratio as bigint) d, cast(price as int) e, cast(price as string) f,
    cast(at as string) g, cast(ok as string) h, cast(day as string) i, cast(at as date) j, cast(day as timestamp) k, cast(n as boolean) l, cast(ok as int) m, cast(label as varchar(3)) o,
    cast(label as char(2)) p, cast(price as decimal(4,1)) q, cast(code as string) r, cast(n as decimal(3,1)) s, cast(big as double) t, cast(ratio as decimal(5,1)) u, cast('2024-01-05' as date) v, cast(price as double) w from $db.facts`,
  ),
  view('dates_of_text', 'select n, cast(label as date) a, year(label) b, to_date(label) c from $db.facts'),
  view(
    'texts',
    `select n, upper(label) a, lower(tag) b, trim(label) c, length(label) d, length(code) e, substr(label, 0, 2) f, substr(label, -2) g, substring(label, 2) h, substr(label, n) i,
    concat(label, n, code) j, concat_ws('-', label, code, tag) k, instr(label, 'b') m, locate('7', label) o, lpad(label, 5, '*') p, rpad(code, 4, '.') q, reverse(label) r,
    label || '/' || n s, replace(label, 'b', 'B') t, translate(label, 'abc', 'xyz') u, md5(label) v, sha2(label, 256) w, hex(label) x, space(2) y, ltrim(label) z, rtrim(label) z2, "dq'uote" z3, 'é\\ttab\\'s' z4 from $db.facts`,
  ),
  view(
    'texts_by_other_names',
    `select n, ucase(label) a, lcase(label) b, char_length(label) c, character_length(code) d, sha(label) e, sha1(label) f, base64(raw) g, isnotnull(label) h, dayofmonth(day) i, ceiling(ratio) j,
    label is null k, ok is false l, ok is not true m, not (n = 3) o, -n p, +n q from $db.facts`,
  ),
  view(
    'patterns',
    `select n, label like '%b%' a, label like 'a\\_c' b, label rlike '^\\\\s*\\\\d' c, regexp_extract(label, '(\\\\d+)-(\\\\d+)', 2) d, regexp_extract(label, '([a-z])(\\\\d)?', 2) e,
    regexp_replace(label, '[0-9]+', '#') f, regexp_replace(label, '(b)', '<$1>') g, split(label, '-')[0] h, split(label, '\\\\.')[1] i, label not like 'a%' j, label regexp 'B' k from $db.facts`,
  ),
  view(
    'dates',
    `select n, year(day) a, month(at) b, day(day) c, quarter(day) d, weekofyear(day) e, dayofweek(day) f, hour(at) g, minute(at) h, second(at) i, datediff(day, at) j, datediff('2024-03-01', day) k,
    date_add(day, 1) l, date_sub(day, n) m, add_months(day, 1) o, last_day(day) p, trunc(day, 'MM') q, trunc(at, 'YEAR') r, date_format(at, 'yyyy/MM/dd HH:mm:ss') s, to_date(at) t, date_add('2024-02-28', 2) u, trunc(day, 'Q') v from $db.facts`,
  ),
  view(
    'reformatted',
    "select n, from_unixtime(unix_timestamp(case when label rlike '^[0-9]{8}$' then label end, 'yyyyMMdd'), 'yyyy-MM-dd') a from $db.facts",
  ),
  view(
    'conditions',
    `select n, nvl(label, 'none') a, coalesce(price, 0) b, if(ok, n, big) c, case when n > 3 then 'big' when n is null then 'no' else 'small' end d, case label when 'abc' then 1 end e,
    nullif(n, 2) f, isnull(label) g, label is not null h, ok is true i, n <=> null j, greatest(n, big) k, least(n, 2) l, nvl(n, label) m, case when ok then n else 'x' end o, if(ok, ratio, n) p,
    coalesce(code, label) q, n between 2 and 4 r, n not in (1, 2) s, label in ('abc', 'zz') t, not ok u, ok and n > 1 or label = 'abc' v, nvl(price, 1.555) w from $db.facts`,
  ),
  view(
    'comparisons',
    `select n, n = '2' a, label = n b, day = '2024-02-29' c, at > '2024-01-31' d, at >= '2024-01-31 10:11:12' e, price = 12.5 f, price > '12' g, code = 'ab' h, code = tag i, day < at j, big = '9007199254740993' k,
    ratio = '0.1' l, n <> 3 m, n != 3 o, n == 3 p, price = n q, label > 'b' r, ratio > price s, day between '2024-01-01' and '2024-12-31' t, small < big u from $db.facts`,
  ),
  view(
    'nested',
    "select n, list[0] a, list[5] b, tags['k'] c, who.first d, size(list) e, size(tags) f, array_contains(list, 1) g, people[0].age h, people.first i, sort_array(list) j, array(n, 7) k, named_struct('x', n, 'y', label) l, map('a', n) m, list[n] o, who p from $db.facts",
  ),
  view(
    'json',
    "select n, get_json_object(json, '$.a.c') a, get_json_object(json, '$.k') b, get_json_object(json, '$.a') c, get_json_object(json, '$.a.b[1]') d, get_json_object(json, '$.t') e, get_json_object(json, '$.a.b') f from $db.facts",
  ),
  view(
    'aggregates',
    `select ok, count(*) a, count(label) b, count(distinct code) c, count(distinct ok, code) d, sum(n) e, sum(price) f, avg(price) g, avg(n) h, min(label) i, max(day) j, sum(ratio) k, max(code) l,
    size(collect_list(n)) m, sort_array(collect_set(tag)) o, concat_ws(',', sort_array(collect_set(label))) p, avg(ratio) q, stddev(n) r, var_pop(n) s from $db.facts group by ok`,
  ),
  view(
    'deviations',
    'select ok, variance(n) a, std(n) b, stddev_pop(n) c, variance(price) d, sum(distinct n) e from $db.facts group by ok',
  ),
  view('cubed', 'select ok, code, sum(n) c, count(*) d from $db.facts group by ok, code with cube'),
  view(
    'grouped_by_sets',
    // By an alias: Hive does not read its own view where keys have none.
    'select f.ok, f.code, f.tag, sum(f.n) c from $db.facts f group by f.ok, f.code, f.tag grouping sets ((f.ok, f.code), (f.tag), f.code, ())',
  ),
  view('groups_kept', 'select ok, count(*) c from $db.facts where n < 10 group by ok having c > 1 and sum(n) > 0'),
  view('rolled_up', 'select ok, code, sum(n) c from $db.facts group by ok, code with rollup'),
  view(
    'windows',
    `select n, row_number() over (partition by ok order by day) a, rank() over (order by price) b, dense_rank() over (order by price desc) c, lag(n) over (order by label, n) d, lead(label, 2, 'x') over (order by n) e,
    sum(price) over (partition by ok order by n rows between 1 preceding and current row) f, first_value(label) over (order by label desc, n) g, avg(price) over (partition by ok) h, ntile(2) over (order by n) i,
    count(*) over () j, max(n) over (partition by code) k, last_value(label) over (partition by ok order by n) l,
    last_value(n) over (order by n rows between unbounded preceding and unbounded following) m, sum(n) over (order by n range between unbounded preceding and current row) o,
    min(n) over (order by n desc rows 2 preceding) p from $db.facts`,
  ),
  view(
    'joins',
    'select f.n, s.site, s.region, t.site other from $db.facts f left join $db.sites s on f.n = s.id join $db.sites t on t.id >= f.n',
  ),
  view('right_join', 'select f.n, s.id from $db.facts f right outer join $db.sites s on f.n = s.id'),
  view('cross_join', 'select f.n, s.id, t.site from $db.facts f cross join $db.sites s, $db.sites t where t.id = s.id'),
  view('full_join', 'select f.n, s.id from $db.facts f full outer join $db.sites s on f.n = s.id'),
  view('semi_join', 'select f.n from $db.facts f left semi join $db.sites s on f.n = s.id where f.n > 0'),
  view(
    'subqueries',
    'select x.n, x.m from (select n, n * 2 m from $db.facts where n in (select id from $db.sites)) x where exists (select 1 from $db.sites z where z.id = x.n)',
  ),
  view(
    'with_ctes',
    'with a as (select n, label from $db.facts where n > 1), b as (select * from a) select b.n, count(*) c from b join $db.sites s on s.id <> b.n group by b.n',
  ),
  view('unions', "select n, label from $db.facts union all select id, site from $db.sites union select 1, 'abc'"),
  view('intersected', 'select n from $db.facts intersect select id from $db.sites'),
  view('excepted', 'select n, label from $db.facts except select id, site from $db.sites'),
  view('subtracted', 'select id from $db.sites minus select n from $db.facts'),
  view('set_in_parentheses', 'select n from $db.facts union all (select id from $db.sites order by id desc limit 1)'),
  view('not_existing', 'select n from $db.facts f where not exists (select 1 from $db.sites z where z.id = f.n)'),
  view('not_in_subquery', 'select n from $db.facts where n not in (select id from $db.sites)'),
  view(
    'literals',
    "select n, date '2024-02-29' a, timestamp '2024-02-29 10:00:00' b, true c, 1.5 d, 'x' e from $db.facts",
  ),
  view('ordered', 'select n, tag from $db.facts order by tag desc nulls last, n nulls first limit 4'),
  view('clustered', 'select n, code from $db.facts cluster by code'),
  view('exploded', 'select n, e from $db.facts lateral view explode(list) t as e'),
  view('exploded_outer', 'select n, k, v from $db.facts lateral view outer explode(tags) t as k, v'),
  view('exploded_places', 'select n, pos, name from $db.facts lateral view posexplode(names) t as pos, name'),
  view(
    'exploded_structs',
    'select n, p.first, p.age + 1 older from $db.facts lateral view outer explode(people) t as p',
  ),
  view('split_and_exploded', "select n, w from $db.facts lateral view explode(split(label, '-')) t as w where w <> ''"),
  view('distinct_rows', 'select distinct ok, code from $db.facts'),
  view('limited', 'select n, label from $db.facts order by label, n desc limit 3'),
  view('spread', 'select n from $db.facts distribute by n sort by n'),
  view('partitioned', "select id, region from $db.sites where region = 'sud'"),
  view('over_view', 'select a.n, r.two from $db.plain a join $db.renamed r on a.n = r.one'),
];

/** Views that the mapping says more about. */
export const MAPPED_VIEWS: readonly (ProofView & { readonly view: object })[] = [
  {
    name: 'zoned',
    query: `select n, from_unixtime(n * 100000000) a, from_unixtime(n, 'yyyyMMdd') b, unix_timestamp(at) c, unix_timestamp(day) d,
      unix_timestamp(cast(day as string), 'yyyy-MM-dd') e, from_unixtime(unix_timestamp(cast(day as string), 'yyyy-MM-dd')) f, current_date g from $db.facts`,
    view: { timeZone: 'UTC' },
  },
  {
    name: 'by_hand',
    query: 'select n, pow(n, 2) r from $db.facts',
    view: { sql: 'SELECT n, CAST(n AS double) * n AS r FROM facts' },
  },
];

/** What must be refused, each with a part of the reason. */
export const REFUSED_VIEWS: readonly (ProofView & { readonly reason: string })[] = [
  { name: 'no_random', query: 'select n, rand() r from $db.facts', reason: 'rand: it gives other values each time' },
  { name: 'no_logarithm', query: 'select ln(ratio) r from $db.facts', reason: 'its last digit may differ' },
  { name: 'no_zone', query: 'select from_unixtime(big) r from $db.facts', reason: 'time zone of the cluster' },
  {
    name: 'no_double_text',
    query: 'select cast(ratio as string) r from $db.facts',
    reason: 'double is not turned into string',
  },
  {
    name: 'no_udf',
    query: 'select $db.masked(n) r from $db.facts',
    reason: 'masked is a function of your own (UDF)',
  },
  {
    name: 'no_grouping_id',
    query: 'select ok, grouping__id g from $db.facts group by ok with rollup',
    reason: 'GROUPING__ID',
  },
];
