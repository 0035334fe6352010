import communes from '@etalab/decoupage-administratif/data/communes.json' with { type: 'json' };
import type { QueryEngine } from '../../src/ports/query-engine.ts';
import type { WebHdfsWriter } from '../../src/hdfs-webhdfs-client/index.ts';

/** Rows that nobody here made up: the communes of France and their postal codes (INSEE and La Poste, through Etalab). */
export interface Commune {
  readonly code: string;
  readonly nom: string;
  readonly type: string;
  readonly departement: string | undefined;
  readonly population: number | undefined;
}

interface RawCommune {
  code: string;
  nom: string;
  type: string;
  departement?: string;
  population?: number;
  codesPostaux?: string[];
}

export const COMMUNES: readonly Commune[] = (communes as RawCommune[]).map(
  ({ code, nom, type, departement, population }) => ({ code, nom, type, departement, population }),
);

export const POSTAL_CODES: readonly (readonly [code: string, postalCode: string])[] = (
  communes as RawCommune[]
).flatMap(({ code, type, codesPostaux = [] }) =>
  type === 'commune-actuelle' ? codesPostaux.map((postalCode) => [code, postalCode] as const) : [],
);

const text = (value: string | number | undefined): string => (value === undefined ? '\\N' : String(value));

/**
 * Loads them through HiveServer2 as text, Parquet partitioned by department, and ORC, into a database of its own below `root`.
 * Both statements that write run on the cluster's own MapReduce.
 */
export async function loadCommunes({
  hive,
  hdfs,
  database,
  root,
}: {
  hive: QueryEngine;
  hdfs: WebHdfsWriter;
  database: string;
  root: string;
}): Promise<void> {
  const lines = COMMUNES.map(({ code, nom, type, departement, population }) =>
    [code, nom, type, departement, population].map(text).join('|'),
  );
  await hdfs.create(`${root}/communes_texte/communes.txt`, Buffer.from(`${lines.join('\n')}\n`), {
    blockSizeBytes: 1024 * 1024,
  });
  await hdfs.create(
    `${root}/codes_texte/codes.txt`,
    Buffer.from(`${POSTAL_CODES.map((pair) => pair.join('|')).join('\n')}\n`),
  );
  const columns = 'code string, nom string, type string';
  const statements = [
    `CREATE DATABASE ${database} LOCATION '${root}'`,
    `CREATE EXTERNAL TABLE ${database}.communes_texte (${columns}, departement string, population int) COMMENT 'Communes de France' ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION '${root}/communes_texte'`,
    `CREATE EXTERNAL TABLE ${database}.codes_texte (code string, code_postal string) ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' STORED AS TEXTFILE LOCATION '${root}/codes_texte'`,
    `CREATE EXTERNAL TABLE ${database}.communes (${columns}, population int) PARTITIONED BY (departement string) STORED AS PARQUET LOCATION '${root}/communes'`,
    `CREATE EXTERNAL TABLE ${database}.codes_postaux (code string, code_postal string) STORED AS ORC LOCATION '${root}/codes_postaux'`,
    'SET hive.optimize.sort.dynamic.partition=true',
    'SET hive.exec.dynamic.partition.mode=nonstrict',
    'SET hive.exec.max.dynamic.partitions.pernode=1000',
    `INSERT INTO ${database}.communes PARTITION (departement) SELECT code, nom, type, population, departement FROM ${database}.communes_texte`,
    `INSERT INTO ${database}.codes_postaux SELECT * FROM ${database}.codes_texte`,
  ];
  for (const statement of statements) await hive.query(statement);
}
