import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import type { GivenTable, MadeTable, TableName } from '../../ports/dataset-engine.ts';
import type { LakeFile, LakeTable, LakeTables } from './lake-tables.ts';

/** A lake in which datasets that were made just now, and tables that the caller has, stand before all that it has. */
export function madeLake(tables: readonly (TableName | MadeTable | GivenTable)[], lake: LakeTables): LakeTables {
  return {
    findTable: (database, name, signal) => {
      const found = tables.find((one) => one.database === database && one.name === name);
      if (found !== undefined && 'files' in found) return Promise.resolve(asMade(found));
      if (found !== undefined && 'rows' in found) return Promise.resolve(asGiven(found));
      return lake.findTable(database, name, signal);
    },
  };
}

function asMade({ columns, partitionKeys, files }: MadeTable): LakeTable {
  return {
    columns,
    partitionKeys,
    serdeLibrary: PARQUET_STORAGE.serdeLibrary,
    parameters: {},
    folders: files.map(({ values, body }) => ({
      values,
      files: [{ name: 'part-00000.parquet', sizeBytes: body.length, read: () => Promise.resolve(once(body)) }],
    })),
  };
}

function asGiven({ columns, sizeBytes, rows }: GivenTable): LakeTable {
  const file: LakeFile = { name: 'rows.jsonl', sizeBytes, read: () => Promise.resolve(rows()) };
  return {
    columns,
    partitionKeys: [],
    serdeLibrary: 'org.apache.hive.hcatalog.data.JsonSerDe',
    parameters: {},
    folders: [{ values: [], files: [file] }],
  };
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}
