import { partitionChanges } from '../domain/catalog-diff.ts';
import type { LargeMap, NewMap } from '../domain/large-map.ts';
import { partitionName } from '../domain/partition-name.ts';
import { isStopped, partitionItemId } from '../domain/plan.ts';
import { keptParameters } from '../domain/rules/table-parameters.ts';
import { claimsOf, type Claims } from '../domain/statistics.ts';
import type { FieldChange } from '../domain/storage-diff.ts';
import type { TargetPartition, TargetTable } from '../domain/target-table.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { TargetCatalog } from '../ports/target-catalog.ts';

interface ExtraPartition {
  readonly name: string;
  readonly location: string | undefined;
}

export type PartitionDiff =
  | { readonly kind: 'create' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'update'; readonly changes: readonly FieldChange[] };

/** Where a step that looks at many partitions keeps them, and until when. */
interface Reading {
  /** Absent for few: memory. */
  readonly newMap?: NewMap | undefined;
  readonly signal: AbortSignal;
}

/**
 * What stands of a table's partitions. Catalogs list them in no order, so that the two sides cannot be merged as streams: what stands is
 * kept by name, what most partitions share (columns, SerDe, parameters) once, and a location only where it does not follow from the name.
 */
export class StandingPartitions {
  /** What the catalog says that partitions hold, where it says anything; by name. */
  readonly claims: LargeMap<Claims>;
  readonly #table: TargetTable;
  readonly #places: LargeMap<Place>;
  readonly #shapes: TargetPartition[] = [];
  /** Places among the shapes, by their text. */
  readonly #shapeOf = new Map<string, number>();
  #left = 0;

  private constructor(table: TargetTable, newMap: NewMap) {
    this.#table = table;
    this.#places = newMap<Place>();
    this.claims = newMap<Claims>();
  }

  static async read(
    catalog: Pick<TargetCatalog, 'listPartitions'>,
    table: TargetTable,
    { newMap = <Value>() => new Map<string, Value>(), signal }: Reading,
  ): Promise<StandingPartitions> {
    const standing = new StandingPartitions(table, newMap);
    for await (const partition of catalog.listPartitions(table, signal)) standing.#add(partition);
    return standing;
  }

  /** Compares one wanted partition, which then no longer counts as extra. */
  compare(name: string, wanted: TargetPartition): PartitionDiff {
    const place = this.#left === 0 ? undefined : this.#places.get(name);
    if (place === undefined) return { kind: 'create' };
    this.#places.delete(name);
    this.#left -= 1;
    const changes = partitionChanges(wanted, this.#rebuild(name, place));
    return changes.length === 0 ? { kind: 'unchanged' } : { kind: 'update', changes };
  }

  /**
   * Of those that stand and were not compared: the name, and where it points to. What the plan stops at was registered before something of it
   * had to wait: it stays as it is, and the plan says why.
   */
  *listExtra(plan: Pick<Ledger, 'findItem'>, scope: string): Generator<ExtraPartition> {
    if (this.#left === 0) return;
    for (const [name, place] of this.#places) {
      const planned = plan.findItem(partitionItemId(scope, name));
      if (planned === undefined || !isStopped(planned.verdict))
        yield { name, location: this.#rebuild(name, place).storage.location };
    }
  }

  #add(partition: TargetPartition): void {
    const name = partitionName(this.#table.partitionKeys, partition.values);
    const claims = claimsOf(partition.parameters);
    if (claims !== undefined) this.claims.set(name, claims);
    const { location, ...storage } = partition.storage;
    const shape = this.#placeOfShape({
      values: [],
      parameters: keptParameters(partition.parameters),
      storage: { ...storage, location: '' },
    });
    this.#places.set(name, location === this.#usualLocation(name) ? [shape] : [shape, location ?? null]);
    this.#left += 1;
  }

  #placeOfShape(shape: TargetPartition): number {
    const key = JSON.stringify(shape);
    const known = this.#shapeOf.get(key);
    if (known !== undefined) return known;
    this.#shapeOf.set(key, this.#shapes.length);
    return this.#shapes.push(shape) - 1;
  }

  #rebuild(name: string, [shapePlace, own]: Place): TargetPartition {
    const shape = this.#shapes[shapePlace]!;
    const location = own === undefined ? this.#usualLocation(name) : (own ?? undefined);
    return { ...shape, storage: { ...shape.storage, location } };
  }

  #usualLocation(name: string): string {
    return `${this.#table.storage.location ?? ''}${name}/`;
  }
}

/** Its shape, and its location where that does not follow from the name; null for none at all. */
type Place = readonly [shape: number, location?: string | null];
