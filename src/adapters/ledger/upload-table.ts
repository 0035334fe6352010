import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ObjectAddress } from '../../domain/plan.ts';
import type { PartRecord, UploadRecord } from '../../ports/ledger.ts';
import type { UploadedPart } from '../../ports/target-object-store.ts';
import type { GroupCommit } from './group-commit.ts';
import { fromBody, toBody } from './json-body.ts';

interface BodyRow {
  readonly body: string;
}

/** Open uploads and the parts that they have. */
export class UploadTable {
  readonly #database: DatabaseSync;
  readonly #commits: GroupCommit;
  readonly #statements = new Map<string, StatementSync>();
  /** Objects that have an upload or parts: nothing has to be forgotten of others, which nearly all files are. */
  #open: Set<string> | undefined;

  constructor(database: DatabaseSync, commits: GroupCommit) {
    this.#database = database;
    this.#commits = commits;
  }

  find({ bucket, key }: ObjectAddress): UploadRecord | undefined {
    const row = this.#prepared('SELECT body FROM upload WHERE bucket = ? AND key = ?').get(bucket, key);
    return row && fromBody<UploadRecord>((row as unknown as BodyRow).body);
  }

  list(): UploadRecord[] {
    const rows = this.#prepared('SELECT body FROM upload ORDER BY bucket, key').all() as unknown as BodyRow[];
    return rows.map(({ body }) => fromBody<UploadRecord>(body));
  }

  put(record: UploadRecord): void {
    const { bucket, key } = record.address;
    this.forget(record.address);
    this.#objects().add(nameOf(record.address));
    this.#write('INSERT INTO upload (bucket, key, body) VALUES (?, ?, ?)', bucket, key, toBody(record));
  }

  /** With its parts. */
  forget(address: ObjectAddress): void {
    if (!this.#objects().delete(nameOf(address))) return;
    const { bucket, key } = address;
    this.#write('DELETE FROM part WHERE bucket = ? AND key = ?', bucket, key);
    this.#write('DELETE FROM upload WHERE bucket = ? AND key = ?', bucket, key);
  }

  *parts(address: ObjectAddress): Generator<PartRecord> {
    const sql = 'SELECT min(part_number) AS next FROM part WHERE bucket = ? AND key = ? AND part_number > ?';
    const next = this.#database.prepare(sql);
    for (let after = 0; ;) {
      const row = next.get(address.bucket, address.key, after) as unknown as { next: number | null };
      if (row.next === null) return;
      yield this.findPart(address, row.next)!;
      after = row.next;
    }
  }

  findPart({ bucket, key }: ObjectAddress, partNumber: number): PartRecord | undefined {
    const sql = 'SELECT body, chunk_crcs FROM part WHERE bucket = ? AND key = ? AND part_number = ?';
    const row = this.#prepared(sql).get(bucket, key, partNumber) as unknown as
      (BodyRow & { chunk_crcs: Uint8Array }) | undefined;
    return row && { ...fromBody<UploadedPart>(row.body), chunkCrcs: row.chunk_crcs };
  }

  putPart(address: ObjectAddress, { chunkCrcs, ...part }: PartRecord): void {
    const { bucket, key } = address;
    this.#objects().add(nameOf(address));
    const sql = 'INSERT OR REPLACE INTO part (bucket, key, part_number, body, chunk_crcs) VALUES (?, ?, ?, ?, ?)';
    this.#write(sql, bucket, key, part.partNumber, toBody(part), chunkCrcs);
  }

  #objects(): Set<string> {
    if (this.#open === undefined) {
      const sql = 'SELECT bucket, key FROM upload UNION SELECT bucket, key FROM part';
      this.#open = new Set((this.#database.prepare(sql).all() as unknown as ObjectAddress[]).map(nameOf));
    }
    return this.#open;
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #write(sql: string, ...values: readonly (string | number | Uint8Array)[]): void {
    this.#commits.write(() => this.#prepared(sql).run(...values));
  }
}

function nameOf({ bucket, key }: ObjectAddress): string {
  return `${bucket}/${key}`;
}
