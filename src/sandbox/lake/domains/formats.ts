import { JSON_LINES, ORC, textFormat, type Format } from '../lake-table.ts';

const delimited = (delimiter: string): Format =>
  textFormat({ 'serialization.format': delimiter, 'field.delim': delimiter });

export const PIPES = delimited('|');
export const SEMICOLONS = delimited(';');
export const TABS = delimited('\t');
/** Hive's own: control characters between fields, pieces and keys. */
export const CONTROL_A = textFormat({
  'serialization.format': '1',
  'field.delim': '\u0001',
  'collection.delim': '\u0002',
});
/** As a mainframe writes it. */
export const LATIN1 = textFormat({
  'serialization.format': ';',
  'field.delim': ';',
  'serialization.encoding': 'ISO-8859-1',
});

/** Fields parted by two characters, which Athena does not read. */
export const DOUBLE_PIPES: Format = {
  ...JSON_LINES,
  serde: {
    library: 'org.apache.hadoop.hive.contrib.serde2.MultiDelimitSerDe',
    parameters: { 'field.delim': '||', 'serialization.format': '1' },
  },
};

/** Three words a line. */
export const LOG_LINES: Format = {
  ...JSON_LINES,
  serde: {
    library: 'org.apache.hadoop.hive.serde2.RegexSerDe',
    parameters: { 'input.regex': '^(\\S+) (\\S+) (.*)$', 'serialization.format': '1' },
  },
};

/** Rows that HBase keeps. */
export const HBASE: Format = {
  inputFormat: 'org.apache.hadoop.hive.hbase.HiveHBaseTableInputFormat',
  outputFormat: 'org.apache.hadoop.hive.hbase.HiveHBaseTableOutputFormat',
  serde: {
    library: 'org.apache.hadoop.hive.hbase.HBaseSerDe',
    parameters: { 'hbase.columns.mapping': ':key,s:score,s:modele', 'serialization.format': '1' },
  },
};

export const ACID = { format: ORC, type: 'MANAGED_TABLE', opaque: 'delta_0000001_0000001_0000/bucket_00000' } as const;
export const FULL_ACID = { transactional: 'true', transactional_properties: 'default' };
export const INSERT_ONLY = { transactional: 'true', transactional_properties: 'insert_only' };

/** `yyyy-mm` for each month of a year. */
export function monthsOf(year: number, count = 12): string[][] {
  return Array.from({ length: count }, (_, month) => [`${year}-${String(month + 1).padStart(2, '0')}`]);
}
