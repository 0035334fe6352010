import type { LargeMap, NewMap } from './large-map.ts';
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
      /** True for all but the first, by name, of the partitions that share one folder: its files are copied once. */
      readonly isShared: boolean;
      /** True for that first one. */
      readonly hasSharers: boolean;
      readonly note?: Reason | undefined;
    }
  | { readonly kind: 'refused'; readonly reason: Reason };

interface PlacesOf {
  readonly offPath: PartitionRules['offPath'];
  /** Where the partition of this name lies, of those added. */
  readonly findFolder: (name: string) => HdfsPath | undefined;
  readonly newMap: NewMap;
}

/**
 * Places the partitions of a table: in their folder as it is when it lies below the table's, else (if the mapping allows) in the folder that
 * their name would have. No two folders end at one place, and none inside another: readers of S3 descend into folders. Of those that share a
 * folder the first by name has its files copied. Nearly every partition lies in the folder of its name, and those cannot meet: of them nothing is kept.
 */
export class PartitionPlaces {
  readonly #tableFolder: HdfsPath;
  readonly #offPath: PartitionRules['offPath'];
  readonly #findFolder: PlacesOf['findFolder'];
  /** Folders below the table's that partitions of another name lie in, each with the first of those. */
  readonly #unusual: LargeMap<string>;
  #hasUnusual = false;
  /** The same of folders outside the table's. */
  readonly #outside: LargeMap<string>;
  /** Folders, below the table's or outside it, that several partitions of another name lie in. */
  readonly #shared: LargeMap<true>;
  /** Folders between the table's and those of its partitions. */
  readonly #above: LargeMap<true>;
  #lastAbove = '';

  constructor(tableFolder: HdfsPath, { offPath, findFolder, newMap }: PlacesOf) {
    this.#tableFolder = tableFolder;
    this.#offPath = offPath;
    this.#findFolder = findFolder;
    this.#unusual = newMap<string>();
    this.#outside = newMap<string>();
    this.#shared = newMap<true>();
    this.#above = newMap<true>();
  }

