import { deflateSync, gzipSync } from 'node:zlib';
import type { Partition, Table } from '../../domain/table.ts';
import { cellMaker, Row, type Cell, type CellMaker } from './column-values.ts';
import { encodeRows } from './encode-rows.ts';
import {
  folderOf,
  LAKE_TIME_MS,
  sketchPartition,
  sketchTable,
  type Format,
  type LakeFile,
  type LakeTable,
} from './lake-table.ts';
import { Random } from './random.ts';

/** A table said in data: what its columns hold, how its rows lie, and what is odd about it. */
export interface TableDescription {
  /** `database.table` */
  readonly name: string;
  readonly comment?: string;
  readonly format: Format;
  /** `name type = what it holds`; see `cellMaker`. */
  readonly columns: readonly string[];
  /** `name type` */
  readonly keys?: readonly string[];
  /** One entry per partition: its values, or these and what is odd about it. */
  readonly partitions?: readonly (readonly string[] | OddPartition)[];
  /** In each file. */
  readonly rows?: number;
  /** In each folder. */
  readonly files?: number;
  /** Names of files end so; `.gz` and `.deflate` are compressed. */
  readonly suffix?: string;
  readonly encoding?: 'latin1';
  readonly blockSizeBytes?: number;
  readonly type?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Text of a view, which has no rows of its own. */
  readonly view?: string;
  /** What stands in its one file in place of rows: tables whose files nothing but their own engine may read. */
  readonly opaque?: string;
  /** Files beside those of rows, by their path below the table. */
  readonly beside?: readonly string[];
  readonly alter?: (table: Table) => Table;
}

interface OddPartition {
  readonly values: readonly string[];
  /** Elsewhere than in the folder of its name. */
  readonly folder?: string;
  /** The metastore knows it, and nothing lies there. */
  readonly isMissing?: true;
  /** Written by another job in another format. */
  readonly format?: Format;
}

interface FilledFolder {
  readonly path: string;
  readonly format: Format;
}

/** The table with its partitions, and its files drawn when asked for. */
export function describedTable(description: TableDescription): LakeTable {
  const [database = '', name = ''] = description.name.split('.');
  const sketched = sketchTable({ ...sketchOf(description), database, name });
  const table = description.alter?.(sketched) ?? sketched;
  if (description.view !== undefined) return { table, partitions: [], folders: [], files: () => [] };
  const partitions = (description.partitions ?? []).map((one) => partitionOf(table, one));
  const folders = filledFolders(table, description, partitions);
  const isElsewhere = !(table.storage.location ?? '').includes(`/${database}.db/`);
  return {
    table,
    partitions,
    folders: isElsewhere ? [] : [folderOf(table)],
    files: isElsewhere ? () => [] : () => filesOf(description, folderOf(table), folders),
  };
}

function sketchOf({ comment, type, parameters, view, format, columns, keys = [] }: TableDescription) {
  return {
    format,
    columns: columns.map((column) => column.split(' = ')[0]!),
    partitionKeys: keys,
    ...(comment === undefined ? {} : { comment }),
    ...(type === undefined ? {} : { type }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(view === undefined ? {} : { viewText: view }),
  };
}

function partitionOf(table: Table, described: readonly string[] | OddPartition): Partition {
  if (!isOdd(described)) return sketchPartition(table, described);
  const partition = sketchPartition(table, described.values, described.folder);
  return described.format === undefined
    ? partition
    : { ...partition, storage: { ...partition.storage, ...described.format } };
}

function isOdd(described: readonly string[] | OddPartition): described is OddPartition {
  return 'values' in described && !Array.isArray(described);
}

function filledFolders(table: Table, description: TableDescription, partitions: readonly Partition[]): FilledFolder[] {
  const { keys, format } = description;
  if (keys === undefined) return [{ path: folderOf(table), format }];
  return partitions.flatMap((partition, index) => {
    const described = description.partitions![index]!;
    if (isOdd(described) && described.isMissing === true) return [];
    return [{ path: folderOf(partition), format: (isOdd(described) ? described.format : undefined) ?? format }];
  });
}

function* filesOf(description: TableDescription, root: string, folders: readonly FilledFolder[]): Generator<LakeFile> {
  const random = new Random(description.name);
  const { files = 1, suffix = '', opaque, beside = [] } = description;
  if (opaque !== undefined) yield file(`${root}/${opaque}`, Buffer.from('ORC'));
  const columns = description.columns.map((column) => columnOf(column));
  let drawn = 0;
  for (const { path, format } of opaque === undefined ? folders : [])
    for (let part = 0; part < files; part++) {
      const rows = Array.from({ length: description.rows ?? 100 }, () => drawRow(columns, random, drawn++));
      const content = compressed(encodeRows(format, columns, rows, description.encoding), suffix);
      yield file(`${path}/part-${String(part).padStart(5, '0')}${suffix}`, content, description.blockSizeBytes);
    }
  for (const name of beside) yield file(`${root}/${name}`, Buffer.from('left by a job\n'));
}

/** A column with its way to draw a value. */
export interface DrawnColumn {
  readonly name: string;
  readonly type: string;
  readonly make: CellMaker;
}

function columnOf(text: string): DrawnColumn {
  const [declaration = '', words = 'text'] = text.split(' = ');
  const space = declaration.indexOf(' ');
  const type = declaration.slice(space + 1).split(' -- ')[0]!;
  return { name: declaration.slice(0, space), type, make: cellMaker(words) };
}

function drawRow(columns: readonly DrawnColumn[], random: Random, index: number): Cell[] {
  const row = new Row(index, random);
  return columns.map(({ make }) => make(random, row));
}

function file(path: string, content: Uint8Array, blockSizeBytes?: number): LakeFile {
  return { path, content, modifiedAtMs: LAKE_TIME_MS, blockSizeBytes };
}

function compressed(content: Uint8Array, suffix: string): Uint8Array {
  if (suffix.endsWith('.gz')) return gzipSync(content);
  return suffix.endsWith('.deflate') ? deflateSync(content) : content;
}
