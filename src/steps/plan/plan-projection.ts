import type { PartitionPlaces } from '../../domain/partition-placement.ts';
import type { Reason } from '../../domain/plan.ts';
import { projectionOf } from '../../domain/rules/partition-projection.ts';
import type { Located, LocatedPartitions } from './located-partitions.ts';
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
  located: LocatedPartitions,
  places: PartitionPlaces,
): PlannedProjection {
  const isWanted = mapping.partitions.projection === true;
  if (!isWanted && located.size < WORTH_PROPOSING) return { notes: [], parameters: {} };
  const projection = projectionOf(definition.partitionKeys, placed(located, places));
  if (projection.kind === 'unfit') return isWanted ? noted(unfit(projection.why)) : { notes: [], parameters: {} };
  const { text, parameters } = projection;
  return isWanted ? { ...noted(written(text)), parameters } : noted(fitting(located.size, text));
}

function* placed(located: Iterable<Located>, places: PartitionPlaces) {
  for (const one of located) {
    const placement = places.place(one);
    const folder = placement.kind === 'placed' ? placement.relativeFolder : undefined;
    yield { values: one.partition.values, folder };
  }
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
