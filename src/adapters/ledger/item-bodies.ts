import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PartitionItem, PlanItem } from '../../domain/plan.ts';
import type { TargetStorage } from '../../domain/target-table.ts';
import { canonicalBody, fromBody } from './json-body.ts';

/** All of a storage but its location: what nearly every partition repeats of its table, columns and Avro schema included. */
type Layout = Omit<TargetStorage, 'location'>;
/** Layouts read again are kept for so many; a table has few of them. */
const KEPT_LAYOUTS = 200;

/** What stands in the body of a partition in place of its storage. */
interface StorageReference {
  readonly location: string | undefined;
  /** SHA-256 of the layout's text: equal partitions have equal bodies. */
  readonly $layout: string;
}

/** Writes the items of one plan, the layouts of partitions once each. */
export class ItemBodyWriter {
  readonly #insert: StatementSync;
  /** The last layout with these columns. */
  readonly #known = new WeakMap<TargetStorage['columns'], { readonly storage: TargetStorage; readonly hash: string }>();

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT INTO layout (hash, body) VALUES (?, ?) ON CONFLICT DO NOTHING');
  }

  /** To be called within the transaction that takes the item. */
  write(item: PlanItem): string {
    if (item.kind !== 'partition' || item.definition === undefined) return canonicalBody(item);
    const { storage } = item.definition;
    const reference: StorageReference = { location: storage.location, $layout: this.#hashOf(storage) };
    return canonicalBody({ ...item, definition: { ...item.definition, storage: reference } });
  }

  #hashOf(storage: TargetStorage): string {
    const known = this.#known.get(storage.columns);
    if (known !== undefined && isLaidOutAlike(known.storage, storage)) return known.hash;
    const layout: Layout & { location?: undefined } = { ...storage, location: undefined };
    const body = canonicalBody(layout);
    const hash = createHash('sha256').update(body).digest('base64url');
    this.#insert.run(hash, body);
    this.#known.set(storage.columns, { storage, hash });
    return hash;
  }
}

/** By identity: partitions that repeat their table share its members. */
function isLaidOutAlike(a: TargetStorage, b: TargetStorage): boolean {
  const names = Object.keys(a) as (keyof TargetStorage)[];
  return names.length === Object.keys(b).length && names.every((name) => name === 'location' || a[name] === b[name]);
}

/** Reads them back; a layout is one object again, so that many partitions take little memory. */
export class ItemBodyReader {
  readonly #find: StatementSync;
  readonly #layouts = new Map<string, Layout>();

  constructor(database: DatabaseSync) {
    this.#find = database.prepare('SELECT body FROM layout WHERE hash = ?');
  }

  read(body: string): PlanItem {
    const item = fromBody<PlanItem>(body);
    return item.kind === 'partition' && item.definition !== undefined ? this.#whole(item, item.definition) : item;
  }

  #whole(item: PartitionItem, definition: NonNullable<PartitionItem['definition']>): PartitionItem {
    const { $layout: hash, location } = definition.storage as Partial<StorageReference>;
    // Ledgers of version 1 hold the storage itself.
    if (hash === undefined) return item;
    return { ...item, definition: { ...definition, storage: { ...this.#layout(hash), location } } };
  }

  #layout(hash: string): Layout {
    const known = this.#layouts.get(hash);
    if (known !== undefined) return known;
    const layout = fromBody<Layout>((this.#find.get(hash) as { body: string }).body);
    if (this.#layouts.size >= KEPT_LAYOUTS) this.#layouts.delete(this.#layouts.keys().next().value!);
    this.#layouts.set(hash, layout);
    return layout;
  }
}
