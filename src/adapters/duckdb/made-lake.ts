import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import type { MadeTable, TableName } from '../../ports/dataset-engine.ts';
import type { LakeTable, LakeTables } from './lake-tables.ts';

/** A lake in which datasets that were made just now stand before all that it has. */
export function madeLake(tables: readonly (TableName | MadeTable)[], lake: LakeTables): LakeTables {
  return {
    findTable: (database, name, signal) => {
      const made = tables.find((one) => 'files' in one && one.database === database && one.name === name);
      return made === undefined ? lake.findTable(database, name, signal) : Promise.resolve(asTable(made as MadeTable));
    },
  };
}

function asTable({ columns, partitionKeys, files }: MadeTable): LakeTable {
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

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(body);
}
