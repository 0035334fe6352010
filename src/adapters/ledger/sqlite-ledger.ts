import type { DatabaseSync } from 'node:sqlite';
import type { RunId, UseCaseId } from '../../domain/names.ts';
import type { Outcome } from '../../domain/outcome.ts';
import type { ObjectAddress, PlanItem, PlanSummary } from '../../domain/plan.ts';
import type {
  ItemFilter,
  Ledger,
  ObjectRecord,
  OutcomeFilter,
  PlanWriter,
  RunRecord,
  ScopeTotals,
} from '../../ports/ledger.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { ApprovalTable } from './approval-table.ts';
import { ConversionTable } from './conversion-table.ts';
import { GroupCommit } from './group-commit.ts';
import { LogSync } from './log-sync.ts';
import { ItemBodyReader } from './item-bodies.ts';
import { fromBody, toBody } from './json-body.ts';
import { itemRows, outcomeRows } from './item-pages.ts';
import { openLedgerFile } from './ledger-schema.ts';
import { SqlitePlanWriter } from './sqlite-plan-writer.ts';
import { SqliteScratch } from './sqlite-scratch.ts';
import { Statements } from './statements.ts';
import { UploadTable } from './upload-table.ts';

interface BodyRow {
  readonly body: string;
}

/** A ledger in one SQLite file; an empty path for plans that only a dry run or a reconciliation needs. */
export class SqliteLedger implements Ledger {
  readonly useCase: UseCaseId;
  readonly #database: DatabaseSync;
  readonly #log: LogSync | undefined;
  readonly #commits: GroupCommit;
  readonly #bodies: ItemBodyReader;
  readonly #approvals: ApprovalTable;
  readonly #conversions: ConversionTable;
  readonly #statements: Statements;
  readonly #uploads: UploadTable;

  constructor(path: string, useCase: UseCaseId) {
    this.useCase = useCase;
    this.#database = openLedgerFile(path);
    // A private file, or one in memory, has no log and is gone with the process.
    const log = this.#database.location() === null ? undefined : new LogSync(path);
    this.#log = log;
    this.#commits = new GroupCommit(this.#database, log && (() => log.sync()));
    this.#statements = new Statements(this.#database, this.#commits);
    this.#bodies = new ItemBodyReader(this.#database);
    this.#approvals = new ApprovalTable(this.#database, this.#commits);
    this.#uploads = new UploadTable(this.#statements);
    this.#conversions = new ConversionTable(this.#database, (sql, ...values) => this.#statements.write(sql, ...values));
  }

  readonly listPlanLines: Ledger['listPlanLines'] = () => this.#approvals.planLines();
  readonly findApproval: Ledger['findApproval'] = () => this.#approvals.find();
  readonly putApproval: Ledger['putApproval'] = (approval, lines) => this.#approvals.put(approval, lines);
  readonly listApprovedLines: Ledger['listApprovedLines'] = () => this.#approvals.approvedLines();
  readonly findConversion: Ledger['findConversion'] = (scope) => this.#conversions.find(scope);
  readonly putConversion: Ledger['putConversion'] = (conversion, files) => this.#conversions.put(conversion, files);
  readonly forgetConversion: Ledger['forgetConversion'] = (scope) => this.#conversions.forget(scope);
  readonly listStagedFiles: Ledger['listStagedFiles'] = (scope) => this.#conversions.stagedFiles(scope);

  readonly findUpload: Ledger['findUpload'] = (address) => this.#uploads.find(address);
  readonly listUploads: Ledger['listUploads'] = () => this.#uploads.list();
  readonly putUpload: Ledger['putUpload'] = (record) => this.#uploads.put(record);
  readonly forgetUpload: Ledger['forgetUpload'] = (address) => this.#uploads.forget(address);
  readonly listParts: Ledger['listParts'] = (address) => this.#uploads.parts(address);
  readonly findPart: Ledger['findPart'] = (address, partNumber) => this.#uploads.findPart(address, partNumber);
  readonly putPart: Ledger['putPart'] = (address, part) => this.#uploads.putPart(address, part);

  writePlan(): PlanWriter {
    return new SqlitePlanWriter(this.#database, this.#commits, this.useCase);
  }

  findPlan(): PlanSummary | undefined {
    const row = this.#get<{ summary: string }>('SELECT summary FROM plan');
    return row === undefined ? undefined : fromBody<PlanSummary>(row.summary);
  }

  findItem(itemId: string): PlanItem | undefined {
    const row = this.#get<BodyRow>('SELECT body FROM item WHERE id = ?', itemId);
    return row && this.#bodies.read(row.body);
  }

  *listItems(filter: ItemFilter): Generator<PlanItem> {
    for (const { body } of itemRows(this.#database, filter)) yield this.#bodies.read(body);
  }

  startRun(run: RunRecord): void {
    this.#statements.write(
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
    this.#statements.write(
      'INSERT OR REPLACE INTO outcome (run_id, item_id, status, body) VALUES (?, ?, ?, ?)',
      runId,
      outcome.itemId,
      outcome.status,
      // It holds no bigint.
      JSON.stringify(outcome),
    );
  }

  findOutcome(runId: RunId, itemId: string): Outcome | undefined {
    return this.#body<Outcome>('SELECT body FROM outcome WHERE run_id = ? AND item_id = ?', runId, itemId);
  }

  *listOutcomes(runId: RunId, filter: OutcomeFilter): Generator<{ item: PlanItem; outcome: Outcome | undefined }> {
    for (const { body, outcome } of outcomeRows(this.#database, runId, filter))
      yield { item: this.#bodies.read(body), outcome: outcome === null ? undefined : fromBody<Outcome>(outcome) };
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
    this.#statements.write(
      'INSERT OR REPLACE INTO object (bucket, key, body) VALUES (?, ?, ?)',
      record.address.bucket,
      record.address.key,
      toBody(record),
    );
  }

  putDocument(runId: RunId, name: string, json: unknown): void {
    this.#statements.write(
      'INSERT OR REPLACE INTO document (run_id, name, body) VALUES (?, ?, ?)',
      runId,
      name,
      toBody(json),
    );
  }

  findDocument(runId: RunId, name: string): unknown {
    return this.#body<unknown>('SELECT body FROM document WHERE run_id = ? AND name = ?', runId, name);
  }

  openScratch(): Scratch {
    return new SqliteScratch();
  }

  flush(): Promise<void> {
    return this.#commits.flush();
  }

  close(): void {
    try {
      this.#commits.commit();
    } finally {
      this.#log?.close();
      // The last one to close brings the log into the ledger, and both to disk.
      this.#database.close();
    }
  }

  #get<Row>(sql: string, ...values: readonly (string | number)[]): Row | undefined {
    return this.#statements.of(sql).get(...values) as unknown as Row | undefined;
  }

  #body<Value>(sql: string, ...values: readonly string[]): Value | undefined {
    const row = this.#get<BodyRow>(sql, ...values);
    return row === undefined ? undefined : fromBody<Value>(row.body);
  }
}
