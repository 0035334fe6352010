import type { ColumnClass, Zone } from '../mapping.ts';
import type { PseudonymScheme } from './pseudonym.ts';
import type { Treatment } from './treatment.ts';

/** A dataset of cleaned or refined that is made of one table of raw. */
export interface Dataset {
  readonly name: string;
  readonly target: { readonly zone: Exclude<Zone, 'raw'>; readonly database: string; readonly table: string };
  /** Table of the mapping, by its name at the source. */
  readonly from: string;
  readonly columns: Readonly<Record<string, DatasetColumn>>;
  readonly anonymity?: Anonymity | undefined;
}

export interface DatasetColumn {
  /** In place of the mapping's. */
  readonly treat?: string | undefined;
  /** Its name in the dataset. */
  readonly as?: string | undefined;
  /** Why personal values may be kept as they are: purpose and legal basis. */
  readonly because?: string | undefined;
}

/** Every row shares its values of `over` with at least `k` - 1 others; and, where asked for, each such class has `l` different values of a sensitive column. */
export interface Anonymity {
  readonly k: number;
  readonly over: readonly string[];
  readonly diversity?: { readonly of: string; readonly l: number } | undefined;
  readonly onFailure: 'refuse' | 'suppress';
}

export interface Datasets {
  readonly useCase: string;
  readonly pseudonyms?: PseudonymScheme | undefined;
  readonly datasets: readonly Dataset[];
}

/** A column as it will be. */
export interface PlannedColumn {
  readonly source: string;
  readonly name: string;
  readonly class: ColumnClass;
  readonly treatment: Treatment;
  /** Kept in clear although it is personal, by a person's decision. */
  readonly because?: string | undefined;
}
