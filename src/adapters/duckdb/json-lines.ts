import { messageOf } from '../../errors.ts';
import { parseHiveType, type HiveType } from '../../domain/rules/hive-type.ts';
import type { Column } from '../../domain/table.ts';
import { unreadable, unsupported } from './duckdb-errors.ts';
import { mappedLines } from './mapped-lines.ts';

/** A table of JSON, one object a line. */
export interface JsonRows {
  /** Who reads it, in messages. */
  readonly subject: string;
  readonly columns: readonly Column[];
  /** Lines at the beginning of a file that hold no row. */
  readonly headerLines: number;
}

/** Settings of openx by which a key belongs to another column than the one of its name. */
const OTHER_KEYS = /^mapping\.|^(?:case\.insensitive=false|dots\.in\.keys=true)$/i;

/** Why keys are not found by their names; undefined where they are (`_json_lines` of lakelift_rows.py has the same rule). */
export function otherJsonKeys(
  serdeLibrary: string | undefined,
  parameters: Readonly<Record<string, string>>,
): string | undefined {
  if (serdeLibrary?.startsWith('org.openx.') !== true) return undefined;
  const found = Object.entries(parameters).find(([name, value]) => OTHER_KEYS.test(`${name}=${value}`));
  return found === undefined ? undefined : `JSON whose keys are read by ${found[0]}`;
}

/**
 * The same rows with each key as its column is called, and each value as a text that DuckDB makes the value of: it minds case, refuses a key that comes
 * twice, and takes decimals for doubles, where Hive and Trino do not. Keys are those of columns in any case, at every depth, or `_col0`, `_col1`…; of two for
 * one column the last counts; a text has the characters of a number as they stand; a whole number is cut off at its point; a boolean is true for `true` alone
 * (JsonSerDe of hive-hcatalog-core, Trino's JsonDeserializer). Throws `corrupt` for a line that has no such row, with its number and without its values.
 */
export async function* plainJson(content: AsyncIterable<Uint8Array>, rows: JsonRows): AsyncGenerator<string> {
  const write = objectWriter(rows.columns.map(({ name, type }) => [name, writerOf(parseHiveType(type))]));
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
  try {
    yield* mappedLines(content, decoder, (line, number) => {
      if (number <= rows.headerLines || line.trim() === '') return '';
      try {
        return `${write(objectOf(line))}\n`;
      } catch (error) {
        if (error instanceof NoValue) throw unreadable(rows.subject, `line ${number} ${error.message}`);
        throw error;
      }
    });
  } catch (error) {
    throw /encoded data was not valid/i.test(messageOf(error)) ? unsupported(rows.subject, 'not UTF-8') : error;
  }
}

class NoValue extends Error {}

function objectOf(line: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // What the parser says has the line in it.
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new NoValue('is no object of JSON');
  return line;
}

/** Of the text of a value, the text of the value that DuckDB is given. */
type Writer = (source: string) => string;

function writerOf(type: HiveType): Writer {
  switch (type.kind) {
    case 'primitive':
      return orNull(scalar(SCALARS[type.name] ?? cutTo(type.parameters[0], type.name), type.name));
    case 'array': {
      const write = writerOf(type.element);
      return orNull(nested('[', (source) => `[${pieces(source).map(write).join(',')}]`));
    }
    case 'map': {
      const write = writerOf(type.value);
      return orNull(nested('{', (source) => joined(new Map(members(source).map(([key, of]) => [key, write(of)])))));
    }
    case 'struct':
      return orNull(nested('{', objectWriter(type.fields.map((field) => [field.name, writerOf(field.type)]))));
    case 'union':
      throw unsupported('a column', 'a union');
  }
}

function orNull(write: Writer): Writer {
  return (source) => (source === 'null' ? source : write(source));
}

function nested(opening: string, write: Writer): Writer {
  return (source) => {
    if (!source.startsWith(opening)) throw new NoValue('has a value where a list, map or structure is declared');
    return write(source);
  };
}

function scalar(write: Writer, name: string): Writer {
  return (source) => {
    if (/^[{[]/.test(source)) throw new NoValue(`has a list or an object where ${name} is declared`);
    return write(source);
  };
}

function objectWriter(columns: readonly (readonly [name: string, write: Writer])[]): Writer {
  const placeOf = new Map(columns.map(([name], at) => [name.toLowerCase(), at]));
  return (source) => {
    const found = new Map<string, string>();
    for (const [key, value] of members(source)) {
      // What Hive calls columns that have no name.
      const place = placeOf.get(key.toLowerCase()) ?? Number(/^_col(\d+)$/.exec(key)?.[1]);
      const column = columns[place];
      if (column !== undefined) found.set(column[0], column[1](value));
    }
    return joined(found);
  };
}

function joined(found: ReadonlyMap<string, string>): string {
  return `{${[...found].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/** Text ends where its `varchar` or `char` does. */
function cutTo(length: number | undefined, name: string): Writer {
  if (length === undefined || !name.endsWith('char'))
    return (source) => (source.startsWith('"') ? source : JSON.stringify(source));
  return (source) => JSON.stringify([...plainOf(source)].slice(0, length).join(''));
}

const booleanOf: Writer = (source) => String(plainOf(source).toLowerCase() === 'true');

function wholeOf(source: string): string {
  const text = plainOf(source);
  if (/^[+-]?\d+$/.test(text)) return JSON.stringify(String(BigInt(text)));
  if (!NUMBER.test(source)) throw new NoValue('has no whole number where one is declared');
  return JSON.stringify(String(Math.trunc(Number(source))));
}

function doubleOf(source: string): string {
  if (!NUMBER.test(plainOf(source))) throw new NoValue('has no number where one is declared');
  return source;
}

const NUMBER = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** A string without its quotes; a number, `true` or `false` as it stands. */
function plainOf(source: string): string {
  return source.startsWith('"') ? (JSON.parse(source) as string) : source;
}

const SCALARS: Readonly<Record<string, Writer>> = {
  ...Object.fromEntries(['tinyint', 'smallint', 'int', 'bigint'].map((name) => [name, wholeOf])),
  ...Object.fromEntries(['float', 'double'].map((name) => [name, doubleOf])),
  boolean: booleanOf,
};

/** Keys of an object with the text of what each has, in their order, one that comes twice too. */
function members(source: string): [key: string, value: string][] {
  const all = pieces(source);
  return all.flatMap((key, at) => (at % 2 === 0 ? [[JSON.parse(key) as string, all[at + 1]!]] : []));
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s"[\]{}:,]+/g;

/** The texts between the commas and colons of an object or a list, but for those within; `source` is JSON. */
function pieces(source: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: token, index } of source.matchAll(TOKEN)) {
    depth += DEPTHS[token] ?? 0;
    const isEdge = depth === 0 || (depth === 1 && /^[,:]$/.test(token));
    if (isEdge) found.push(source.slice(start, index).trim());
    if (isEdge || start === 0) start = index + 1;
  }
  return found.length === 1 && found[0] === '' ? [] : found;
}

const DEPTHS: Readonly<Record<string, number>> = {
  '{': 1,
  '[': 1,
  '}': -1,
  ']': -1,
};
