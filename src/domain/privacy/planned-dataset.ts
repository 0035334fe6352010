import type { Measure } from './aggregate.ts';
import type { Dataset, Join, PlannedColumn, TypedReading } from './dataset.ts';
import type { Filter } from './filter.ts';
import type { Treatment } from './treatment.ts';

/** Rows of one table or dataset, as they come into a dataset. */
export interface PlannedSource {
  readonly name: string;
  readonly where: readonly Filter[];
  readonly columns: readonly PlannedColumn[];
  /** Values to join by that are no column of the dataset, under names that no column has. */
  readonly keys: readonly PlannedKey[];
}

/** A dataset with every question answered: what both engines make it from. */
export interface PlannedDataset {
  readonly dataset: Dataset;
  readonly from: PlannedSource;
  readonly joins: readonly PlannedJoin[];
  /** Before rows are summed up. */
  readonly columns: readonly PlannedColumn[];
  readonly measures: readonly PlannedMeasure[];
  /** As it will be written, partitions last. */
  readonly output: readonly PlannedColumn[];
}

export interface PlannedMeasure {
  readonly name: string;
  readonly measure: Measure;
}

/** A value to join by. */
export interface PlannedKey {
  readonly source: string;
  readonly name: string;
  readonly treatment: Treatment;
  readonly read?: TypedReading | undefined;
}

export interface PlannedJoin {
  readonly kind: Join['kind'];
  readonly source: PlannedSource;
  /** Columns whose values are to be equal: those of all that was joined before, and a key of this one. */
  readonly on: readonly { readonly here: string; readonly there: string }[];
}
