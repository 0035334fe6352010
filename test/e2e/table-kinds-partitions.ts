import { gzipSync } from 'node:zlib';
import type { OddKind } from './table-kinds-odd.ts';

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';
const CSV = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'`;
const REGEX = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'`;
const JSON_SERDE = `ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'`;
const DYNAMIC = 'SET hive.exec.dynamic.partition.mode=nonstrict';
const COMPRESSED = [
  'SET hive.exec.compress.output=true',
  'SET mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.BZip2Codec',
];
const PLAIN = 'SET hive.exec.compress.output=false';

/** Keys of the partitions of text that other systems wrote. */
const DAY_AND_NUMBER = [
  { name: 'd', type: 'date' },
  { name: 'n', type: 'smallint' },
];

const evolved = (format: string): OddKind => ({
  name: `parts_evolved_${format}`,
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'label', type: 'string' },
    { name: 'extra', type: 'string' },
    { name: 'p', type: 'string' },
  ],
  rows: 2,
  statements: [
    `${EXTERNAL} (id int, label string) PARTITIONED BY (p string) STORED AS ${format} LOCATION '@folder'`,
    `INSERT INTO @table PARTITION (p='old') SELECT 1, 'un'`,
    `ALTER TABLE @table CHANGE id id bigint`,
    `ALTER TABLE @table ADD COLUMNS (extra string)`,
    `INSERT INTO @table PARTITION (p='new') SELECT 3000000000, 'deux', 'plus'`,
  ],
});

