import { isWithin, relativePath } from './location.ts';
import type { HdfsPath } from './names.ts';
import type { PartitionRules } from './mapping.ts';
import type { Reason } from './plan.ts';

/** A partition and the folder it was found in, on the source cluster. */
export interface LocatedPartition {
  /** `a=1/b=2` in Hive's escaping. */
  readonly name: string;
  readonly folder: HdfsPath;
}

/** Where the files of a partition go, below the prefix of its table. */
export type Placement =
  | {
      readonly kind: 'placed';
      readonly relativeFolder: string;
      /** True for all but the first of the partitions that share one folder: its files are copied once. */
      readonly isShared: boolean;
      readonly note?: Reason | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: Reason };

/**
 * Places every partition, in the order given: its folder as it is when it lies below the table's, else (if the mapping allows) the
 * folder its name would have. No two folders end at one place, and none inside another: readers of S3 descend into folders.
 */
export function placePartitions(
  tableFolder: HdfsPath | undefined,
  partitions: readonly LocatedPartition[],
  offPath: PartitionRules['offPath'],
): Placement[] {
  const isInside = ({ folder }: LocatedPartition) => tableFolder !== undefined && isWithin(tableFolder, folder);
  const inside = new Map<string, LocatedPartition>();
  for (const partition of partitions) {
    if (isInside(partition) && !inside.has(partition.folder)) inside.set(partition.folder, partition);
  }
  const taken = new Map(
    [...inside.values()].map((partition) => [relativePath(tableFolder!, partition.folder), partition]),
  );
  const below = withAncestors(taken.keys());
  const outside = new Map<string, { first: LocatedPartition; placement: Placement }>();
  return partitions.map((partition) => {
    if (isInside(partition)) return placeInside(partition, relativePath(tableFolder!, partition.folder), taken);
    const known = outside.get(partition.folder);
    if (known !== undefined) return sharing(known.placement, known.first);
    const placement = offPath === 'refuse' ? refusedOffPath(partition) : relocate(partition, taken, below);
    outside.set(partition.folder, { first: partition, placement });
    return placement;
  });
}

function placeInside(
  partition: LocatedPartition,
  relativeFolder: string,
  taken: ReadonlyMap<string, LocatedPartition>,
): Placement {
  const first = taken.get(relativeFolder)!;
  const container = nearestContainer(relativeFolder, taken);
  if (container !== undefined) {
    const text = `its folder lies inside that of partition ${container.name}; readers of S3 would give its rows twice`;
    const hint = 'Move one of the two in Hive (ALTER TABLE … PARTITION … SET LOCATION).';
    return { kind: 'refused', reason: { code: 'PARTITION_NESTED', text, hint } };
  }
  const placed: Placement = {
    kind: 'placed',
    relativeFolder,
    isShared: false,
    note: folderNote(partition, relativeFolder),
  };
  return first === partition ? placed : sharing(placed, first);
}

function sharing(placement: Placement, first: LocatedPartition): Placement {
  if (placement.kind === 'refused') return placement;
  const text = `it shares its folder with partition ${first.name}; the files are copied once`;
  return { ...placement, isShared: true, note: { code: 'PARTITION_SHARED_FOLDER', text } };
}

function relocate(
  partition: LocatedPartition,
  taken: ReadonlyMap<string, LocatedPartition>,
  below: ReadonlySet<string>,
): Placement {
  const occupant = taken.get(partition.name) ?? nearestContainer(partition.name, taken);
  if (occupant !== undefined || below.has(partition.name)) {
    const whose = occupant === undefined ? 'other partitions' : `partition ${occupant.name}`;
    const text = `it lies outside the table, and the folder ${partition.name} that it would move to belongs to ${whose}`;
    const hint = 'Give one of the two another location in Hive, then plan again.';
    return { kind: 'refused', reason: { code: 'PARTITION_COLLISION', text, hint } };
  }
  const text = `moved from ${partition.folder}, outside the table, to the folder of its name`;
  return {
    kind: 'placed',
    relativeFolder: partition.name,
    isShared: false,
    note: { code: 'PARTITION_RELOCATED', text },
  };
}

function refusedOffPath(partition: LocatedPartition): Placement {
  const text = `its folder ${partition.folder} lies outside the table`;
  const hint = 'Set "partitions: { offPath: relocate }" in the mapping to move it below the table at the target.';
  return { kind: 'refused', reason: { code: 'PARTITION_OFF_PATH', text, hint } };
}

function folderNote(partition: LocatedPartition, relativeFolder: string): Reason | undefined {
  if (relativeFolder === partition.name) return undefined;
  const isCaseOnly = relativeFolder.toLowerCase() === partition.name.toLowerCase();
  const code = isCaseOnly ? 'PARTITION_FOLDER_CASE' : 'PARTITION_FOLDER_NAME';
  return {
    code,
    text: `its folder is called "${relativeFolder}" and keeps that name; it is registered by its location`,
  };
}

function nearestContainer(folder: string, taken: ReadonlyMap<string, LocatedPartition>): LocatedPartition | undefined {
  for (const ancestor of ancestorsOf(folder)) {
    const container = taken.get(ancestor);
    if (container !== undefined) return container;
  }
  return undefined;
}

function withAncestors(folders: Iterable<string>): Set<string> {
  const ancestors = new Set<string>();
  for (const folder of folders) for (const ancestor of ancestorsOf(folder)) ancestors.add(ancestor);
  return ancestors;
}

/** The folders above, nearest first, down to the table's own (the empty string). */
function* ancestorsOf(folder: string): Generator<string> {
  for (let end = folder.lastIndexOf('/'); end >= 0; end = folder.lastIndexOf('/', end - 1)) {
    yield folder.slice(0, end);
  }
  if (folder !== '') yield '';
}
