import { LakeliftError, messageOf } from '../../errors.ts';

export function unsupported(subject: string, what: string): LakeliftError {
  return new LakeliftError(`DuckDB reads files of Parquet, CSV, JSON and delimited text; ${subject} is ${what}`, {
    kind: 'unsupported',
    code: 'DUCKDB_UNSUPPORTED',
    subject,
    hint: 'Give HiveServer2 under source.hive and Athena or Trino under target.engine to compare such tables.',
  });
}

/** A file that holds something else than the catalog says; `what` repeats no value. */
export function unreadable(subject: string, what: string): LakeliftError {
  return new LakeliftError(`${subject}: ${what}`, {
    kind: 'corrupt',
    code: 'DUCKDB_UNREADABLE',
    subject,
    hint: 'Hive and Athena do not read it either: correct the file at the source and run again. Functions for small files set such lines aside.',
  });
}

/** What DuckDB is made to say where it meets an instant that only Spark could tell. */
export function instantsOfZone(zone: string): string {
  return `instants before 1900 that Spark counted by the calendar and the clock of ${zone}`;
}

function ofZone(cause: unknown, what: string): LakeliftError {
  return new LakeliftError(`DuckDB does not read ${what}`, {
    kind: 'unsupported',
    code: 'DUCKDB_INSTANTS',
    hint: 'The generated job reads them; or leave the column out ("treat: drop").',
    cause,
  });
}

export function notInstalled(cause: unknown): LakeliftError {
  return new LakeliftError('DuckDB is not installed: rows are not compared', {
    kind: 'unsupported',
    code: 'DUCKDB_MISSING',
    hint: 'It is an optional package: run "npm ci" without --omit=optional, on a platform that it has a binary for.',
    cause,
  });
}

const OF_ZONE = new RegExp(`${instantsOfZone('')}\\S+`);

function unconverted(sql: string): LakeliftError {
  return new LakeliftError('DuckDB cannot convert a value to the type that it is compared or stored as', {
    kind: 'usage',
    code: 'DUCKDB_REFUSED',
    subject: sql.slice(0, 200),
    hint: 'Columns that are joined must be of one type: give both the same "type".',
  });
}

export function refused(error: unknown, sql: string): LakeliftError {
  // Where the files lie for the time of a statement says nothing to anybody.
  const message = messageOf(error).replaceAll(/\S*lakelift-duckdb-[\w-]+\//g, '');
  if (message.includes('valid UTF-8')) return unsupported('a file', 'not UTF-8');
  const instants = OF_ZONE.exec(message);
  if (instants !== null) return ofZone(error, instants[0]);
  // DuckDB repeats the value.
  if (/^Conversion Error/i.test(message)) return unconverted(sql);
  if (message.includes('JSON transform error'))
    return unreadable('a file of JSON', 'a value is not of the type of its column');
  const isCorrupt = /No magic bytes|Invalid Input Error|too small to be|Malformed JSON|IO Error/i.test(message);
  return new LakeliftError(`DuckDB: ${message.split('\n')[0] ?? ''}`, {
    kind: isCorrupt ? 'corrupt' : 'usage',
    code: isCorrupt ? 'DUCKDB_UNREADABLE' : 'DUCKDB_REFUSED',
    subject: sql.slice(0, 200),
    hint: isCorrupt ? 'The files do not hold what the catalog says.' : 'The message is DuckDB’s own.',
    cause: error,
  });
}
