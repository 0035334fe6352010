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

/** Whose folder a folder below the table's is. */
interface Owner {
  /** Name of the first partition, in the order given, that lies there. */
  readonly name: string;
}

/**
 * Places the partitions of a table: in their folder as it is when it lies below the table's, else (if the mapping allows) in the folder that
 * their name would have. No two folders end at one place, and none inside another: readers of S3 descend into folders.
 * Nearly every partition lies in the folder of its name, and those cannot meet: of them nothing is kept but the name.
 */
export class PartitionPlaces {
  readonly #tableFolder: HdfsPath;
  readonly #offPath: PartitionRules['offPath'];
  /** Partitions in the folder of their name. */
  readonly #usual = new Set<string>();
  /** Other folders below the table's, and usual ones that a partition of another name lies in too. */
  readonly #unusual = new Map<string, Owner>();
  readonly #aboveUnusual = new Set<string>();
  readonly #outside = new Map<string, { readonly first: string; placement: Placement | undefined }>();

  /** All partitions of the table, in the order in which they share folders: the first one's files are copied. */
  constructor(tableFolder: HdfsPath, partitions: Iterable<LocatedPartition>, offPath: PartitionRules['offPath']) {
    this.#tableFolder = tableFolder;
    this.#offPath = offPath;
    for (const partition of partitions) this.#add(partition);
    for (const folder of this.#unusual.keys()) for (const above of ancestorsOf(folder)) this.#aboveUnusual.add(above);
  }

  place(partition: LocatedPartition): Placement {
    const { folder } = partition;
    if (isWithin(this.#tableFolder, folder)) return this.#inside(partition, relativePath(this.#tableFolder, folder));
    const known = this.#outside.get(folder)!;
    known.placement ??= this.#offPath === 'refuse' ? refusedOffPath(partition) : this.#relocated(partition);
    return known.first === partition.name ? known.placement : sharing(known.placement, known.first);
  }

  /** Whether a partition lies in this folder. */
  has(folder: HdfsPath): boolean {
    if (!isWithin(this.#tableFolder, folder)) return this.#outside.has(folder);
    return this.#ownerOf(relativePath(this.#tableFolder, folder)) !== undefined;
  }

  /** Folders between the table's and those of its partitions. */
  foldersAbove(): Set<string> {
    const above = new Set<string>();
    for (const folder of [...this.#usual, ...this.#unusual.keys()])
      for (const ancestor of ancestorsOf(folder)) if (ancestor !== '') above.add(ancestor);
    return above;
  }

  #add({ name, folder }: LocatedPartition): void {
    if (!isWithin(this.#tableFolder, folder)) {
      if (!this.#outside.has(folder)) this.#outside.set(folder, { first: name, placement: undefined });
      return;
    }
    const relative = relativePath(this.#tableFolder, folder);
    if (relative === name) this.#usual.add(name);
    else if (!this.#unusual.has(relative))
      this.#unusual.set(relative, { name: this.#usual.has(relative) ? relative : name });
  }

  #ownerOf(relative: string): Owner | undefined {
    return this.#unusual.get(relative) ?? (this.#usual.has(relative) ? { name: relative } : undefined);
  }

  #inside(partition: LocatedPartition, relativeFolder: string): Placement {
    const container = this.#unusual.size === 0 ? undefined : this.#containerOf(relativeFolder);
    if (container !== undefined) return nested(container);
    const { name: first } = this.#ownerOf(relativeFolder)!;
    const note = folderNote(partition, relativeFolder);
    const placed: Placement = { kind: 'placed', relativeFolder, isShared: false, note };
    return first === partition.name ? placed : sharing(placed, first);
  }

  #relocated(partition: LocatedPartition): Placement {
    const { name } = partition;
    const occupant = this.#ownerOf(name) ?? this.#containerOf(name);
    if (occupant === undefined && !this.#aboveUnusual.has(name)) return relocated(partition);
    return colliding(name, occupant);
  }

  #containerOf(folder: string): Owner | undefined {
    for (const ancestor of ancestorsOf(folder)) {
      const owner = this.#ownerOf(ancestor);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
}

function nested(container: Owner): Placement {
  const text = `its folder lies inside that of partition ${container.name}; readers of S3 would give its rows twice`;
  const hint = 'Move one of the two in Hive (ALTER TABLE … PARTITION … SET LOCATION).';
  return { kind: 'refused', reason: { code: 'PARTITION_NESTED', text, hint } };
}

function sharing(placement: Placement, first: string): Placement {
  if (placement.kind === 'refused') return placement;
  const text = `it shares its folder with partition ${first}; the files are copied once`;
  return { ...placement, isShared: true, note: { code: 'PARTITION_SHARED_FOLDER', text } };
}

function colliding(folder: string, occupant: Owner | undefined): Placement {
  const whose = occupant === undefined ? 'other partitions' : `partition ${occupant.name}`;
  const text = `it lies outside the table, and the folder ${folder} that it would move to belongs to ${whose}`;
  const hint = 'Give one of the two another location in Hive, then plan again.';
  return { kind: 'refused', reason: { code: 'PARTITION_COLLISION', text, hint } };
}

function relocated({ name, folder }: LocatedPartition): Placement {
  const text = `moved from ${folder}, outside the table, to the folder of its name`;
  return { kind: 'placed', relativeFolder: name, isShared: false, note: { code: 'PARTITION_RELOCATED', text } };
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

/** The folders above, nearest first, down to the table's own (the empty string). */
function* ancestorsOf(folder: string): Generator<string> {
  for (let end = folder.lastIndexOf('/'); end >= 0; end = folder.lastIndexOf('/', end - 1)) {
    yield folder.slice(0, end);
  }
  if (folder !== '') yield '';
}
