/** How the rows of a text file lie in its lines. */
export interface TextRows {
  /** Lines at the beginning that hold no row. */
  readonly headerLines: number;
  /** Blank lines hold no row either. */
  readonly skipsBlank: boolean;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Whether a carriage return stands alone, which ends a line for Hadoop and none for others. */
export function hasLoneReturn(content: Buffer): boolean {
  for (let at = content.indexOf(CARRIAGE_RETURN); at !== -1; at = content.indexOf(CARRIAGE_RETURN, at + 1))
    if (content[at + 1] !== LINE_FEED) return true;
  return false;
}

/** A text file without some of its rows, numbered from 0 and ascending: each row is a line, and all other lines keep their bytes. */
export function textWithoutRows(content: Buffer, layout: TextRows, rows: readonly number[]): Buffer {
  const kept: Buffer[] = [];
  let row = 0;
  let next = 0;
  for (let [start, number] = [0, 1]; start < content.length; number++) {
    const end = content.indexOf(LINE_FEED, start) + 1 || content.length;
    const line = content.subarray(start, end);
    start = end;
    const isRow = number > layout.headerLines && !(layout.skipsBlank && line.toString('utf8').trim() === '');
    if (isRow && rows[next] === row) next++;
    else kept.push(line);
    if (isRow) row++;
  }
  return Buffer.concat(kept);
}
