import type { DatabaseSync } from 'node:sqlite';
import type { RunId, UseCaseId } from '../../domain/names.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { ObjectAddress, PlanItem, PlanSummary } from '../../domain/plan.ts';
import type {
  ItemFilter,
  Ledger,
  ObjectRecord,
  OutcomeFilter,
  PartRecord,
  PlanWriter,
  RunRecord,
  ScopeTotals,
  UploadRecord,
} from '../../ports/ledger.ts';
import { GroupCommit } from './group-commit.ts';
import { fromBody, toBody } from './json-body.ts';
import { openLedgerFile } from './ledger-schema.ts';
import { SqlitePlanWriter } from './sqlite-plan-writer.ts';

interface BodyRow {
  readonly body: string;
}

const PAGE = 500;

/** A ledger in one SQLite file; `:memory:` for plans that only a dry run or a reconciliation needs. */
export class SqliteLedger implements Ledger {
  readonly useCase: UseCaseId;
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;

  constructor(path: string, useCase: UseCaseId) {
    this.useCase = useCase;
    this.#database = openLedgerFile(path);
    this.#commits = new GroupCommit(this.#database);
  }

  writePlan(): PlanWriter {
    return new SqlitePlanWriter(this.#database, this.#commits, this.useCase);
  }

  findPlan(): PlanSummary | undefined {
    const row = this.#get<{ summary: string }>('SELECT summary FROM plan');
    return row === undefined ? undefined : fromBody<PlanSummary>(row.summary);
  }

  hasItem(itemId: string): boolean {
    return this.#get<BodyRow>('SELECT id AS body FROM item WHERE id = ?', itemId) !== undefined;
  }

  *listItems(filter: ItemFilter): Generator<PlanItem> {
    const conditions = Object.entries(filter) as [string, string][];
    const sql = `SELECT id, body FROM item WHERE id > ? ${conditions.map(([column]) => `AND ${column} = ?`).join(' ')} ORDER BY id LIMIT ${PAGE}`;
    for (const row of this.#pages<BodyRow & { id: string }>(
      sql,
      conditions.map(([, value]) => value),
    ))
      yield fromBody<PlanItem>(row.body);
  }

