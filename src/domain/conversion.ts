import type { HdfsPath, TableName, UseCaseId } from './names.ts';
import type { SourceFile } from './source-file.ts';

/** Formats in which the cluster can write a table anew for Athena to read. */
export const CONVERSION_FORMATS = ['parquet', 'orc', 'avro'] as const;
export type ConversionFormat = (typeof CONVERSION_FORMATS)[number];

/** What the plan decides about a table that the cluster writes anew on the way. */
export interface PlannedConversion {
  readonly format: ConversionFormat;
  /** Stands for the rows at the source as the plan found them: while it is the same text, the rows are the same. */
  readonly state: string;
  /** Stands for the columns and partition keys, with their types. */
  readonly shape: string;
  /** Athena shall compute its partitions, where they fit once they are exported. */
  readonly isProjected?: true | undefined;
  /** What the state was when the table was exported; absent until it is. */
  readonly exportedState?: string | undefined;
}

/** True when the source was written after it was exported: the target holds what it was before. */
export function hasMovedOn({ state, exportedState }: PlannedConversion): boolean {
  return exportedState !== undefined && exportedState !== state;
}

/** Where the staged copy of a table lies at the source, until it is proven to be at the target. */
export interface StagedTable {
  readonly name: TableName;
  readonly folder: HdfsPath;
}

/** One conversion of a table: what was exported, and where its files go. Kept across runs, so that nothing is exported twice. */
export interface Conversion {
  /** `database.table` */
  readonly scope: string;
  /** Names the folder at the target, so that two conversions of a table never mix their files. */
  readonly id: string;
  /** Of the source, read before the export began. */
  readonly state: string;
  readonly shape: string;
  /** `s3://bucket/prefix/` of this conversion. */
  readonly location: string;
  readonly staged: StagedTable;
  /** Values of each partition that was exported, in the order of the partition keys. */
  readonly partitions: readonly (readonly string[])[];
  /** Decimal text: it may exceed 2^53. */
  readonly rows: string;
  /** The staged table was dropped: what stands at the target is proven, and nothing is left to copy from. */
  readonly isDropped: boolean;
}

export interface StagedFile {
  readonly file: SourceFile;
  /** Below the folder of the staged table. */
  readonly relative: string;
}

const LONGEST_NAME = 100;

/** The name of a staged table: whose it is, and the conversion. Hive 1 takes 128 characters. */
export function stagedTableName(useCase: UseCaseId, source: TableName, id: string): string {
  return `${stagedTablePrefix(useCase, source)}${id}`;
}

/** What all staged tables of one source table begin with. Cut names may clash: the stamp on the table decides whose it is. */
export function stagedTablePrefix(useCase: UseCaseId, { database, table }: TableName): string {
  const plain = `${useCase}__${database}__${table}`.toLowerCase().replace(/[^a-z0-9_]/g, '_');
  return `${plain.slice(0, LONGEST_NAME)}__`;
}

/** Table parameters by which staged tables are known as lakelift's own; no other table of the source is ever dropped. */
export function stagedStamp(useCase: UseCaseId, source: string): Readonly<Record<string, string>> {
  return { 'lakelift.staged-for': useCase, 'lakelift.staged-from': source };
}
