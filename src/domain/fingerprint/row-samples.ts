import type { ColumnClass } from '../mapping.ts';
import { differenceOf, masked, type ValueDifference } from './value-difference.ts';

/** A row as an engine gave it: hashes, and the spelled fields of the columns shown. Values in clear: nothing of it is kept. */
export interface FetchedRow {
  readonly hash: string;
  /** Hash of the columns that are not shown. */
  readonly rest: string;
  readonly fields: readonly string[];
}

export interface ShownColumn {
  readonly name: string;
  readonly type: string;
  readonly class: ColumnClass;
}

/** One row that differs, without any value in clear. */
export interface RowSample {
  /** Beginning of the md5 of the row's text at the source, or at the target for `unexpected` ones. */
  readonly row: string;
  readonly kind: 'changed' | 'missing' | 'unexpected';
  readonly column?: string | undefined;
  readonly difference?: ValueDifference | undefined;
  /** Masked values of a changed column; how often the row is there for the other kinds. */
  readonly source: string;
  readonly target: string;
}

const HASH_SHOWN = 8;

/** What differs between the rows of two sides: rows that agree in all columns but the shown ones are one row, changed. */
export function sampleRows(
  source: readonly FetchedRow[],
  target: readonly FetchedRow[],
  columns: readonly ShownColumn[],
): RowSample[] {
  const [atSource, atTarget] = [counted(source), counted(target)];
  const gone = surplus(source, atSource, atTarget);
  const added = surplus(target, atTarget, atSource);
  const samples: RowSample[] = [];
  for (const row of gone) {
    const at = columns.length === 0 ? -1 : added.findIndex(({ rest }) => rest === row.rest);
    if (at < 0) samples.push({ kind: 'missing', ...times(row, atSource, atTarget) });
    else samples.push(...changes(row, added.splice(at, 1)[0]!, columns));
  }
  return [...samples, ...added.map((row): RowSample => ({ kind: 'unexpected', ...times(row, atSource, atTarget) }))];
}

type Counts = ReadonlyMap<string, number>;

function counted(rows: readonly FetchedRow[]): Counts {
  const counts = new Map<string, number>();
  for (const { hash } of rows) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
}

/** Rows that one side has more often than the other, each hash once. */
function surplus(rows: readonly FetchedRow[], own: Counts, other: Counts): FetchedRow[] {
  const seen = new Set<string>();
  return rows.filter(({ hash }) => {
    if (seen.has(hash) || own.get(hash)! <= (other.get(hash) ?? 0)) return false;
    return seen.add(hash);
  });
}

function times({ hash }: FetchedRow, atSource: Counts, atTarget: Counts): Pick<RowSample, 'row' | 'source' | 'target'> {
  const often = (counts: Counts): string => `${counts.get(hash) ?? 0} times`;
  return { row: hash.slice(0, HASH_SHOWN), source: often(atSource), target: often(atTarget) };
}

function changes(source: FetchedRow, target: FetchedRow, columns: readonly ShownColumn[]): RowSample[] {
  return columns.flatMap((column, index): RowSample[] => {
    const [one, other] = [source.fields[index], target.fields[index]];
    if (one === other) return [];
    const [before, after] = [valueOf(one), valueOf(other)];
    const difference = differenceOf(column.type, before, after);
    const sides = { source: masked(before, column.class), target: masked(after, column.class) };
    return [{ kind: 'changed', row: source.hash.slice(0, HASH_SHOWN), column: column.name, difference, ...sides }];
  });
}

/** A field is `~` for NULL or `<length>:<text>`. */
function valueOf(field: string | undefined): string | undefined {
  return field === undefined || field === '~' ? undefined : field.slice(field.indexOf(':') + 1);
}
