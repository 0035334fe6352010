import { isLakeliftError, messageOf } from '../../errors.ts';
import { FILE } from './format.ts';
import { MAGIC, parquetLayout } from './layout.ts';
import { notRewritten } from './not-rewritten.ts';
import { Output } from './output.ts';
import { changed, int64, structsField, writtenStruct, type ThriftStruct } from './thrift-struct.ts';
import { writtenGroup } from './written-group.ts';

/** More than a footer grows by, of offsets that take more digits. */
const ROOM_BYTES = 64 * 1024;

/**
 * A Parquet file without some of its rows, `rows` being their numbers from 0 over the whole file (DuckDB's `file_row_number`), in any order. The others keep
 * every bit of their values, whatever these mean, and their order.
 *
 * Row groups without such a row are copied. In others, each column is taken apart into levels and physical values, and written anew, PLAIN or with a
 * dictionary of the values that are left, in V1 pages and with the codec that it had; statistics, indexes and Bloom filters, which may hold what was erased,
 * are left out. A row group that loses all its rows goes; a file may have none left. Schema, key/value metadata, `created_by` and what else the footer says
 * of the file are carried over as they are, since readers decide by them about calendars and about faults of old writers, and so are key/value metadata of
 * columns: what a writer put of its rows in there (the box around all places in GeoParquet's `geo`, what somebody gave a data frame as attributes) is not
 * looked into.
 *
 * It takes about twice the bytes of the file, and those of the largest column chunk once it is decompressed. Throws a LakeliftError `PARQUET_NOT_REWRITTEN`
 * where it is encrypted, has a codec, encoding or page that is not known here, or does not add up.
 */
export function withoutRows(file: Uint8Array, rows: readonly number[]): Uint8Array {
  try {
    return rewritten(file, rows);
  } catch (error) {
    throw isLakeliftError(error) ? error : notRewritten(`cannot be read (${messageOf(error)})`, error);
  }
}

function rewritten(file: Uint8Array, rows: readonly number[]): Uint8Array {
  const { footer, groups, data } = parquetLayout(file);
  const isErased = marked(
    rows,
    groups.reduce((sum, group) => sum + group.rows, 0),
  );
  const output = new Output(file.length + ROOM_BYTES);
  output.add(MAGIC);
  const left: ThriftStruct[] = [];
  let first = 0;
  for (const group of groups) {
    const ofGroup = isErased.subarray(first, first + group.rows);
    first += group.rows;
    // One that never had any stays.
    const isGone = ofGroup.includes(1) && !ofGroup.includes(0);
    if (!isGone) left.push(writtenGroup(group, { isErased: ofGroup, ordinal: left.length }, { data, output }));
  }
  const kept = isErased.reduce((sum, one) => sum - one, isErased.length);
  addFooter(
    output,
    changed(footer, [
      [FILE.rows, int64(kept)],
      [FILE.groups, structsField(left)],
    ]),
  );
  return output.written();
}

/** 1 for each of the rows, else 0. */
function marked(rows: readonly number[], all: number): Uint8Array {
  const marks = new Uint8Array(all);
  for (const row of rows) {
    if (marks[row] === undefined) throw notRewritten(`has ${all} rows, and no row ${row}`);
    marks[row] = 1;
  }
  return marks;
}

function addFooter(output: Output, footer: ThriftStruct): void {
  const bytes = writtenStruct(footer);
  const length = new DataView(new ArrayBuffer(4));
  length.setUint32(0, bytes.length, true);
  output.add(bytes);
  output.add(new Uint8Array(length.buffer));
  output.add(MAGIC);
}
