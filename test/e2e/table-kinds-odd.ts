import type { TypedColumn } from './compared-values.ts';
import { AVRO_KINDS } from './table-kinds-avro.ts';
import { HADOOP_KINDS } from './table-kinds-hadoop.ts';
import { NESTED_KINDS } from './table-kinds-nested.ts';
import { PARTITIONED_KINDS } from './table-kinds-partitions.ts';
import { STORAGE_KINDS } from './table-kinds-storage.ts';
import { TEXT_KINDS } from './table-kinds-text.ts';

/** A table with an oddity of its own. In statements and files, `@table` stands for its name and `@folder` for its folder. */
export interface OddKind {
  readonly name: string;
  /** What is compared, partition keys included. */
  readonly columns: readonly TypedColumn[];
  readonly rows: number;
  /** Put into HDFS first, by path below the folder. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly statements: readonly string[];
  /** Columns of which Trino shows other values, and the note of the plan that says so. */
  readonly differing?: {
    readonly columns: readonly string[];
    readonly code: string;
  };
}

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';
const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** One partition each. Hive makes NULL and the empty string one partition. */
const ODD_VALUES = [
  'a b', ' around ', '50%', '%41', 'a:b', 'x/y', 'été', 'e\u0301', '東京 😀', 'a=b', "l'hiver", '"', '#1?', '*', '[x]', '{x}', '^', '\\', 'a+b', 'a&b;c', 'A', 'a', '..', 'tab\there', '',
]; // prettier-ignore

/** Every combination of values that Athena computes: integers, integers with their zeros, days, a list; months, which fill half of theirs. */
const PROJECTED = ['2023', '2024'].flatMap((year) =>
  ["'09'", "'10'"].flatMap((month) =>
    ["'2024-02-28'", "'2024-02-29'", "'2024-03-01'"].flatMap((day) =>
      ["'a'", "'Île 1'"].map((kind) => [year, month, day, kind, month === "'09'" ? "'2024-09'" : "'2024-10'"]),
    ),
  ),
);

const AVRO_SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Arret',
  namespace: 'org.example.rh',
  fields: [
    { name: 'Id', type: 'int' },
    { name: 'motif', type: ['null', 'string'], default: null, doc: 'Le motif, en toutes lettres' },
    {
      name: 'montant',
      type: ['null', { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 }],
      default: null,
    },
    { name: 'jour', type: ['null', { type: 'int', logicalType: 'date' }], default: null },
    {
      name: 'lieu',
      type: ['null', { type: 'record', name: 'Lieu', fields: [{ name: 'ville', type: ['null', 'string'] }] }],
      default: null,
    },
    { name: 'etat', type: { type: 'enum', name: 'Etat', symbols: ['OUVERT', 'CLOS'] } },
  ],
});

const AVRO_COLUMNS = [
  { name: 'id', type: 'int' },
  { name: 'motif', type: 'string' },
  { name: 'montant', type: 'decimal(9,2)' },
  { name: 'jour', type: 'date' },
  { name: 'lieu', type: 'struct<ville:string>' },
  { name: 'etat', type: 'string' },
];

const avro = (name: string, properties: string, files: OddKind['files'] = {}): OddKind => ({
  name,
  columns: AVRO_COLUMNS,
  rows: 2,
  files,
  statements: [
    `${EXTERNAL} STORED AS AVRO LOCATION '@folder' TBLPROPERTIES (${properties})`,
    `INSERT INTO @table SELECT 1, 'grippe', cast(12.5 as decimal(9,2)), cast('1500-03-01' as date), named_struct('ville', 'Évry'), 'OUVERT'
     UNION ALL SELECT 2, NULL, NULL, NULL, named_struct('ville', cast(NULL as string)), 'CLOS'`,
  ],
});

const EVOLVED_COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'ratio', type: 'double' },
  { name: 'label', type: 'string' },
  { name: 'extra', type: 'string' },
  { name: 'p', type: 'string' },
];

