import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';
import type { TargetStorage, TargetTable } from '../target-table.ts';

/** Limits of Glue's TableInput, in bytes of UTF-8 (Glue developer guide, catalog API pages). */
const LIMIT = {
  name: 255,
  description: 2048,
  owner: 255,
  columnType: 131_072,
  comment: 255,
  location: 2056,
  format: 128,
  parameterKey: 255,
  parameterValue: 512_000,
} as const;

const encoder = new TextEncoder();
const utf8Length = (text: string): number => encoder.encode(text).length;

/** The longest beginning of `text` that fits, never cutting a character in two. */
function cutUtf8(text: string, maxBytes: number): string {
  if (utf8Length(text) <= maxBytes) return text;
  let kept = '';
  let bytes = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > maxBytes) break;
    kept += character;
  }
  return kept;
}

/** A column comment as Glue takes it: one line of at most 255 bytes. */
export function fitComment(comment: string): string {
  return cutUtf8(comment.replace(/\s*[\r\n]+\s*/g, ' '), LIMIT.comment);
}

export function fitDescription(description: string): string {
  return cutUtf8(description, LIMIT.description);
}

/** What the real Glue would refuse in a table; empty when nothing. Comments are expected to be cut already. */
export function overLimits(table: TargetTable): Reason[] {
  return [
    ...tooLong('database name', table.database, LIMIT.name),
    ...tooLong('table name', table.name, LIMIT.name),
    ...tooLong('owner', table.owner ?? '', LIMIT.owner),
    ...storageOverLimits(table.storage),
    ...table.partitionKeys.flatMap(columnOverLimits),
    ...parametersOverLimits(table.parameters),
  ];
}

/** The same for the storage of a table or partition. */
export function storageOverLimits(storage: TargetStorage): Reason[] {
  return [
    ...storage.columns.flatMap(columnOverLimits),
    ...locationOverLimit(storage.location ?? ''),
    ...tooLong('input format', storage.inputFormat ?? '', LIMIT.format),
    ...tooLong('output format', storage.outputFormat ?? '', LIMIT.format),
    ...parametersOverLimits(storage.serdeParameters),
  ];
}

export function locationOverLimit(location: string): Reason[] {
  return tooLong('location', location, LIMIT.location);
}

function columnOverLimits(column: Column): Reason[] {
  return [
    ...tooLong(`name of column "${column.name.slice(0, 40)}"`, column.name, LIMIT.name),
    ...tooLong(`type of column "${column.name.slice(0, 40)}"`, column.type, LIMIT.columnType),
    ...(/[\r\n]/.test(column.name) ? [{ code: 'GLUE_NAME', text: 'a column name holds a line break' }] : []),
  ];
}

function parametersOverLimits(parameters: Readonly<Record<string, string>>): Reason[] {
  return Object.entries(parameters).flatMap(([key, value]) => [
    ...tooLong(`name of parameter "${key.slice(0, 40)}"`, key, LIMIT.parameterKey),
    ...tooLong(`parameter "${key.slice(0, 40)}"`, value, LIMIT.parameterValue),
  ]);
}

function tooLong(what: string, text: string, limit: number): Reason[] {
  const length = utf8Length(text);
  if (length <= limit) return [];
  const hint = 'Shorten it at the source, or take the table over under a view with shorter names.';
  return [{ code: 'GLUE_LIMIT', text: `the ${what} has ${length} bytes; Glue takes ${limit}`, hint }];
}
