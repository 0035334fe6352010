import { PROOF_COLUMNS } from './table-kinds-lake.ts';
import type { TypedColumn } from './compared-values.ts';

/** A format in which real Hive stores the proof rows. */
export interface TableKind {
  readonly name: string;
  readonly columns: readonly TypedColumn[];
  /** What follows the columns in CREATE EXTERNAL TABLE. */
  readonly format: string;
}

const proof = (name: string, format: string): TableKind => ({ name, format, columns: PROOF_COLUMNS });

const serde = (name: string): string => `ROW FORMAT SERDE '${name}'`;

/** Formats that hold every type, each with the same rows. */
export const PROOF_KINDS: readonly TableKind[] = [
  proof('text', 'STORED AS TEXTFILE'),
  proof(
    'text_delimited',
    `ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' ESCAPED BY '\\\\' COLLECTION ITEMS TERMINATED BY ';'
     MAP KEYS TERMINATED BY ':' NULL DEFINED AS 'NULL' STORED AS TEXTFILE`,
  ),
  proof('parquet', 'STORED AS PARQUET'),
  proof('orc', 'STORED AS ORC'),
  proof('avro', 'STORED AS AVRO'),
  proof('rcfile_text', `${serde('org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe')} STORED AS RCFILE`),
  proof('rcfile_binary', 'STORED AS RCFILE'),
  proof('sequencefile', 'STORED AS SEQUENCEFILE'),
  proof('json_hcatalog', `${serde('org.apache.hive.hcatalog.data.JsonSerDe')} STORED AS TEXTFILE`),
  proof('json_hive', `${serde('org.apache.hadoop.hive.serde2.JsonSerDe')} STORED AS TEXTFILE`),
];
