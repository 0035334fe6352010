import type { OddKind } from './table-kinds-odd.ts';

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';
const DELIMITED = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'
  WITH SERDEPROPERTIES ('field.delim'='|', 'escape.delim'='\\\\', 'serialization.null.format'='NA', 'collection.delim'=';', 'mapkey.delim'=':')`;
const COLUMNS = [
  { name: 'id', type: 'int' },
  { name: 'label', type: 'string' },
  { name: 'words', type: 'array<string>' },
  { name: 'counts', type: 'map<string,int>' },
];
const DEFINITION = '(id int, label string, words array<string>, counts map<string,int>)';
const ROWS = `SELECT 1, 'a|b', array('x', 'y'), map('k', 1) UNION ALL SELECT 2, 'NA', array('NA'), map('l', 2)
  UNION ALL SELECT 3, cast(NULL as string), if(false, array('x'), NULL), if(false, map('k', 1), NULL)`;

const COMPRESSION = 'mapreduce.output.fileoutputformat.compress';

const withEmptyFile = (format: string): OddKind => ({
  name: `empty_file_${format}`,
  columns: COLUMNS.slice(0, 1),
  rows: 1,
  files: { empty: '' },
  statements: [`${EXTERNAL} (id int) STORED AS ${format} LOCATION '@folder'`, `INSERT INTO @table SELECT 1`],
});

/** Containers of Hadoop that hold delimited text, and other files that are empty, as tasks without a row leave them. */
export const HADOOP_KINDS: readonly OddKind[] = [
  withEmptyFile('orc'),
  withEmptyFile('avro'),
  {
    name: 'sequencefile_records',
    columns: COLUMNS,
    rows: 9,
    statements: [
      `${EXTERNAL} ${DEFINITION} ${DELIMITED} STORED AS SEQUENCEFILE LOCATION '@folder'`,
      'SET hive.exec.compress.output=true',
      `SET ${COMPRESSION}.codec=org.apache.hadoop.io.compress.DefaultCodec`,
      `SET ${COMPRESSION}.type=RECORD`,
      `INSERT INTO @table ${ROWS}`,
      `SET ${COMPRESSION}.codec=org.apache.hadoop.io.compress.SnappyCodec`,
      `INSERT INTO @table ${ROWS}`,
      `SET ${COMPRESSION}.type=NONE`,
      `INSERT INTO @table ${ROWS}`,
      'SET hive.exec.compress.output=false',
    ],
  },
  {
    name: 'sequencefile_header',
    columns: COLUMNS.slice(0, 2),
    rows: 2,
    statements: [
      `${EXTERNAL} (id int, label string) STORED AS SEQUENCEFILE LOCATION '@folder' TBLPROPERTIES ('skip.header.line.count'='1')`,
      `INSERT INTO @table SELECT stack(3, 1, 'un', 2, 'deux', 3, 'trois') AS (id, label)`,
    ],
  },
  {
    name: 'rcfile_delimited',
    columns: COLUMNS,
    rows: 3,
    statements: [
      `${EXTERNAL} ${DEFINITION} ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe'
       WITH SERDEPROPERTIES ('field.delim'='|', 'serialization.null.format'='NA', 'collection.delim'=';', 'mapkey.delim'=':') STORED AS RCFILE LOCATION '@folder'`,
      `INSERT INTO @table ${ROWS.replace('y', 'y').replace('l:m', 'l')}`,
    ],
  },
];
