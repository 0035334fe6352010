import type { Mapping } from '../mapping.ts';
import type { TableName } from '../names.ts';

/** A use case of a batch as far as its turn depends on it. */
export interface BatchMember {
  readonly id: string;
  readonly wave: number;
  /** Places at the target that it writes to, as {@link targetPlaces} gives them. */
  readonly places: readonly string[];
  /** Places that its views read and that it does not bring itself, where they are known. */
  readonly reads?: readonly string[] | undefined;
}

/** By wave, then by name: the order in which use cases are begun. */
export function inBatchOrder<Member extends BatchMember>(members: readonly Member[]): Member[] {
  return [...members].sort((a, b) => a.wave - b.wave || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/**
 * The next one to begin; undefined while all that wait must wait. A wave begins when the one before has ended, since its views may read what that
 * brings; within a wave, one whose views read what another brings begins when that one has ended, unless they need each other. Two that write to one
 * place take turns: what the first has proven, the second finds there, and nothing is moved twice.
 */
export function nextToBegin<Member extends BatchMember>(
  waiting: readonly Member[],
  running: readonly Member[],
): Member | undefined {
  const unfinished = [...waiting, ...running];
  const wave = Math.min(...unfinished.map((member) => member.wave));
  const free = waiting.filter((member) => member.wave === wave && !running.some((other) => overlap(member, other)));
  const ready = free.find((member) => !unfinished.some((other) => other.wave === wave && needs(member, other)));
  return ready ?? (running.length === 0 ? free[0] : undefined);
}

/** Tables and folders at the target that a mapping writes to, each with a slash at its end. */
export function targetPlaces({ tables, paths }: Mapping): string[] {
  const ofTables = Object.values(tables).map(({ skip, target }) => ({ skip, place: placeOfTable(target) }));
  const ofPaths = Object.values(paths).map(({ skip, target }) => ({
    skip,
    place: `path:${target.zone}/${target.prefix.replace(/\/*$/, '/')}`,
  }));
  return [...ofTables, ...ofPaths].flatMap(({ skip, place }) => (skip === undefined ? [place] : []));
}

/** A table at the target, in the spelling of {@link targetPlaces}. */
export function placeOfTable({ database, table }: TableName): string {
  return `table:${database}.${table}/`;
}

function needs(member: BatchMember, other: BatchMember): boolean {
  return member !== other && (member.reads ?? []).some((place) => other.places.includes(place));
}

function overlap(one: BatchMember, other: BatchMember): boolean {
  return one.places.some((a) => other.places.some((b) => a.startsWith(b) || b.startsWith(a)));
}
