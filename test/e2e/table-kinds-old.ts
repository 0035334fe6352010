import { PROOF_COLUMNS } from './table-kinds-lake.ts';
import type { OddKind } from './table-kinds-odd.ts';
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

const OPENX = `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'`;

/** What parameters make of JSON of openx; its session was given the jar. */
export const OPENX_KINDS: readonly OddKind[] = [
  {
    name: 'json_openx_mapped',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'moment', type: 'string' },
      { name: 'a_b', type: 'string' },
      { name: 'label', type: 'string' },
    ],
    rows: 4,
    files: {
      'a.json':
        '{"id":1,"time":"un","a.b":"x","LABEL":"big"}\nnot json\n{"ID":2,"time":"deux","label":"small"}\n{"id":3\n',
    },
    statements: [
      `CREATE EXTERNAL TABLE @table (id int, moment string, a_b string, label string) ${OPENX}
       WITH SERDEPROPERTIES ('mapping.moment'='time', 'dots.in.keys'='true', 'ignore.malformed.json'='true') STORED AS TEXTFILE LOCATION '@folder'`,
    ],
  },
  {
    name: 'json_openx_case',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'small', type: 'string' },
      { name: 'big', type: 'string' },
    ],
    rows: 2,
    files: {
      'a.json': '{"id":1,"label":"l","Label":"L"}\n{"id":2,"Label":"M"}\n',
    },
    statements: [
      `CREATE EXTERNAL TABLE @table (id int, small string, big string) ${OPENX}
       WITH SERDEPROPERTIES ('case.insensitive'='false', 'mapping.small'='label', 'mapping.big'='Label') STORED AS TEXTFILE LOCATION '@folder'`,
    ],
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
