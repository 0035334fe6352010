import { isDeepStrictEqual } from 'node:util';
import { LakeliftError } from '../../../src/errors.ts';
import type { ServedItem, ServingTables } from '../../../src/ports/serving-tables.ts';

interface MadeTable {
  status: string;
  readonly items: Map<string, ServedItem>;
}

const PAGE = 2;
const keyOf = ({ pk, sk }: ServedItem): string => JSON.stringify([pk, sk]);

/** Tables as DynamoDB has them, in memory, with pages of two items. */
export class MadeTables implements ServingTables {
  readonly made = new Map<string, MadeTable>();
  /** Somebody else's work, or a failure, before a call. */
  before: (call: 'list' | 'status' | 'page' | 'delete', table: string) => Promise<void> | void = () => undefined;

  put(table: string, items: readonly ServedItem[], status = 'ACTIVE'): void {
    this.made.set(table, { status, items: new Map(items.map((item) => [keyOf(item), item])) });
  }

  items(table: string): ServedItem[] {
    return [...this.made.get(table)!.items.values()];
  }

  async listTables(prefix: string): Promise<string[]> {
    await this.before('list', prefix);
    return [...this.made.keys()].filter((name) => name.startsWith(prefix));
  }

  async findStatus(table: string): Promise<string | undefined> {
    await this.before('status', table);
    return this.made.get(table)?.status;
  }

  async readPage(table: string, from?: ServedItem): Promise<{ items: ServedItem[]; next: ServedItem | undefined }> {
    await this.before('page', table);
    const all = [...this.#find(table).items].sort(([a], [b]) => (a < b ? -1 : 1));
    const left = from === undefined ? all : all.filter(([key]) => key > keyOf(from));
    const items = left.slice(0, PAGE).map(([, item]) => item);
    return { items, next: left.length > PAGE ? items.at(-1) : undefined };
  }

  async deleteItem(
    table: string,
    { item, attributes }: { readonly item: ServedItem; readonly attributes: readonly string[] },
  ): Promise<boolean> {
    await this.before('delete', table);
    const { items } = this.#find(table);
    const standing = items.get(keyOf(item));
    if (standing === undefined) return true;
    if (!attributes.every((name) => isDeepStrictEqual(standing[name], item[name]))) return false;
    return items.delete(keyOf(item));
  }

  close(): void {}

  #find(table: string): MadeTable {
    const found = this.made.get(table);
    if (found === undefined) throw new LakeliftError('gone', { kind: 'not-found', code: 'DYNAMODB_NOT_FOUND' });
    return found;
  }
}
