import type { ConversionFormat } from './conversion.ts';
import type { UseCaseId } from './names.ts';

export const ZONES = ['raw', 'cleaned', 'refined'] as const;
export type Zone = (typeof ZONES)[number];

export const COLUMN_CLASSES = [
  'unclassified',
  'identifier',
  'quasi-identifier',
  'sensitive',
  'free-text',
  'technical',
  'public',
] as const;
export type ColumnClass = (typeof COLUMN_CLASSES)[number];

/** Classes of columns whose values say something about a person; those of the other classes may be shown. */
export const PERSONAL_CLASSES: ReadonlySet<ColumnClass> = new Set([
  'identifier',
  'quasi-identifier',
  'sensitive',
  'free-text',
]);

export const RECONCILE_LEVELS = ['files', 'rows', 'content'] as const;
export type ReconcileLevel = (typeof RECONCILE_LEVELS)[number];

/** Reviewed decisions for one use case. Generated, then edited by people; never silently rewritten. */
export interface Mapping {
  readonly useCase: UseCaseId;
  /** Keyed by `database.table` at the source. */
  readonly tables: Readonly<Record<string, TableMapping>>;
  /** Keyed by absolute HDFS directory: plain files that no table owns. */
  readonly paths: Readonly<Record<string, PathMapping>>;
}

export interface TableMapping {
  readonly target: { readonly zone: Zone; readonly database: string; readonly table: string };
  /** A person's decision to leave the table where it is; the reason goes into every report. */
  readonly skip?: string | undefined;
  /** `keep`: bytes as they are. `convert`: written anew by the cluster, as HiveServer2 reads the rows. */
  readonly storage: 'keep' | 'convert';
  /** For `storage: convert`. */
  readonly convert?: { readonly format: ConversionFormat } | undefined;
  readonly partitions: PartitionRules;
  readonly columns: Readonly<Record<string, ColumnMapping>>;
  readonly reconcile: { readonly level: ReconcileLevel };
  /** Days before 15 October 1582 go as they are written, though the target shows them as other days; `keep-int96`: instants of twelve bytes do, and days are right. */
  readonly calendar?: 'keep' | 'keep-int96' | undefined;
  /** How Hive finds the columns of an ORC table in its files, and Athena is to; by place unless told. */
  readonly orc?: 'by-name' | 'by-place' | undefined;
  /** `mask`: names of its files hold personal values, and it goes as it is all the same; reports show tokens in their place. */
  readonly names?: 'mask' | undefined;
  /** Views only. */
  readonly view?: ViewRules | undefined;
}

export interface ViewRules {
  /** Athena's SQL written by a person, in place of a translation. */
  readonly sql?: string | undefined;
  /** Time zone in which the cluster reads instants without zone; functions that depend on it are refused without. */
  readonly timeZone?: string | undefined;
  /** Tables that stand in Glue already, by their name at the source: `rh.sites: raw_rh.sites`. */
  readonly reads?: Readonly<Record<string, string>> | undefined;
}

export interface PartitionRules {
  /** Partitions whose folder lies outside the table's: moved below the table's prefix, or refused. */
  readonly offPath: 'relocate' | 'refuse';
  /** Partitions whose folder does not exist: registered without files, left out, or refused. */
  readonly missingFolder: 'register-empty' | 'skip' | 'refuse';
  /** Partitions in a format other than their table's, which Athena does not read: refused unless told. */
  readonly otherFormat?: 'refuse' | 'register' | undefined;
  /** Keys of a partition index in Glue, in their order; none unless told. */
  readonly index?: readonly string[] | undefined;
  /** Athena computes the partitions from ranges in the table's parameters, where they fit; they are registered all the same, for other engines. */
  readonly projection?: boolean | undefined;
  /** `all`: column statistics go to Glue with every partition that has some, however many those are; the first thousand unless told. */
  readonly statistics?: 'all' | undefined;
}

export interface ColumnMapping {
  readonly class: ColumnClass;
  /** How the column is treated when cleaned and refined are built, e.g. `pseudonymise`. */
  readonly treat?: string | undefined;
  /** Glue type in place of the one derived from Hive's. */
  readonly type?: string | undefined;
}

export interface PathMapping {
  readonly target: { readonly zone: Zone; readonly prefix: string };
  readonly skip?: string | undefined;
  /** `mask`: names below it hold personal values, and reports show tokens in their place. */
  readonly names?: 'mask' | undefined;
  /** Its files are DSN, and datasets may be made of their blocks. */
  readonly dsn?: DsnFolder | undefined;
}

export interface DsnFolder {
  /** What datasets put before the table of a block: `dsn_rh` for `dsn_rh.arret_travail`. */
  readonly as: string;
  /** Decisions of people in place of the default classes, by rubric: `S21.G00.60.001`. */
  readonly rubrics: Readonly<Record<string, Pick<ColumnMapping, 'class' | 'treat'>>>;
}
