/** What becomes of a SerDe: its bytes and class stay, its bytes stay under another class, or Athena cannot read it. */
export type FormatAction = 'keep' | 'rewrite' | 'refuse';

/** Value of Glue's `classification` parameter. */
export type Classification = 'csv' | 'json' | 'avro' | 'orc' | 'parquet' | 'rcfile' | 'sequencefile' | 'grokLog';

export interface SerdeRule {
  /** Class names at the source. */
  readonly classes: readonly string[];
  readonly action: FormatAction;
  /** Class in the target catalog; the source's own when absent. */
  readonly targetClass?: string;
  readonly classification?: Classification;
  /** Athena reads every column of this SerDe as text. */
  readonly hasTextColumnsOnly?: boolean;
  /** Why it is refused, or what is lost by the rewrite. */
  readonly text?: string;
  readonly hint?: string;
}

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';
const HCATALOG_JSON = 'org.apache.hive.hcatalog.data.JsonSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const REGEX = 'org.apache.hadoop.hive.serde2.RegexSerDe';

const EXPORT_FIRST =
  'Export it to Parquet or ORC on the cluster (CREATE TABLE … STORED AS PARQUET AS SELECT …) and map that table.';

/** SerDe classes of Hive and what Athena (engine 3) makes of them, from its SerDe reference and Trino's HiveStorageFormat. */
const SERDE_RULES: readonly SerdeRule[] = [
  { classes: ['org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'], action: 'keep', classification: 'csv' },
  {
    classes: ['org.apache.hadoop.hive.serde2.OpenCSVSerde'],
    action: 'keep',
    classification: 'csv',
    hasTextColumnsOnly: true,
  },
  { classes: [REGEX], action: 'keep', classification: 'grokLog' },
  {
    classes: ['org.apache.hadoop.hive.contrib.serde2.RegexSerDe'],
    action: 'rewrite',
    targetClass: REGEX,
    classification: 'grokLog',
    hasTextColumnsOnly: true,
    text: 'the old name of RegexSerDe is replaced by the one Athena knows',
  },
  { classes: [HCATALOG_JSON, 'org.openx.data.jsonserde.JsonSerDe'], action: 'keep', classification: 'json' },
  {
    classes: ['org.apache.hadoop.hive.serde2.JsonSerDe', 'org.apache.hcatalog.data.JsonSerDe'],
    action: 'rewrite',
    targetClass: HCATALOG_JSON,
    classification: 'json',
    text: "Athena does not list Hive's own JsonSerDe; the HCatalog class reads the same files",
  },
  { classes: ['org.apache.hadoop.hive.serde2.avro.AvroSerDe'], action: 'keep', classification: 'avro' },
  { classes: ['org.apache.hadoop.hive.ql.io.orc.OrcSerde'], action: 'keep', classification: 'orc' },
  { classes: [PARQUET], action: 'keep', classification: 'parquet' },
  {
    classes: ['parquet.hive.serde.ParquetHiveSerDe'],
    action: 'rewrite',
    targetClass: PARQUET,
    classification: 'parquet',
    text: 'the old name of the Parquet SerDe is replaced by the one Athena knows',
  },
  {
    classes: [
      'org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe',
      'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe',
    ],
    action: 'keep',
    classification: 'rcfile',
  },
  {
    classes: [
      'org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe',
      'org.apache.hadoop.hive.serde2.MultiDelimitSerDe',
    ],
    action: 'refuse',
    text: 'Athena does not read delimiters of several characters',
    hint: EXPORT_FIRST,
  },
  {
    classes: [
      'org.apache.hadoop.hive.serde2.lazybinary.LazyBinarySerDe',
      'org.apache.hadoop.hive.contrib.serde2.TypedBytesSerDe',
      'org.apache.hadoop.hive.serde2.thrift.ThriftDeserializer',
      'org.apache.hadoop.hive.serde2.DelimitedJSONSerDe',
    ],
    action: 'refuse',
    text: 'Athena does not read this SerDe',
    hint: EXPORT_FIRST,
  },
];

/** The rule for a SerDe class; custom classes are refused, because Athena takes no custom SerDe. */
export function serdeRule(library: string): SerdeRule {
  const rule = SERDE_RULES.find(({ classes }) => classes.includes(library));
  if (rule !== undefined) return rule;
  const text = `Athena does not know the SerDe ${library} and takes no custom one`;
  return { classes: [library], action: 'refuse', text, hint: EXPORT_FIRST };
}

interface FormatPair {
  readonly inputFormat: string;
  readonly outputFormat: string;
}

/** Input and output formats as Trino and Athena match them, by exact class name. */
const CANONICAL_PAIRS: Readonly<Record<string, FormatPair>> = {
  text: { inputFormat: TEXT_INPUT, outputFormat: TEXT_OUTPUT },
  sequence: {
    inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat',
  },
  rcfile: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.RCFileInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.RCFileOutputFormat',
  },
  orc: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  },
  parquet: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  },
  avro: {
    inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
    outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
  },
};

const OLD_PARQUET_INPUTS = ['parquet.hive.DeprecatedParquetInputFormat', 'parquet.hive.MapredParquetInputFormat'];

const PAIR_OF_INPUT = new Map<string, FormatPair>([
  ...Object.values(CANONICAL_PAIRS).map((pair) => [pair.inputFormat, pair] as const),
  ...OLD_PARQUET_INPUTS.map((input) => [input, CANONICAL_PAIRS['parquet']!] as const),
]);

/** The pair that stands in the target catalog for an input format of the source; undefined when Athena cannot read it. */
export function canonicalFormats(inputFormat: string): FormatPair | undefined {
  return PAIR_OF_INPUT.get(inputFormat);
}
