import type { OddKind } from './table-kinds-odd.ts';

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';

/** Tables whose rows lie in files as Hive saw fit, and old SerDes. */
export const STORAGE_KINDS: readonly OddKind[] = [
  {
    name: 'bucketed',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
    ],
    rows: 6,
    statements: [
      `${EXTERNAL} (id int, label string) CLUSTERED BY (id) SORTED BY (label DESC) INTO 3 BUCKETS STORED AS ORC LOCATION '@folder'`,
      `INSERT INTO @table SELECT stack(6, 1, 'un', 2, 'deux', 3, 'trois', 3, 'trois', NULL, 'rien', -4, 'moins quatre') AS (id, label)`,
    ],
  },
  {
    name: 'skewed',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
    ],
    rows: 4,
    statements: [
      `${EXTERNAL} (id int, label string) SKEWED BY (id, label) ON ((1, 'un'), (2, 'deux')) STORED AS PARQUET LOCATION '@folder'`,
      `INSERT INTO @table SELECT stack(4, 1, 'un', 1, 'un', 2, 'deux', 3, 'trois') AS (id, label)`,
    ],
  },
  {
    name: 'bucketed_skewed_text',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
    ],
    rows: 4,
    statements: [
      `${EXTERNAL} (id int, label string) CLUSTERED BY (id) INTO 2 BUCKETS SKEWED BY (id) ON (1) STORED AS TEXTFILE LOCATION '@folder'`,
      `INSERT INTO @table SELECT stack(4, 1, 'un', 1, 'un', 2, 'deux', NULL, 'rien') AS (id, label)`,
    ],
  },
  {
    // No statement of Hive 3 declares a column of type void; a schema can.
    name: 'void',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'nothing', type: 'void' },
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} STORED AS AVRO LOCATION '@folder' TBLPROPERTIES ('avro.schema.literal'='
       {"type":"record","name":"Vide","fields":[{"name":"id","type":"int"},{"name":"nothing","type":"null"}]}')`,
      `INSERT INTO @table SELECT stack(2, 1, NULL, 2, NULL) AS (id, nothing)`,
    ],
  },
  {
    name: 'regex_contrib',
    columns: [
      { name: 'host', type: 'string' },
      { name: 'code', type: 'string' },
    ],
    rows: 3,
    files: { 'a.log': '10.0.0.1 200\nété 404\nnothing of this\n' },
    statements: [
      `${EXTERNAL} (host string, code string) ROW FORMAT SERDE 'org.apache.hadoop.hive.contrib.serde2.RegexSerDe'
       WITH SERDEPROPERTIES ('input.regex'='([^ ]+) (\\\\d+)', 'output.format.string'='%1$s %2$s')
       STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
];

/** A table that the plan asks about or refuses, and the code of the reason. */
export interface AskedKind {
  readonly name: string;
  readonly verdict: 'refuse' | 'needs-decision';
  readonly code: string;
  readonly statement: string;
}

/** `@other` is a database of plain tables. */
export const ASKED_KINDS: readonly AskedKind[] = [
  {
    name: 'list_bucketed',
    verdict: 'refuse',
    code: 'LIST_BUCKETING',
    statement: `${EXTERNAL} (id int, label string) SKEWED BY (id) ON (1, 2) STORED AS DIRECTORIES STORED AS ORC`,
  },
  {
    name: 'materialised',
    verdict: 'needs-decision',
    code: 'MATERIALIZED_VIEW',
    statement: `CREATE MATERIALIZED VIEW @table DISABLE REWRITE AS SELECT id, label FROM @other.bucketed WHERE id > 1`,
  },
  {
    name: 'multi_delimited',
    verdict: 'needs-decision',
    code: 'SERDE_UNSUPPORTED',
    statement: `${EXTERNAL} (id int, label string) ROW FORMAT SERDE 'org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe' WITH SERDEPROPERTIES ('field.delim'='||') STORED AS TEXTFILE`,
  },
  {
    name: 'orc_lzo',
    verdict: 'needs-decision',
    code: 'CODEC_UNSUPPORTED',
    statement: `${EXTERNAL} (id int) STORED AS ORC TBLPROPERTIES ('orc.compress'='LZO')`,
  },
  {
    name: 'parts_bytes',
    verdict: 'needs-decision',
    code: 'PARTITION_KEY_BINARY',
    statement: `${EXTERNAL} (id int) PARTITIONED BY (b binary) STORED AS ORC`,
  },
  {
    name: 'united',
    verdict: 'needs-decision',
    code: 'TYPE_UNION',
    statement: `${EXTERNAL} (id int, either uniontype<int,string>) STORED AS ORC`,
  },
  {
    name: 'local_timestamp',
    verdict: 'needs-decision',
    code: 'TYPE_LOCAL_TIMESTAMP',
    statement: `${EXTERNAL} (id int, at timestamp with local time zone) STORED AS ORC`,
  },
  {
    name: 'latin',
    verdict: 'needs-decision',
    code: 'ENCODING',
    statement: `${EXTERNAL} (id int, label string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe' WITH SERDEPROPERTIES ('serialization.encoding'='ISO-8859-1') STORED AS TEXTFILE`,
  },
  {
    name: 'lists_of_files',
    verdict: 'needs-decision',
    code: 'INPUT_FORMAT_UNSUPPORTED',
    statement: `${EXTERNAL} (id int, label string) ROW FORMAT DELIMITED FIELDS TERMINATED BY ','
      STORED AS INPUTFORMAT 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat' OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'`,
  },
];
