import { DuckDBInstance } from '@duckdb/node-api';
import { createReadStream, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DuckDbDatasetEngine } from '../../src/adapters/duckdb/duckdb-dataset-engine.ts';
import type { LakeTable } from '../../src/adapters/duckdb/lake-tables.ts';
import type { ColumnMapping, TableMapping } from '../../src/domain/mapping.ts';
import type { UseCaseId } from '../../src/domain/names.ts';
import type { Dataset } from '../../src/domain/privacy/dataset.ts';
import { FORMAT_PAIRS, PARQUET_STORAGE } from '../../src/domain/rules/storage-format.ts';
import { glueJobs } from '../../src/generate/glue/glue-jobs.ts';
import { buildDataset, type BuiltDataset, type KeyedScheme } from '../../src/steps/zones/build-dataset.ts';
import { runJobs, tableStatements } from '../stack/run-jobs.ts';
import { blueprintOf } from './blueprint.ts';

/** A table over files of this machine; each partition is a folder. */
export interface LocalTable {
  readonly format: 'parquet' | 'text';
  readonly columns: Readonly<Record<string, readonly [type: string, mapped: ColumnMapping]>>;
  readonly partitionKey?: readonly [name: string, type: string] | undefined;
  readonly calendar?: TableMapping['calendar'];
  readonly folders: readonly { readonly value?: string; readonly path: string }[];
}

export interface LocalLake {
  /** For all that is made. */
  readonly folder: string;
  /** Keyed by `rh.table`. */
  readonly tables: Readonly<Record<string, LocalTable>>;
  readonly datasets: readonly Dataset[];
  /** Run in Spark before the tables are made. */
  readonly statements: readonly string[];
}

/** Rows that an engine made, each value as text. */
type Rows = readonly (readonly (string | null)[])[];

const KEY = 'd4'.repeat(32);
const SCHEME = { domain: 'rh', version: 1 };
const PSEUDONYMS: KeyedScheme = { ...SCHEME, keys: new Map([[1, Buffer.from(KEY, 'hex')]]) };
const LAZY = {
  ...FORMAT_PAIRS.find(({ kind }) => kind === 'text')!,
  serdeLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
};
const DELIMITED = { 'field.delim': '|', 'serialization.format': '|' };

/** Makes each dataset by its generated job in real Spark, and as `zones build` does. */
export async function madeByBoth(lake: LocalLake): Promise<ReadonlyMap<string, { spark: Rows; duckDb: Rows }>> {
  const mapping = { paths: {}, tables: Object.fromEntries(Object.entries(lake.tables).map(mapped)) };
  await runSpark(lake, mapping);
  const engine = new DuckDbDatasetEngine({
    findTable: (_, name) => Promise.resolve(asLake(lake.tables[`rh.${name}`])),
  });
  const made = new Map<string, { spark: Rows; duckDb: Rows }>();
  for (const dataset of lake.datasets) {
    const { signal } = new AbortController();
    const request = { dataset, mapping, made: new Map<string, BuiltDataset>(), engine, pseudonyms: PSEUDONYMS, signal };
    const built = await buildDataset(request);
    const file = join(lake.folder, `${dataset.name}.duckdb.parquet`);
    writeFileSync(file, built.files[0]!.body);
    const spark = parquetBelow(join(lake.folder, 'made', dataset.name));
    made.set(dataset.name, { duckDb: await rowsOf([file], built), spark: await rowsOf(spark, built) });
  }
  return made;
}

function mapped([name, { columns, partitionKey, calendar }]: [string, LocalTable]): [string, TableMapping] {
  const classes = Object.entries(columns).map(([column, [, mapping]]) => [column, mapping] as const);
  return [
    name,
    {
      target: { zone: 'raw', database: 'raw_rh', table: name.replace('rh.', '') },
      storage: 'keep',
      partitions: { offPath: 'relocate', missingFolder: 'register-empty' },
      columns: {
        ...Object.fromEntries(classes),
        ...(partitionKey && { [partitionKey[0]]: { class: 'technical' } }),
      },
      reconcile: { level: 'rows' },
      calendar,
    },
  ];
}

