import type { RawCalendars } from '../domain/privacy/raw-calendars.ts';

export interface TableName {
  readonly database: string;
  readonly name: string;
}

export interface TypedColumn {
  readonly name: string;
  /** Hive's. */
  readonly type: string;
}

/** A table of the target, and by which calendars its Parquet counts where it does not say so itself: those of today unless told. */
export interface StandingTable extends TableName {
  readonly calendars?: RawCalendars | undefined;
}

/** Rows of a dataset that have the same values in its partitions. */
export interface DatasetFile {
  /** One per partition, `__HIVE_DEFAULT_PARTITION__` for NULL. */
  readonly values: readonly string[];
  /** Parquet, without the partitions' columns; the same rows give the same bytes. */
  readonly body: Uint8Array;
}

/** A dataset that was made just now and stands nowhere yet. */
export interface MadeTable extends TableName {
  readonly columns: readonly TypedColumn[];
  readonly partitionKeys: readonly TypedColumn[];
  readonly files: readonly DatasetFile[];
}

/** A table that stands in no catalog. */
export interface GivenTable extends TableName {
  readonly columns: readonly TypedColumn[];
  readonly sizeBytes: number;
  /** As lines of JSON; a column without a value may be left out. */
  readonly rows: () => AsyncIterable<Uint8Array>;
}

/** Reads tables of the target and makes datasets of them, on this machine. */
export interface DatasetEngine {
  /**
   * Tables of the target are named; others are given. Days and instants of Parquet are as Spark reads them. Throws `usage` for a table that the target does not
   * have, `unsupported` for one that cannot be read here.
   */
  open(tables: readonly (StandingTable | MadeTable | GivenTable)[], signal?: AbortSignal): Promise<DatasetSession>;
}

/** Tables to read, and one dataset, called `dataset`, that is made of them. */
export interface DatasetSession {
  /** Columns and partition keys. */
  columnsOf(table: TableName): readonly TypedColumn[];
  /** What statements call a table. */
  relationOf(table: TableName): string;
  /** Where statements read the keyed pads of pseudonyms from, by version; they stand in no statement and on no disk. */
  useKeys(keys: ReadonlyMap<number, Uint8Array>): Promise<void>;
  /** Makes the dataset from a query over the tables, or over its earlier self. */
  create(query: string): Promise<void>;
  /** Takes rows out of the dataset that do not fulfil a condition; returns how many went. */
  restrict(condition: string): Promise<number>;
  /** The first column of a statement's first row, as a number. */
  count(sql: string): Promise<number>;
  /** Files of a table of the target that its rows are read from, empty ones too, `s3://bucket/key`; none of one that was given. */
  filesOf(table: TableName): readonly string[];
  /** Rows of a table of the target that fulfil a condition, by the file that holds them (`s3://bucket/key`); files without any are left out. */
  countByFile(table: TableName, condition: string): Promise<ReadonlyMap<string, number>>;
  /**
   * The bytes of a file of a table of the target without the rows that fulfil a condition, and how many those are: other lines of text keep their bytes, other values of Parquet
   * theirs. Read again before it is returned: these rows and no others are gone. Throws `unsupported` where they cannot go without touching others.
   */
  fileWithout(
    table: TableName,
    file: { readonly location: string; readonly content: Uint8Array },
    condition: string,
  ): Promise<{ readonly rows: number; readonly content: Uint8Array }>;
  /** Every text in a column of the dataset, each once, a few at a time. */
  distinct(column: string): AsyncIterable<readonly string[]>;
  describe(): Promise<readonly TypedColumn[]>;
  /** The dataset as one file, or one for each combination of values of its partitions, in their order. Throws `usage` for too many, and for an empty text in one. */
  toFiles(partitions: readonly string[]): Promise<readonly DatasetFile[]>;
  /** A file with the columns of the others and no row. */
  emptyFile(partitions: readonly string[]): Promise<Uint8Array>;
  close(): Promise<void>;
}
