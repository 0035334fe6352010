import { formatTableName } from '../../domain/names.ts';
import type { Partition, Table } from '../../domain/table.ts';
import type { Database } from '../../ports/source-catalog.ts';
import { assuranceTables } from './assurance.ts';
import { commerceTables } from './commerce.ts';
import { plainFiles } from './domains/plain-folders.ts';
import { dsnFiles } from './dsn-files.ts';
import { LAKE_AUTHORITY, WAREHOUSE, type LakeFile } from './lake-table.ts';
import { rhTables } from './rh.ts';
import { MORE_DATABASES, moreTables } from './whole-lake.ts';

export interface Lake {
  /** What the locations of its tables name after `hdfs://`. */
  readonly authority: string;
  readonly databases: readonly Database[];
  readonly tables: readonly Table[];
  partitions(table: Table): readonly Partition[];
  /** Folders that exist even where they hold no file. */
  readonly folders: readonly string[];
  /** Content is made while iterating; iterate again for the same bytes. */
  readonly files: Iterable<LakeFile>;
}

/** `demo`: what its three use cases read. `whole`: every use case of the repository. */
export type LakeExtent = 'demo' | 'whole';

/** A small lake of an insurer, always the same to the byte: 15 to 25 MB, with the oddities that real lakes have. */
export function createLake(extent: LakeExtent = 'demo'): Lake {
  const isWhole = extent === 'whole';
  const all = [...assuranceTables(), ...rhTables(), ...commerceTables(), ...(isWhole ? moreTables() : [])];
  const byName = new Map(all.map((one) => [formatTableName(one.table.name), one]));
  return {
    authority: LAKE_AUTHORITY,
    databases: [
      database('assurance', 'Contrats, clients, sinistres'),
      database('commerce', 'Force de vente'),
      database('default', 'Default Hive database'),
      database('rh', 'Ressources humaines'),
      ...(isWhole ? MORE_DATABASES.map(([name, comment]) => database(name, comment)) : []),
    ],
    tables: all.map(({ table }) => table),
    partitions: (table) => byName.get(formatTableName(table.name))?.partitions ?? [],
    folders: all.flatMap(({ folders }) => folders),
    files: {
      *[Symbol.iterator]() {
        for (const { files } of all) yield* files();
        yield* dsnFiles();
        if (isWhole) yield* plainFiles();
      },
    },
  };
}

function database(name: string, comment: string): Database {
  const folder = name === 'default' ? WAREHOUSE : `${WAREHOUSE}/${name}.db`;
  return { name, location: `hdfs://${LAKE_AUTHORITY}${folder}`, comment, parameters: {} };
}