async function runSpark(
  { folder, tables, datasets, statements }: LocalLake,
  mapping: { readonly tables: Readonly<Record<string, TableMapping>>; readonly paths: Record<string, never> },
): Promise<void> {
  const blueprint = {
    ...(await blueprintOf('absences')),
    mapping: { useCase: 'absences' as UseCaseId, ...mapping },
    datasets: { useCase: 'absences', pseudonyms: SCHEME, datasets },
  };
  for (const { path, text } of glueJobs(blueprint)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const keyFile = join(folder, 'key');
  writeFileSync(keyFile, KEY);
  const job = ({ name }: Dataset): string[] => [
    join(folder, `glue/${name}.py`),
    ...['--target', `file://${join(folder, 'made', name)}`],
    ...['--key-file', keyFile, '--register', 'no'],
  ];
  await runJobs({
    directory: join(folder, 'spark'),
    modules: join(folder, 'glue'),
    statements: [...statements, ...Object.entries(tables).flatMap(sparkTable)],
    jobs: datasets.map(job),
  });
}

function sparkTable([name, { format, columns, partitionKey, folders }]: [string, LocalTable]): string[] {
  const list = Object.entries(columns).map(([column, [type]]) => ({ name: column, type, comment: undefined }));
  const [keyName, keyType] = partitionKey ?? [];
  const location = (path: string) => `file://${path}`;
  return tableStatements(
    {
      database: 'raw_rh',
      name: name.replace('rh.', ''),
      partitionKeys: keyName === undefined ? [] : [{ name: keyName, type: keyType!, comment: undefined }],
      storage: {
        ...(format === 'parquet' ? PARQUET_STORAGE : LAZY),
        columns: list,
        location: location(dirname(folders[0]!.path)),
        ...(keyName === undefined && { location: location(folders[0]!.path) }),
        serdeParameters: format === 'text' ? DELIMITED : {},
      },
      parameters: {},
    },
    keyName === undefined ? [] : folders.map(({ value, path }) => ({ values: [value!], location: location(path) })),
  );
}

function asLake(table: LocalTable | undefined): LakeTable | undefined {
  if (table === undefined) return undefined;
  const { format, columns, partitionKey, folders } = table;
  return {
    columns: Object.entries(columns).map(([name, [type]]) => ({ name, type })),
    partitionKeys: partitionKey === undefined ? [] : [{ name: partitionKey[0], type: partitionKey[1] }],
    serdeLibrary: (format === 'parquet' ? PARQUET_STORAGE : LAZY).serdeLibrary,
    parameters: format === 'text' ? DELIMITED : {},
    folders: folders.map(({ value, path }) => ({
      values: value === undefined ? [] : [value],
      files: filesBelow(path).map((name) => ({
        name,
        sizeBytes: statSync(join(path, name)).size,
        read: () => Promise.resolve(createReadStream(join(path, name))),
      })),
    })),
  };
}

/** Hidden ones are nobody's. */
function filesBelow(path: string): string[] {
  return readdirSync(path).filter((name) => !/^[._]/.test(name));
}

function parquetBelow(path: string): string[] {
  return filesBelow(path).map((name) => join(path, name));
}

/** Spark marks timestamps as instants in UTC, which is the wall time that DuckDB writes without a mark. */
async function rowsOf(files: readonly string[], { types }: BuiltDataset): Promise<(string | null)[][]> {
  const values = types.map(({ name, type }) => {
    const plain = type === 'timestamp' ? `CAST("${name}" AS TIMESTAMP)` : `"${name}"`;
    return `CAST(${plain} AS VARCHAR)`;
  });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const list = files.map((file) => `'${file}'`).join(', ');
    const reader = await connection.runAndReadAll(
      `SELECT ${values.join(', ')} FROM read_parquet([${list}]) ORDER BY ALL`,
    );
    return reader.getRowsJson() as (string | null)[][];
  } finally {
    connection.closeSync();
  }
}
