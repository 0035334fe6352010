import type { Reason } from '../plan.ts';
import type { Column } from '../table.ts';

/** Delimiters of which Hive and Athena use the first character only. */
const DELIMITERS = ['field.delim', 'collection.delim', 'colelction.delim', 'mapkey.delim', 'escape.delim', 'quoteChar'];
const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

type Parameters = Readonly<Record<string, string>>;

interface TextLayout {
  /** SerDe parameters for the target. */
  readonly parameters: Parameters;
  readonly notes: readonly Reason[];
  readonly problems: readonly Reason[];
}

/**
 * SerDe parameters of a text table for the target: the real characters stay, and the delimiter of collections is written under both
 * of its names, because Hive before 3 wrote `colelction.delim` (HIVE-16922) and readers differ in which one they look for.
 * `columns` are those of the source. A SerDe is given its own parameters and then those of the table (`MetaStoreUtils.getSchema`), so that either place may name an encoding.
 */
export function textLayout(serde: Parameters, table: Parameters, columns: readonly Column[]): TextLayout {
  const collection = serde['collection.delim'] ?? serde['colelction.delim'];
  const both = collection === undefined ? {} : { 'collection.delim': collection, 'colelction.delim': collection };
  const effective = { ...serde, ...table };
  const hasItems = columns.some(({ type }) => /\b(array|map)\s*</i.test(type));
  return {
    parameters: { ...serde, ...both },
    notes: [
      ...DELIMITERS.flatMap((name) => delimiterNote(name, effective[name])),
      ...escapeNote(effective['escape.delim']),
      ...(hasItems ? itemNotes(effective) : []),
    ],
    problems: [
      ...encodingProblem(effective['serialization.encoding']),
      ...lineProblem(effective['line.delim']),
      ...escapeProblem(effective['serialization.escape.crlf']),
    ],
  };
}

function delimiterNote(name: string, value: string | undefined): Reason[] {
  if (value === undefined || value === '' || [...value].length === 1 || isByteNumber(value)) return [];
  const text = `${name} is "${value}"; Hive and Athena use its first character only`;
  return [{ code: 'DELIMITER_LONG', text }];
}

/** `9` stands for a tab: Hive's LazyUtils.getByte takes -128 to 127, Trino's TextEncodingOptions likewise. */
function isByteNumber(text: string): boolean {
  return /^-?\d{1,3}$/.test(text) && Number(text) >= -128 && Number(text) <= 127;
}

function encodingProblem(encoding: string | undefined): Reason[] {
  if (encoding === undefined || UTF8.has(encoding.toLowerCase())) return [];
  return [
    {
      code: 'ENCODING',
      text: `the files are encoded in ${encoding}, and Athena reads text as UTF-8 only`,
      hint: 'Map the folder under "paths" to keep its bytes and set "skip" on the table, or rewrite the table as UTF-8 or Parquet on the cluster.',
    },
  ];
}

function lineProblem(delimiter: string | undefined): Reason[] {
  if (delimiter === undefined || delimiter === '\n' || delimiter === '10') return [];
  return [
    {
      code: 'LINE_DELIMITER',
      text: 'the lines of this table do not end with a newline, and Athena knows no other end',
      hint: 'Rewrite the table on the cluster, for instance as Parquet.',
    },
  ];
}

/** Hive's LazyUtils.copyAndEscapeStringDataToText makes line ends of `n` and `r` behind the escape character; Trino keeps the letters. */
function escapeNote(escape: string | undefined): Reason[] {
  if (escape === undefined || escape === '') return [];
  const text = `where ${escape}n or ${escape}r stands in a value, Hive shows a line end and Athena the letter`;
  return [{ code: 'ESCAPED_LETTERS', text }];
}

/** How items of arrays and maps are told apart otherwise (both seen on real servers, of Hive 3.1.3 and Trino 476). */
function itemNotes(effective: Parameters): Reason[] {
  const { 'escape.delim': escape = '', 'colelction.delim': old, 'collection.delim': today } = effective;
  const escaped = `where ${escape} stands before a delimiter inside an array or a map, Hive takes both for text, and Athena may part the value there`;
  const misspelt = `its items are delimited by "${old}" under the name that Hive before 3 wrote (colelction.delim): Apache Hive 3 does not heed it and parts them at \\u0002, Athena at "${old}"`;
  return [
    ...(escape === '' ? [] : [{ code: 'ESCAPED_ITEMS', text: escaped }]),
    ...(old === undefined || today !== undefined ? [] : [{ code: 'COLLECTION_DELIMITER_OLD', text: misspelt }]),
  ];
}

/** Trino drops the backslash and keeps the letter: `a\nb` is read as `anb` (seen on a real server). */
function escapeProblem(escapesLineEnds: string | undefined): Reason[] {
  if (escapesLineEnds?.toLowerCase() !== 'true') return [];
  return [
    {
      code: 'ESCAPED_LINE_ENDS',
      text: 'line ends inside its values are written as \\n and \\r (serialization.escape.crlf), which Athena reads as the letters',
      hint: 'Rewrite the table on the cluster, for instance as Parquet.',
    },
  ];
}
