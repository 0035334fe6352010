import { hiveLiteral } from '../../src/adapters/hiveserver2/hive-sql.ts';

/** Values that partition folders spell with escapes, or that look like something else. */
export const ODD_VALUES = [
  'a b',
  '100%',
  'x:y',
  'a/b',
  'été',
  '東京',
  'a=b',
  "d'or",
  'back\\slash',
  'dot.',
  '+plus',
  '{brace}',
  'tab\tend',
  '%41',
];

const AVRO_SCHEMA = JSON.stringify({
  type: 'record',
  name: 'r',
  fields: [
    { name: 'id', type: 'long', doc: 'clé' },
    { name: 'label', type: ['null', 'string'], default: null },
  ],
});

/** Statements that make, in `database`, tables of every kind that a real warehouse holds, with what tends to get lost in reading them. */
export function oddHiveTables(database: string): string[] {
  const name = (table: string): string => `${database}.${table}`;
  const oddPartitions = ODD_VALUES.map((value, index) => `partition (p=${hiveLiteral(value)}, n=${index})`).join(' ');
  return [
    `create database ${database} comment 'Données d''essai, 試験 ✓' with dbproperties ('owner.team'='équipe', 'k'='a=b;c')`,
    `create table ${name('text_delims')} (a int comment 'tab\\there, "quoted", l''été', b array<string>, c map<string,int> comment '日本語 😀')
       comment 'pipe | and \\\\ backslash' row format delimited fields terminated by '\\001' escaped by '\\\\'
       collection items terminated by '|' map keys terminated by ':' null defined as 'NULL ' stored as textfile
       tblproperties ('skip.header.line.count'='1', 'odd key'='odd = value; "x" \\\\ é', 'empty'='')`,
    `create external table ${name('csv')} (nom string comment 'Nom', prénom string) row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde'
       with serdeproperties ('separatorChar'=';', 'quoteChar'='\\'', 'escapeChar'='\\\\') stored as textfile
       location '/data/${database}/odd folder/été=1/csv'`.replace('prénom', '`prénom`'),
    `create table ${name('avro_plain')} (id bigint, label string comment 'libellé', amount decimal(12,3)) stored as avro`,
    `create table ${name('avro_literal')} stored as avro tblproperties ('avro.schema.literal'=${hiveLiteral(AVRO_SCHEMA)})`,
    `create external table ${name('parquet_odd')} (v string, amount decimal(38,18)) partitioned by (p string comment 'clé', n int) stored as parquet
       location '/data/${database}/parquet_odd'`,
    `alter table ${name('parquet_odd')} add ${oddPartitions}`,
    `alter table ${name('parquet_odd')} add partition (p='elsewhere', n=99) location '/data/${database}/else where/é'`,
    `create table ${name('with_null')} (v int) partitioned by (p string, d date) stored as orc`,
    `insert into ${name('with_null')} partition (p, d) values (1, null, date'2024-02-29'), (2, 'x', date'2024-03-01'), (3, '', null)`,
    `create table ${name('orc_bucketed')} (id int, k string, t timestamp) clustered by (k, id) sorted by (id desc, k asc) into 4 buckets stored as orc
       tblproperties ('orc.compress'='ZLIB')`,
    `create table ${name('nested')} (a array<struct<x:int,y:map<string,array<decimal(5,2)>>>>, u uniontype<int,string>, c char(3), vc varchar(20),
       dt date, ts timestamp, bin binary, f float, d double, t tinyint, s smallint, b boolean) stored as orc`,
    `create table ${name('skewed')} (k string, v int) skewed by (k) on ('a b', '1') stored as directories stored as textfile`,
    `create table ${name('acid')} (id int, v string) stored as orc tblproperties ('transactional'='true')`,
    `create table ${name('insert_only')} (id int, v string) stored as parquet
       tblproperties ('transactional'='true', 'transactional_properties'='insert_only')`,
    `create view ${name('v_odd')} (nom comment 'le nom', n) comment 'vue' as select nom, count(*) -- remarque é
       from ${name('csv')} where nom <> ";" group by nom`,
    `create table ${name('no_partitions')} (v int) partitioned by (p string) stored as textfile`,
  ];
}
