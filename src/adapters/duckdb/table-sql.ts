import { standardLiteral as literal, doubleQuotes } from '../../domain/fingerprint/dialect.ts';
import { DEFAULT_PARTITION } from '../../domain/partition-name.ts';
import { parseHiveType } from '../../domain/rules/hive-type.ts';
import type { Column } from '../../domain/table.ts';
import { duckType } from './duck-type.ts';
import { unsupported } from './duckdb-errors.ts';
import { otherJsonKeys } from './json-lines.ts';
import type { LakeTable } from './lake-tables.ts';
import { CSV_NULL } from './open-csv.ts';
import type { FileCalendars } from './parquet-calendars.ts';
import { rebased } from './rebased-days.ts';
import { textValue, unpadded, type TextLayout } from './text-value.ts';

/** A folder with its files on this machine. */
export interface LocalFolder {
  readonly values: readonly string[];
  readonly paths: readonly string[];
  /** Of Parquet; without, days and instants are as they stand. */
  readonly calendars?: FileCalendars | undefined;
}

/** A query over local files that gives a table's columns and partition keys in their types. */
export function tableSql(name: string, table: LakeTable, folders: readonly LocalFolder[]): string {
  const filled = folders.filter(({ paths }) => paths.length > 0);
  if (filled.length === 0) return `SELECT ${nothing([...table.columns, ...table.partitionKeys])} WHERE false`;
  const rows = rowsReader(name, table);
  return filled
    .map(({ values, paths, calendars }) => {
      const keys = table.partitionKeys.map(
        (key, index) => `${keyValue(key, values[index])} AS ${doubleQuotes(key.name)}`,
      );
      return `SELECT ${['r.*', ...keys].join(', ')} FROM (${rows(paths, calendars)}) r`;
    })
    .join(' UNION ALL ');
}

function nothing(columns: readonly Column[]): string {
  return columns
    .map(({ name, type }) => `cast(NULL AS ${duckType(parseHiveType(type))}) AS ${doubleQuotes(name)}`)
    .join(', ');
}

function keyValue({ type }: Column, value: string | undefined): string {
  const known = value === undefined || value === DEFAULT_PARTITION ? 'NULL' : literal(value);
  return `try_cast(${known} AS ${duckType(parseHiveType(type))})`;
}

type RowsReader = (paths: readonly string[], calendars?: FileCalendars) => string;

function rowsReader(name: string, table: LakeTable): RowsReader {
  const serde = table.serdeLibrary?.split('.').at(-1);
  if (serde !== 'ParquetHiveSerDe' && footerLines(table.parameters) > 0)
    throw unsupported(name, 'text with footer lines');
  switch (serde) {
    case 'ParquetHiveSerDe':
      if (table.parameters['parquet.column.index.access']?.toLowerCase() === 'true')
        throw unsupported(name, 'Parquet whose columns are found by their places');
      return (paths, calendars) => parquetRows(table.columns, paths, calendars);
    case 'JsonSerDe': {
      const other = otherJsonKeys(table.serdeLibrary, table.parameters);
      if (other !== undefined) throw unsupported(name, other);
      // As plainJson writes it.
      return (paths) =>
        `SELECT ${casts(table.columns)} FROM read_json(${list(paths)}, format = 'newline_delimited', columns = ${jsonColumns(table.columns)})`;
    }
    case 'OpenCSVSerde':
      return (paths) =>
        `SELECT ${casts(table.columns)} FROM (SELECT ${csvFields(table.columns)} FROM read_csv(${list(paths)}, ${csvOptions(table)}))`;
    case 'LazySimpleSerDe':
      if (table.parameters['serialization.last.column.takes.rest'] === 'true')
        throw unsupported(name, 'text whose last column takes the rest of the line');
      return textReader(table);
    default:
      throw unsupported(name, `stored with ${serde ?? 'no SerDe'}`);
  }
}

/** Columns that came later are NULL in older files; an empty result that has them all stands beside. */
function parquetRows(columns: readonly Column[], paths: readonly string[], calendars?: FileCalendars): string {
  const rows = `SELECT ${casts(columns)} FROM (FROM read_parquet(${list(paths)}, union_by_name = true) UNION ALL BY NAME SELECT ${nothing(columns)} WHERE false)`;
  if (calendars === undefined) return rows;
  const values = columns.map(({ name, type }) => {
    const column = doubleQuotes(name);
    return `${rebased(column, parseHiveType(type), calendars)} AS ${column}`;
  });
  return `SELECT ${values.join(', ')} FROM (${rows})`;
}

