import type { Mapping } from '../mapping.ts';

/** A use case of a batch as far as its turn depends on it. */
export interface BatchMember {
  readonly id: string;
  readonly wave: number;
  /** Places at the target that it writes to, as {@link targetPlaces} gives them. */
  readonly places: readonly string[];
}

/** By wave, then by name: the order in which use cases are begun. */
export function inBatchOrder<Member extends BatchMember>(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => a.wave - b.wave || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * The next one to begin; undefined while all that wait must wait. A wave begins when the one before has ended, since its views may read what that
 * brings. Two that write to one place take turns: what the first has proven, the second finds there, and nothing is moved twice.
 */
export function nextToBegin<Member extends BatchMember>(
  waiting: readonly Member[],
  running: readonly Member[],
): Member | undefined {
  const wave = Math.min(...[...waiting, ...running].map((member) => member.wave));
  return waiting.find((member) => member.wave === wave && !running.some((other) => overlap(member, other)));
}

/** Tables and folders at the target that a mapping writes to, each with a slash at its end. */
export function targetPlaces({ tables, paths }: Mapping): string[] {
  const ofTables = Object.values(tables).map(({ skip, target }) => ({
    skip,
    place: `table:${target.database}.${target.table}/`,
  }));
  const ofPaths = Object.values(paths).map(({ skip, target }) => ({
    skip,
    place: `path:${target.zone}/${target.prefix.replace(/\/*$/, '/')}`,
  }));
  return [...ofTables, ...ofPaths].flatMap(({ skip, place }) => (skip === undefined ? [place] : []));
}

function overlap(one: BatchMember, other: BatchMember): boolean {
  return one.places.some((a) => other.places.some((b) => a.startsWith(b) || b.startsWith(a)));
}
