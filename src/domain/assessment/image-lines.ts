import type { SeenFile } from './folder-usage.ts';

/** Where the fields that matter stand in a line. */
export interface ImageColumns {
  /** How many there are in all. */
  readonly count: number;
  readonly modified: number;
  readonly accessed: number;
  readonly blockSize: number;
  readonly size: number;
  readonly permission: number;
}

const NAMES: Readonly<Record<Exclude<keyof ImageColumns, 'count'>, string>> = {
  modified: 'ModificationTime',
  accessed: 'AccessTime',
  blockSize: 'PreferredBlockSize',
  size: 'FileSize',
  permission: 'Permission',
};

/** Reads the header of `hdfs oiv -p Delimited` (PBImageDelimitedTextWriter.getHeader); undefined when the line is none. */
export function imageColumns(header: string, delimiter: string): ImageColumns | undefined {
  const names = header.split(delimiter);
  const found = Object.entries(NAMES).map(([field, name]) => [field, names.indexOf(name)] as const);
  if (names[0] !== 'Path' || found.some(([, index]) => index < 0)) return undefined;
  return { count: names.length, ...Object.fromEntries(found) } as ImageColumns;
}

/** The file that a line tells of; `other` for directories and symbolic links, undefined when it is no line of an image. */
export function readImageLine(line: string, columns: ImageColumns, delimiter: string): SeenFile | 'other' | undefined {
  const fields = fieldsOf(line, columns.count, delimiter);
  const [path = ''] = fields;
  const permission = fields[columns.permission] ?? '';
  if (!path.startsWith('/') || !/^[-d][-rwxstST]{9}\+?$/.test(permission)) return undefined;
  // A symbolic link has neither blocks nor a size for them.
  if (permission.startsWith('d') || fields[columns.blockSize] === '0') return 'other';
  const size = fields[columns.size] ?? '';
  if (!/^\d+$/.test(size)) return undefined;
  return {
    path: path.replaceAll('%x0D%x0A', '\r\n').replaceAll('%x0A', '\n'),
    sizeBytes: Number(size),
    modifiedAtMs: timeOf(fields[columns.modified]),
    readAtMs: timeOf(fields[columns.accessed]),
  };
}

/**
 * The path comes first, and in quotes where it holds a comma, a quote or a line end, whatever the delimiter (StringEscapeUtils.escapeCsv).
 * A delimiter in a path without any of these is written as it is (seen with 3.4.2): what is too many belongs to the path.
 */
function fieldsOf(line: string, count: number, delimiter: string): string[] {
  const quoted = line.startsWith('"') ? /^"((?:[^"]|"")*)"/.exec(line) : null;
  if (quoted !== null && line.startsWith(delimiter, quoted[0].length)) {
    const rest = line.slice(quoted[0].length + delimiter.length);
    return [quoted[1]!.replaceAll('""', '"'), ...rest.split(delimiter)];
  }
  const fields = line.split(delimiter);
  const extra = fields.length - count;
  return extra > 0 ? [fields.slice(0, extra + 1).join(delimiter), ...fields.slice(extra + 1)] : fields;
}

/** `yyyy-MM-dd HH:mm` in the time zone of whoever ran the tool, which the file does not tell: read as UTC, good to a day. 0 for the epoch. */
function timeOf(text: string | undefined): number {
  const time = Date.parse(`${(text ?? '').replace(' ', 'T')}:00Z`);
  return Number.isNaN(time) || time < 86_400_000 ? 0 : time;
}
