import type { WriterMarks } from './writer-marks.ts';

/** A file that stands for others of its format. */
export interface SampledFile {
  readonly path: string;
  /** Name of the partition that it belongs to. */
  readonly partition?: string | undefined;
}

/** What such a file says of its writer. */
export type SampledMarks = WriterMarks & SampledFile;

/** Partitions of which some are named. */
export interface NamedPartitions {
  readonly count: number;
  readonly names: readonly string[];
}

/** How many partitions are named at most where there are more. */
export const NAMED_PARTITIONS = 3;

/**
 * Which of the files that were looked at something is said of, one of them by its path: `1 of 3 files looked at, such as "/w/t/p=1/f", of the
 * partition "p=1"`. Names stand in quotes, where whatever masks personal values in reports finds their ends.
 */
export function whichOf(concerned: readonly SampledFile[], looked: number): string {
  const partitions = [...new Set(concerned.flatMap(({ partition }) => partition ?? []))].sort();
  const of = partitions.length === 0 ? '' : `, of ${partitionsOf({ count: partitions.length, names: partitions })}`;
  return `${concerned.length} of ${looked} files looked at, such as "${concerned[0]?.path ?? ''}"${of}`;
}

/** `the partition "p=1"`, `the partitions "p=1", "p=2"`, `12 partitions, such as "p=1", "p=2", "p=3"`. */
export function partitionsOf({ count, names }: NamedPartitions): string {
  const some = names.slice(0, NAMED_PARTITIONS).map((name) => `"${name}"`);
  if (count > some.length) return `${count} partitions, such as ${some.join(', ')}`;
  return `the partition${count === 1 ? '' : 's'} ${some.join(', ')}`;
}
