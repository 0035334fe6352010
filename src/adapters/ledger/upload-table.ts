import type { ObjectAddress } from '../../domain/plan.ts';
import type { PartRecord, UploadRecord } from '../../ports/ledger.ts';
import type { UploadedPart } from '../../ports/target-object-store.ts';
import { fromBody, toBody } from './json-body.ts';
import type { Statements } from './statements.ts';

interface BodyRow {
  readonly body: string;
}

/** Open uploads and the parts that they have. */
export class UploadTable {
  readonly #statements: Statements;
  /** Objects that have an upload or parts: nothing has to be forgotten of others, which nearly all files are. */
  #open: Set<string> | undefined;

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  find({ bucket, key }: ObjectAddress): UploadRecord | undefined {
    const row = this.#statements.of('SELECT body FROM upload WHERE bucket = ? AND key = ?').get(bucket, key);
    return row && fromBody<UploadRecord>((row as unknown as BodyRow).body);
  }

  list(): UploadRecord[] {
    const rows = this.#statements.of('SELECT body FROM upload ORDER BY bucket, key').all() as unknown as BodyRow[];
    return rows.map(({ body }) => fromBody<UploadRecord>(body));
  }

  put(record: UploadRecord): void {
    const { bucket, key } = record.address;
    this.forget(record.address);
    this.#objects().add(nameOf(record.address));
    this.#statements.write('INSERT INTO upload (bucket, key, body) VALUES (?, ?, ?)', bucket, key, toBody(record));
  }

  /** With its parts. */
  forget(address: ObjectAddress): void {
    if (!this.#objects().delete(nameOf(address))) return;
    const { bucket, key } = address;
    this.#statements.write('DELETE FROM part WHERE bucket = ? AND key = ?', bucket, key);
    this.#statements.write('DELETE FROM upload WHERE bucket = ? AND key = ?', bucket, key);
  }

  *parts(address: ObjectAddress): Generator<PartRecord> {
    const sql = 'SELECT min(part_number) AS next FROM part WHERE bucket = ? AND key = ? AND part_number > ?';
    const next = this.#statements.of(sql);
    for (let after = 0; ;) {
      const row = next.get(address.bucket, address.key, after) as unknown as { next: number | null };
      if (row.next === null) return;
      yield this.findPart(address, row.next)!;
      after = row.next;
    }
  }

  findPart({ bucket, key }: ObjectAddress, partNumber: number): PartRecord | undefined {
    const sql = 'SELECT body, chunk_crcs FROM part WHERE bucket = ? AND key = ? AND part_number = ?';
    const row = this.#statements.of(sql).get(bucket, key, partNumber) as unknown as
      (BodyRow & { chunk_crcs: Uint8Array }) | undefined;
    return row && { ...fromBody<UploadedPart>(row.body), chunkCrcs: row.chunk_crcs };
  }

  putPart(address: ObjectAddress, { chunkCrcs, ...part }: PartRecord): void {
    const { bucket, key } = address;
    this.#objects().add(nameOf(address));
    const sql = 'INSERT OR REPLACE INTO part (bucket, key, part_number, body, chunk_crcs) VALUES (?, ?, ?, ?, ?)';
    this.#statements.write(sql, bucket, key, part.partNumber, toBody(part), chunkCrcs);
  }

  #objects(): Set<string> {
    if (this.#open === undefined) {
      const sql = 'SELECT bucket, key FROM upload UNION SELECT bucket, key FROM part';
      this.#open = new Set((this.#statements.of(sql).all() as unknown as ObjectAddress[]).map(nameOf));
    }
    return this.#open;
  }
}

function nameOf({ bucket, key }: ObjectAddress): string {
  return `${bucket}/${key}`;
}
