import type { Placement } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { projectionOf } from '../../domain/rules/partition-projection.ts';
import type { Partition } from '../../domain/table.ts';
import type { AcceptedTable } from './table-ruling.ts';

interface PlannedProjection {
  readonly notes: readonly Reason[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** Fewer are listed faster than computed. */
const WORTH_PROPOSING = 1000;

/** Proposes partition projection where it fits many partitions, and writes it where the mapping asks for it. */
export function planProjection(
  { mapping, definition }: AcceptedTable,
  located: readonly { readonly partition: Partition }[],
  placements: readonly Placement[],
): PlannedProjection {
  const isWanted = mapping.partitions.projection === true;
  if (!isWanted && located.length < WORTH_PROPOSING) return { notes: [], parameters: {} };
  const partitions = located.map(({ partition }, index) => ({
    values: partition.values,
    folder: folderOf(placements[index]!),
  }));
  const projection = projectionOf(definition.partitionKeys, partitions);
  if (projection.kind === 'unfit') return isWanted ? noted(unfit(projection.why)) : { notes: [], parameters: {} };
  const { text, parameters } = projection;
  return isWanted ? { ...noted(written(text)), parameters } : noted(fitting(located.length, text));
}

function folderOf(placement: Placement): string | undefined {
  return placement.kind === 'placed' ? placement.relativeFolder : undefined;
}

function noted(note: Reason): PlannedProjection {
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
