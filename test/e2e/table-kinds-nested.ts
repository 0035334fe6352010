import type { TypedColumn } from './compared-values.ts';
import type { OddKind } from './table-kinds-odd.ts';

/** Types inside of others, each row with values of it, with NULL inside, and with NULL as a whole. */
const TYPES = {
  flags: 'array<boolean>',
  numbers: 'array<struct<t:tinyint,s:smallint,f:float,d:double>>',
  texts: 'struct<c:char(4),v:varchar(6),b:binary,at:timestamp,flag:boolean>',
  deep: 'struct<a:int,b:array<struct<c:date>>>',
  instants: 'array<timestamp>',
  amounts: 'map<string,array<decimal(9,2)>>',
  by_int: 'map<int,string>',
  by_long: 'map<bigint,array<timestamp>>',
  by_small: 'map<smallint,float>',
  by_day: 'map<date,double>',
  by_flag: 'map<boolean,tinyint>',
  by_amount: 'map<decimal(5,2),struct<n:int>>',
  by_instant: 'map<timestamp,smallint>',
} as const;
type Name = keyof typeof TYPES;

const VALUES: readonly Readonly<Record<Name, string>>[] = [
  {
    flags: 'array(true, false)',
    numbers: `array(named_struct('t', cast(-128 as tinyint), 's', cast(32767 as smallint), 'f', cast(1.5 as float), 'd', 0.1D),
      named_struct('t', cast(7 as tinyint), 's', cast(-1 as smallint), 'f', cast(-0.25 as float), 'd', -1.5D))`,
    texts: `named_struct('c', cast('éa' as char(4)), 'v', cast('123456' as varchar(6)), 'b', unhex('00FF7F80'), 'at', timestamp'2024-03-31 02:30:00.123', 'flag', true)`,
    deep: `named_struct('a', 1, 'b', array(named_struct('c', date'2024-02-29'), named_struct('c', date'1970-01-01')))`,
    instants: `array(timestamp'2024-03-31 02:30:00', timestamp'1969-12-31 23:59:59.25')`,
    amounts: `map('é', array(cast(1.50 as decimal(9,2)), cast(-9999999.99 as decimal(9,2))))`,
    by_int: `map(-2147483647, 'least', 7, 'sept')`,
    by_long: `map(9223372036854775807L, array(timestamp'2024-01-01 00:00:00'))`,
    by_small: `map(cast(-32768 as smallint), cast(0.5 as float))`,
    by_day: `map(date'2024-02-29', 2.5D)`,
    by_flag: `map(true, cast(1 as tinyint), false, cast(-1 as tinyint))`,
    by_amount: `map(cast(-1.25 as decimal(5,2)), named_struct('n', 1))`,
    by_instant: `map(timestamp'2024-03-31 02:30:00.5', cast(3 as smallint))`,
  },
  {
    flags: 'array(true, cast(NULL as boolean))',
    numbers: `array(named_struct('t', cast(NULL as tinyint), 's', cast(NULL as smallint), 'f', cast(NULL as float), 'd', cast(NULL as double)),
      named_struct('t', cast(0 as tinyint), 's', cast(0 as smallint), 'f', cast(0 as float), 'd', 0D))`,
    texts: `named_struct('c', cast(NULL as char(4)), 'v', cast('' as varchar(6)), 'b', unhex('41'), 'at', cast(NULL as timestamp), 'flag', cast(NULL as boolean))`,
    deep: `named_struct('a', cast(NULL as int), 'b', array(named_struct('c', cast(NULL as date)), named_struct('c', date'2000-01-01')))`,
    instants: `array(cast(NULL as timestamp), timestamp'2000-01-01 00:00:00')`,
    amounts: `map('k', array(cast(NULL as decimal(9,2)), cast(0 as decimal(9,2))))`,
    by_int: `map(0, cast(NULL as string))`,
    by_long: `map(0L, array(cast(NULL as timestamp), timestamp'2000-01-01 00:00:00'))`,
    by_small: `map(cast(0 as smallint), cast(NULL as float))`,
    by_day: `map(date'1970-01-01', cast(NULL as double))`,
    by_flag: `map(false, cast(NULL as tinyint))`,
    by_amount: `map(cast(0 as decimal(5,2)), named_struct('n', cast(NULL as int)))`,
    by_instant: `map(timestamp'1970-01-01 00:00:00', cast(NULL as smallint))`,
  },
];

