import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Approval } from '../../domain/approval.ts';
import type { PlanLine } from '../../domain/plan-difference.ts';
import type { GroupCommit } from './group-commit.ts';
import { fromBody, toBody } from './json-body.ts';

const PAGE = 1000;
const COLUMNS = 'id, kind, scope, verdict, size_bytes AS sizeBytes';

/** The last approval and the plan that it is of; plans in short. */
export class ApprovalTable {
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;

  constructor(database: DatabaseSync, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  find(): Approval | undefined {
    const row = this.#database.prepare('SELECT body FROM approval').get() as { body: string } | undefined;
    return row === undefined ? undefined : fromBody<Approval>(row.body);
  }

  put(approval: Approval, lines: Iterable<PlanLine>): void {
    const insert = this.#database.prepare(
      'INSERT INTO approved_line (id, kind, scope, verdict, size_bytes, digest) VALUES (?, ?, ?, ?, ?, ?)',
    );
    // One transaction: an approval without its plan, or half of it, would be believed.
    this.#commits.write(() => {
      this.#database.exec('DELETE FROM approved_line');
      for (const { id, kind, scope, verdict, sizeBytes, digest } of lines)
        insert.run(id, kind, scope, verdict, sizeBytes, digest);
      this.#database.prepare('INSERT OR REPLACE INTO approval (only, body) VALUES (1, ?)').run(toBody(approval));
    });
  }

  approvedLines(): Generator<PlanLine> {
    return this.#pages<PlanLine>(`SELECT ${COLUMNS}, digest FROM approved_line`);
  }

  *planLines(): Generator<PlanLine> {
    for (const { body, ...line } of this.#pages<PlanLine & { readonly body: string }>(
      `SELECT ${COLUMNS}, body FROM item`,
    ))
      yield { ...line, digest: createHash('sha256').update(body).digest('base64url') };
  }

  /** From the last id on, so that the ledger may be written meanwhile. */
  *#pages<Row extends { readonly id: string }>(select: string): Generator<Row> {
    const page = this.#database.prepare(`${select} WHERE id > ? ORDER BY id LIMIT ${PAGE}`);
    for (let after = ''; ;) {
      const rows = page.all(after) as unknown as Row[];
      yield* rows;
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.id;
    }
  }
}
