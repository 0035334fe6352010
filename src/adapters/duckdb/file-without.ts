import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import { withoutRows } from '../../domain/parquet/without-rows.ts';
import { PARQUET_STORAGE } from '../../domain/rules/storage-format.ts';
import { hasLoneReturn, textWithoutRows } from '../../domain/text-rows.ts';
import { LakeliftError, messageOf } from '../../errors.ts';
import type { BroughtTable, DuckDbSession } from './duckdb-session.ts';
import { isPackedText, plainText } from './packed-text.ts';
import { headerLines, tableSql } from './table-sql.ts';

export interface FileRequest {
  /** As messages call the table. */
  readonly subject: string;
  readonly table: BroughtTable;
  readonly location: string;
  readonly condition: string;
}

const ROW = doubleQuotes('lakelift row');

/** A file of a table without the rows that fulfil a condition; see the port. */
export async function fileWithout(
  session: DuckDbSession,
  request: FileRequest,
  content: Uint8Array,
): Promise<{ readonly rows: number; readonly content: Uint8Array }> {
  const { condition } = request;
  const before = await rowsOf(session, request, content);
  const numbered = `SELECT *, row_number() OVER () - 1 AS ${ROW} FROM (${before})`;
  const sql = `SELECT ${ROW} FROM (${numbered}) WHERE ${condition} ORDER BY ALL`;
  const rows = (await session.rows(sql)).map(([row]) => Number(row));
  const [total] = await counts(session, before, condition);
  const without = contentWithout(request, content, rows);
  const after = await rowsOf(session, request, without);
  const [left, theirs] = await counts(session, after, condition);
  if (left !== total! - rows.length || theirs !== 0) throw notSure(request.location);
  return { rows: rows.length, content: without };
}

function contentWithout({ table, location }: FileRequest, content: Uint8Array, rows: readonly number[]): Uint8Array {
  if (table.serdeLibrary === PARQUET_STORAGE.serdeLibrary) return withoutRows(content, rows);
  const isPacked = isPackedText(location, table);
  const plain = isPacked ? gunzipped(content) : Buffer.from(content);
  if (hasLoneReturn(plain)) throw notSure(location);
  const layout = {
    headerLines: headerLines(table.parameters),
    skipsBlank: table.serdeLibrary?.endsWith('JsonSerDe') === true,
  };
  const without = textWithoutRows(plain, layout, rows);
  return isPacked ? gzipSync(without) : without;
}

const LARGEST_BYTES = 512 * 1024 ** 2;

function gunzipped(content: Uint8Array): Buffer {
  try {
    return gunzipSync(content, { maxOutputLength: LARGEST_BYTES });
  } catch (cause) {
    throw new LakeliftError(`A packed object is no whole gzip file, or larger than 512 MiB (${messageOf(cause)})`, {
      kind: 'unsupported',
      code: 'OBJECT_TOO_LARGE',
      hint: 'Erase the person at the source and migrate again.',
      cause,
    });
  }
}

/** A query over these bytes as those of the file. A file without a byte has no row, and some readers take it for a broken one. */
async function rowsOf(
  session: DuckDbSession,
  { subject, table, location }: FileRequest,
  content: Uint8Array,
): Promise<string> {
  const standing = table.local.find((file) => file.location === location);
  const path = join(session.folder, 'erased');
  await pipeline(plainText(subject, table)(location, Readable.from([content])), createWriteStream(path));
  const paths = content.length === 0 ? [] : [path];
  return tableSql(subject, table, [{ values: standing?.values ?? [], paths, calendars: standing?.calendars }]);
}

async function counts(session: DuckDbSession, rows: string, condition: string): Promise<number[]> {
  const [found = []] = await session.rows(`SELECT count(*), count(*) FILTER (WHERE ${condition}) FROM (${rows})`);
  return found.map(Number);
}

function notSure(subject: string): LakeliftError {
  return new LakeliftError(`${subject} does not read as it did but for the rows that were to go`, {
    kind: 'unsupported',
    code: 'ERASURE_UNSURE',
    subject,
    hint: 'Nothing was written there. Erase the person at the source and migrate again, and tell us of this file.',
  });
}
