import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PlanItemKind } from '../../domain/plan.ts';
import type { RunId } from '../../domain/names.ts';
import type { ItemFilter, OutcomeFilter } from '../../ports/ledger.ts';

const PAGE = 500;

export interface ItemRow {
  readonly id: string;
  readonly body: string;
}

export interface OutcomeRow extends ItemRow {
  readonly outcome: string | null;
}

/** Ids begin with their kind: kind after kind in this order is the order of ids, and each can be reached through an index. */
const KINDS: readonly PlanItemKind[] = ['file', 'function', 'partition', 'path', 'table', 'view'];

/** Items page by page from the last id on, so that the ledger may be written meanwhile; no page is dearer than the one before. */
export function* itemRows(database: DatabaseSync, { kind, verdict, scope }: ItemFilter): Generator<ItemRow> {
  const conditions = `${scope === undefined ? '' : 'AND scope = $scope'} ${verdict === undefined ? '' : 'AND verdict = $verdict'}`;
  const sql = `SELECT id, body FROM item WHERE id > $after AND id < $end AND kind = $kind ${conditions} ORDER BY id LIMIT ${PAGE}`;
  const values = { ...(scope !== undefined && { scope }), ...(verdict !== undefined && { verdict }) };
  for (const each of kindsOf(kind)) yield* pages<ItemRow>(database.prepare(sql), { ...values, kind: each });
}

/** As `itemRows`, each with its outcome in the run, if any. */
export function* outcomeRows(database: DatabaseSync, runId: RunId, filter: OutcomeFilter): Generator<OutcomeRow> {
  const { kind, verdict, status, scope } = filter;
  const those = `${scope === undefined ? '' : 'AND item.scope = $scope'} ${verdict === undefined ? '' : 'AND item.verdict = $verdict'}`;
  const columns = 'item.id AS id, item.body AS body, outcome.body AS outcome';
  // CROSS JOIN fixes the order of the loops: from few outcomes to their items, not through all items.
  const sql =
    status === undefined
      ? `SELECT ${columns} FROM item LEFT JOIN outcome ON outcome.run_id = $runId AND outcome.item_id = item.id
         WHERE item.id > $after AND item.id < $end AND item.kind = $kind ${those} ORDER BY item.id LIMIT ${PAGE}`
      : `SELECT ${columns} FROM outcome CROSS JOIN item ON item.id = outcome.item_id
         WHERE outcome.run_id = $runId AND outcome.status = $status AND outcome.item_id > $after AND outcome.item_id < $end AND item.kind = $kind ${those}
         ORDER BY outcome.item_id LIMIT ${PAGE}`;
  const values = {
    runId,
    ...(scope !== undefined && { scope }),
    ...(verdict !== undefined && { verdict }),
    ...(status !== undefined && { status }),
  };
  for (const each of kindsOf(kind)) yield* pages<OutcomeRow>(database.prepare(sql), { ...values, kind: each });
}

function kindsOf(kind: PlanItemKind | undefined): readonly PlanItemKind[] {
  return kind === undefined ? KINDS : [kind];
}

function* pages<Row extends ItemRow>(
  statement: StatementSync,
  values: Readonly<Record<string, string>> & { readonly kind: PlanItemKind },
): Generator<Row> {
  // ';' follows ':' in ASCII: what begins with the kind and a colon lies below it.
  const bounds = { ...values, end: `${values.kind};` };
  for (let after = `${values.kind}:`; ;) {
    const rows = statement.all({ ...bounds, after }) as unknown as Row[];
    yield* rows;
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}
