/** Attributes as DynamoDB has them: `{ pk: { S: 'PROSPECT#v1.…' } }`. */
export type ServedItem = Readonly<Record<string, object>>;

export interface ItemPage {
  readonly items: readonly ServedItem[];
  /** Where the next page begins; undefined after the last. */
  readonly next: ServedItem | undefined;
}

/**
 * Tables that applications read by key, as the imports of `serve` make them. Errors: `not-found` (the table is gone), `denied`, `throttled`, `unavailable`, `unsupported`
 * (any other refusal).
 */
export interface ServingTables {
  /** Names of all that begin with `prefix`. */
  listTables(prefix: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** `ACTIVE`, `CREATING` while it is imported, …; undefined where it is gone. */
  findStatus(table: string, signal?: AbortSignal): Promise<string | undefined>;
  /** Items as they are now, about 1 MB of them, from the beginning or from where the page before ended. */
  readPage(table: string, from?: ServedItem, signal?: AbortSignal): Promise<ItemPage>;
  /**
   * Deletes an item of which `attributes` still are what was read. false where they are not: it is another one by now, and stays. An item that is gone already was
   * deleted.
   */
  deleteItem(table: string, deletion: ItemDeletion, signal?: AbortSignal): Promise<boolean>;
  close(): void;
}

export interface ItemDeletion {
  readonly item: ServedItem;
  readonly attributes: readonly string[];
}
