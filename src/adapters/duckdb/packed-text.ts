import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { TEXT_CODECS } from '../../domain/rules/text-codec.ts';
import type { LakeliftError } from '../../errors.ts';
import { unreadable, unsupported } from './duckdb-errors.ts';
import { plainJson } from './json-lines.ts';
import type { LakeTable } from './lake-tables.ts';
import { csvLayout, plainCsv } from './open-csv.ts';
import { headerLines } from './table-sql.ts';

/** Bytes of a table that may be brought to this machine for one query, unpacked. */
export const LARGEST_TABLE_BYTES = 2 * 1024 ** 3;

type Content = AsyncIterable<Uint8Array>;

export function tooLarge(subject: string): LakeliftError {
  return unsupported(subject, 'larger than 2 GiB');
}

/** Whether a file of text is packed with something else than gzip; engines tell by its name, and only of text. */
export function isPackedOtherwise(name: string, { serdeLibrary }: LakeTable): boolean {
  return isText(serdeLibrary) && !name.endsWith('.gz') && TEXT_CODECS.some(({ suffix }) => name.endsWith(suffix));
}

function isText(serdeLibrary: string | undefined): boolean {
  return /\.(?:LazySimpleSerDe|OpenCSVSerde|JsonSerDe)$/.test(serdeLibrary ?? '');
}

/** The bytes of each file of a table as DuckDB is to have them: unpacked where its name says gzip, CSV and JSON as DuckDB reads them. */
export function plainText(subject: string, table: LakeTable): (name: string, content: Content) => Readable {
  const plain = plainLines(subject, table);
  let bytes = 0;
  const unpacked = async function* (content: Content): AsyncGenerator<Uint8Array> {
    const gunzip = createGunzip();
    // What fails comes out of gunzip.
    pipeline(content, gunzip, () => undefined);
    try {
      for await (const piece of gunzip) {
        bytes += (piece as Uint8Array).length;
        if (bytes > LARGEST_TABLE_BYTES) throw tooLarge(subject);
        yield piece as Uint8Array;
      }
    } catch (error) {
      throw isOfGzip(error) ? unreadable(subject, 'a file that is called .gz is no whole gzip file') : error;
    }
  };
  return (name, content) => Readable.from(plain(isPackedText(name, table) ? unpacked(content) : content));
}

/** Whether a file is text packed by gzip. */
export function isPackedText(name: string, { serdeLibrary }: Pick<LakeTable, 'serdeLibrary'>): boolean {
  return isText(serdeLibrary) && name.endsWith('.gz');
}

function plainLines(
  subject: string,
  { serdeLibrary, columns, parameters }: LakeTable,
): (content: Content) => AsyncIterable<string | Uint8Array> {
  switch (serdeLibrary?.split('.').at(-1)) {
    case 'OpenCSVSerde': {
      const rows = { ...csvLayout(parameters), columns: columns.length };
      return (content) => plainCsv(content, rows);
    }
    case 'JsonSerDe': {
      const rows = { subject, columns, headerLines: headerLines(parameters) };
      return (content) => plainJson(content, rows);
    }
    default:
      return (content) => content;
  }
}

/** zlib calls its errors `Z_DATA_ERROR`, `Z_BUF_ERROR`… */
function isOfGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}
