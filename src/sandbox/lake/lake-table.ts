import type { Column, Partition, Serde, StorageDescriptor, Table } from '../../domain/table.ts';
import { partitionName } from '../../domain/partition-name.ts';

/** A file of the lake; its content is made when asked for. */
export interface LakeFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly modifiedAtMs: number;
  readonly blockSizeBytes?: number | undefined;
}

/** A table with the folders and files that belong to it. */
export interface LakeTable {
  readonly table: Table;
  readonly partitions: readonly Partition[];
  /** Folders that exist though they may be empty. */
  readonly folders: readonly string[];
  readonly files: () => Iterable<LakeFile>;
}

/** Nameservice in the locations of the lake. */
export const LAKE_AUTHORITY = 'sandbox';
export const WAREHOUSE = '/warehouse/tablespace/external/hive';
/** 2024-06-01T00:00:00Z: the lake does not age. */
export const LAKE_TIME_MS = Date.UTC(2024, 5, 1);

const TEXT_FORMATS = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

export interface Format extends Pick<StorageDescriptor, 'inputFormat' | 'outputFormat'> {
  readonly serde: Serde;
}

/** Hive's own text with the given SerDe parameters. */
export function textFormat(parameters: Readonly<Record<string, string>>): Format {
  return { ...TEXT_FORMATS, serde: { library: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', parameters } };
}

export const CSV: Format = {
  ...TEXT_FORMATS,
  serde: {
    library: 'org.apache.hadoop.hive.serde2.OpenCSVSerde',
    parameters: { separatorChar: ',', quoteChar: '"', escapeChar: '\\', 'serialization.format': '1' },
  },
};

export const JSON_LINES: Format = {
  ...TEXT_FORMATS,
  serde: { library: 'org.apache.hive.hcatalog.data.JsonSerDe', parameters: { 'serialization.format': '1' } },
};

export const PARQUET: Format = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serde: {
    library: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    parameters: { 'serialization.format': '1' },
  },
};

export const ORC: Format = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat',
  serde: { library: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde', parameters: { 'serialization.format': '1' } },
};

interface TableSketch {
  readonly database: string;
  readonly name: string;
  /** `name type` each, with an optional comment after ` -- `. */
  readonly columns: readonly string[];
  readonly partitionKeys?: readonly string[];
  readonly format: Format;
  readonly comment?: string;
  readonly type?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly viewText?: string;
}

export function sketchTable(sketch: TableSketch): Table {
  const isView = sketch.viewText !== undefined;
  return {
    name: { database: sketch.database, table: sketch.name },
    owner: 'hive',
    type: sketch.type ?? 'EXTERNAL_TABLE',
    createdAtSeconds: LAKE_TIME_MS / 1000,
    partitionKeys: (sketch.partitionKeys ?? []).map(column),
    storage: {
      columns: sketch.columns.map(column),
      location: isView ? undefined : `hdfs://${LAKE_AUTHORITY}${tableFolder(sketch)}`,
      ...sketch.format,
      isCompressed: false,
      bucketCount: -1,
      bucketColumns: [],
      sortColumns: [],
      skewedColumns: [],
      isStoredAsSubDirectories: false,
      parameters: {},
    },
    parameters: {
      ...((sketch.type ?? 'EXTERNAL_TABLE') === 'EXTERNAL_TABLE' ? { EXTERNAL: 'TRUE' } : {}),
      ...(sketch.comment === undefined ? {} : { comment: sketch.comment }),
      transient_lastDdlTime: String(LAKE_TIME_MS / 1000),
      ...sketch.parameters,
    },
    viewOriginalText: sketch.viewText,
    viewExpandedText: sketch.viewText,
  };
}

function column(text: string): Column {
  const [declaration = '', comment] = text.split(' -- ');
  const space = declaration.indexOf(' ');
  const name = declaration.slice(0, space);
  const type = declaration.slice(space + 1);
  return comment === undefined ? { name, type } : { name, type, comment };
}

function tableFolder({ database, name }: Pick<TableSketch, 'database' | 'name'>): string {
  return `${WAREHOUSE}/${database}.db/${name}`;
}

/** A partition of the table, in the folder of its name unless told otherwise. */
export function sketchPartition(table: Table, values: readonly string[], folder?: string): Partition {
  const own = folder ?? `${folderOf(table)}/${partitionName(table.partitionKeys, values)}`;
  return {
    values,
    storage: { ...table.storage, location: `hdfs://${LAKE_AUTHORITY}${own}` },
    parameters: { transient_lastDdlTime: String(LAKE_TIME_MS / 1000) },
  };
}

/** The path of a table's or partition's location. */
export function folderOf({ storage }: { readonly storage: StorageDescriptor }): string {
  return (storage.location ?? '').slice(`hdfs://${LAKE_AUTHORITY}`.length);
}

const encoder = new TextEncoder();

/** A file of lines, each ended by a newline. */
export function linesFile(path: string, lines: readonly string[], blockSizeBytes?: number): LakeFile {
  const content = encoder.encode(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  return { path, content, modifiedAtMs: LAKE_TIME_MS, blockSizeBytes };
}
