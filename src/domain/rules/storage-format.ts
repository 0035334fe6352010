/** What becomes of a SerDe: its bytes and class stay, its bytes stay under another class, or Athena cannot read it. */
export type FormatAction = 'keep' | 'rewrite' | 'refuse';

/** Value of Glue's `classification` parameter. */
export type Classification = 'csv' | 'json' | 'avro' | 'orc' | 'parquet' | 'rcfile' | 'sequencefile' | 'grokLog';

/** How rows lie in files, whatever the SerDe makes of them. */
export type FileKind = 'text' | 'sequence' | 'rcfile' | 'orc' | 'parquet' | 'avro';

export interface SerdeRule {
  /** Class names at the source. */
  readonly classes: readonly string[];
  readonly action: FormatAction;
  /** Class in the target catalog; the source's own when absent. */
  readonly targetClass?: string;
  readonly classification?: Classification;
  /** Kinds of files that Athena reads with this SerDe. */
  readonly files?: readonly FileKind[];
  /** Athena reads every column of this SerDe as text. */
  readonly hasTextColumnsOnly?: boolean;
  /** JSON as Hive's own classes read it, which is not the same in each version. */
  readonly isHiveJson?: true;
  /** How Hive may read days and times otherwise than Athena. */
  readonly days?: string;
  /** Why it is refused, or what is lost by the rewrite. */
  readonly text?: string;
  readonly hint?: string;
}

const HCATALOG_JSON = 'org.apache.hive.hcatalog.data.JsonSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
/** The SerDe of RCFile that keeps numbers as numbers. */
const BINARY_COLUMNS = 'org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe';
const REGEX = 'org.apache.hadoop.hive.serde2.RegexSerDe';

const EXPORT_FIRST =
  'Set "storage: convert" in the mapping to have HiveServer2 export it to Parquet, ORC or Avro, or set "skip" with the reason.';