const PARTITION_KINDS: readonly OddKind[] = [
  {
    name: 'parts_odd',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'p', type: 'string' },
    ],
    rows: ODD_VALUES.length,
    statements: [
      `${EXTERNAL} (id int) PARTITIONED BY (p string) STORED AS TEXTFILE LOCATION '@folder'`,
      'SET hive.exec.dynamic.partition.mode=nonstrict',
      `INSERT INTO @table PARTITION (p) SELECT * FROM
       (SELECT stack(${ODD_VALUES.length}, ${ODD_VALUES.map((value, id) => `${id}, ${quoted(value)}`).join(', ')}) AS (id, p)) odd`,
    ],
  },
  {
    name: 'parts_projected',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'y', type: 'bigint' },
      { name: 'm', type: 'string' },
      { name: 'd', type: 'date' },
      { name: 'k', type: 'string' },
      { name: 'ym', type: 'string' },
    ],
    rows: 24,
    statements: [
      `${EXTERNAL} (id int) PARTITIONED BY (y bigint, m string, d date, k string, ym string) STORED AS ORC LOCATION '@folder'`,
      'SET hive.exec.dynamic.partition.mode=nonstrict',
      `INSERT INTO @table PARTITION (y, m, d, k, ym) SELECT id, y, m, cast(d as date), k, ym FROM
       (SELECT stack(24, ${PROJECTED.map((values, id) => `${id}, ${values.join(', ')}`).join(', ')}) AS (id, y, m, d, k, ym)) odd`,
    ],
  },
  {
    name: 'parts_typed',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'd', type: 'date' },
      { name: 'n', type: 'int' },
      { name: 'm', type: 'decimal(10,2)' },
      { name: 't', type: 'timestamp' },
      { name: 'c', type: 'char(4)' },
      { name: 'b', type: 'boolean' },
    ],
    rows: 3,
    statements: [
      `${EXTERNAL} (id int) PARTITIONED BY (d date, n int, m decimal(10,2), t timestamp, c char(4), b boolean) STORED AS ORC LOCATION '@folder'`,
      'SET hive.exec.dynamic.partition.mode=nonstrict',
      `INSERT INTO @table PARTITION (d, n, m, t, c, b)
       SELECT 1, cast('2024-02-29' as date), -7, cast(12.5 as decimal(10,2)), cast('2024-03-31 02:30:00.25' as timestamp), cast('ab' as char(4)), true
       UNION ALL SELECT 2, cast('1500-03-01' as date), 2147483647, cast(-99999999.99 as decimal(10,2)), cast('1969-12-31 23:59:59' as timestamp), cast('éèàç' as char(4)), false
       UNION ALL SELECT 3, cast(NULL as date), cast(NULL as int), cast(NULL as decimal(10,2)), cast(NULL as timestamp), cast(NULL as char(4)), false`,
    ],
  },
  {
    name: 'parts_places',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'p', type: 'string' },
    ],
    rows: 4,
    files: { 'p=in/a': '1\n', '../elsewhere/a': '2\n', 'both/a': '3\n' },
    statements: [
      `${EXTERNAL} (id int) PARTITIONED BY (p string) STORED AS TEXTFILE LOCATION '@folder'`,
      `ALTER TABLE @table ADD PARTITION (p='in') PARTITION (p='out') LOCATION '@folder/../elsewhere'
       PARTITION (p='one') LOCATION '@folder/both' PARTITION (p='two') LOCATION '@folder/both'`,
      // Hive makes the folder of a partition that it adds.
      `ALTER TABLE @table ADD PARTITION (p='gone') LOCATION '@folder/gone'`,
      `ALTER TABLE @table PARTITION (p='gone') SET LOCATION '@authority@folder/never'`,
    ],
  },
  {
    name: 'parts_evolved_text',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'label', type: 'string' },
      { name: 'extra', type: 'string' },
      { name: 'p', type: 'string' },
    ],
    rows: 3,
    files: { 'p=old/a': '1,un\n', 'p=semicolon/a': '2;deux;x\n', 'p=new/a': '3000000000,trois,y\n' },
    statements: [
      `${EXTERNAL} (id int, label string) PARTITIONED BY (p string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE LOCATION '@folder'`,
      `ALTER TABLE @table ADD PARTITION (p='old')`,
      `ALTER TABLE @table CHANGE id id bigint`,
      `ALTER TABLE @table ADD COLUMNS (extra string)`,
      `ALTER TABLE @table ADD PARTITION (p='semicolon') PARTITION (p='new')`,
      `ALTER TABLE @table PARTITION (p='semicolon') SET SERDEPROPERTIES ('field.delim'=';')`,
    ],
  },
  {
    name: 'parts_evolved_parquet',
    columns: EVOLVED_COLUMNS,
    rows: 2,
    statements: [
      `${EXTERNAL} (id bigint, ratio double, label string) PARTITIONED BY (p string) STORED AS PARQUET LOCATION '@folder'`,
      `INSERT INTO @table PARTITION (p='old') SELECT 1, 1.5, 'un'`,
      `ALTER TABLE @table ADD COLUMNS (extra string)`,
      `INSERT INTO @table PARTITION (p='new') SELECT 3000000000, 0.1, 'trois', 'y'`,
    ],
  },
  {
    name: 'parts_evolved_orc',
    columns: [
      { name: 'number', type: 'string' },
      { name: 'amount', type: 'decimal(12,3)' },
      { name: 'small', type: 'int' },
      { name: 'code', type: 'string' },
      ...EVOLVED_COLUMNS,
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} (id int, ratio float, label varchar(10), number int, amount decimal(10,2), small tinyint, code char(4))
       PARTITIONED BY (p string) STORED AS ORC LOCATION '@folder'`,
      `INSERT INTO @table PARTITION (p='old')
       SELECT 1, cast(1.5 as float), 'un', -7, cast(12.34 as decimal(10,2)), cast(-1 as tinyint), cast('ab' as char(4))`,
      `ALTER TABLE @table CHANGE id id bigint`,
      `ALTER TABLE @table CHANGE ratio ratio double`,
      `ALTER TABLE @table CHANGE label label string`,
      `ALTER TABLE @table CHANGE number number string`,
      `ALTER TABLE @table CHANGE amount amount decimal(12,3)`,
      `ALTER TABLE @table CHANGE small small int`,
      `ALTER TABLE @table CHANGE code code string`,
      `ALTER TABLE @table ADD COLUMNS (extra string)`,
      `INSERT INTO @table PARTITION (p='new')
       SELECT 3000000000, 0.1, 'trois', 'x', cast(0.125 as decimal(12,3)), 70000, 'abcdef', 'y'`,
    ],
  },
];

const COLUMN_KINDS: readonly OddKind[] = ['orc', 'textfile'].map((format) => ({
  name: `columns_odd_${format}`,
  columns: ['a b', 'été', 'select', '1a', 'a-b', '_x'].map((name) => ({ name, type: 'string' })),
  rows: 1,
  statements: [
    `${EXTERNAL} (\`a b\` string, \`été\` string, \`select\` string, \`1a\` string, \`a-b\` string, \`_x\` string)
     STORED AS ${format} LOCATION '@folder'`,
    `INSERT INTO @table SELECT '1', '2', '3', '4', '5', '6'`,
  ],
}));

