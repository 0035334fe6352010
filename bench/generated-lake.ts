import type { HdfsChecksum } from '../src/domain/checksum/hdfs-checksum.ts';
import { hdfsPath } from '../src/domain/names.ts';
import type { Partition, Table } from '../src/domain/table.ts';
import type { SourceCatalog } from '../src/ports/source-catalog.ts';
import type { SourceEntry, SourceFileSystem } from '../src/ports/source-file-system.ts';
import { folderOf, PARQUET, sketchPartition, sketchTable } from '../src/sandbox/lake/lake-table.ts';

const MOST_FILES_IN_A_FOLDER = 1000;

/** Of every generated file, which holds one byte. */
export const CHECKSUM: HdfsChecksum = {
  kind: 'md5-of-md5-of-crc',
  crcType: 'CRC32C',
  bytesPerCrc: 512,
  crcPerBlock: 0,
  md5: '27c076e4987344253650d3335a5d08ce',
};

/** As many files as asked for below `root`, in folders `day=000000` of at most so many each. */
export function generatedFiles(root: string, total: number, perFolder = MOST_FILES_IN_A_FOLDER): SourceFileSystem {
  const folders = Math.ceil(total / perFolder);
  const none = (): never => {
    throw new Error('Nobody asks that of generated files');
  };
  return {
    findEntry: (path) => Promise.resolve({ kind: 'directory', directory: { path, modifiedAtMs: 0 } }),
    findEntryAgain: none,
    async *listDirectory(folder) {
      await Promise.resolve();
      if (folder === root)
        for (let index = 0; index < folders; index++) {
          const path = hdfsPath(`${root}/${dayName(index)}`);
          yield { kind: 'directory', directory: { path, modifiedAtMs: 0 } };
        }
      else yield* filesOf(folder, { total, perFolder });
    },
    findAccess: none,
    getContentSummary: () =>
      Promise.resolve({ sizeBytes: BigInt(total), fileCount: BigInt(total), directoryCount: BigInt(folders) }),
    // The plan looks for a footer in the newest one: a zero is none.
    readRange: () => Promise.resolve(undefined),
    findChecksum: () => Promise.resolve(CHECKSUM),
    listBlockSizes: none,
  };
}

function dayName(index: number): string {
  return `day=${String(index).padStart(6, '0')}`;
}

function* filesOf(
  folder: string,
  { total, perFolder }: { readonly total: number; readonly perFolder: number },
): Generator<SourceEntry> {
  const first = Number(folder.slice(-6)) * perFolder;
  for (let index = first; index < Math.min(total, first + perFolder); index++) {
    const path = hdfsPath(`${folder}/part-${String(index).padStart(8, '0')}-c000.snappy.parquet`);
    const about = { sizeBytes: 1, modifiedAtMs: 1, blockSizeBytes: 134_217_728, fileId: BigInt(index) };
    const owner = { owner: 'hive', group: 'hive', permission: '644' };
    yield { kind: 'file', file: { path, ...about, ...owner, isEncrypted: false, isErasureCoded: false } };
  }
}

const COLUMNS = Array.from({ length: 20 }, (_, index) => `colonne_${index} decimal(12,2)`);

/** A table of twenty columns whose partitions are the folders of {@link generatedFiles} below it. */
export function generatedTable(
  database: string,
  partitions: number,
): { readonly root: string; readonly catalog: SourceCatalog } {
  const table = sketchTable({
    database,
    name: 'many',
    columns: COLUMNS,
    partitionKeys: ['day string'],
    format: PARQUET,
  });
  return { root: folderOf(table), catalog: catalogOf(database, table, partitions) };
}

function catalogOf(database: string, table: Table, partitions: number): SourceCatalog {
  return {
    listDatabases: () => Promise.resolve([database]),
    getDatabase: (name) => Promise.resolve({ name, location: undefined, comment: undefined, parameters: {} }),
    listTables: () => Promise.resolve([table.name.table]),
    listFunctions: () => Promise.resolve([]),
    findTable: () => Promise.resolve(table),
    listTablesElsewhere: () => Promise.resolve([]),
    findConstraints: () => Promise.resolve([]),
    findStatistics: () => Promise.resolve([]),
    findPartitionStatistics: () => Promise.resolve(new Map()),
    findAnalysisTimes: () => Promise.resolve(new Map()),
    listPartitionNames: () => Promise.resolve(Array.from({ length: partitions }, (_, index) => dayName(index))),
    async *listPartitions() {
      await Promise.resolve();
      for (let index = 0; index < partitions; index++) yield partitionOf(table, index);
    },
    findWriteState: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  };
}

function partitionOf(table: Table, index: number): Partition {
  return sketchPartition(table, [dayName(index).slice('day='.length)]);
}
