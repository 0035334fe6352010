/** A result column as HiveServer2 sends it: one typed array, and a bit per row that says NULL (bit 0 of byte 0 is the first row). */
interface RawColumn {
  readonly values: readonly unknown[];
  readonly nulls?: Uint8Array | string | undefined;
}

export interface RawRowSet {
  readonly columns?: readonly object[] | undefined;
}

/** A 64-bit number as the Thrift runtime of JavaScript hands it out. */
interface Int64 {
  readonly buffer: Buffer;
  readonly offset: number;
}

/**
 * Rows by position, so that columns of one name stay apart, and without passing any number through a double: BIGINT keeps its digits,
 * DECIMAL is text already.
 */
export function rowsOf(rowSet: RawRowSet): (string | undefined)[][] {
  const columns = (rowSet.columns ?? []).map(valuesOf);
  const count = columns[0]?.length ?? 0;
  return Array.from({ length: count }, (_, row) => columns.map((values) => values[row]));
}

function valuesOf(column: object): (string | undefined)[] {
  const raw = Object.values(column).find(isRawColumn);
  if (raw === undefined) return [];
  const nulls = typeof raw.nulls === 'string' ? Buffer.from(raw.nulls, 'latin1') : raw.nulls;
  return raw.values.map((value, row) => (((nulls?.[row >> 3] ?? 0) >> (row & 7)) & 1 ? undefined : textOf(value)));
}

function isRawColumn(value: unknown): value is RawColumn {
  return typeof value === 'object' && value !== null && 'values' in value && Array.isArray(value.values);
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (isInt64(value)) return value.buffer.readBigInt64BE(value.offset).toString();
  return String(value);
}

function isInt64(value: unknown): value is Int64 {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'offset' in value;
}