function casts(columns: readonly Column[]): string {
  return columns
    .map(({ name, type }) => {
      const parsed = parseHiveType(type);
      return `${unpadded(`cast(${doubleQuotes(name)} AS ${duckType(parsed)})`, parsed)} AS ${doubleQuotes(name)}`;
    })
    .join(', ');
}

/** Only text can be empty. */
function csvFields(columns: readonly Column[]): string {
  const fields = columns.map(({ name, type }) => {
    const field = doubleQuotes(name);
    return duckType(parseHiveType(type)) === 'VARCHAR' ? field : `nullif(${field}, '') AS ${field}`;
  });
  return fields.join(', ');
}

const list = (paths: readonly string[]): string => `[${paths.map(literal).join(', ')}]`;

function jsonColumns(columns: readonly Column[]): string {
  return `{${columns.map(({ name, type }) => `${literal(name)}: ${literal(duckType(parseHiveType(type)))}`).join(', ')}}`;
}

function csvOptions({ columns, parameters }: LakeTable): string {
  const names = columns.map(({ name }) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return [
    `columns = {${names}}`,
    // As plainCsv writes it.
    `delim = ','`,
    `quote = '"'`,
    `escape = '"'`,
    `header = false`,
    `skip = ${headerLines(parameters)}`,
    `auto_detect = false`,
    `nullstr = ${literal(CSV_NULL)}`,
    `allow_quoted_nulls = false`,
    `parallel = false`,
  ].join(', ');
}

/** LazySimpleSerDe: lines cut at the delimiter, fields too many are dropped, fields too few are NULL, and so is what is no value of its type. */
function textReader({ columns, parameters }: LakeTable): RowsReader {
  const layout: TextLayout = {
    field: parameters['field.delim'] ?? parameters['serialization.format'] ?? '\u0001',
    collection: parameters['collection.delim'] ?? parameters['colelction.delim'] ?? '\u0002',
    mapKey: parameters['mapkey.delim'] ?? '\u0003',
    escape: parameters['escape.delim'],
    nullText: parameters['serialization.null.format'] ?? '\\N',
  };
  const fields = columns.map(
    ({ name, type }, index) => `${textValue(layout, `f[${index + 1}]`, parseHiveType(type))} AS ${doubleQuotes(name)}`,
  );
  return (paths) => {
    const skipped = headerLines(parameters);
    const whole = `regexp_replace(content, '\\r?\\n$', '')`;
    const lines = `string_split_regex(${whole}, '\\r?\\n')[${skipped + 1}:]`;
    const line = `SELECT unnest(${lines}) AS line FROM read_text(${list(paths)}) WHERE content <> ''`;
    return `SELECT ${fields.join(', ')} FROM (SELECT ${splitLine(layout)} AS f FROM (${line}))`;
  };
}

function splitLine({ field, escape }: TextLayout): string {
  const delimiter = literal(delimiterOf(field));
  if (escape === undefined) return `string_split(line, ${delimiter})`;
  const hidden = `replace(replace(line, ${literal(escape + escape)}, chr(57344)), ${literal(escape)} || ${delimiter}, chr(57345))`;
  const shown = `replace(replace(replace(x, ${literal(escape)}, ''), chr(57345), ${delimiter}), chr(57344), ${literal(escape)})`;
  return `list_transform(string_split(${hidden}, ${delimiter}), lambda x: CASE WHEN x = '\\N' THEN x ELSE ${shown} END)`;
}

/** `1` stands for the character of that number (LazyUtils.getByte). */
function delimiterOf(text: string): string {
  return /^\d{1,3}$/.test(text) ? String.fromCharCode(Number(text)) : text.slice(0, 1);
}

/** Lines at the beginning of each file that hold no row. */
export function headerLines(parameters: Readonly<Record<string, string>>): number {
  return Number(parameters['skip.header.line.count'] ?? '0');
}

/** Likewise at the end. */
function footerLines(parameters: Readonly<Record<string, string>>): number {
  return Number(parameters['skip.footer.line.count'] ?? '0');
}
