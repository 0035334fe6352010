import type { Column, Partition, SortColumn, StorageDescriptor, Table } from '../../domain/table.ts';
import type { TableName } from '../../domain/names.ts';
import type { Rows } from './hiveserver2-client.ts';

/** Hive pads cells to this width; trailing blanks below it cannot be told from padding. */
const PADDED_TO = 20;

/** What Hive shows as the comment of columns that a SerDe declares; the table's own comments are not shown then. */
const NOT_FROM_THE_TABLE = 'from deserializer';

interface Sections {
  readonly columns: Column[];
  readonly partitionKeys: Column[];
  readonly facts: Map<string, string>;
  /** Rows of `Table Parameters:`, `Storage Desc Params:` and the like. */
  readonly parameters: Map<string, Record<string, string>>;
}

/**
 * The table of `DESCRIBE FORMATTED`, where the server refuses JSON. It is text for people, and loses: whether a comment is empty or
 * absent (absent is taken), blanks at the end of short values, the creation time where its zone is not UTC or GMT (0), line
 * breaks in comments, comments of columns that a SerDe declares (OpenCSVSerde), names of SerDes, the catalog, and in Hive 4 the count
 * of erasure-coded files.
 */
export function tableOfFormatted(name: TableName, rows: Rows): Table {
  const sections = read(rows);
  const { facts, parameters } = sections;
  return {
    name,
    owner: facts.get('Owner'),
    type: facts.get('Table Type') ?? 'MANAGED_TABLE',
    createdAtSeconds: secondsOf(facts.get('CreateTime')),
    partitionKeys: sections.partitionKeys,
    storage: storageOf(sections),
    parameters: parameters.get('Table Parameters') ?? {},
    viewOriginalText: facts.get('View Original Text') ?? facts.get('Original Query'),
    viewExpandedText: facts.get('View Expanded Text') ?? facts.get('Expanded Query'),
  };
}

export function partitionOfFormatted(values: readonly string[], rows: Rows): Partition {
  const sections = read(rows);
  return { values, storage: storageOf(sections), parameters: sections.parameters.get('Partition Parameters') ?? {} };
}

function storageOf({ columns, facts, parameters }: Sections): StorageDescriptor {
  return {
    columns,
    location: facts.get('Location'),
    inputFormat: present(facts.get('InputFormat')),
    outputFormat: present(facts.get('OutputFormat')),
    serde: { library: present(facts.get('SerDe Library')), parameters: parameters.get('Storage Desc Params') ?? {} },
    isCompressed: facts.get('Compressed') === 'Yes',
    bucketCount: Number(facts.get('Num Buckets') ?? 0),
    bucketColumns: listed(facts.get('Bucket Columns')),
    sortColumns: [...(facts.get('Sort Columns') ?? '').matchAll(/Order\(col:(.+?), order:([01])\)/g)].map(sortColumn),
    skewedColumns: listed(facts.get('Skewed Columns')),
    isStoredAsSubDirectories: facts.get('Stored As SubDirectories') === 'Yes',
    parameters: {},
  };
}

function sortColumn([, column = '', order]: RegExpMatchArray): SortColumn {
  return { column, order: order === '0' ? 'desc' : 'asc' };
}

function read(rows: Rows): Sections {
  const sections: Sections = { columns: [], partitionKeys: [], facts: new Map(), parameters: new Map() };
  let into: Column[] | undefined = sections.columns;
  let heading = '';
  for (const [first = '', second, third] of rows) {
    const label = first.trim();
    if (label.startsWith('# ')) into = listOf(label, sections, into);
    else if (into !== undefined && label !== '') into.push(column(first, second, third));
    else if (label.endsWith(':')) heading = readLabel(sections, label.slice(0, -1), second);
    else if (label === '' && second !== undefined) readContinuation(sections, heading, [second, third]);
  }
  return sections;
}

function listOf(label: string, sections: Sections, current: Column[] | undefined): Column[] | undefined {
  if (label === '# col_name') return current;
  return label === '# Partition Information' ? sections.partitionKeys : undefined;
}

function readLabel({ facts, parameters }: Sections, label: string, value: string | undefined): string {
  if (value === undefined) parameters.set(label, {});
  else facts.set(label, unescapeJava(unpadded(value)));
  return label;
}

/** A parameter, or a further line of a text. */
function readContinuation(
  { facts, parameters }: Sections,
  heading: string,
  [key, value]: [string, string | undefined],
): void {
  const group = parameters.get(heading);
  if (group !== undefined) group[unescapeJava(unpadded(key))] = unescapeJava(unpadded(value ?? ''));
  else if (facts.has(heading)) facts.set(heading, `${facts.get(heading)}\n${unescapeJava(value ?? '')}`);
}

function column(name: string, type = '', comment = ''): Column {
  const text = unescapeJava(comment.trimEnd());
  return {
    name: name.trim(),
    type: type.trim(),
    comment: text === '' || text === NOT_FROM_THE_TABLE ? undefined : text,
  };
}

function unpadded(cell: string): string {
  return cell.length <= PADDED_TO ? cell.trimEnd() : cell;
}

function present(value: string | undefined): string | undefined {
  return value === 'null' ? undefined : value;
}

function listed(value = ''): string[] {
  const inner = /^\[(.*)\]$/s.exec(value)?.[1] ?? '';
  return inner === '' ? [] : inner.split(', ');
}

function secondsOf(text = ''): number {
  const time = / (UTC|GMT) /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? 0 : time / 1000;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };

/** Inverse of Java's escapeJava, which Hive puts over most cells. */
function unescapeJava(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, char: string | undefined) =>
    hex === undefined ? (ESCAPES[char!] ?? char!) : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
