import type { Column } from './table.ts';

export type ColumnStatus = 'same' | 'missing' | 'unexpected' | 'type-differs' | 'moved' | 'comment-differs';

/** One row of the full outer join of the columns that should stand and those that do. */
export interface ColumnRow {
  /** Folded to lower case, as both catalogs do. */
  readonly name: string;
  readonly status: ColumnStatus;
  readonly isPartitionKey?: boolean | undefined;
  /** From 0; undefined where the column is not. */
  readonly wantedPosition?: number | undefined;
  readonly standingPosition?: number | undefined;
  readonly wantedType?: string | undefined;
  readonly standingType?: string | undefined;
  /** Why the row is not `same`, in words. */
  readonly reason?: string | undefined;
}

interface Placed {
  readonly column: Column;
  readonly position: number;
}

/**
 * Full outer join by name: wanted columns in their order, then those that stand without being wanted. A column has moved when its
 * order among the columns of both sides changed: one that went missing does not make all behind it "moved".
 */
export function diffColumns(wanted: readonly Column[], standing: readonly Column[]): ColumnRow[] {
  const rest = new Map<string, Placed[]>();
  standing.forEach((column, position) => {
    const name = column.name.toLowerCase();
    rest.set(name, [...(rest.get(name) ?? []), { column, position }]);
  });
  const pairs = wanted.map((column, position) => ({
    wanted: { column, position },
    standing: rest.get(column.name.toLowerCase())?.shift(),
  }));
  const unmoved = longestRising(pairs.flatMap(({ standing: found }) => (found === undefined ? [] : [found.position])));
  const rows = pairs.map(({ wanted: one, standing: other }) => joined(one, other, unmoved));
  const unexpected = [...rest.values()].flat().sort((a, b) => a.position - b.position);
  return [...rows, ...unexpected.map(unexpectedRow)];
}

function joined(wanted: Placed, standing: Placed | undefined, unmoved: ReadonlySet<number>): ColumnRow {
  const row = {
    name: wanted.column.name.toLowerCase(),
    wantedPosition: wanted.position,
    wantedType: wanted.column.type,
  };
  if (standing === undefined) return { ...row, status: 'missing', reason: 'the target does not have it' };
  const both = { ...row, standingPosition: standing.position, standingType: standing.column.type };
  if (wanted.column.type.toLowerCase() !== standing.column.type.toLowerCase()) {
    const reason = `its type is ${standing.column.type} instead of ${wanted.column.type}`;
    return { ...both, status: 'type-differs', reason };
  }
  if (!unmoved.has(standing.position)) {
    const reason = `it stands at place ${standing.position + 1} instead of ${wanted.position + 1}`;
    return { ...both, status: 'moved', reason };
  }
  if ((wanted.column.comment ?? '') !== (standing.column.comment ?? '')) {
    return { ...both, status: 'comment-differs', reason: 'its comment differs' };
  }
  return { ...both, status: 'same' };
}

function unexpectedRow({ column, position }: Placed): ColumnRow {
  const reason = 'the source does not have it';
  const name = column.name.toLowerCase();
  return { name, status: 'unexpected', standingPosition: position, standingType: column.type, reason };
}

/** The positions that keep their order: a longest strictly rising subsequence. */
function longestRising(positions: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  positions.forEach((position, index) => {
    let low = 0;
    for (let high = tails.length; low < high;) {
      const middle = (low + high) >> 1;
      if (positions[tails[middle]!]! < position) low = middle + 1;
      else high = middle;
    }
    previous[index] = low === 0 ? -1 : tails[low - 1]!;
    tails[low] = index;
  });
  const kept = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index]!) kept.add(positions[index]!);
  return kept;
}
