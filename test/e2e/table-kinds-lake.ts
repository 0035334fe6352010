/** One column of the table that is stored in every format: a type of Hive, and its value in each row as an expression of Hive's SQL. */
interface ProofColumn {
  readonly name: string;
  readonly type: string;
  /** One for each of {@link ROW_NOTES}. */
  readonly values: readonly [string, string, string, string, string, string];
}

/** What each row is there for. */
export const ROW_NOTES = ['ordinary', 'extremes', 'all NULL', 'NULL inside', 'empty', 'odd instants'] as const;

const N = 'NULL';

/** Every type that a table of Hive can hold and Glue can name. */
export const PROOF_COLUMNS: readonly ProofColumn[] = [
  { name: 'id', type: 'int', values: ['1', '2', '3', '4', '5', '6'] },
  { name: 'c_boolean', type: 'boolean', values: ['true', 'false', N, 'true', 'false', 'true'] },
  { name: 'c_tinyint', type: 'tinyint', values: ['7', '-128', N, '127', '0', '1'] },
  { name: 'c_smallint', type: 'smallint', values: ['700', '-32768', N, '32767', '0', '1'] },
  { name: 'c_int', type: 'int', values: ['70000', '-2147483648', N, '2147483647', '0', '1'] },
  {
    name: 'c_bigint',
    type: 'bigint',
    values: ['9007199254740993', '-9223372036854775808', N, '9223372036854775807', '0', '1'],
  },
  { name: 'c_float', type: 'float', values: ['1.5', '3.4028235E38', N, '-1.17549435E-38', '0', '0.1'] },
  { name: 'c_double', type: 'double', values: ['1.1', '1.7976931348623157E308', N, '-4.9E-324', '0', '0.1'] },
  {
    name: 'c_decimal',
    type: 'decimal(38,10)',
    values: ['12.5', '-9999999999999999999999999999.9999999999BD', N, '0.0000000001BD', '0', '100'],
  },
  { name: 'c_decimal_whole', type: 'decimal(10,0)', values: ['12', '-9999999999', N, '9999999999', '0', '100'] },
  {
    name: 'c_string',
    type: 'string',
    values: ["'l''été à 東京 😀'", "'back\\\\slash, quote \" pipe | tab \\t end'", N, "'NULL'", "''", "' around '"],
  },
  { name: 'c_varchar', type: 'varchar(12)', values: ["'éèà'", "'123456789012'", N, "'x '", "''", "' y'"] },
  { name: 'c_char', type: 'char(6)', values: ["'ab'", "'éèàçùô'", N, "' a'", "''", "'a  b'"] },
  {
    name: 'c_binary',
    type: 'binary',
    values: ["unhex('00FF7F80')", "unhex('0A0D5C7C')", N, "unhex('E9')", "unhex('00')", "unhex('41')"],
  },
  {
    name: 'c_date',
    type: 'date',
    values: ["'2024-02-29'", "'9999-12-31'", N, "'1582-10-15'", "'1970-01-01'", "'1582-10-04'"],
  },
  {
    name: 'c_timestamp',
    type: 'timestamp',
    values: [
      "'2024-03-31 02:30:00.123'",
      "'9999-12-31 23:59:59.999'",
      N,
      "'1969-12-31 23:59:59.25'",
      "'1970-01-01 00:00:00'",
      "'1500-03-01 12:00:00.5'",
    ],
  },
  {
    name: 'c_array',
    type: 'array<int>',
    values: [
      'array(1, 2)',
      'array(2147483647)',
      'if(false, array(1), NULL)',
      'array(1, cast(NULL as int), 3)',
      'array(0, 1)',
      'array(0)',
    ],
  },
  {
    name: 'c_map',
    type: 'map<string,decimal(9,2)>',
    values: [
      "map('a', cast(1.50 as decimal(9,2)), 'b', cast(-0.05 as decimal(9,2)))",
      "map('é', cast(9999999.99 as decimal(9,2)))",
      "if(false, map('a', cast(1.50 as decimal(9,2))), NULL)",
      "map('a', cast(NULL as decimal(9,2)))",
      "map('k', cast(0.00 as decimal(9,2)))",
      "map('z', cast(1.00 as decimal(9,2)))",
    ],
  },
  {
    name: 'c_struct',
    type: 'struct<n:int,s:string,d:date>',
    values: [
      "named_struct('n', 1, 's', 'un', 'd', date'2024-01-01')",
      "named_struct('n', -1, 's', 'x;y:z', 'd', date'1970-01-01')",
      "if(false, named_struct('n', 1, 's', 'un', 'd', date'2024-01-01'), NULL)",
      "named_struct('n', cast(NULL as int), 's', cast(NULL as string), 'd', cast(NULL as date))",
      "named_struct('n', 0, 's', '', 'd', date'1970-01-01')",
      "named_struct('n', 5, 's', 'a', 'd', cast(NULL as date))",
    ],
  },
  {
    name: 'c_nested',
    type: 'array<struct<k:string,v:array<map<string,bigint>>>>',
    values: [
      "array(named_struct('k', 'x', 'v', array(map('m', cast(1 as bigint)), map('n', cast(2 as bigint)))))",
      "array(named_struct('k', 'y', 'v', array(map('m', cast(9223372036854775807 as bigint)))), named_struct('k', 'z', 'v', array(map('q', cast(1 as bigint)))))",
      "if(false, array(named_struct('k', 'x', 'v', array(map('m', cast(1 as bigint))))), NULL)",
      "array(named_struct('k', cast(NULL as string), 'v', array(map('m', cast(NULL as bigint)))))",
      "array(named_struct('k', '', 'v', array(map('m', cast(0 as bigint)))))",
      "array(named_struct('k', 'a', 'v', if(false, array(map('m', cast(1 as bigint))), NULL)))",
    ],
  },
];

/** The rows as a query of Hive. */
export function proofRows(columns = PROOF_COLUMNS): string {
  const value = (expression: string, type: string): string =>
    type.includes('<') ? expression : `cast(${expression} as ${type})`;
  const rows = ROW_NOTES.map((_, row) =>
    columns.map(({ name, type, values }) => `${value(values[row]!, type)} as ${name}`).join(', '),
  );
  return rows.map((row) => `SELECT ${row}`).join('\nUNION ALL ');
}
