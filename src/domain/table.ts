import type { TableName } from './names.ts';

export interface Column {
  /** As Hive holds it; Hive folds to lower case. */
  readonly name: string;
  /** Hive's own spelling, e.g. `decimal(10,2)`, `array<struct<a:int>>`. */
  readonly type: string;
  readonly comment?: string | undefined;
}

export interface SortColumn {
  readonly column: string;
  readonly order: 'asc' | 'desc';
}

export interface Serde {
  readonly name?: string | undefined;
  /** Java class, or undefined for storage-handler tables. */
  readonly library: string | undefined;
  /** Values hold the real characters (`\u0001` itself, not its escape). */
  readonly parameters: Readonly<Record<string, string>>;
}

/** How and where the rows of a table or partition are stored (Hive metastore `StorageDescriptor`). */
export interface StorageDescriptor {
  readonly columns: readonly Column[];
  /** URI as Hive holds it, e.g. `hdfs://nn:8020/data/x`; undefined for views and some storage handlers. */
  readonly location: string | undefined;
  readonly inputFormat: string | undefined;
  readonly outputFormat: string | undefined;
  readonly serde: Serde;
  readonly isCompressed: boolean;
  /** -1 or 0 when the table is not bucketed. */
  readonly bucketCount: number;
  readonly bucketColumns: readonly string[];
  readonly sortColumns: readonly SortColumn[];
  readonly skewedColumns: readonly string[];
  readonly isStoredAsSubDirectories: boolean;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A table, view or materialised view as the source catalog holds it. */
export interface Table {
  readonly name: TableName;
  /** Hive 3 and later; `hive` is the default catalog. */
  readonly catalog?: string | undefined;
  readonly owner: string | undefined;
  /** `MANAGED_TABLE`, `EXTERNAL_TABLE`, `VIRTUAL_VIEW`, `MATERIALIZED_VIEW` or what else the metastore says. */
  readonly type: string;
  /** Seconds since 1970, as Hive keeps it. */
  readonly createdAtSeconds: number;
  readonly partitionKeys: readonly Column[];
  readonly storage: StorageDescriptor;
  readonly parameters: Readonly<Record<string, string>>;
  readonly viewOriginalText: string | undefined;
  readonly viewExpandedText: string | undefined;
  /** As people write them in SQL; read when the table is planned, and undefined where the source does not tell. */
  readonly constraints?: readonly string[] | undefined;
}

export interface Partition {
  /** One per partition key, decoded (`a b`, not `a%20b`); `__HIVE_DEFAULT_PARTITION__` for NULL. */
  readonly values: readonly string[];
  readonly storage: StorageDescriptor;
  readonly parameters: Readonly<Record<string, string>>;
}

export function isView(table: Table): boolean {
  return table.type === 'VIRTUAL_VIEW' || table.type === 'MATERIALIZED_VIEW';
}

/** Hive's own text of a view, names in full where Hive has put them so. */
export function viewText({ viewExpandedText, viewOriginalText }: Table): string {
  return viewExpandedText ?? viewOriginalText ?? '';
}

/** True for full-ACID and insert-only tables alike (`transactional=true`). */
export function isTransactional(table: Table): boolean {
  return table.parameters['transactional']?.toLowerCase() === 'true';
}