/** What is compared: what JSON cannot say by itself, by an expression that both engines know. */
const COMPARED: Readonly<Partial<Record<Name, readonly TypedColumn[]>>> = {
  texts: [
    { name: 'texts.c', read: 'texts.c', type: 'char(4)' },
    { name: 'texts.v', read: 'texts.v', type: 'varchar(6)' },
    { name: 'texts.b', read: 'texts.b', type: 'binary' },
    { name: 'texts.at', read: 'texts.at', type: 'timestamp' },
    { name: 'texts.flag', read: 'texts.flag', type: 'boolean' },
  ],
  by_int: keysAndValues('by_int', 'int', 'string'),
  by_long: keysAndValues('by_long', 'bigint', 'array<timestamp>'),
  by_small: keysAndValues('by_small', 'smallint', 'float'),
  by_day: keysAndValues('by_day', 'date', 'double'),
  by_flag: keysAndValues('by_flag', 'boolean', 'tinyint'),
  by_amount: keysAndValues('by_amount', 'decimal(5,2)', 'struct<n:int>'),
  by_instant: keysAndValues('by_instant', 'timestamp', 'smallint'),
};

function keysAndValues(name: string, key: string, value: string): TypedColumn[] {
  const [keys, values] = [`map_keys(${name})`, `map_values(${name})`];
  return [
    { name: keys, read: keys, type: `array<${key}>` },
    { name: values, read: values, type: `array<${value}>` },
  ];
}

function nested(format: string, storage: string, isWanted: (name: Name) => boolean = () => true): OddKind {
  const names = (Object.keys(TYPES) as Name[]).filter(isWanted);
  const written = (text: string): string => (format === 'avro' ? text.replaceAll(/tinyint|smallint/g, 'int') : text);
  // Not of maps with other keys than text: to Hive, the keys of NULL are an empty array.
  const whole = names.map((name) =>
    name.startsWith('by_') ? VALUES[0]![name] : `if(false, ${VALUES[0]![name]}, NULL)`,
  );
  const rows = VALUES.map((row) => names.map((name) => `${row[name]} AS ${name}`).join(', '));
  return {
    name: `nested_${format}`,
    columns: [
      { name: 'id', type: 'int' },
      ...names.flatMap((name) => COMPARED[name] ?? [{ name, type: written(TYPES[name]) }]),
    ],
    rows: 3,
    statements: [
      `CREATE EXTERNAL TABLE @table (id int, ${names.map((name) => `${name} ${TYPES[name]}`).join(', ')}) ${storage} LOCATION '@folder'`,
      written(
        `INSERT INTO @table SELECT 1 AS id, ${rows[0]} UNION ALL SELECT 2, ${rows[1]} UNION ALL SELECT 3, ${whole.join(', ')}`,
      ),
    ],
  };
}

const inAvro = (name: Name): boolean => !name.startsWith('by_');

export const NESTED_KINDS: readonly OddKind[] = [
  nested('text', 'STORED AS TEXTFILE'),
  nested('parquet', 'STORED AS PARQUET'),
  nested('orc', 'STORED AS ORC'),
  // Keys of Avro's maps are strings, and it has no integers of less than 32 bits.
  nested('avro', 'STORED AS AVRO', inAvro),
  nested('rcfile', 'STORED AS RCFILE'),
  // About bytes in JSON the plan asks.
  nested(
    'json',
    `ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' STORED AS TEXTFILE`,
    (name) => name !== 'texts',
  ),
];