/** Numbers that are hard to print, and the same row twice. */
const NUMBERS: readonly OddKind[] = ['parquet', 'orc'].map((format) => ({
  name: `numbers_${format}`,
  columns: [
    { name: 'd', type: 'double' },
    { name: 'f', type: 'float' },
    { name: 'm', type: 'decimal(38,18)' },
    { name: 'w', type: 'decimal(38,0)' },
  ],
  rows: 10,
  statements: [
    `${EXTERNAL} (d double, f float, m decimal(38,18), w decimal(38,0)) STORED AS ${format} LOCATION '@folder'`,
    `INSERT INTO @table SELECT cast(d as double), cast(f as float), cast(m as decimal(38,18)), cast(w as decimal(38,0)) FROM
     (SELECT stack(10, 'NaN', 'NaN', '0.000000000000000001', '1', 'Infinity', '-Infinity', '-99999999999999999999.999999999999999999', '-99999999999999999999999999999999999999',
       '-0.0', '-0.0', '-0.5', '0', '4.9E-324', '1.4E-45', '10', '10', '2.2250738585072014E-308', '1.17549435E-38', '100.10', '100', '0.1', '0.1', '12345678901234567890.123', '12345678901234567890123',
       '1.0E20', '1.0E10', NULL, NULL, '-1.7976931348623157E308', '3.4028235E38', '1', '1', '1024', '0.5', '-1', '-1', '1024', '0.5', '-1', '-1') AS (d, f, m, w)) odd`,
  ],
}));

/** Those that the run itself compares by value. */
export const SUMMED_KINDS: readonly OddKind[] = [
  ...NUMBERS,
  ...STORAGE_KINDS,
  avro('avro_literal', `'avro.schema.literal'=${quoted(AVRO_SCHEMA)}`),
  avro('avro_url', `'avro.schema.url'='@authority@folder/../schemas/arret.avsc'`, {
    '../schemas/arret.avsc': JSON.stringify(JSON.parse(AVRO_SCHEMA), undefined, 2),
  }),
  ...PARTITION_KINDS,
  ...COLUMN_KINDS,
];

export const ODD_KINDS: readonly OddKind[] = [
  ...SUMMED_KINDS,
  ...TEXT_KINDS,
  ...NESTED_KINDS,
  ...PARTITIONED_KINDS,
  ...HADOOP_KINDS,
  ...AVRO_KINDS,
];
