import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { LakeliftError } from '../../errors.ts';
import type { UseCaseId } from '../../domain/names.ts';
import type { PlanItem, PlanSummary, VerdictTotals } from '../../domain/plan.ts';
import type { PlanWriter } from '../../ports/ledger.ts';
import type { Scratch } from '../../ports/scratch.ts';
import type { GroupCommit } from './group-commit.ts';
import { HeldBackItems } from './held-back-items.ts';
import { REPLACE_ITEMS } from './ledger-schema.ts';
import { ItemBodyWriter } from './item-bodies.ts';
import { fromBody, toBody } from './json-body.ts';
import { SqliteScratch } from './sqlite-scratch.ts';

interface ItemRow {
  readonly body: string;
}

/** Collects a plan in a table beside the old one; `finish` puts it in place in one transaction. */
export class SqlitePlanWriter implements PlanWriter {
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #useCase: UseCaseId;
  readonly #insert: StatementSync;
  readonly #bodies: ItemBodyWriter;
  readonly #heldBack: HeldBackItems;

  constructor(database: DatabaseSync, commits: GroupCommit, useCase: UseCaseId) {
    this.#database = database;
    this.#commits = commits;
    this.#useCase = useCase;
    this.#bodies = new ItemBodyWriter(database);
    this.#heldBack = new HeldBackItems(database);
    this.abandon();
    this.#insert = database.prepare(
      'INSERT INTO new_item (id, kind, scope, verdict, size_bytes, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
  }

  add(item: PlanItem): void {
    const { changes } = this.#commits.writeProvisionally(() =>
      this.#insert.run(item.id, item.kind, item.scope, item.verdict, sizeOf(item), this.#bodies.write(item)),
    );
    if (changes === 0) throw this.#collision(item);
    this.#heldBack.noteItem(item);
  }

  readonly holdBack: PlanWriter['holdBack'] = (what, ruling) => this.#heldBack.add(what, ruling);

  finish(hash?: string): PlanSummary {
    this.#commits.write(() => this.#heldBack.apply());
    const summary: PlanSummary = {
      useCase: this.#useCase,
      hash: hash ?? this.#hash(),
      createdAtMs: Date.now(),
      totals: this.#totals(),
    };
    this.#commits.write(() => {
      this.#database.exec(REPLACE_ITEMS);
      this.#database.prepare('INSERT OR REPLACE INTO plan (only, summary) VALUES (1, ?)').run(toBody(summary));
    });
    this.#commits.commit();
    return summary;
  }

  abandon(): void {
    this.#commits.write(() => this.#database.exec('DELETE FROM new_item'));
    this.#heldBack.forget();
  }

  openScratch(): Scratch {
    return new SqliteScratch();
  }

  #hash(): string {
    const hash = createHash('sha256');
    for (const row of this.#database.prepare('SELECT body FROM new_item ORDER BY id').iterate()) {
      hash.update((row as unknown as ItemRow).body).update('\n');
    }
    return hash.digest('hex');
  }

  #totals(): PlanSummary['totals'] {
    const totals: Record<string, Record<string, VerdictTotals>> = {};
    const rows = this.#database
      .prepare(
        'SELECT kind, verdict, count(*) AS count, sum(size_bytes) AS sizeBytes FROM new_item GROUP BY kind, verdict ORDER BY kind, verdict',
      )
      .all();
    for (const { kind, verdict, count, sizeBytes } of rows as unknown as {
      kind: string;
      verdict: string;
      count: number;
      sizeBytes: number;
    }[]) {
      (totals[kind] ??= {})[verdict] = { count, sizeBytes };
    }
    return totals;
  }

  #collision(item: PlanItem): LakeliftError {
    const { body } = this.#database
      .prepare('SELECT body FROM new_item WHERE id = ?')
      .get(item.id) as unknown as ItemRow;
    const [first, second] = [fromBody<PlanItem>(body), item].map(sourceOf);
    return new LakeliftError(`${first!} and ${second!} would both become ${item.id}`, {
      kind: 'conflict',
      code: 'PLAN_COLLISION',
      subject: item.id,
      hint: 'Give one of them another target in the mapping, or skip it with a reason.',
    });
  }
}

function sizeOf(item: PlanItem): number {
  return item.kind === 'file' ? item.source.sizeBytes : 0;
}

function sourceOf(item: PlanItem): string {
  switch (item.kind) {
    case 'file':
      return item.source.path;
    case 'table':
    case 'view':
      return `${item.source.database}.${item.source.table}`;
    case 'partition':
      return `${item.scope}/${item.name}`;
    case 'path':
      return item.path;
    case 'function':
      return item.scope;
  }
}
