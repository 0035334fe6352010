import type { OddKind } from './table-kinds-odd.ts';

const EXTERNAL = 'CREATE EXTERNAL TABLE @table';
const literal = (...fields: readonly object[]): string => {
  const schema = JSON.stringify({ type: 'record', name: 'R', fields });
  return `'avro.schema.literal'='${schema.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
};

const ID = { name: 'id', type: 'int' };
const LABEL = { name: 'label', type: ['null', 'string'], default: null };

export const AVRO_KINDS: readonly OddKind[] = [
  {
    name: 'avro_types',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'code', type: 'binary' },
      { name: 'counts', type: 'map<string,bigint>' },
      { name: 'words', type: 'array<string>' },
      { name: 'at', type: 'timestamp' },
      { name: 'micros', type: 'bigint' },
      { name: 'c', type: 'char(4)' },
      { name: 'v', type: 'varchar(5)' },
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} STORED AS AVRO LOCATION '@folder' TBLPROPERTIES (${literal(
        ID,
        { name: 'code', type: { type: 'fixed', name: 'Code', size: 3 } },
        { name: 'counts', type: { type: 'map', values: ['null', 'long'] } },
        { name: 'words', type: { type: 'array', items: ['null', 'string'] } },
        {
          name: 'at',
          type: ['null', { type: 'long', logicalType: 'timestamp-millis' }],
        },
        {
          name: 'micros',
          type: ['null', { type: 'long', logicalType: 'timestamp-micros' }],
        },
        {
          name: 'c',
          type: ['null', { type: 'string', logicalType: 'char', maxLength: 4 }],
        },
        {
          name: 'v',
          type: ['null', { type: 'string', logicalType: 'varchar', maxLength: 5 }],
        },
      )})`,
      `INSERT INTO @table
       SELECT 1, unhex('00FF7F'), map('é', 9007199254740993L), array('un', 'deux'), timestamp'2024-03-31 02:30:00.123', 1711852200123456L, cast('éa' as char(4)), cast('12345' as varchar(5))
       UNION ALL SELECT 2, unhex('616263'), map('k', cast(NULL as bigint)), array(cast(NULL as string), 'x'), cast(NULL as timestamp), cast(NULL as bigint), cast(NULL as char(4)), cast(NULL as varchar(5))`,
    ],
  },
  {
    // Files older than the schema of the table.
    name: 'avro_newer_schema',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'label', type: 'string' },
      { name: 'kind', type: 'string' },
      { name: 'level', type: 'int' },
      { name: 'extra', type: 'string' },
    ],
    rows: 3,
    statements: [
      `${EXTERNAL} STORED AS AVRO LOCATION '@folder' TBLPROPERTIES (${literal(ID, LABEL, { name: 'gone', type: ['null', 'int'], default: null })})`,
      `INSERT INTO @table SELECT stack(2, 1, 'un', 7, 2, NULL, NULL) AS (id, label, gone)`,
      `ALTER TABLE @table SET TBLPROPERTIES (${literal(
        { name: 'id', type: 'long' },
        { name: 'kind', type: 'string', default: 'unknown' },
        { name: 'level', type: 'int', default: 3 },
        LABEL,
        { name: 'extra', type: ['null', 'string'], default: null },
      )})`,
      `INSERT INTO @table SELECT 3000000000, 'known', 4, 'trois', 'plus'`,
    ],
  },
  {
    name: 'parts_evolved_avro',
    columns: [
      { name: 'id', type: 'int' },
      { name: 'label', type: 'string' },
      { name: 'extra', type: 'string' },
      { name: 'p', type: 'string' },
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} (id int, label string) PARTITIONED BY (p string) STORED AS AVRO LOCATION '@folder'`,
      `INSERT INTO @table PARTITION (p='old') SELECT 1, 'un'`,
      `ALTER TABLE @table ADD COLUMNS (extra string)`,
      `INSERT INTO @table PARTITION (p='new') SELECT 2, 'deux', 'plus'`,
    ],
  },
  {
    name: 'parts_evolved_avro_literal',
    columns: [
      { name: 'id', type: 'bigint' },
      { name: 'label', type: 'string' },
      { name: 'kind', type: 'string' },
      { name: 'p', type: 'string' },
    ],
    rows: 2,
    statements: [
      `${EXTERNAL} PARTITIONED BY (p string) STORED AS AVRO LOCATION '@folder' TBLPROPERTIES (${literal(ID, LABEL)})`,
      `INSERT INTO @table PARTITION (p='old') SELECT 1, 'un'`,
      `ALTER TABLE @table SET TBLPROPERTIES (${literal({ name: 'id', type: 'long' }, LABEL, { name: 'kind', type: 'string', default: 'unknown' })})`,
      `INSERT INTO @table PARTITION (p='new') SELECT 3000000000, 'deux', 'known'`,
    ],
  },
];