  startRun(run: RunRecord): void {
    this.#write(
      'INSERT OR REPLACE INTO run (run_id, started_at_ms, status, body) VALUES (?, ?, ?, ?)',
      run.runId,
      run.startedAtMs,
      run.status,
      toBody(run),
    );
  }

  finishRun(runId: RunId, status: RunRecord['status'], finishedAtMs: number): void {
    const run = this.findRun(runId);
    if (run !== undefined) this.startRun({ ...run, status, finishedAtMs });
  }

  findRun(runId: RunId): RunRecord | undefined {
    return this.#body<RunRecord>('SELECT body FROM run WHERE run_id = ?', runId);
  }

  listRuns(): RunRecord[] {
    const rows = this.#database
      .prepare('SELECT body FROM run ORDER BY started_at_ms DESC, run_id DESC')
      .all() as unknown as BodyRow[];
    return rows.map(({ body }) => fromBody<RunRecord>(body));
  }

  recordOutcome(runId: RunId, outcome: Outcome): void {
    this.#write(
      'INSERT OR REPLACE INTO outcome (run_id, item_id, status, body) VALUES (?, ?, ?, ?)',
      runId,
      outcome.itemId,
      outcome.status,
      toBody(outcome),
    );
  }

  findOutcome(runId: RunId, itemId: string): Outcome | undefined {
    return this.#body<Outcome>('SELECT body FROM outcome WHERE run_id = ? AND item_id = ?', runId, itemId);
  }

  *listOutcomes(
    runId: RunId,
    { kind, status, scope }: OutcomeFilter,
  ): Generator<{ item: PlanItem; outcome: Outcome | undefined }> {
    const sql = `SELECT item.id AS id, item.body AS body, outcome.body AS outcome FROM item LEFT JOIN outcome ON outcome.item_id = item.id AND outcome.run_id = ?2
      WHERE item.id > ?1 ${kind === undefined ? '' : 'AND item.kind = ?3'} ${status === undefined ? '' : 'AND outcome.status = ?4'} ${scope === undefined ? '' : 'AND item.scope = ?5'}
      ORDER BY item.id LIMIT ${PAGE}`;
    const parameters = {
      '2': runId,
      ...(kind === undefined ? {} : { '3': kind }),
      ...(status === undefined ? {} : { '4': status }),
      ...(scope === undefined ? {} : { '5': scope }),
    };
    const statement = this.#database.prepare(sql);
    for (let after = ''; ;) {
      const rows = statement.all({ '1': after, ...parameters }) as unknown as (BodyRow & {
        id: string;
        outcome: string | null;
      })[];
      for (const row of rows)
        yield {
          item: fromBody<PlanItem>(row.body),
          outcome: row.outcome === null ? undefined : fromBody<Outcome>(row.outcome),
        };
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.id;
    }
  }

  totals(runId: RunId): ScopeTotals {
    const sql = `SELECT item.scope AS scope, item.kind AS kind, outcome.status AS status, count(*) AS count, sum(item.size_bytes) AS sizeBytes
      FROM outcome JOIN item ON item.id = outcome.item_id WHERE outcome.run_id = ? GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`;
    return this.#database.prepare(sql).all(runId) as unknown as ScopeTotals;
  }

  findObject({ bucket, key }: ObjectAddress): ObjectRecord | undefined {
    return this.#body<ObjectRecord>('SELECT body FROM object WHERE bucket = ? AND key = ?', bucket, key);
  }

  putObject(record: ObjectRecord): void {
    this.#write(
      'INSERT OR REPLACE INTO object (bucket, key, body) VALUES (?, ?, ?)',
      record.address.bucket,
      record.address.key,
      toBody(record),
    );
  }

  findUpload({ bucket, key }: ObjectAddress): UploadRecord | undefined {
    return this.#body<UploadRecord>('SELECT body FROM upload WHERE bucket = ? AND key = ?', bucket, key);
  }

  listUploads(): UploadRecord[] {
    return (this.#database.prepare('SELECT body FROM upload ORDER BY bucket, key').all() as unknown as BodyRow[]).map(
      ({ body }) => fromBody<UploadRecord>(body),
    );
  }

  putUpload(record: UploadRecord): void {
    this.forgetUpload(record.address);
    this.#write(
      'INSERT INTO upload (bucket, key, body) VALUES (?, ?, ?)',
      record.address.bucket,
      record.address.key,
      toBody(record),
    );
  }

  forgetUpload({ bucket, key }: ObjectAddress): void {
    this.#write('DELETE FROM part WHERE bucket = ? AND key = ?', bucket, key);
    this.#write('DELETE FROM upload WHERE bucket = ? AND key = ?', bucket, key);
  }

  *listParts({ bucket, key }: ObjectAddress): Generator<PartRecord> {
    const next = this.#database.prepare(
      'SELECT body, chunk_crcs FROM part WHERE bucket = ? AND key = ? AND part_number > ? ORDER BY part_number LIMIT 1',
    );
    for (let after = 0; ;) {
      const row = next.get(bucket, key, after) as unknown as (BodyRow & { chunk_crcs: Uint8Array }) | undefined;
      if (row === undefined) return;
      const part = fromBody<PartRecord>(row.body);
      yield { ...part, chunkCrcs: row.chunk_crcs };
      after = part.partNumber;
    }
  }

  putPart({ bucket, key }: ObjectAddress, { chunkCrcs, ...part }: PartRecord): void {
    this.#write(
      'INSERT OR REPLACE INTO part (bucket, key, part_number, body, chunk_crcs) VALUES (?, ?, ?, ?, ?)',
      bucket,
      key,
      part.partNumber,
      toBody(part),
      chunkCrcs,
    );
  }

  putDocument(runId: RunId, name: string, json: unknown): void {
    this.#write('INSERT OR REPLACE INTO document (run_id, name, body) VALUES (?, ?, ?)', runId, name, toBody(json));
  }

  findDocument(runId: RunId, name: string): unknown {
    return this.#body<unknown>('SELECT body FROM document WHERE run_id = ? AND name = ?', runId, name);
  }

  flush(): Promise<void> {
    return this.#commits.flush();
  }

  close(): void {
    this.#commits.commit();
    this.#database.close();
  }

  readonly #statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  #prepared(sql: string): ReturnType<DatabaseSync['prepare']> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #write(sql: string, ...values: readonly (string | number | Uint8Array)[]): void {
    this.#commits.write(() => this.#prepared(sql).run(...values));
  }

  #get<Row>(sql: string, ...values: readonly string[]): Row | undefined {
    return this.#prepared(sql).get(...values) as unknown as Row | undefined;
  }

  #body<Value>(sql: string, ...values: readonly string[]): Value | undefined {
    const row = this.#get<BodyRow>(sql, ...values);
    return row === undefined ? undefined : fromBody<Value>(row.body);
  }

  /** Page by page from the last id on, so that the ledger may be written while a caller goes through it. */
  *#pages<Row extends { readonly id: string }>(sql: string, values: readonly string[]): Generator<Row> {
    const statement = this.#database.prepare(sql);
    for (let after = ''; ;) {
      const rows = statement.all(after, ...values) as unknown as Row[];
      yield* rows;
      if (rows.length < PAGE) return;
      after = rows.at(-1)!.id;
    }
  }
}
