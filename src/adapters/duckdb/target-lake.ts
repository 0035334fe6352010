import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { s3Key } from '../../domain/names.ts';
import type { TargetCatalog } from '../../ports/target-catalog.ts';
import type { TargetObjectStore } from '../../ports/target-object-store.ts';
import { unsupported } from './duckdb-errors.ts';
import { foldersOf, type LakeFile, type LakeFolder, type LakeTable, type LakeTables } from './lake-tables.ts';

type Catalog = Pick<TargetCatalog, 'findTable' | 'listPartitions'>;
type Store = Pick<TargetObjectStore, 'listObjects' | 'readObject'>;

/** The target's tables as Athena would read them: the catalog says where they lie, and everything below there is theirs. */
export class TargetLake implements LakeTables {
  readonly #catalog: Catalog;
  readonly #store: Store;

  constructor(catalog: Catalog, store: Store) {
    this.#catalog = catalog;
    this.#store = store;
  }

  async findTable(database: string, name: string, signal: AbortSignal | undefined): Promise<LakeTable | undefined> {
    const table = (await this.#catalog.findTable({ database, name }, signal))?.table;
    if (table === undefined) return undefined;
    if (table.type === 'VIRTUAL_VIEW') throw unsupported(`${database}.${name}`, 'a view');
    const { columns, serdeLibrary, serdeParameters } = table.storage;
    return {
      columns,
      partitionKeys: table.partitionKeys,
      serdeLibrary,
      parameters: { ...table.parameters, ...serdeParameters },
      folders: await foldersOf(table, this.#catalog.listPartitions(table, signal), (values, location) =>
        this.#folder(values, location, signal),
      ),
    };
  }

  async #folder(
    values: readonly string[],
    location: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<LakeFolder> {
    const [, bucket, prefix] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(location ?? '') ?? [];
    if (bucket === undefined || prefix === undefined) throw unsupported(location ?? 'nowhere', 'no location in S3');
    const files: LakeFile[] = [];
    for await (const { key, sizeBytes } of this.#store.listObjects(bucket, prefix, signal)) {
      const names = key.slice(prefix.length).split('/');
      if (names.some((name) => rulingOnTableEntry(name) !== undefined)) continue;
      const address = { bucket, key: s3Key(key) };
      const location = `s3://${bucket}/${key}`;
      const read: LakeFile['read'] = (abort) => this.#store.readObject(address, abort);
      files.push({ name: names.at(-1)!, location, sizeBytes, read });
    }
    return { values, files };
  }
}
