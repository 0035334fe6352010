import { rulingOnTableEntry } from '../../domain/hidden-name.ts';
import { parseLocation } from '../../domain/location.ts';
import { isTransactional, isView } from '../../domain/table.ts';
import type { SourceFile } from '../../domain/source-file.ts';
import { isLakeliftError } from '../../errors.ts';
import type { SourceCatalog } from '../../ports/source-catalog.ts';
import type { SourceFileSystem } from '../../ports/source-file-system.ts';
import { unsupported } from './duckdb-errors.ts';
import { foldersOf, type LakeFile, type LakeFolder, type LakeTable, type LakeTables } from './lake-tables.ts';

const PIECE_BYTES = 8 * 1024 * 1024;

/** The source's tables: Hive says where they lie, HDFS has their files. */
export class SourceLake implements LakeTables {
  readonly #catalog: Pick<SourceCatalog, 'findTable' | 'listPartitions'>;
  readonly #files: Pick<SourceFileSystem, 'listDirectory' | 'readRange'>;

  constructor(
    catalog: Pick<SourceCatalog, 'findTable' | 'listPartitions'>,
    files: Pick<SourceFileSystem, 'listDirectory' | 'readRange'>,
  ) {
    this.#catalog = catalog;
    this.#files = files;
  }

  async findTable(database: string, name: string, signal: AbortSignal | undefined): Promise<LakeTable | undefined> {
    const table = await this.#catalog.findTable({ database, table: name }, signal);
    if (table === undefined) return undefined;
    if (isView(table) || isTransactional(table)) throw unsupported(`${database}.${name}`, 'a view or ACID table');
    const { columns, serde } = table.storage;
    return {
      columns,
      partitionKeys: table.partitionKeys,
      serdeLibrary: serde.library,
      parameters: { ...table.parameters, ...serde.parameters },
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
    const files: LakeFile[] = [];
    try {
      for await (const entry of this.#files.listDirectory(parseLocation(location ?? '/').path, signal)) {
        if (entry.kind !== 'file') continue;
        const name = entry.file.path.slice(entry.file.path.lastIndexOf('/') + 1);
        if (rulingOnTableEntry(name) === undefined) files.push(this.#file(name, entry.file));
      }
    } catch (error) {
      // A partition whose folder is gone holds no rows.
      if (!isLakeliftError(error, 'not-found')) throw error;
    }
    return { values, files };
  }

  #file(name: string, file: SourceFile): LakeFile {
    return { name, sizeBytes: file.sizeBytes, read: (signal) => Promise.resolve(this.#bytes(file, signal)) };
  }

  async *#bytes(file: SourceFile, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
    for (let offset = 0; offset < file.sizeBytes; offset += PIECE_BYTES) {
      const piece = new Uint8Array(Math.min(PIECE_BYTES, file.sizeBytes - offset));
      await this.#files.readRange(file, { offset, length: piece.length }, piece, signal);
      yield piece;
    }
  }
}
