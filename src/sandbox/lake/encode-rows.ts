import type { Cell, CellMaker } from './column-values.ts';
import type { Format } from './lake-table.ts';
import { parquetFile } from './parquet-file.ts';

interface EncodedColumn {
  readonly name: string;
  readonly type: string;
  readonly make: CellMaker;
}

/** Rows as a file of the format holds them. */
export function encodeRows(
  { serde }: Format,
  columns: readonly EncodedColumn[],
  rows: readonly (readonly Cell[])[],
  encoding: 'latin1' | undefined,
): Uint8Array {
  const parameters = serde.parameters;
  switch (serde.library?.split('.').at(-1)) {
    case 'ParquetHiveSerDe':
      return parquetRows(columns, rows);
    case 'JsonSerDe':
      return text(rows.map((row) => JSON.stringify(Object.fromEntries(columns.map(({ name }, i) => [name, row[i]])))));
    case 'OpenCSVSerde':
      return text(rows.map((row) => row.map((cell) => `"${plain(cell).replace(/"/g, '\\"')}"`).join(',')));
    case 'RegexSerDe':
      return text(rows.map((row) => row.map(plain).join(' ')));
    case 'LazySimpleSerDe':
    case 'MultiDelimitSerDe': {
      const delimiter = parameters['field.delim'] ?? '\u0001';
      const nothing = parameters['serialization.null.format'] ?? '\\N';
      const lines = rows.map((row) => row.map((cell) => (cell === null ? nothing : plain(cell))).join(delimiter));
      return text(lines, encoding);
    }
    default:
      throw new RangeError(`the lake writes no files for ${serde.library}`);
  }
}

function text(lines: readonly string[], encoding: BufferEncoding = 'utf8'): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(''), encoding);
}

/** Pieces of lists and structs stand behind Hive's second delimiter. */
function plain(cell: Cell): string {
  if (cell === null) return '';
  return typeof cell === 'object' ? Object.values(cell).map(plain).join('\u0002') : String(cell);
}

const PARQUET_TYPES = {
  string: 'STRING',
  int: 'INT32',
  bigint: 'INT64',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
} as const;

function parquetRows(columns: readonly EncodedColumn[], rows: readonly (readonly Cell[])[]): Uint8Array {
  const data = columns.map(({ name, type }, index) => {
    const kind = PARQUET_TYPES[type as keyof typeof PARQUET_TYPES];
    const cells = rows.map((row) => row[index] as string | number | boolean | null);
    return { name, type: kind, data: cells.map((cell) => (cell === null ? null : parquetValue(kind, cell))) };
  });
  return parquetFile('', data).content;
}

function parquetValue(kind: string, cell: string | number | boolean): string | number | bigint | boolean {
  if (kind === 'INT64') return BigInt(cell);
  return kind === 'INT32' || kind === 'DOUBLE' ? Number(cell) : cell;
}
