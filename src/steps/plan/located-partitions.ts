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

/** A partition that is not just like its table; what is absent follows from its name. */
interface Kept {
  readonly name: string;
  readonly shape: Shape;
  readonly folder?: HdfsPath | undefined;
  readonly values?: readonly string[] | undefined;
  readonly vouched?: VouchedStatistics | undefined;
}

/**
 * The partitions of one table, in order. A name says where nearly every one of them lies and what its values are, and the rest is its table's:
 * only what does not follow is kept, so that 100,000 partitions take little more than their names.
 */
export class LocatedPartitions implements Iterable<Located> {
  readonly #folder: HdfsPath;
  readonly #usual: Shape;
  /** By what they look like; the usual one is among them. */
  readonly #shapes = new Map<string, Shape>();
  /** A name alone is a partition of the usual shape. */
  readonly #kept: (string | Kept)[] = [];

  constructor({ storage }: Table, folder: HdfsPath) {
    this.#folder = folder;
    this.#usual = { storage: withoutLocation(storage), parameters: {} };
    this.#shapes.set(keyOf(this.#usual), this.#usual);
  }

  get size(): number {
    return this.#kept.length;
  }

  add({ name, folder, partition, vouched }: Located): void {
    const { values, parameters, storage } = partition;
    const shape = this.#shapeOf({ storage, parameters });
    const rest = {
      ...(folder === this.#folderOf(name) ? {} : { folder }),
      ...(isSame(values, partitionValues(name)) ? {} : { values }),
      ...(vouched === undefined ? {} : { vouched }),
    };
    const isUsual = shape === this.#usual && Object.keys(rest).length === 0;
    this.#kept.push(isUsual ? name : { name, shape, ...rest });
  }

  *[Symbol.iterator](): Generator<Located> {
    for (const kept of this.#kept)
      yield this.#whole(typeof kept === 'string' ? { name: kept, shape: this.#usual } : kept);
  }

  #whole({ name, shape, folder = this.#folderOf(name), values = partitionValues(name), vouched }: Kept): Located {
    return { name, folder, partition: { values, ...shape }, vouched };
  }

  #folderOf(name: string): HdfsPath {
    return hdfsPath(`${this.#folder === '/' ? '' : this.#folder}/${name}`);
  }

  #shapeOf(shape: Shape): Shape {
    if (isAlike(shape, this.#usual)) return this.#usual;
    const own = { storage: withoutLocation(shape.storage), parameters: shape.parameters };
    const key = keyOf(own);
    const known = this.#shapes.get(key) ?? own;
    this.#shapes.set(key, known);
    return known;
  }
}

function withoutLocation(storage: StorageDescriptor): StorageDescriptor {
  return { ...storage, location: undefined };
}

/** Columns and SerDe by identity: whoever lists many partitions lets those that repeat their table share them. */
function isAlike(a: Shape, b: Shape): boolean {
  const { columns, serde } = a.storage;
  return columns === b.storage.columns && serde === b.storage.serde && restOf(a) === restOf(b);
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
