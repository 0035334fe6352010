/** Reads tables of the target and makes datasets of them, on this machine. */
export interface DatasetEngine {
  /** Throws `usage` for a table that the target does not have, `unsupported` for one that cannot be read here. */
  open(table: { readonly database: string; readonly name: string }, signal?: AbortSignal): Promise<DatasetSession>;
}

/** One table of the target and one dataset, called `dataset`, that is made of it. */
export interface DatasetSession {
  /** Columns and partition keys. */
  readonly columns: readonly string[];
  /** Where the keyed pads of pseudonyms are read from by statements; they stand in no statement and on no disk. */
  useKey(key: Uint8Array): Promise<void>;
  /** Makes the dataset from a list of expressions over the table; replaces an earlier one. */
  create(columns: readonly { readonly name: string; readonly sql: string }[]): Promise<void>;
  /** Takes rows out of the dataset that do not fulfil a condition; returns how many went. */
  restrict(condition: string): Promise<number>;
  /** The first column of a statement's first row, as a number. */
  count(sql: string): Promise<number>;
  /** Every text in a column of the dataset, each once, a few at a time. */
  distinct(column: string): AsyncIterable<readonly string[]>;
  /** Names and Hive types of the dataset's columns. */
  describe(): Promise<readonly { readonly name: string; readonly type: string }[]>;
  /** The dataset as one Parquet file; the same rows give the same bytes. */
  toParquet(): Promise<Uint8Array>;
  close(): Promise<void>;
}