  /** To be called with every partition of the table before the first is placed. */
  add({ name, folder }: LocatedPartition): void {
    if (!isWithin(this.#tableFolder, folder)) return this.#keepFirst(this.#outside, folder, name);
    const relative = relativePath(this.#tableFolder, folder);
    this.#addAbove(relative);
    if (relative === name) return;
    this.#keepFirst(this.#unusual, relative, name);
    this.#hasUnusual = true;
  }

  place({ name, folder }: LocatedPartition): Placement {
    if (isWithin(this.#tableFolder, folder)) return this.#inside(name, relativePath(this.#tableFolder, folder));
    const first = this.#outside.get(folder)!;
    const placement = this.#offPath === 'refuse' ? refusedOffPath(folder) : this.#relocated(first, folder);
    if (first !== name) return sharing(placement, first);
    return placement.kind === 'refused' ? placement : { ...placement, hasSharers: this.#isShared(folder) };
  }

  /** Whether a partition lies in this folder. */
  has(folder: HdfsPath): boolean {
    if (!isWithin(this.#tableFolder, folder)) return this.#outside.get(folder) !== undefined;
    return this.#ownerOf(relativePath(this.#tableFolder, folder)) !== undefined;
  }

  /** Whether this folder below the table's lies between it and that of a partition. */
  isAbove(folder: HdfsPath): boolean {
    return this.#above.get(relativePath(this.#tableFolder, folder)) !== undefined;
  }

  /** Partitions come by name, so that those below one folder mostly follow one another. */
  #addAbove(folder: string): void {
    const nearest = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    if (nearest === this.#lastAbove) return;
    this.#lastAbove = nearest;
    for (const above of ancestorsOf(folder)) if (above !== '') this.#above.set(above, true);
  }

  /** The first partition that lies in a folder below the table's. */
  #ownerOf(relative: string): string | undefined {
    const unusual = this.#hasUnusual ? this.#unusual.get(relative) : undefined;
    if (unusual !== undefined && unusual < relative) return unusual;
    return this.#isUsual(relative) ? relative : unusual;
  }

  #isUsual(name: string): boolean {
    const folder = this.#findFolder(name);
    return (
      folder !== undefined && isWithin(this.#tableFolder, folder) && relativePath(this.#tableFolder, folder) === name
    );
  }

  #inside(name: string, relativeFolder: string): Placement {
    const container = this.#hasUnusual ? this.#containerOf(relativeFolder) : undefined;
    if (container !== undefined) return nested(container);
    const first = this.#hasUnusual ? this.#ownerOf(relativeFolder)! : name;
    const note = folderNote(name, relativeFolder);
    const hasSharers = this.#hasUnusual && this.#isSharedInside(relativeFolder);
    const placed: Placement = { kind: 'placed', relativeFolder, isShared: false, hasSharers, note };
    return first === name ? placed : sharing(placed, first);
  }

  #isSharedInside(relative: string): boolean {
    return this.#isShared(relative) || (this.#unusual.get(relative) !== undefined && this.#isUsual(relative));
  }

  #isShared(folder: string): boolean {
    return this.#shared.get(folder) !== undefined;
  }

  #keepFirst(firsts: LargeMap<string>, folder: string, name: string): void {
    const known = firsts.get(folder);
    if (known !== undefined) this.#shared.set(folder, true);
    if (known === undefined || name < known) firsts.set(folder, name);
  }

  #relocated(name: string, folder: HdfsPath): Placement {
    const occupant = this.#ownerOf(name) ?? this.#containerOf(name);
    if (occupant === undefined && this.#above.get(name) === undefined) return relocated(name, folder);
    return colliding(name, occupant);
  }

  #containerOf(folder: string): string | undefined {
    for (const ancestor of ancestorsOf(folder)) {
      const owner = this.#ownerOf(ancestor);
      if (owner !== undefined) return owner;
    }
    return undefined;
  }
}

function nested(container: string): Placement {
  const text = `its folder lies inside that of partition ${container}; readers of S3 would give its rows twice`;
  const hint = 'Move one of the two in Hive (ALTER TABLE … PARTITION … SET LOCATION).';
  return { kind: 'refused', reason: { code: 'PARTITION_NESTED', text, hint } };
}

function sharing(placement: Placement, first: string): Placement {
  if (placement.kind === 'refused') return placement;
  const text = `it shares its folder with partition ${first}; the files are copied once`;
  return { ...placement, isShared: true, hasSharers: false, note: { code: 'PARTITION_SHARED_FOLDER', text } };
}

function colliding(folder: string, occupant: string | undefined): Placement {
  const whose = occupant === undefined ? 'other partitions' : `partition ${occupant}`;
  const text = `it lies outside the table, and the folder ${folder} that it would move to belongs to ${whose}`;
  const hint = 'Give one of the two another location in Hive, then plan again.';
  return { kind: 'refused', reason: { code: 'PARTITION_COLLISION', text, hint } };
}

function relocated(name: string, folder: HdfsPath): Placement {
  const text = `moved from ${folder}, outside the table, to the folder of its name`;
  const note = { code: 'PARTITION_RELOCATED', text };
  return { kind: 'placed', relativeFolder: name, isShared: false, hasSharers: false, note };
}

function refusedOffPath(folder: HdfsPath): Placement {
  const text = `its folder ${folder} lies outside the table`;
  const hint = 'Set "partitions: { offPath: relocate }" in the mapping to move it below the table at the target.';
  return { kind: 'refused', reason: { code: 'PARTITION_OFF_PATH', text, hint } };
}

function folderNote(name: string, relativeFolder: string): Reason | undefined {
  if (relativeFolder === name) return undefined;
  const isCaseOnly = relativeFolder.toLowerCase() === name.toLowerCase();
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
