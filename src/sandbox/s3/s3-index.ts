import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Algorithm, ChecksumType } from './checksum.ts';
import type { Segment } from './data-files.ts';
import { inTransaction } from '../transaction.ts';

export interface ObjectRecord {
  readonly sizeBytes: number;
  /** Without quotes. */
  readonly etag: string;
  readonly modifiedAtMs: number;
  /** Metadata, content type, encryption and the like: kept as they came and echoed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: { readonly algorithm: Algorithm; readonly value: string; readonly type: ChecksumType };
  readonly segments: readonly Segment[];
}

export interface UploadRecord {
  readonly startedAtMs: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly algorithm: Algorithm;
  readonly checksumType: ChecksumType;
  /** False when the client named none and the store's default (CRC64NVME) applies. */
  readonly isAlgorithmChosen: boolean;
}

export interface PartRecord extends Segment {
  readonly number: number;
  readonly etag: string;
  readonly checksum: string;
  readonly modifiedAtMs: number;
}

interface CompletedUpload {
  readonly etag: string;
  /** What was asked, to recognise the same request when it comes again. */
  readonly request: string;
}

interface OpenUpload {
  readonly id: string;
  readonly key: string;
  readonly record: UploadRecord;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, created_at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key BLOB, record TEXT NOT NULL, PRIMARY KEY (bucket, key)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS uploads (bucket TEXT, key BLOB, id TEXT, record TEXT NOT NULL, PRIMARY KEY (bucket, key, id)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS parts (upload TEXT, number INTEGER, record TEXT NOT NULL, PRIMARY KEY (upload, number)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS completed (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key BLOB NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
`;

/** What the store holds, in SQLite: keys are blobs, so that their order is that of UTF-8 bytes, and a server killed at any instant loses nothing acknowledged. */
export class S3Index {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(directory: string) {
    this.#database = new DatabaseSync(join(directory, 'index.sqlite'));
    this.#database.exec(SCHEMA);
  }

  close(): void {
    this.#database.close();
  }

  /** All or nothing; `work` must not await. */
  transaction<T>(work: () => T): T {
    return inTransaction(this.#database, work);
  }

  createBucket(name: string): boolean {
    const { changes } = this.#sql('INSERT OR IGNORE INTO buckets VALUES (?, ?)').run(name, Date.now());
    return changes > 0;
  }

  deleteBucket(name: string): void {
    this.#sql('DELETE FROM buckets WHERE name = ?').run(name);
  }

  buckets(): { readonly name: string; readonly createdAtMs: number }[] {
    const rows = this.#sql('SELECT name, created_at FROM buckets ORDER BY name').all();
    return rows.map((row) => ({ name: String(row['name']), createdAtMs: Number(row['created_at']) }));
  }

  hasBucket(name: string): boolean {
    return this.#sql('SELECT 1 FROM buckets WHERE name = ?').get(name) !== undefined;
  }

  findObject(bucket: string, key: string): ObjectRecord | undefined {
    return this.#record('SELECT record FROM objects WHERE bucket = ? AND key = ?', bucket, Buffer.from(key));
  }

  putObject(bucket: string, key: string, record: ObjectRecord): void {
    this.#sql('INSERT OR REPLACE INTO objects VALUES (?, ?, ?)').run(bucket, Buffer.from(key), JSON.stringify(record));
  }

  deleteObject(bucket: string, key: string): void {
    this.#sql('DELETE FROM objects WHERE bucket = ? AND key = ?').run(bucket, Buffer.from(key));
  }

  /** Objects from the key `start` (bytes, inclusive) on, in order of UTF-8 bytes. */
  objectsFrom(
    bucket: string,
    start: Uint8Array,
    limit: number,
  ): { readonly key: Buffer; readonly record: ObjectRecord }[] {
    const rows = this.#sql('SELECT key, record FROM objects WHERE bucket = ? AND key >= ? ORDER BY key LIMIT ?').all(
      bucket,
      start,
      limit,
    );
    return rows.map((row) => ({ key: Buffer.from(row['key'] as Uint8Array), record: parse<ObjectRecord>(row) }));
  }

  createUpload(bucket: string, key: string, upload: { readonly id: string; readonly record: UploadRecord }): void {
    const record = JSON.stringify(upload.record);
    this.#sql('INSERT INTO uploads VALUES (?, ?, ?, ?)').run(bucket, Buffer.from(key), upload.id, record);
  }

  findUpload(bucket: string, key: string, id: string): UploadRecord | undefined {
    const sql = 'SELECT record FROM uploads WHERE bucket = ? AND key = ? AND id = ?';
    return this.#record(sql, bucket, Buffer.from(key), id);
  }

  /** Open uploads after (key, id), in order of key bytes and then id. */
  uploadsAfter(bucket: string, after: { readonly key: string; readonly id: string }, limit: number): OpenUpload[] {
    const sql = 'SELECT key, id, record FROM uploads WHERE bucket = ? AND (key, id) > (?, ?) ORDER BY key, id LIMIT ?';
    const rows = this.#sql(sql).all(bucket, Buffer.from(after.key), after.id, limit);
    return rows.map((row) => ({
      id: String(row['id']),
      key: Buffer.from(row['key'] as Uint8Array).toString(),
      record: parse<UploadRecord>(row),
    }));
  }

  /** Forgets an open upload and its parts; returns the parts. */
  deleteUpload(bucket: string, key: string, id: string): PartRecord[] {
    const parts = this.parts(id);
    this.#sql('DELETE FROM parts WHERE upload = ?').run(id);
    this.#sql('DELETE FROM uploads WHERE bucket = ? AND key = ? AND id = ?').run(bucket, Buffer.from(key), id);
    return parts;
  }

  putPart(uploadId: string, part: PartRecord): void {
    this.#sql('INSERT OR REPLACE INTO parts VALUES (?, ?, ?)').run(uploadId, part.number, JSON.stringify(part));
  }

  findPart(uploadId: string, number: number): PartRecord | undefined {
    return this.#record('SELECT record FROM parts WHERE upload = ? AND number = ?', uploadId, number);
  }

  parts(uploadId: string, afterNumber = 0, limit = -1): PartRecord[] {
    const sql = 'SELECT record FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?';
    return this.#sql(sql)
      .all(uploadId, afterNumber, limit)
      .map((row) => parse<PartRecord>(row));
  }

  rememberCompleted(bucket: string, key: string, completed: CompletedUpload & { readonly id: string }): void {
    const record = JSON.stringify({ etag: completed.etag, request: completed.request });
    this.#sql('INSERT OR REPLACE INTO completed VALUES (?, ?, ?, ?)').run(
      completed.id,
      bucket,
      Buffer.from(key),
      record,
    );
  }

  findCompleted(bucket: string, key: string, id: string): CompletedUpload | undefined {
    const sql = 'SELECT record FROM completed WHERE bucket = ? AND key = ? AND id = ?';
    return this.#record(sql, bucket, Buffer.from(key), id);
  }

  /** Every data file that an object or a part refers to. */
  knownFiles(): Set<string> {
    const files = new Set<string>();
    for (const row of this.#sql('SELECT record FROM objects').iterate())
      for (const segment of parse<ObjectRecord>(row).segments) files.add(segment.file);
    for (const row of this.#sql('SELECT record FROM parts').iterate()) files.add(parse<PartRecord>(row).file);
    return files;
  }

  #record<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    const row = this.#sql(sql).get(...values);
    return row === undefined ? undefined : parse<T>(row);
  }

  #sql(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

function parse<T>(row: Record<string, unknown>): T {
  return JSON.parse(String(row['record'])) as T;
}
