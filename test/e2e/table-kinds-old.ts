import { PROOF_COLUMNS } from './table-kinds-lake.ts';
import type { TableKind } from './table-kinds.ts';

/** The jar is of Hive before 3, whose classes of days and times are others. */
const WITHOUT_TIMES = PROOF_COLUMNS.filter(({ type }) => !/date|timestamp/.test(type));

/** The proof rows in tables whose classes Hive 3 does not bring: made and read by a session that was given the jars. */
export const OLD_KINDS: readonly TableKind[] = [
  {
    name: 'json_openx',
    columns: WITHOUT_TIMES,
    format: `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' STORED AS TEXTFILE`,
  },
  {
    name: 'json_hcatalog_old',
    columns: PROOF_COLUMNS,
    format: `ROW FORMAT SERDE 'org.apache.hcatalog.data.JsonSerDe' STORED AS TEXTFILE`,
  },
  {
    name: 'parquet_old',
    columns: PROOF_COLUMNS,
    format: `ROW FORMAT SERDE 'parquet.hive.serde.ParquetHiveSerDe'
      STORED AS INPUTFORMAT 'parquet.hive.DeprecatedParquetInputFormat' OUTPUTFORMAT 'parquet.hive.DeprecatedParquetOutputFormat'`,
  },
];

/** Makes them, and one statement that fills them all from a table of the proof rows. */
export function oldTables(database: string, source: string): string[] {
  const insertions = OLD_KINDS.map(
    ({ name, columns }) => `INSERT INTO TABLE ${database}.${name} SELECT ${columns.map((one) => one.name).join(', ')}`,
  );
  return [...OLD_KINDS.map((kind) => makeTable(database, kind)), `FROM ${source} seed ${insertions.join(' ')}`];
}

export function makeTable(database: string, { name, columns, format }: TableKind): string {
  const definition = columns.map((column) => `${column.name} ${column.type}`).join(', ');
  return `CREATE EXTERNAL TABLE ${database}.${name} (${definition}) ${format} LOCATION '/data/${database}/${name}'`;
}
