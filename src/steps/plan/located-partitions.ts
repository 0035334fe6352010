import type { LargeMap } from '../../domain/large-map.ts';
import type { LocatedPartition } from '../../domain/partition-placement.ts';
import { partitionValues } from '../../domain/partition-name.ts';
import type { VouchedStatistics } from '../../domain/rules/target-statistics.ts';
import type { Partition, StorageDescriptor, Table } from '../../domain/table.ts';
import { hdfsPath, type HdfsPath } from '../../domain/names.ts';

export interface Located extends LocatedPartition {
  readonly partition: Partition;
  /** What it says of its own column statistics. */
  readonly vouched?: VouchedStatistics | undefined;
}

/** What partitions share with one another. */
interface Shape {
  readonly storage: StorageDescriptor;
  readonly parameters: Partition['parameters'];
}

/** What is absent follows from the name of the partition, or is its table's. */
interface Kept {
  /** Place among the shapes. */
  readonly shape?: number | undefined;
  readonly folder?: HdfsPath | undefined;
  readonly values?: readonly string[] | undefined;
  readonly vouched?: VouchedStatistics | undefined;
}

/**
 * The partitions of one table, in the order of their names. A name says where nearly every one of them lies and what its values are, and the
 * rest is its table's: only what does not follow is kept beside it.
 */
export class LocatedPartitions implements Iterable<Located> {
  readonly #folder: HdfsPath;
  /** What partitions look like; the usual shape comes first. */
  readonly #shapes: Shape[];
  readonly #usualRest: string;
  /** Places among the shapes. */
  readonly #placeOf: Map<string, number>;
  readonly #kept: LargeMap<Kept>;

  constructor({ storage }: Table, folder: HdfsPath, kept: LargeMap<Kept>) {
    this.#folder = folder;
    const usual = { storage: withoutLocation(storage), parameters: {} };
    this.#shapes = [usual];
    this.#usualRest = restOf(usual);
    this.#placeOf = new Map([[keyOf(usual), 0]]);
    this.#kept = kept;
  }

  get size(): number {
    return this.#kept.size;
  }

  add({ name, folder, partition, vouched }: Located): void {
    const { values, parameters, storage } = partition;
    const shape = this.#placeOfShape({ storage, parameters });
    this.#kept.set(name, {
      ...(shape === 0 ? {} : { shape }),
      ...(folder === this.#folderOf(name) ? {} : { folder }),
      ...(isSame(values, partitionValues(name)) ? {} : { values }),
      ...(vouched === undefined ? {} : { vouched }),
    });
  }

  /** Where the partition of this name lies. */
  findFolder(name: string): HdfsPath | undefined {
    const kept = this.#kept.get(name);
    return kept && (kept.folder ?? this.#folderOf(name));
  }

  *[Symbol.iterator](): Generator<Located> {
    for (const [name, { shape = 0, folder, values, vouched }] of this.#kept)
      yield {
        name,
        folder: folder ?? this.#folderOf(name),
        partition: { values: values ?? partitionValues(name), ...this.#shapes[shape]! },
        vouched,
      };
  }

  #folderOf(name: string): HdfsPath {
    return hdfsPath(`${this.#folder === '/' ? '' : this.#folder}/${name}`);
  }

  #placeOfShape(shape: Shape): number {
    if (isAlike(shape, this.#shapes[0]!) && restOf(shape) === this.#usualRest) return 0;
    const own = { storage: withoutLocation(shape.storage), parameters: shape.parameters };
    const key = keyOf(own);
    const known = this.#placeOf.get(key);
    if (known !== undefined) return known;
    this.#placeOf.set(key, this.#shapes.length);
    return this.#shapes.push(own) - 1;
  }
}

function withoutLocation(storage: StorageDescriptor): StorageDescriptor {
  return { ...storage, location: undefined };
}

/** Columns and SerDe by identity: whoever lists many partitions lets those that repeat their table share them. */
function isAlike(a: Shape, b: Shape): boolean {
  const { columns, serde } = a.storage;
  return columns === b.storage.columns && serde === b.storage.serde;
}

function restOf({ storage, parameters }: Shape): string {
  return JSON.stringify([{ ...storage, columns: null, serde: null, location: null }, parameters]);
}

function keyOf({ storage, parameters }: Shape): string {
  return JSON.stringify([storage, parameters]);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