/** Managed tables, and partitions of text other than delimited; their files are compressed as those that systems deliver. */
export const PARTITIONED_KINDS: readonly OddKind[] = [
  {
    // Where the metastore puts it: in the folder of its database.
    name: 'managed',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
      { name: 't', type: 'tinyint' },
      { name: 's', type: 'smallint' },
      { name: 'f', type: 'float' },
      { name: 'd', type: 'double' },
      { name: 'v', type: 'varchar(8)' },
    ],
    rows: 3,
    statements: [
      `CREATE TABLE @table (id int, label string) PARTITIONED BY (t tinyint, s smallint, f float, d double, v varchar(8))
       STORED AS PARQUET TBLPROPERTIES ('transactional'='false')`,
      DYNAMIC,
      `INSERT INTO @table PARTITION (t, s, f, d, v)
       SELECT 1, 'un', cast(-128 as tinyint), cast(32767 as smallint), cast(1.5 as float), cast(0.1 as double), cast('été 1/2' as varchar(8))
       UNION ALL SELECT 2, 'deux', cast(127 as tinyint), cast(-32768 as smallint), cast(0.1 as float), cast(1.0E20 as double), cast('12345678' as varchar(8))
       UNION ALL SELECT 3, NULL, cast(NULL as tinyint), cast(NULL as smallint), cast(NULL as float), cast(NULL as double), cast(NULL as varchar(8))`,
    ],
  },
  {
    name: 'parts_opencsv',
    columns: [{ name: 'id', type: 'string' }, { name: 'label', type: 'string' }, ...DAY_AND_NUMBER],
    rows: 4,
    files: {
      'd=2024-02-29/n=-7/a.csv.gz': gzipSync('id,label\n1,"a, b"\n"2","c ""d"""\n3,\n'),
    },
    statements: [
      `${EXTERNAL} (id string, label string) PARTITIONED BY (d date, n smallint) ${CSV} STORED AS TEXTFILE
       LOCATION '@folder' TBLPROPERTIES ('skip.header.line.count'='1')`,
      `ALTER TABLE @table ADD PARTITION (d='2024-02-29', n='-7')`,
      ...COMPRESSED,
      `INSERT INTO @table PARTITION (d='2024-03-01', n=2) SELECT stack(2, 'id', 'label', '4', 'e, "f"') AS (id, label)`,
      PLAIN,
    ],
  },
  {
    name: 'parts_json',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'label', type: 'string' },
      { name: 'at', type: 'timestamp' },
      ...DAY_AND_NUMBER,
    ],
    rows: 3,
    files: {
      'd=2024-02-29/n=-7/a.json.gz': gzipSync(
        '{"id":1,"label":"l\\u00e9 \\"un\\"","at":"2024-03-31 02:30:00.5"}\n{"id":2,"more":{"x":1}}\n',
      ),
    },
    statements: [
      `${EXTERNAL} (id bigint, label string, at timestamp) PARTITIONED BY (d date, n smallint) ${JSON_SERDE} STORED AS TEXTFILE LOCATION '@folder'`,
      `ALTER TABLE @table ADD PARTITION (d='2024-02-29', n='-7')`,
      ...COMPRESSED,
      `INSERT INTO @table PARTITION (d='2024-03-01', n=2) SELECT 3, 'trois', timestamp'1969-12-31 23:59:59'`,
      PLAIN,
    ],
  },
  {
    name: 'parts_regex',
    columns: [
      { name: 'host', type: 'varchar(20)' },
      { name: 'code', type: 'smallint' },
      { name: 'bytes', type: 'bigint' },
      { name: 'seconds', type: 'double' },
      { name: 'cost', type: 'decimal(9,2)' },
      { name: 'day', type: 'date' },
      { name: 'at', type: 'timestamp' },
      { name: 'is_ok', type: 'boolean' },
      ...DAY_AND_NUMBER,
    ],
    rows: 4,
    differing: { columns: ['is_ok'], code: 'REGEX_BOOLEAN' },
    files: {
      'd=2024-02-29/n=-7/a.log.gz': gzipSync(
        'a.example 200 9007199254740993 0.25 12.50 2024-02-29 2024-03-31T02:30:00 true\nb\n',
      ),
      'd=2024-03-01/n=2/a.log': 'c.example 404 1 1.0E3 -1.5 1970-01-01 2024-03-31 02:30:00.25 FALSE\nd x x x x x x x\n',
    },
    statements: [
      `${EXTERNAL} (host varchar(20), code smallint, bytes bigint, seconds double, cost decimal(9,2), day date, at timestamp, is_ok boolean)
       PARTITIONED BY (d date, n smallint) ${REGEX}
       WITH SERDEPROPERTIES ('input.regex'='(\\\\S+)(?: (\\\\S+) (\\\\S+) (\\\\S+) (\\\\S+) (\\\\S+) (\\\\S+(?: [0-9:.]+)?) (\\\\S+))?')
       STORED AS TEXTFILE LOCATION '@folder'`,
      `ALTER TABLE @table ADD PARTITION (d='2024-02-29', n='-7') PARTITION (d='2024-03-01', n=2)`,
    ],
  },
  evolved('rcfile'),
  evolved('sequencefile'),
  {
    name: 'parts_evolved_orc_members',
    columns: [
      { name: 'id', type: 'int' },
      { name: 's', type: 'struct<a:bigint,b:string,c:string>' },
      { name: 'w', type: 'array<struct<a:bigint,b:string>>' },
      { name: 'p', type: 'string' },
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} (id int, s struct<a:int,b:string>, w array<struct<a:int>>) PARTITIONED BY (p string) STORED AS ORC LOCATION '@folder'`,
      `INSERT INTO @table PARTITION (p='old') SELECT 1, named_struct('a', 1, 'b', 'un'), array(named_struct('a', 2))`,
      `ALTER TABLE @table CHANGE s s struct<a:bigint,b:string,c:string>`,
      `ALTER TABLE @table CHANGE w w array<struct<a:bigint,b:string>>`,
      `INSERT INTO @table PARTITION (p='new')
       SELECT 2, named_struct('a', 3000000000, 'b', 'deux', 'c', 'plus'), array(named_struct('a', 3000000000, 'b', 'x'))`,
    ],
  },
];
