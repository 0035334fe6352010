import { gzipSync } from 'node:zlib';
import { COLLECTION_KINDS } from './table-kinds-collections.ts';
import type { OddKind } from './table-kinds-odd.ts';

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';
const text = (id: string, name: string) => [
  { name: id, type: 'int' },
  { name, type: 'string' },
];
const delimited = (name: string, properties: string, content: string | Uint8Array, rows: number): OddKind => ({
  name,
  columns: text('id', 'label'),
  rows,
  files: { 'a.txt': content },
  statements: [
    `${EXTERNAL} (id int, label string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
     WITH SERDEPROPERTIES (${properties}) STORED AS TEXTFILE LOCATION '@folder'`,
  ],
});

const CSV = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.OpenCSVSerde'`;
const REGEX = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'`;

/** Text that files hold as other systems wrote them; Hive only declares it. */
export const TEXT_KINDS: readonly OddKind[] = [
  delimited('text_tab_by_number', `'field.delim'='9'`, '1\tun\n2\t\n3\n4\tquatre\tcinq\n', 4),
  delimited('text_control', `'field.delim'='\\u0001'`, '1\u0001a|b\n2\u0001c\td\n', 2),
  delimited('text_thorn', `'field.delim'='þ'`, Buffer.from('1þun\n2þdeux\n', 'latin1'), 2),
  delimited('text_first_of_two', `'field.delim'='||'`, '1||un\n2|deux|\n', 2),
  delimited('text_only_format', `'serialization.format'=';'`, '1;un\n2;deux\n', 2),
  delimited('text_null_empty', `'field.delim'=',', 'serialization.null.format'=''`, '1,\n,deux\n3,\\N\n', 3),
  delimited('text_null_word', `'field.delim'=',', 'serialization.null.format'='NA'`, '1,NA\nNA,deux\n3,\\N\n', 3),
  delimited('text_escaped', `'field.delim'=',', 'escape.delim'='\\\\'`, '1,a\\,b\n2,c\\\\d\n3,\\N\n4,g\\"h\n', 4),
  delimited(
    'text_last_takes_rest',
    `'field.delim'=',', 'serialization.last.column.takes.rest'='true'`,
    '1,a,b,c\n2,\n3\n',
    3,
  ),
  delimited('text_no_number', `'field.delim'=','`, ' 1,a\n2x,b\n2147483648,c\n,d\n+5,e\n6.5,f\n', 6),
  delimited('text_line_ends', `'field.delim'=','`, '1,un\r\n2,deux\r\n3,trois', 3),
  {
    name: 'text_header',
    columns: text('id', 'label'),
    rows: 3,
    files: {
      'a.csv': '﻿id;label\n2024;titre\n1;un\n2;deux\nfin;\n',
      'b.csv.gz': gzipSync('id;label\n;\n3;trois\nfin;\n'),
    },
    statements: [
      `${EXTERNAL} (id int, label string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ';' STORED AS TEXTFILE
       LOCATION '@folder' TBLPROPERTIES ('skip.header.line.count'='2', 'skip.footer.line.count'='1')`,
    ],
  },
  {
    name: 'text_timestamp_formats',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'at', type: 'timestamp' },
      { name: 'is_on', type: 'boolean' },
    ],
    rows: 5,
    files: {
      'a.txt':
        '1,2024-03-31T02:30:00,TRUE\n2,1999-12-31 23:59:59.5,false\n3,2024-02-30,t\n4,1711852200000,1\n5,2024-03-31T02:30:00.250,True\n',
    },
    statements: [
      `${EXTERNAL} (id int, at timestamp, is_on boolean) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
       WITH SERDEPROPERTIES ('field.delim'=',', 'timestamp.formats'="yyyy-MM-dd'T'HH:mm:ss,yyyy-MM-dd'T'HH:mm:ss.SSS")
       STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'text_deep',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'deep', type: 'array<array<array<array<array<array<array<array<array<int>>>>>>>>>' },
    ],
    rows: 1,
    statements: [
      `${EXTERNAL} (id int, deep array<array<array<array<array<array<array<array<array<int>>>>>>>>>)
       ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
       WITH SERDEPROPERTIES ('hive.serialization.extend.additional.nesting.levels'='true') STORED AS TEXTFILE LOCATION '@folder'`,
      `INSERT INTO @table SELECT 1, array(array(array(array(array(array(array(array(array(1, 2)), array(array(3)))))))))`,
    ],
  },
  {
    name: 'text_compressed',
    columns: text('id', 'label'),
    rows: 5,
    files: { 'a.gz': gzipSync('1,un\n2,deux\n') },
    statements: [
      `${EXTERNAL} (id int, label string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' STORED AS TEXTFILE LOCATION '@folder'`,
      'SET hive.exec.compress.output=true',
      'SET mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.BZip2Codec',
      `INSERT INTO @table SELECT 3, 'trois'`,
      'SET mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.SnappyCodec',
      `INSERT INTO @table SELECT 4, 'quatre'`,
      'SET mapreduce.output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.Lz4Codec',
      `INSERT INTO @table SELECT 5, 'cinq'`,
      'SET hive.exec.compress.output=false',
    ],
  },
  {
    name: 'opencsv',
    columns: text('id', 'label').map(({ name }) => ({ name, type: 'string' })),
    rows: 7,
    files: { 'a.csv': '1,"a, b"\n"2","c ""d"" e"\n3,\n4\n5,"f \\"g\\" h"\n6,i\\j, \n7,\\N\n' },
    statements: [`${EXTERNAL} (id int, label string) ${CSV} STORED AS TEXTFILE LOCATION '@folder'`],
  },
  {
    name: 'opencsv_custom',
    columns: text('id', 'label').map(({ name }) => ({ name, type: 'string' })),
    rows: 3,
    files: { 'a.csv': "id;label\n1;'a; b'\n2;c~'d\n3;'e~'f'\n" },
    statements: [
      `${EXTERNAL} (id string, label string) ${CSV}
       WITH SERDEPROPERTIES ('separatorChar'=';', 'quoteChar'="'", 'escapeChar'='~') STORED AS TEXTFILE
       LOCATION '@folder' TBLPROPERTIES ('skip.header.line.count'='1')`,
    ],
  },
  {
    name: 'regex',
    columns: [
      { name: 'host', type: 'string' },
      { name: 'code', type: 'string' },
      { name: 'referer', type: 'string' },
    ],
    rows: 3,
    files: { 'a.log': '10.0.0.1 200 "https://é.example"\nHOST 404\nnothing of this\n' },
    statements: [
      `${EXTERNAL} (host string, code string, referer string) ${REGEX}
       WITH SERDEPROPERTIES ('input.regex'='([a-z0-9.]+) (\\\\d+)(?: "(.*)")?', 'input.regex.case.insensitive'='true')
       STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'regex_typed',
    columns: [
      { name: 'host', type: 'string' },
      { name: 'code', type: 'int' },
    ],
    rows: 2,
    files: { 'a.log': 'a 200\nb 404\n' },
    statements: [
      `${EXTERNAL} (host string, code int) ${REGEX} WITH SERDEPROPERTIES ('input.regex'='(\\\\w+) (\\\\d+)')
       STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'json_missing',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
      { name: 'place', type: 'struct<city:string,level:int>' },
    ],
    rows: 4,
    files: {
      'a.json':
        '{"id":1,"label":"un","more":[1],"place":{"city":"Évry","level":null}}\n{"Label":"deux","ID":2}\n{"id":3,"place":{"LEVEL":3}}\n{"id":null,"label":4.5,"place":null}\n',
    },
    statements: [
      `${EXTERNAL} (id int, label string, place struct<city:string,level:int>)
       ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe' STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'json_timestamp_formats',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'at', type: 'timestamp' },
      { name: 'd', type: 'date' },
    ],
    rows: 4,
    files: {
      'a.json':
        '{"id":1,"at":"2024-03-31T02:30:00","d":"2024-02-29"}\n{"id":2,"at":"1999-12-31 23:59:59.5"}\n{"id":3,"at":"31/12/2024 10:00"}\n{"id":4,"at":null,"d":null}\n',
    },
    statements: [
      `${EXTERNAL} (id int, at timestamp, d date) ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
       WITH SERDEPROPERTIES ('timestamp.formats'="yyyy-MM-dd'T'HH:mm:ss,dd/MM/yyyy HH:mm") STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  ...COLLECTION_KINDS,
];
