import type { Placement } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { ProjectionFit } from '../../domain/rules/partition-projection.ts';
import { differenceFromTable } from '../../domain/rules/partition-schema.ts';
import type { Partition } from '../../domain/table.ts';
import type { TargetStorage, TargetTable } from '../../domain/target-table.ts';
import type { AcceptedTable } from './table-ruling.ts';

interface DrawnProjection {
  readonly notes: readonly Reason[];
  /** To be added to those of the table. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Fewer are listed faster than computed. */
const WORTH_PROPOSING = 1000;

/** Proposes partition projection where it fits many partitions, and writes it where the mapping asks for it. */
export class PlannedProjection {
  readonly #isWanted: boolean;
  readonly #table: TargetTable;
  readonly #count: number;
  /** undefined where nobody wants to know. */
  readonly #fit: ProjectionFit | undefined;

  constructor({ mapping, definition }: AcceptedTable, count: number) {
    this.#isWanted = mapping.partitions.projection === true;
    this.#table = definition;
    this.#count = count;
    if (this.#isWanted || count >= WORTH_PROPOSING) this.#fit = new ProjectionFit(definition.partitionKeys);
  }

  add({ values }: Partition, placement: Placement): void {
    this.#fit?.add(values, placement.kind === 'placed' ? placement.relativeFolder : undefined);
  }

  /** How the partition that was added last will stand in the catalog. */
  addStorage(name: string, storage: TargetStorage): void {
    const difference = this.#fit === undefined ? undefined : differenceFromTable(storage, this.#table);
    if (difference !== undefined) this.#fit?.addDifference(name, difference);
  }

  /** What follows from the partitions that were added. */
  drawn(): DrawnProjection {
    if (this.#fit === undefined) return NOTHING;
    if (this.#isWanted) return wantedProjection(this.#fit);
    const projection = this.#fit.projection();
    return projection.kind === 'unfit' ? NOTHING : noted(fitting(this.#count, projection.text));
  }
}

/** Where somebody asks for it. */
export function wantedProjection(fit: ProjectionFit): DrawnProjection {
  const projection = fit.projection();
  if (projection.kind === 'unfit') return noted(unfit(projection.why));
  return { ...noted(written(projection.text)), parameters: projection.parameters };
}

const NOTHING: DrawnProjection = { notes: [], parameters: {} };

function noted(note: Reason): DrawnProjection {
  return { notes: [note], parameters: {} };
}

function unfit(why: string): Reason {
  const text = `partition projection does not fit and is left out: ${why}`;
  return { code: 'PROJECTION_UNFIT', text, hint: 'Take "projection: true" out of the mapping.' };
}

function written(ranges: string): Reason {
  const text = `Athena computes its partitions (${ranges}); those added later are seen once the ranges are widened`;
  return { code: 'PROJECTION_WRITTEN', text };
}

function fitting(count: number, ranges: string): Reason {
  const text = `Athena could compute its ${count} partitions (${ranges}) instead of asking Glue for them`;
  return { code: 'PROJECTION_FITS', text, hint: 'Set "partitions: { projection: true }" in the mapping.' };
}
