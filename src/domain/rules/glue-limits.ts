import type { Reason } from '../plan.ts';
import { withoutPeople } from './personal-patterns.ts';
import type { Column } from '../table.ts';
import type { TargetStorage, TargetTable } from '../target-table.ts';

/** Limits of Glue's TableInput and PartitionInput, in bytes of UTF-8 (Glue developer guide, catalog API pages). */
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
  serde: 255,
  partitionValue: 1024,
  /** Of a definition as a whole. AWS names 1 MB, compressed ("Partition projection with Amazon Athena"); how it is counted is not published. */
  definition: 1_000_000,
} as const;

/** What Glue's "single-line string pattern" leaves out: control characters, halves of surrogate pairs, the last two code points. */
const NOT_SINGLE_LINE = /[\u0000-\u0008\u000a-\u001f\ufffe\uffff]|\p{Surrogate}/u;
const NOT_DESCRIPTION = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** "URI address multi-line string pattern". */
const NOT_ADDRESS = new RegExp(NOT_DESCRIPTION, 'u');

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

/** A column comment as Glue takes it: one line of at most 255 bytes, without control characters. */
export function fitComment(comment: string): string {
  const line = comment.replace(/\s*[\r\n]+\s*/g, ' ').replace(new RegExp(NOT_SINGLE_LINE, 'gu'), ' ');
  return cutUtf8(line, LIMIT.comment);
}

/** A table comment as Glue takes it and may show it, with what was changed. */
export function fitDescription(description: string): { readonly text: string; readonly notes: readonly Reason[] } {
  const clear = withoutPeople(description);
  const notes = clear === description ? [] : [personalComment('the comment of the table')];
  const text = cutUtf8(clear.replace(NOT_DESCRIPTION, ' '), LIMIT.description);
  if (text === clear) return { text, notes };
  const note = `the comment of the table is cut to ${LIMIT.description} bytes and freed of control characters`;
  return { text, notes: [...notes, { code: 'COMMENT_CUT', text: note }] };
}

/** Whoever sees a catalog reads its comments, whatever rows they may see. */
export function personalComment(what: string): Reason {
  return {
    code: 'COMMENT_PERSONAL',
    text: `${what} holds a number or address of a person, which *** stands for at the target`,
  };
}

/** What the real Glue would refuse in a table; empty when nothing. Comments are expected to be cut already. */
export function overLimits(table: TargetTable): Reason[] {
  return [
    ...tooLong('database name', table.database, LIMIT.name),
    ...tooLong('table name', table.name, LIMIT.name),
    ...lineOverLimit('owner', table.owner ?? '', LIMIT.owner),
    ...storageOverLimits(table.storage),
    ...table.partitionKeys.flatMap(columnOverLimits),
    ...parametersOverLimits(table.parameters),
    ...wholeOverLimit(table),
  ];
}

/** Every part may fit and the whole not. */
function wholeOverLimit(table: TargetTable): Reason[] {
  return tooLong('definition as a whole', JSON.stringify(table), LIMIT.definition);
}

/** The same for the storage of a table or partition. */
export function storageOverLimits(storage: TargetStorage): Reason[] {
  return [
    ...storage.columns.flatMap(columnOverLimits),
    ...locationOverLimit(storage.location ?? ''),
    ...lineOverLimit('input format', storage.inputFormat ?? '', LIMIT.format),
    ...lineOverLimit('output format', storage.outputFormat ?? '', LIMIT.format),
    ...lineOverLimit('name of the SerDe', storage.serdeLibrary ?? '', LIMIT.serde),
    ...parametersOverLimits(storage.serdeParameters),
  ];
}

export function locationOverLimit(location: string): Reason[] {
  return [...tooLong('location', location, LIMIT.location), ...refusedCharacters('location', location, NOT_ADDRESS)];
}

/** Values of partition keys that Glue would refuse. */
export function valuesOverLimits(values: readonly string[]): Reason[] {
  return values.flatMap((value) => tooLong('partition value', value, LIMIT.partitionValue));
}

function columnOverLimits({ name, type }: Column): Reason[] {
  const shown = `column "${name.slice(0, 40)}"`;
  return [
    ...(name === '' ? [{ code: 'GLUE_NAME', text: 'a column has no name', hint: RENAME }] : []),
    ...lineOverLimit(`name of ${shown}`, name, LIMIT.name),
    ...lineOverLimit(`type of ${shown}`, type, LIMIT.columnType),
  ];
}

/** Parameters of a table, partition or SerDe that Glue would refuse. */
export function parametersOverLimits(parameters: Readonly<Record<string, string>>): Reason[] {
  return Object.entries(parameters).flatMap(([key, value]) => [
    ...(key === '' ? [{ code: 'GLUE_NAME', text: 'a parameter has no name', hint: RENAME }] : []),
    ...lineOverLimit(`name of parameter "${key.slice(0, 40)}"`, key, LIMIT.parameterKey),
    ...tooLong(`parameter "${key.slice(0, 40)}"`, value, LIMIT.parameterValue),
  ]);
}

const RENAME = 'Rename it at the source.';

function lineOverLimit(what: string, text: string, limit: number): Reason[] {
  return [...tooLong(what, text, limit), ...refusedCharacters(what, text, NOT_SINGLE_LINE)];
}

function refusedCharacters(what: string, text: string, refused: RegExp): Reason[] {
  if (!refused.test(text)) return [];
  return [{ code: 'GLUE_NAME', text: `the ${what} holds a control character, which Glue refuses`, hint: RENAME }];
}

/** No more than three bytes stand for what counts as one in a string. */
const MOST_BYTES = 3;

function tooLong(what: string, text: string, limit: number): Reason[] {
  if (text.length * MOST_BYTES <= limit) return [];
  const length = utf8Length(text);
  if (length <= limit) return [];
  const hint = 'Shorten it at the source, or take the table over under a view with shorter names.';
  return [{ code: 'GLUE_LIMIT', text: `the ${what} has ${length} bytes; Glue takes ${limit}`, hint }];
}
