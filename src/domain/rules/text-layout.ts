import type { Reason } from '../plan.ts';

/** Delimiters of which Hive and Athena use the first character only. */
const DELIMITERS = ['field.delim', 'collection.delim', 'colelction.delim', 'mapkey.delim', 'escape.delim', 'quoteChar'];
const UTF8 = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

interface TextLayout {
  readonly parameters: Readonly<Record<string, string>>;
  readonly notes: readonly Reason[];
  readonly problem?: Reason;
}

/**
 * SerDe parameters of a text table for the target: the real characters stay, and the delimiter of collections is written under both
 * of its names, because Hive before 3 wrote `colelction.delim` (HIVE-16922) and readers differ in which one they look for.
 */
export function textLayout(parameters: Readonly<Record<string, string>>): TextLayout {
  const collection = parameters['collection.delim'] ?? parameters['colelction.delim'];
  const both = collection === undefined ? {} : { 'collection.delim': collection, 'colelction.delim': collection };
  const notes = DELIMITERS.flatMap((name) => delimiterNote(name, parameters[name]));
  const problem = encodingProblem(parameters['serialization.encoding']) ?? lineProblem(parameters['line.delim']);
  return { parameters: { ...parameters, ...both }, notes, ...(problem === undefined ? {} : { problem }) };
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

function encodingProblem(encoding: string | undefined): Reason | undefined {
  if (encoding === undefined || UTF8.has(encoding.toLowerCase())) return undefined;
  return {
    code: 'ENCODING',
    text: `the files are encoded in ${encoding}, and Athena reads text as UTF-8 only`,
    hint: 'Map the folder under "paths" to keep its bytes and set "skip" on the table, or rewrite the table as UTF-8 or Parquet on the cluster.',
  };
}

function lineProblem(delimiter: string | undefined): Reason | undefined {
  if (delimiter === undefined || delimiter === '\n' || delimiter === '10') return undefined;
  return {
    code: 'LINE_DELIMITER',
    text: 'the lines of this table do not end with a newline, and Athena knows no other end',
    hint: 'Rewrite the table on the cluster, for instance as Parquet.',
  };
}
