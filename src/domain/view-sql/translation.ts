import type { HiveType } from '../rules/hive-type.ts';
import type { Literal } from './sql-tree.ts';
import { formatPlace, ViewSqlError, type Place } from './view-sql-error.ts';

/** An expression in Athena's SQL, with the type that its Hive original has. */
export interface Value {
  readonly sql: string;
  readonly type: HiveType;
  /** Present when the original is a literal, which Hive converts more freely than columns. */
  readonly literal?: Literal | undefined;
  /** Athena gives it this very type, so that nothing needs to be cast at the end. */
  readonly isExact?: boolean;
}

/** A table or view as it can be read: Hive's types beside those of the target catalog. */
export interface ReadableTable {
  readonly target: { readonly database: string; readonly table: string };
  /** Partition keys last, as `SELECT *` shows them. */
  readonly columns: readonly { readonly name: string; readonly type: HiveType; readonly targetType: HiveType }[];
}

export interface TranslationOptions {
  /** Time zone in which the cluster reads and writes instants without zone, such as `Europe/Paris`; undefined when nobody said. */
  readonly timeZone?: string | undefined;
  /** A table of the source by `database.table`. */
  readonly tables: ReadonlyMap<string, ReadableTable>;
}

/** One rewrite of a view's text, in words. */
export interface ViewChange {
  /** `line:column` in the source's text, each place where it was done. */
  readonly places: readonly string[];
  readonly text: string;
}

/** What the parts of one translation share. */
export class Translation {
  readonly options: TranslationOptions;
  readonly #changes = new Map<string, Set<string>>();

  constructor(options: TranslationOptions) {
    this.options = options;
  }

  change(place: Place, text: string): void {
    const places = this.#changes.get(text) ?? new Set();
    this.#changes.set(text, places.add(formatPlace(place)));
  }

  get changes(): ViewChange[] {
    return [...this.#changes].map(([text, places]) => ({ text, places: [...places] }));
  }

  refuse(place: Place, message: string): never {
    throw new ViewSqlError(message, place);
  }
}
