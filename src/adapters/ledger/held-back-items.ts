import type { DatabaseSync } from 'node:sqlite';
import type { FileItem, PartitionItem, PlanItem, Reason, Verdict } from '../../domain/plan.ts';
import type { HeldBack } from '../../ports/ledger.ts';
import { canonicalBody, fromBody } from './json-body.ts';
import { SqliteScratch } from './sqlite-scratch.ts';

interface Ruling {
  readonly verdict: Verdict;
  readonly reason: Reason;
}

interface Row {
  readonly id: string;
  readonly scope: string;
  readonly body: string;
}

const PAGE = 1000;

/** Tables and partitions of a plan whose files and partitions are not to be copied, as it turned out after these were added. */
export class HeldBackItems {
  readonly #database: DatabaseSync;
  readonly #scratch = new SqliteScratch();
  #rulings = this.#scratch.newMap<Ruling>();
  /** Of which something is to be copied. */
  readonly #copied = new Set<string>();
  /** Of which some of that is held back. */
  readonly #scopes = new Set<string>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** To be called with every item of the plan. */
  noteItem({ kind, scope, verdict }: PlanItem): void {
    if (verdict === 'copy' && (kind === 'file' || kind === 'partition')) this.#copied.add(scope);
  }

  /** Most tables are refused before a file of them is looked at: of these there is nothing to hold back. */
  add(what: HeldBack, ruling: Ruling): void {
    if (!this.#copied.has(what.scope)) return;
    this.#scopes.add(what.scope);
    this.#rulings.set(keyOf(what), ruling);
  }

  /** To be called within a transaction. */
  apply(): void {
    if (this.#scopes.size > 0) {
      const change = this.#database.prepare('UPDATE new_item SET verdict = ?, body = ? WHERE id = ?');
      for (const { id, scope, body } of this.#toBeCopied()) {
        const ruling = this.#scopes.has(scope) ? this.#rulingOn(fromBody(body)) : undefined;
        if (ruling !== undefined) change.run(ruling.verdict, bodyUnder(ruling, fromBody(body)), id);
      }
    }
    this.forget();
  }

  /** What was held back, with the items that it was said of. */
  forget(): void {
    this.#scratch.close();
    this.#rulings = this.#scratch.newMap<Ruling>();
    this.#scopes.clear();
    this.#copied.clear();
  }

  /** Page by page: rows are changed meanwhile. */
  *#toBeCopied(): Generator<Row> {
    const next = this.#database.prepare(
      `SELECT id, scope, body FROM new_item WHERE id > ? AND verdict = 'copy' AND kind IN ('file', 'partition') ORDER BY id LIMIT ${PAGE}`,
    );
    for (let last = ''; ;) {
      const rows = next.all(last) as unknown as Row[];
      yield* rows;
      if (rows.length < PAGE) return;
      last = rows.at(-1)!.id;
    }
  }

  #rulingOn(item: FileItem | PartitionItem): Ruling | undefined {
    const { scope } = item;
    const partition = item.kind === 'file' ? item.partition : item.name;
    return this.#rulings.get(keyOf({ scope })) ?? this.#rulings.get(keyOf({ scope, partition }));
  }
}

function keyOf({ scope, partition }: HeldBack): string {
  return JSON.stringify([scope, partition]);
}

/** As items are that were never to be copied: without what would be registered. */
function bodyUnder({ verdict, reason }: Ruling, item: FileItem | PartitionItem): string {
  return canonicalBody({ ...item, verdict, reason, definition: undefined, statistics: undefined });
}
