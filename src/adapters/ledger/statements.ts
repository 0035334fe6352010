import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';

/** Statements of a ledger, each prepared once. */
export class Statements {
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  of(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  /** Within the transaction that is open. */
  write(sql: string, ...values: readonly (string | number | Uint8Array)[]): void {
    this.#commits.write(() => this.of(sql).run(...values));
  }
}
