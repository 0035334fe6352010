import type { Readable } from 'node:stream';
import type { Column } from '../../domain/table.ts';

/** A file of a table, and how to get its bytes. */
export interface LakeFile {
  readonly name: string;
  /** Where it stands, as people are told; undefined where it stands nowhere yet. */
  readonly location?: string | undefined;
  readonly sizeBytes: number;
  read(signal: AbortSignal | undefined): Promise<AsyncIterable<Uint8Array> | Readable>;
}

/** Rows that lie together and are read alike: a partition, or a whole table. */
export interface LakeFolder {
  /** One per partition key, `__HIVE_DEFAULT_PARTITION__` for NULL. */
  readonly values: readonly string[];
  readonly files: readonly LakeFile[];
}

/** A table as one catalog has it, with the files that hold its rows. */
export interface LakeTable {
  readonly columns: readonly Column[];
  readonly partitionKeys: readonly Column[];
  readonly serdeLibrary: string | undefined;
  /** Of the SerDe, and those of the table where it has none. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly folders: readonly LakeFolder[];
}

/** Tables of one side, by name. Throws `unsupported` for what has no files of its own. */
export interface LakeTables {
  findTable(database: string, table: string, signal: AbortSignal | undefined): Promise<LakeTable | undefined>;
}

interface Stored {
  readonly storage: { readonly location: string | undefined };
}

/** The folders that hold a table's rows: its own, or one per partition. */
export async function foldersOf(
  table: Stored & { readonly partitionKeys: readonly Column[] },
  partitions: AsyncIterable<Stored & { readonly values: readonly string[] }>,
  open: (values: readonly string[], location: string | undefined) => Promise<LakeFolder>,
): Promise<LakeFolder[]> {
  if (table.partitionKeys.length === 0) return [await open([], table.storage.location)];
  const folders: LakeFolder[] = [];
  for await (const { values, storage } of partitions) folders.push(await open(values, storage.location));
  return folders;
}
