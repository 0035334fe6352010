import type { ReportUseCase } from '../run-report.ts';
import type { ColumnClass, Zone } from '../mapping.ts';

export const PRIVACY_REPORT_SCHEMA = 'lakelift/privacy-report/1';

/** privacy.json: what was done to personal data in one build of a use case's datasets. Figures and names of columns; no value of anybody, and no key. */
export interface PrivacyReport {
  readonly schema: typeof PRIVACY_REPORT_SCHEMA;
  readonly useCase: ReportUseCase;
  readonly build: { readonly at: string; readonly by: string; readonly toolVersion: string; readonly runId: string };
  /** Scheme, domain and versions of keys: `hmac-sha256-128 rh v1`; undefined where there are no pseudonyms. */
  readonly pseudonyms?: string | undefined;
  /** Why one valid number alone stopped no dataset; undefined where it did. */
  readonly validByChance?: string | undefined;
  readonly datasets: readonly DatasetPrivacy[];
}

export interface DatasetPrivacy {
  readonly name: string;
  readonly zone: Zone;
  readonly table: string;
  readonly madeOf: readonly string[];
  /** SHA-256 of its files. */
  readonly sha256: string;
  readonly columns: readonly ColumnPrivacy[];
  /** Columns of its tables that nobody is given. */
  readonly leftOut: readonly { readonly source: string; readonly column: string; readonly class: ColumnClass }[];
  readonly sourceRows: number;
  readonly suppressedRows: number;
  readonly rows: number;
  /** Rows that stayed because cells of theirs were emptied, and how many cells; undefined where no column may be. Of a summed-up dataset: before. */
  readonly blanked?: { readonly rows: number; readonly cells: number } | undefined;
  readonly anonymity?: AnonymityReached | undefined;
  /** Why none was asked for. */
  readonly notAnonymous?: string | undefined;
  /** Columns that every value was looked at in for numbers and addresses of people. None was found: else the dataset would not stand. */
  readonly searched: readonly string[];
  readonly checks: readonly { readonly text: string; readonly severity: 'refuse' | 'warn'; readonly failing: number }[];
  readonly consumers: readonly string[];
  readonly purpose?: string | undefined;
  readonly legalBasis: readonly string[];
  readonly retention?: { readonly period: string; readonly from: string } | undefined;
}

export interface ColumnPrivacy {
  readonly name: string;
  readonly source: string;
  readonly class: ColumnClass;
  /** As mappings write it, `pseudonymise:nir`; or the figure that it is, `sum`. */
  readonly treatment: string;
  /** Why it is kept in clear although it is personal. */
  readonly because?: string | undefined;
}

/** Asked for, and reached by the smallest class; undefined where no row is left. */
export interface AnonymityReached {
  readonly over: readonly string[];
  /** Columns that may tell smaller groups apart, and why they stay. */
  readonly except?: Readonly<Record<string, string>> | undefined;
  /** Pseudonyms that people are counted by; without, `k` and the smallest class are rows, of which one person may have several. */
  readonly of?: readonly string[] | undefined;
  readonly k: number;
  readonly smallestClass?: number | undefined;
  readonly diversity?: { readonly of: string; readonly l: number; readonly least?: number | undefined } | undefined;
  /** Columns of `over` whose cells are emptied in classes that are too small. */
  readonly blank?: readonly string[] | undefined;
  readonly onFailure: 'refuse' | 'suppress';
}
