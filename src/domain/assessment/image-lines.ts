import type { SeenFile } from './folder-usage.ts';

/** Where the fields that matter stand in a line. */
export interface ImageColumns {
  readonly path: number;
  readonly modified: number;
  readonly accessed: number;
  readonly size: number;
  readonly permission: number;
}

const NAMES: Readonly<Record<keyof ImageColumns, string>> = {
  path: 'Path',
  modified: 'ModificationTime',
  accessed: 'AccessTime',
  size: 'FileSize',
  permission: 'Permission',
};

/** Reads the header of `hdfs oiv -p Delimited` (PBImageDelimitedTextWriter.getHeader); undefined when the line is none. */
export function imageColumns(header: string, delimiter: string): ImageColumns | undefined {
  const names = splitLine(header, delimiter);
  const found = Object.entries(NAMES).map(([field, name]) => [field, names.indexOf(name)] as const);
  return found.some(([, index]) => index < 0) ? undefined : (Object.fromEntries(found) as unknown as ImageColumns);
}

/** The file that a line tells of: `directory` and `symlink` for other entries, undefined when it is no line of an image. */
export function readImageLine(
  line: string,
  columns: ImageColumns,
  delimiter: string,
): SeenFile | 'directory' | 'symlink' | undefined {
  const fields = splitLine(line, delimiter);
  const path = fields[columns.path];
  const permission = fields[columns.permission];
  if (path?.startsWith('/') !== true || permission === undefined) return undefined;
  if (permission.startsWith('d')) return 'directory';
  const sizeBytes = Number(fields[columns.size]);
  if (!Number.isSafeInteger(sizeBytes) || fields[columns.size] === '') return undefined;
  return {
    path: path.replaceAll('%x0D%x0A', '\r\n').replaceAll('%x0A', '\n'),
    sizeBytes,
    modifiedAtMs: timeOf(fields[columns.modified]),
    readAtMs: timeOf(fields[columns.accessed]),
  };
}

/** Fields that hold the delimiter or a quote stand in quotes, as in CSV (StringEscapeUtils.escapeCsv). */
function splitLine(line: string, delimiter: string): string[] {
  if (!line.includes('"')) return line.split(delimiter);
  const fields: string[] = [];
  let rest = line;
  for (;;) {
    const quoted = /^"((?:[^"]|"")*)"/.exec(rest);
    const isWhole =
      quoted !== null && (rest.length === quoted[0].length || rest.startsWith(delimiter, quoted[0].length));
    const end = isWhole ? quoted[0].length : endOf(rest, delimiter);
    fields.push(isWhole ? quoted[1]!.replaceAll('""', '"') : rest.slice(0, end));
    if (end >= rest.length) return fields;
    rest = rest.slice(end + delimiter.length);
  }
}

function endOf(rest: string, delimiter: string): number {
  const at = rest.indexOf(delimiter);
  return at < 0 ? rest.length : at;
}

/** `yyyy-MM-dd HH:mm` in the time zone of whoever ran the tool, which the file does not tell: read as UTC, good to a day. 0 for the epoch. */
function timeOf(text: string | undefined): number {
  const time = Date.parse(`${(text ?? '').replace(' ', 'T')}:00Z`);
  return Number.isNaN(time) || time < 86_400_000 ? 0 : time;
}
