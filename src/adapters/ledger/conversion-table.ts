import type { DatabaseSync } from 'node:sqlite';
import type { Conversion, StagedFile } from '../../domain/conversion.ts';
import { fromBody, toBody } from './json-body.ts';

type Write = (sql: string, ...values: readonly string[]) => void;

/** The last conversion of each table, and the files that came of it. */
export class ConversionTable {
  readonly #database: DatabaseSync;
  readonly #write: Write;

  constructor(database: DatabaseSync, write: Write) {
    this.#database = database;
    this.#write = write;
  }

  find(scope: string): Conversion | undefined {
    const row = this.#database.prepare('SELECT body FROM conversion WHERE scope = ?').get(scope);
    return row === undefined ? undefined : fromBody<Conversion>(String(row['body']));
  }

  put(conversion: Conversion, files?: Iterable<StagedFile>): void {
    const { scope } = conversion;
    if (files !== undefined) this.#write('DELETE FROM staged_file WHERE scope = ?', scope);
    for (const file of files ?? []) {
      const sql = 'INSERT INTO staged_file (scope, relative, body) VALUES (?, ?, ?)';
      this.#write(sql, scope, file.relative, toBody(file));
    }
    // Last: a crash in between leaves files without a conversion, which nobody looks at.
    this.#write('INSERT OR REPLACE INTO conversion (scope, body) VALUES (?, ?)', scope, toBody(conversion));
  }

  forget(scope: string): void {
    this.#write('DELETE FROM conversion WHERE scope = ?', scope);
    this.#write('DELETE FROM staged_file WHERE scope = ?', scope);
  }

  *stagedFiles(scope: string): Generator<StagedFile> {
    const sql = 'SELECT relative, body FROM staged_file WHERE scope = ? AND relative > ? ORDER BY relative LIMIT 1000';
    const page = this.#database.prepare(sql);
    for (let after = ''; ;) {
      const rows = page.all(scope, after) as unknown as { body: string; relative: string }[];
      for (const { body } of rows) yield fromBody<StagedFile>(body);
      if (rows.length === 0) return;
      after = rows.at(-1)!.relative;
    }
  }
}