/** SerDe classes of Hive and what Athena (engine 3) makes of them, from its SerDe reference and Trino's HiveStorageFormat. */
export const SERDE_RULES: readonly SerdeRule[] = [
  {
    classes: ['org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'],
    action: 'keep',
    classification: 'csv',
    files: ['text', 'sequence'],
  },
  {
    classes: ['org.apache.hadoop.hive.serde2.OpenCSVSerde'],
    action: 'keep',
    classification: 'csv',
    files: ['text'],
    hasTextColumnsOnly: true,
  },
  { classes: [REGEX], action: 'keep', classification: 'grokLog', files: ['text'] },
  {
    classes: ['org.apache.hadoop.hive.contrib.serde2.RegexSerDe'],
    action: 'rewrite',
    targetClass: REGEX,
    classification: 'grokLog',
    files: ['text'],
    hasTextColumnsOnly: true,
    text: 'the old name of RegexSerDe is replaced by the one Athena knows',
  },
  { classes: [HCATALOG_JSON], action: 'keep', classification: 'json', files: ['text'], isHiveJson: true },
  {
    classes: ['org.openx.data.jsonserde.JsonSerDe'],
    action: 'keep',
    classification: 'json',
    files: ['text'],
    // README of io.trino.hive.formats.line.openxjson, "Known differences" under DATE and TIMESTAMP.
    days: 'Athena reads days and times of this JSON by the calendar of today, and those with a zone, or as a number of seconds, in UTC; the SerDe itself reads those before 15 October 1582 by the calendar of that time, and writes NULL for every day',
  },
  {
    classes: ['org.apache.hadoop.hive.serde2.JsonSerDe', 'org.apache.hcatalog.data.JsonSerDe'],
    action: 'rewrite',
    targetClass: HCATALOG_JSON,
    classification: 'json',
    files: ['text'],
    isHiveJson: true,
    text: "Athena does not list Hive's own JsonSerDe; the HCatalog class reads the same files",
  },
  {
    classes: ['org.apache.hadoop.hive.serde2.avro.AvroSerDe'],
    action: 'keep',
    classification: 'avro',
    files: ['avro'],
  },
  { classes: ['org.apache.hadoop.hive.ql.io.orc.OrcSerde'], action: 'keep', classification: 'orc', files: ['orc'] },
  { classes: [PARQUET], action: 'keep', classification: 'parquet', files: ['parquet'] },
  {
    classes: ['parquet.hive.serde.ParquetHiveSerDe'],
    action: 'rewrite',
    targetClass: PARQUET,
    classification: 'parquet',
    files: ['parquet'],
    text: 'the old name of the Parquet SerDe is replaced by the one Athena knows',
  },
  {
    classes: ['org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe', BINARY_COLUMNS],
    action: 'keep',
    classification: 'rcfile',
    files: ['rcfile'],
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
  readonly kind: FileKind;
  readonly inputFormat: string;
  readonly outputFormat: string;
}

const HIVE = 'org.apache.hadoop.hive.ql.io';

/** Input and output formats as Trino and Athena match them, by exact class name; other names at the source that mean the same. */
export const FORMAT_PAIRS: readonly (FormatPair & { readonly otherInputs?: readonly string[] })[] = [
  {
    kind: 'text',
    inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
    outputFormat: `${HIVE}.HiveIgnoreKeyTextOutputFormat`,
    // Both tell LZO files by their suffix.
    otherInputs: ['com.hadoop.mapred.DeprecatedLzoTextInputFormat'],
  },
  {
    kind: 'sequence',
    inputFormat: 'org.apache.hadoop.mapred.SequenceFileInputFormat',
    outputFormat: `${HIVE}.HiveSequenceFileOutputFormat`,
  },
  { kind: 'rcfile', inputFormat: `${HIVE}.RCFileInputFormat`, outputFormat: `${HIVE}.RCFileOutputFormat` },
  { kind: 'orc', inputFormat: `${HIVE}.orc.OrcInputFormat`, outputFormat: `${HIVE}.orc.OrcOutputFormat` },
  {
    kind: 'parquet',
    inputFormat: `${HIVE}.parquet.MapredParquetInputFormat`,
    outputFormat: `${HIVE}.parquet.MapredParquetOutputFormat`,
    otherInputs: ['parquet.hive.DeprecatedParquetInputFormat', 'parquet.hive.MapredParquetInputFormat'],
  },
  {
    kind: 'avro',
    inputFormat: `${HIVE}.avro.AvroContainerInputFormat`,
    outputFormat: `${HIVE}.avro.AvroContainerOutputFormat`,
  },
];

/** How a Parquet table stands in the target catalog. */
export const PARQUET_STORAGE = { ...FORMAT_PAIRS.find(({ kind }) => kind === 'parquet')!, serdeLibrary: PARQUET };

const PAIR_OF_INPUT = new Map<string, FormatPair>(
  FORMAT_PAIRS.flatMap((pair) =>
    [pair.inputFormat, ...(pair.otherInputs ?? [])].map((input) => [input, pair] as const),
  ),
);

export function fileKind({ inputFormat = '' }: { readonly inputFormat?: string | undefined }): FileKind | undefined {
  return canonicalFormats(inputFormat)?.kind;
}

/** The pair that stands in the target catalog for an input format of the source; undefined when Athena cannot read it. */
export function canonicalFormats(inputFormat: string): FormatPair | undefined {
  return PAIR_OF_INPUT.get(inputFormat);
}

/** Whether days are numbers in files that are stored so, in some calendar, and not text. */
export function hasNumericDays(storage: {
  readonly inputFormat?: string | undefined;
  readonly serdeLibrary?: string | undefined;
}): boolean {
  const kind = fileKind(storage);
  if (kind === 'rcfile') return storage.serdeLibrary === BINARY_COLUMNS;
  return kind !== undefined && kind !== 'text' && kind !== 'sequence';
}
