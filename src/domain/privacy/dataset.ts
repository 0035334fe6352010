import type { ColumnClass, Zone } from '../mapping.ts';
import type { Serving } from '../serving/serving.ts';
import type { Aggregate, Measure } from './aggregate.ts';
import type { Check } from './check.ts';
import type { Filter } from './filter.ts';
import type { LegalBasis } from './legal-basis.ts';
import type { PseudonymScheme } from './pseudonym.ts';
import type { Reading } from './reading.ts';
import type { Treatment } from './treatment.ts';

/**
 * A dataset of cleaned or refined. Made in this order: rows chosen, columns treated, tables joined, classes of too few people taken out, rows
 * summed up; then checked, looked at for leaks, and written in partitions.
 */
export interface Dataset {
  readonly name: string;
  readonly target: { readonly zone: Exclude<Zone, 'raw'>; readonly database: string; readonly table: string };
  /**
   * A table of the mapping by its name at the source (`rh.salaries`), a block of its DSN files (`dsn_rh.individu`), or, for the refined zone, a dataset of the
   * same file (`salaries`).
   */
  readonly from: string;
  readonly joins: readonly Join[];
  /** Of rows of `from`, by what they hold before they are treated; all must hold. */
  readonly where: readonly Filter[];
  readonly columns: Readonly<Record<string, DatasetColumn>>;
  readonly anonymity?: Anonymity | undefined;
  /** Why quasi-identifiers may stay in it without: purpose and safeguards. */
  readonly notAnonymous?: string | undefined;
  readonly aggregate?: Aggregate | undefined;
  /** Columns of the dataset whose values make its folders. */
  readonly partitions: readonly string[];
  readonly checks: readonly Check[];
  /** Who reads it: `dataiku`, `field-sales`. */
  readonly consumers: readonly string[];
  readonly purpose?: string | undefined;
  readonly legalBasis: readonly LegalBasis[];
  readonly retention?: Retention | undefined;
  /** Where an application reads it by key. */
  readonly serving?: Serving | undefined;
}

/** Columns of another table or dataset, put beside rows whose treated values are equal. NULL equals nothing. */
export interface Join {
  /** As {@link Dataset.from}. */
  readonly with: string;
  /** `left` keeps rows that find nothing. */
  readonly kind: 'inner' | 'left';
  /** Column here (of `from`, or taken by an earlier join) -> column there. */
  readonly on: Readonly<Record<string, string>>;
  readonly where: readonly Filter[];
  /** Columns to take. Nothing comes that is not named. */
  readonly columns: Readonly<Record<string, DatasetColumn>>;
}

export interface DatasetColumn {
  /** What its texts are read as before they are treated: `date:dd/MM/yyyy`, `decimal(10,2):,`. */
  readonly type?: string | undefined;
  /** Of texts that are none of the type: `refuse` builds nothing, `warn` counts them and leaves the cells empty. */
  readonly unreadable?: Check['severity'] | undefined;
  /** In place of the mapping's. */
  readonly treat?: string | undefined;
  /** Its name in the dataset. */
  readonly as?: string | undefined;
  /** Why personal values may be kept as they are: purpose and legal basis. */
  readonly because?: string | undefined;
}

/**
 * Each class of rows that share their values of `over` has at least `k` different people, or rows where nothing says who they are of; and, where asked for, `l`
 * different values of a sensitive column.
 */
export interface Anonymity {
  readonly k: number;
  readonly over: readonly string[];
  /** Columns as written that stay outside of the classes although they may tell smaller groups apart, and why. */
  readonly except?: Readonly<Record<string, string>> | undefined;
  /** Pseudonyms that together stand for one person. A row that lacks one of them is of nobody: it counts neither for `k` nor for `l`. */
  readonly of?: readonly string[] | undefined;
  readonly diversity?: { readonly of: string; readonly l: number } | undefined;
  /**
   * Columns of `over` whose cells are emptied in classes that fail, so that their rows can stay: they make new classes, of their own, which `onFailure` is for. Rows
   * that had no value there are not counted with them, although nobody can tell them apart afterwards.
   */
  readonly blank?: readonly string[] | undefined;
  readonly onFailure: 'refuse' | 'suppress';
}

/** How long rows are kept: an ISO 8601 period (`P5Y`, `P18M`) from the date in a column of the dataset, which may be a month or a year. */
export interface Retention {
  readonly period: string;
  readonly from: string;
}

/** What only people know of a processing (GDPR, article 30.1): as text, for the register. */
export interface RegisterFacts {
  readonly controller?: string | undefined;
  readonly dataProtectionOfficer?: string | undefined;
  readonly dataSubjects: readonly string[];
}

export interface Datasets {
  readonly useCase: string;
  readonly register?: RegisterFacts | undefined;
  readonly pseudonyms?: PseudonymScheme | undefined;
  /** Why one number that is valid stops no dataset here: too many are so by chance. */
  readonly validByChance?: string | undefined;
  readonly datasets: readonly Dataset[];
}

/** How the texts of a column are read, and what becomes of the dataset where one cannot be. */
export interface TypedReading {
  readonly reading: Reading;
  /** As people wrote it. */
  readonly form: string;
  readonly severity: Check['severity'];
}

/** A column as it will be. */
export interface PlannedColumn {
  readonly source: string;
  readonly name: string;
  readonly class: ColumnClass;
  readonly treatment: Treatment;
  readonly read?: TypedReading | undefined;
  /** Kept in clear although it is personal, by a person's decision. */
  readonly because?: string | undefined;
  /** What a dataset that it comes from had done to it. */
  readonly earlier?: Treatment | undefined;
  /** A figure over many rows. */
  readonly measure?: Measure | undefined;
}
