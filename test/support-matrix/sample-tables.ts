import { FORMAT_PAIRS, SERDE_RULES, type FileKind } from '../../src/domain/rules/storage-format.ts';
import { HADOOP_CODECS } from '../../src/domain/rules/text-codec.ts';
import type { StorageDescriptor, Table } from '../../src/domain/table.ts';
import { ORC, PARQUET, sketchTable, textFormat } from '../../src/sandbox/lake/lake-table.ts';

/** A table of one kind, to be put before the rules. */
export interface Sample {
  readonly name: string;
  readonly table: Table;
}

function sample(name: string, changes: Partial<Table>, storage: Partial<StorageDescriptor> = {}): Sample {
  const plain = sketchTable({ database: 'd', name: 't', columns: ['a string'], format: ORC });
  return { name, table: { ...plain, ...changes, storage: { ...plain.storage, ...storage } } };
}

const INPUT_OF = new Map(FORMAT_PAIRS.map(({ kind, inputFormat }) => [kind, inputFormat]));

/** Every SerDe that has a rule over every kind of file that there is a rule for. */
export const SERDE_SAMPLES: readonly (Sample & { readonly serde: string; readonly files: FileKind })[] =
  SERDE_RULES.flatMap(({ classes, files = ['text'] }) =>
    classes.flatMap((library) =>
      files.map((kind) => ({
        serde: library,
        files: kind,
        ...sample(library, {}, { inputFormat: INPUT_OF.get(kind), serde: { library, parameters: {} } }),
      })),
    ),
  );

