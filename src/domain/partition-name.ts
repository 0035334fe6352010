import type { Column } from './table.ts';

/** Stands for NULL and the empty string in partition folders and values (`hive.exec.default.partition.name`). */
export const DEFAULT_PARTITION = '__HIVE_DEFAULT_PARTITION__';

// Hive: FileUtils.escapePathName; Trino escapes the identical set. Space, plus, closing brace and non-ASCII stay as they are.
const ESCAPED = /[\u0001-\u001f\u007f"#%'*/:=?\\{[\]^]/g;

/** `key=value/key=value` in Hive's own escaping, as its folders and the metastore's partition names are spelled. */
export function partitionName(keys: readonly Column[], values: readonly string[]): string {
  return keys
    .map((key, index) => `${escapeSegment(key.name.toLowerCase())}=${escapeValue(values[index] ?? '')}`)
    .join('/');
}

/** Inverse of {@link partitionName}: the decoded values. Throws RangeError on a segment without `=`. */
export function partitionValues(name: string): string[] {
  return name.split('/').map((segment) => {
    const equals = segment.indexOf('=');
    if (equals < 0) throw new RangeError(`"${name}" is not a partition name`);
    return unescapeSegment(segment.slice(equals + 1));
  });
}

function escapeValue(value: string): string {
  return value === '' ? DEFAULT_PARTITION : escapeSegment(value);
}

function escapeSegment(text: string): string {
  return text.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}

function unescapeSegment(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
