import { partitionChanges } from '../domain/catalog-diff.ts';
import { partitionName } from '../domain/partition-name.ts';
import { keptParameters } from '../domain/rules/table-parameters.ts';
import { claimsOf, type Claims } from '../domain/statistics.ts';
import type { FieldChange } from '../domain/storage-diff.ts';
import type { TargetPartition, TargetTable } from '../domain/target-table.ts';
import type { TargetCatalog } from '../ports/target-catalog.ts';

export type PartitionDiff =
  | { readonly kind: 'create' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'update'; readonly changes: readonly FieldChange[] };

/**
 * What stands of a table's partitions. Catalogs list them in no order, so that the two sides cannot be merged as streams: what stands is
 * kept, but what most partitions share (columns, SerDe, parameters) once, and a location only where it does not follow from the name.
 */
export class StandingPartitions {
  readonly #table: TargetTable;
  readonly #places = new Map<string, Place>();
  readonly #shapes = new Map<string, TargetPartition>();
  readonly #claims = new Map<string, Claims>();

  private constructor(table: TargetTable) {
    this.#table = table;
  }

  static async read(
    catalog: Pick<TargetCatalog, 'listPartitions'>,
    table: TargetTable,
    signal: AbortSignal,
  ): Promise<StandingPartitions> {
    const standing = new StandingPartitions(table);
    for await (const partition of catalog.listPartitions(table, signal)) standing.#add(partition);
    return standing;
  }

  /** Compares one wanted partition, which then no longer counts as extra. */
  compare(name: string, wanted: TargetPartition): PartitionDiff {
    const place = this.#places.get(name);
    if (place === undefined) return { kind: 'create' };
    this.#places.delete(name);
    const changes = partitionChanges(wanted, this.#rebuild(name, place));
    return changes.length === 0 ? { kind: 'unchanged' } : { kind: 'update', changes };
  }

  /** Names of those that stand and were not compared, and where they point to. */
  *listExtra(): Generator<{ readonly name: string; readonly location: string | undefined }> {
    for (const [name, place] of this.#places) yield { name, location: this.#rebuild(name, place).storage.location };
  }

  /** What the catalog says that partitions hold, where it says anything. */
  get claims(): ReadonlyMap<string, Claims> {
    return this.#claims;
  }

  #add(partition: TargetPartition): void {
    const name = partitionName(this.#table.partitionKeys, partition.values);
    const claims = claimsOf(partition.parameters);
    if (claims !== undefined) this.#claims.set(name, claims);
    const { location, ...storage } = partition.storage;
    const shape = {
      values: [],
      parameters: keptParameters(partition.parameters),
      storage: { ...storage, location: '' },
    };
    const key = JSON.stringify(shape);
    const known = this.#shapes.get(key) ?? shape;
    this.#shapes.set(key, known);
    this.#places.set(name, location === this.#usualLocation(name) ? known : { shape: known, location });
  }

  #rebuild(name: string, place: Place): TargetPartition {
    const { shape, location } = 'shape' in place ? place : { shape: place, location: this.#usualLocation(name) };
    return { ...shape, storage: { ...shape.storage, location } };
  }

  #usualLocation(name: string): string {
    return `${this.#table.storage.location ?? ''}${name}/`;
  }
}

/** A shape alone stands at the location that follows from its name. */
type Place = TargetPartition | { readonly shape: TargetPartition; readonly location: string | undefined };