/** Of the Avro tables below. */
export const SCHEMA = JSON.stringify({ type: 'record', name: 'r', fields: [{ name: 'a', type: 'string' }] });
export const SCHEMA_URL = 'hdfs://cluster/schemas/r.avsc';
const AVRO: Partial<StorageDescriptor> = {
  inputFormat: INPUT_OF.get('avro'),
  serde: { library: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe', parameters: {} },
};
const handled = (name: string, storage_handler: string): Sample =>
  sample(`${name} (\`${storage_handler}\`)`, { parameters: { storage_handler } });

/** Kinds of table that no SerDe tells. */
export const KIND_SAMPLES: readonly Sample[] = [
  sample('external or managed, not transactional', {}),
  sample('bucketed', {}, { bucketCount: 8, bucketColumns: ['a'] }),
  sample('skewed', {}, { skewedColumns: ['a'] }),
  sample('list-bucketed', {}, { skewedColumns: ['a'], isStoredAsSubDirectories: true }),
  sample('full ACID', { parameters: { transactional: 'true' } }),
  sample('insert-only', { parameters: { transactional: 'true', transactional_properties: 'insert_only' } }),
  sample('materialised view', { type: 'MATERIALIZED_VIEW' }),
  sample('index of Hive 1 and 2', { type: 'INDEX_TABLE' }),
  sample('Iceberg, by its parameter', { parameters: { table_type: 'ICEBERG' } }),
  handled('Iceberg', 'org.apache.iceberg.mr.hive.HiveIcebergStorageHandler'),
  sample('Delta Lake, made by Spark', { parameters: { 'spark.sql.sources.provider': 'delta' } }),
  handled('Delta Lake', 'io.delta.hive.DeltaStorageHandler'),
  sample('Hudi', {}, { inputFormat: 'org.apache.hudi.hadoop.HoodieParquetInputFormat' }),
  sample('Hudi, before it went to Apache', {}, { inputFormat: 'com.uber.hoodie.hadoop.HoodieInputFormat' }),
  handled('Kudu', 'org.apache.hadoop.hive.kudu.KuduStorageHandler'),
  handled('Kudu, made by Impala', 'org.apache.kudu.hive.KuduStorageHandler'),
  handled('HBase', 'org.apache.hadoop.hive.hbase.HBaseStorageHandler'),
  handled('JDBC', 'org.apache.hive.storage.jdbc.JdbcStorageHandler'),
  handled('Druid', 'org.apache.hadoop.hive.druid.DruidStorageHandler'),
  handled('Kafka', 'org.apache.hadoop.hive.kafka.KafkaStorageHandler'),
  handled('Phoenix', 'org.apache.phoenix.hive.PhoenixStorageHandler'),
  sample(
    "Spark's own sources, whose schema Hive cannot hold",
    { parameters: { 'spark.sql.sources.provider': 'csv' } },
    {
      columns: [{ name: 'col', type: 'array<string>' }],
    },
  ),
  sample(
    'lists of files elsewhere (`SymlinkTextInputFormat`)',
    {},
    {
      ...textFormat({}),
      inputFormat: 'org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat',
    },
  ),
  sample(
    'text in LZO (`DeprecatedLzoTextInputFormat`)',
    {},
    {
      ...textFormat({}),
      inputFormat: 'com.hadoop.mapred.DeprecatedLzoTextInputFormat',
    },
  ),
  sample(
    'a SerDe of your own',
    {},
    { ...textFormat({}), serde: { library: 'com.example.CobolSerDe', parameters: {} } },
  ),
  sample('an input format of your own', {}, { ...textFormat({}), inputFormat: 'com.example.CobolInputFormat' }),
  sample(
    'JSON of openx with days or timestamps (`org.openx.data.jsonserde.JsonSerDe`)',
    {},
    {
      ...textFormat({}),
      serde: { library: 'org.openx.data.jsonserde.JsonSerDe', parameters: {} },
      columns: [
        { name: 'a', type: 'date' },
        { name: 'b', type: 'timestamp' },
      ],
    },
  ),
  sample(
    'lines taken apart by a regular expression, with booleans (`org.apache.hadoop.hive.serde2.RegexSerDe`)',
    {},
    {
      ...textFormat({}),
      serde: { library: 'org.apache.hadoop.hive.serde2.RegexSerDe', parameters: {} },
      columns: [{ name: 'a', type: 'boolean' }],
    },
  ),
  sample(
    "JSON of Hive's own classes with bytes (`org.apache.hive.hcatalog.data.JsonSerDe`)",
    {},
    {
      ...textFormat({}),
      serde: { library: 'org.apache.hive.hcatalog.data.JsonSerDe', parameters: {} },
      columns: [{ name: 'a', type: 'binary' }],
    },
  ),
  sample('Avro, `avro.schema.literal`', { parameters: { 'avro.schema.literal': SCHEMA } }, AVRO),
  sample('Avro, `avro.schema.url` of a file of this cluster', { parameters: { 'avro.schema.url': SCHEMA_URL } }, AVRO),
  sample(
    'Avro, `avro.schema.url` of a file that is gone',
    { parameters: { 'avro.schema.url': `${SCHEMA_URL}.old` } },
    AVRO,
  ),
  sample(
    'Avro, `avro.schema.url` of another cluster or of a web server',
    { parameters: { 'avro.schema.url': 'http://schemas.example/r.avsc' } },
    AVRO,
  ),
  sample('ORC with LZO', { parameters: { 'orc.compress': 'LZO' } }),
  sample('Parquet with Brotli', { parameters: { 'parquet.compression': 'BROTLI' } }, PARQUET),
];

/** Hive gives a SerDe its own parameters and those of the table; lines to skip belong to the table. */
function textSample(name: string, parameters: Record<string, string>): Sample {
  const isOfTable = Object.keys(parameters).some((parameter) => parameter.startsWith('skip.'));
  const columns = [{ name: 'a', type: 'array<string>' }];
  return isOfTable
    ? sample(name, { parameters }, { ...textFormat({}), columns })
    : sample(name, {}, { ...textFormat(parameters), columns });
}

/** What a table of text may say of itself. */
export const TEXT_SAMPLES: readonly Sample[] = [
  ['any one character, or its number, between fields, items, keys', { 'field.delim': '\u0001' }],
  ['delimiters of several characters', { 'field.delim': '||' }],
  ['an escape character', { 'escape.delim': '\\' }],
  ['the old name of the delimiter of items', { 'colelction.delim': ';' }],
  ['a word for NULL', { 'serialization.null.format': 'NA' }],
  ['the last column takes the rest', { 'serialization.last.column.takes.rest': 'true' }],
  ['formats of timestamps', { 'timestamp.formats': "yyyy-MM-dd'T'HH:mm:ss" }],
  ['header and footer lines', { 'skip.header.line.count': '1', 'skip.footer.line.count': '1' }],
  ['UTF-8', { 'serialization.encoding': 'UTF-8' }],
  ['another encoding', { 'serialization.encoding': 'ISO-8859-1' }],
  ['lines that do not end with a newline', { 'line.delim': '\u001e' }],
  ['escaped line ends', { 'serialization.escape.crlf': 'true' }],
].map(([name, parameters]) => textSample(name as string, parameters as Record<string, string>));

const UNREAD_HADOOP_CODECS = [
  'com.hadoop.compression.lzo.LzopCodec',
  'org.apache.hadoop.io.compress.PassthroughCodec',
  'com.hadoop.compression.fourmc.FourMcCodec',
];

/** Codecs as the files of each format name them; of SequenceFile and RCFile the classes that Hadoop and its vendors have. */
export const CODEC_SAMPLES: Readonly<Partial<Record<FileKind, readonly string[]>>> = {
  orc: ['NONE', 'ZLIB', 'SNAPPY', 'LZ4', 'ZSTD', 'LZO', 'BROTLI'],
  parquet: ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'LZ4_RAW', 'ZSTD'],
  avro: ['NULL', 'DEFLATE', 'SNAPPY', 'BZIP2', 'ZSTANDARD', 'XZ'],
  sequence: [...HADOOP_CODECS, ...UNREAD_HADOOP_CODECS],
  rcfile: [...HADOOP_CODECS, ...UNREAD_HADOOP_CODECS],
};

/** Types as Hive spells them. */
export const TYPE_SAMPLES: readonly string[] = [
  'boolean', 'tinyint', 'smallint', 'int', 'integer', 'bigint', 'float', 'double', 'double precision', 'decimal', 'decimal(5)',
  'decimal(38,10)', 'numeric(9,2)', 'string', 'varchar(20)', 'char(10)', 'binary', 'date', 'timestamp',
  'timestamp with local time zone', 'interval_year_month', 'interval_day_time', 'void', 'array<int>', 'map<string,int>',
  'map<array<int>,int>', 'struct<a:int,b:array<struct<c:date>>>', 'struct<a:int,A:int>', 'struct<`a b`:int>', 'uniontype<int,string>',
]; // prettier-ignore
