import type { ConversionFormat } from '../../src/domain/conversion.ts';
import type { TypedColumn } from './compared-values.ts';
import { PROOF_COLUMNS, proofRows } from './table-kinds-lake.ts';

/** A table with every type where there is room; statements make it (`@table` is its name) and bring it to life. */
export interface MadeKind {
  readonly name: string;
  readonly columns: readonly TypedColumn[];
  readonly rows: number;
  /** Files of the table, by their path in its folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly statements: readonly string[];
}

/** One that nobody can take over by its files. */
export interface ConvertedKind extends MadeKind {
  readonly format: ConversionFormat;
  /** Plain tables are converted into the zone `cleaned`; the others have no other form to be in `raw`. */
  readonly zone?: 'cleaned';
}

const definitionOf = (columns: readonly TypedColumn[]): string =>
  columns.map(({ name, type }) => `${name} ${type}`).join(', ');
const definition = definitionOf(PROOF_COLUMNS);
/** As many as make the plan speak of them. */
const SMALL_FILES = 100;
const transactional = `TBLPROPERTIES ('transactional'='true')`;
const insertOnly = `TBLPROPERTIES ('transactional'='true', 'transactional_properties'='insert_only')`;

export const CONVERTED_KINDS: readonly ConvertedKind[] = [
  {
    name: 'acid',
    format: 'parquet',
    columns: PROOF_COLUMNS,
    rows: 5,
    statements: [
      `CREATE TABLE @table (${definition}) STORED AS ORC ${transactional}`,
      `INSERT INTO @table SELECT * FROM (${proofRows()}) seed`,
      `UPDATE @table SET id = 10, c_string = 'mis à jour' WHERE id = 1`,
      'DELETE FROM @table WHERE id = 4',
    ],
  },
  {
    name: 'acid_partitioned',
    format: 'parquet',
    columns: [
      { name: 'n', type: 'int' },
      { name: 's', type: 'string' },
      { name: 'k', type: 'string' },
      { name: 'd', type: 'date' },
    ],
    rows: 6,
    statements: [
      `CREATE TABLE @table (n int, s string) PARTITIONED BY (k string, d date) CLUSTERED BY (n) INTO 2 BUCKETS STORED AS ORC ${transactional}`,
      `INSERT INTO @table PARTITION (k, d) SELECT n, s, k, d FROM (
         SELECT 1 AS n, 'a' AS s, 'x/y' AS k, date'2024-02-29' AS d UNION ALL SELECT 2, 'b', '50 %', date'1500-03-01'
         UNION ALL SELECT 3, 'c', 'été:1', date'2024-02-29' UNION ALL SELECT 4, 'd', NULL, date'2024-02-29'
         UNION ALL SELECT 5, 'e', 'x/y', NULL UNION ALL SELECT 6, 'f', 'gone', date'2024-01-01'
         UNION ALL SELECT 7, 'g', 'x/y', date'2024-02-29') seed`,
      `UPDATE @table SET s = 'updated' WHERE n = 7`,
      `DELETE FROM @table WHERE k = 'gone'`,
    ],
  },
  {
    name: 'insert_only',
    format: 'avro',
    columns: [
      { name: 'n', type: 'smallint' },
      { name: 's', type: 'varchar(20)' },
    ],
    rows: 2,
    statements: [
      `CREATE TABLE @table (n smallint, s varchar(20)) STORED AS PARQUET ${insertOnly}`,
      `INSERT INTO @table SELECT cast(9 AS smallint), cast('overwritten' AS varchar(20))`,
      `INSERT OVERWRITE TABLE @table SELECT cast(n AS smallint), cast(s AS varchar(20)) FROM (SELECT 1 AS n, 'un' AS s UNION ALL SELECT 2, NULL) seed`,
    ],
  },
  {
    name: 'small_files',
    format: 'parquet',
    zone: 'cleaned',
    columns: [
      { name: 'n', type: 'int' },
      { name: 's', type: 'string' },
    ],
    rows: SMALL_FILES,
    files: Object.fromEntries(Array.from({ length: SMALL_FILES }, (_, n) => [`part-${n}`, `${n}|é${n}\n`])),
    statements: [
      `CREATE EXTERNAL TABLE @table (n int, s string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'lazy_binary',
    format: 'orc',
    columns: [
      { name: 'n', type: 'int' },
      { name: 's', type: 'string' },
    ],
    rows: 2,
    statements: [
      `CREATE EXTERNAL TABLE @table (n int, s string) ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe'
         STORED AS SEQUENCEFILE LOCATION '@folder'`,
      `INSERT INTO @table SELECT n, s FROM (SELECT 1 AS n, 'un' AS s UNION ALL SELECT 2, '') seed`,
    ],
  },
];

/** Days of another calendar, an hour that Paris skips and one that it has twice, in text that Hive need not write. */
const TIMES = [
  '1|2024-03-31|2024-03-31 02:30:00.123',
  '2|2024-10-27|2024-10-27 02:30:00',
  '3|1582-10-04|1500-03-01 12:00:00.5',
  '4|0001-01-01|0001-01-01 00:00:00',
  '5|9999-12-31|9999-12-31 23:59:59.999',
  '6|1900-01-01|1969-12-31 23:59:58.25',
  '7|\\N|\\N',
];

/** What depends on the version of Hive and on the time zone of its cluster. */
export const HIVE_4_KINDS: readonly ConvertedKind[] = [
  CONVERTED_KINDS[0]!,
  {
    name: 'times',
    format: 'orc',
    zone: 'cleaned',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'd', type: 'date' },
      { name: 't', type: 'timestamp' },
    ],
    rows: TIMES.length,
    files: { a: `${TIMES.join('\n')}\n` },
    statements: [
      `CREATE EXTERNAL TABLE @table (id int, d date, t timestamp) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
];

const timeRows = TIMES.map((row) =>
  row
    .split('|')
    .map((value) => (value === '\\N' ? 'NULL' : `'${value}'`))
    .join(', '),
);
const timesOf = `SELECT cast(id AS int), cast(d AS date), cast(t AS timestamp) FROM (SELECT stack(${TIMES.length}, ${timeRows.join(', ')}) AS (id, d, t)) seed`;

/** Files that Hive 4 writes when nobody tells it how, to be taken as they are: in the calendar of the time, Parquet and Avro in instants. */
export const HIVE_4_DAYS: readonly MadeKind[] = [
  madeDays('days_parquet', 'parquet'),
  madeDays('days_orc', 'orc'),
  // No file of Avro tells its least day, but Hive may.
  madeDays('days_avro', 'avro', { after: ['ANALYZE TABLE @table COMPUTE STATISTICS FOR COLUMNS'] }),
  // The setting is one of days: timestamps are in the calendar of the time all the same.
  madeDays('times_parquet', 'parquet', {
    before: ['SET hive.parquet.date.proleptic.gregorian=true'],
    after: ['SET hive.parquet.date.proleptic.gregorian=false'],
  }),
];

function madeDays(
  name: string,
  format: string,
  { before = [], after = [] }: { before?: readonly string[]; after?: readonly string[] } = {},
): MadeKind {
  const create = `CREATE EXTERNAL TABLE @table (id int, d date, t timestamp) STORED AS ${format} LOCATION '@folder'`;
  const statements = [create, ...before, `INSERT INTO @table ${timesOf}`, ...after];
  return { name, columns: HIVE_4_KINDS[1]!.columns, rows: TIMES.length, statements };
}

const OF_OTHER_ENGINES = [
  'hive.parquet.date.proleptic.gregorian',
  'orc.proleptic.gregorian',
  'hive.parquet.write.int64.timestamp',
];

/** A codec that Hive 3 does not write, with days and times as other engines read them. */
const ZSTD_FILES: readonly MadeKind[] = [
  ['orc', 'orc.compress'],
  ['parquet', 'parquet.compression'],
].map(([format, parameter]) => ({
  name: `zstd_${format}`,
  columns: PROOF_COLUMNS,
  rows: 6,
  statements: [
    `CREATE EXTERNAL TABLE @table (${definition}) STORED AS ${format} LOCATION '@folder' TBLPROPERTIES ('${parameter}'='ZSTD')`,
    ...OF_OTHER_ENGINES.map((name) => `SET ${name}=true`),
    `INSERT INTO @table ${proofRows()}`,
    ...OF_OTHER_ENGINES.map((name) => `SET ${name}=false`),
  ],
}));

/** Days and times apart, which Avro of Hive 4 has in another calendar. */
const WITHOUT_TIMES = PROOF_COLUMNS.filter(({ type }) => !/date|timestamp/.test(type));

/** A codec that Avro of Hive 3 does not have. */
const ZSTD_AVRO: MadeKind = {
  name: 'zstd_avro',
  columns: WITHOUT_TIMES,
  rows: 6,
  statements: [
    `CREATE EXTERNAL TABLE @table (${definitionOf(WITHOUT_TIMES)}) STORED AS AVRO LOCATION '@folder'`,
    'SET hive.exec.compress.output=true',
    'SET avro.output.codec=zstandard',
    `INSERT INTO @table ${proofRows(WITHOUT_TIMES)}`,
    'SET hive.exec.compress.output=false',
  ],
};

/** In a codec of Parquet that Trino does not read, though it reads the other LZ4. */
export const HIVE_4_UNREAD: MadeKind = {
  name: 'lz4_raw',
  columns: [],
  rows: 1,
  statements: [
    `CREATE EXTERNAL TABLE @table (c int) STORED AS PARQUET LOCATION '@folder' TBLPROPERTIES ('parquet.compression'='LZ4_RAW')`,
    'INSERT INTO @table SELECT 1',
    `ALTER TABLE @table UNSET TBLPROPERTIES ('parquet.compression')`,
  ],
};

/** By the end of the names that Hive gives the files: the codec that writes them. */
export const HIVE_4_TEXT_CODECS: Readonly<Record<string, string>> = {
  '.snappy': 'org.apache.hadoop.io.compress.SnappyCodec',
  '.lz4': 'io.airlift.compress.lz4.Lz4Codec',
  '.lzo_deflate': 'io.airlift.compress.lzo.LzoCodec',
  '.lzo': 'io.airlift.compress.lzo.LzopCodec',
  '.zst': 'io.airlift.compress.zstd.ZstdCodec',
};

/** One file in each of these codecs. */
function compressedText(name: string, suffixes: readonly string[], storage: string): MadeKind {
  const columns = [
    { name: 'id', type: 'int' },
    { name: 'label', type: 'string' },
  ];
  const insertions = suffixes.flatMap((suffix, id) => [
    `SET mapreduce.output.fileoutputformat.compress.codec=${HIVE_4_TEXT_CODECS[suffix]}`,
    `INSERT INTO @table SELECT ${id}, 'été en ${suffix}'`,
  ]);
  const statements = [
    `CREATE EXTERNAL TABLE @table (id int, label string) ${storage} LOCATION '@folder'`,
    'SET hive.exec.compress.output=true',
    ...insertions,
    'SET hive.exec.compress.output=false',
  ];
  return { name, columns, rows: suffixes.length, statements };
}

const JSON_OF_HIVE = `ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.JsonSerDe' STORED AS TEXTFILE LOCATION '@folder'`;
/** All but bytes, which Hive 4 writes as base64, and a decimal of 38 digits, which it reads as NULL itself. */
const IN_JSON = PROOF_COLUMNS.filter(({ name, type }) => type !== 'binary' && name !== 'c_decimal');

/** The plan asks about a column of each, and the answer is that it shall be text. */
export const HIVE_4_ASKED = {
  json_bytes: made('json_bytes', 'binary', JSON_OF_HIVE, "unhex('00FF7F80')"),
  instants: made(
    'instants',
    'timestamp with local time zone',
    `STORED AS TEXTFILE LOCATION '@folder'`,
    "cast('2024-07-01 12:00:00.123 Europe/Paris' as timestamp with local time zone)",
  ),
};

function made(name: string, type: string, storage: string, value: string): MadeKind {
  const columns = [{ name: 'c', type }];
  const statements = [`CREATE EXTERNAL TABLE @table (c ${type}) ${storage}`, `INSERT INTO @table SELECT ${value}`];
  return { name, columns, rows: 1, statements };
}

export const HIVE_4_FILES: readonly MadeKind[] = [
  ...ZSTD_FILES,
  ZSTD_AVRO,
  {
    name: 'json',
    columns: IN_JSON,
    rows: 6,
    statements: [
      `CREATE EXTERNAL TABLE @table (${definitionOf(IN_JSON)}) ${JSON_OF_HIVE}`,
      `INSERT INTO @table ${proofRows(IN_JSON)}`,
    ],
  },
  compressedText('text_codecs', Object.keys(HIVE_4_TEXT_CODECS), 'STORED AS TEXTFILE'),
  compressedText(
    'text_lzo',
    ['.lzo'],
    `STORED AS INPUTFORMAT 'com.hadoop.mapred.DeprecatedLzoTextInputFormat'
     OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'`,
  ),
];
