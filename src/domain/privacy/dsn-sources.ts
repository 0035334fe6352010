import { findDsnBlock } from '../dsn/dsn-block.ts';
import type { Mapping } from '../mapping.ts';
import type { Dataset } from './dataset.ts';

/** Blocks of DSN files that datasets are made of (`dsn_rh.arret_travail`), by their folder (`dsn_rh`). */
export function dsnSources(
  datasets: readonly Pick<Dataset, 'from' | 'joins'>[],
  mapping: Pick<Mapping, 'paths'>,
): ReadonlyMap<string, readonly string[]> {
  const names = new Set(datasets.flatMap(({ from, joins }) => [from, ...joins.map((join) => join.with)]));
  const blocks = [...names].flatMap((name) => findDsnBlock(mapping, name) ?? []);
  const folders = [...new Set(blocks.map(({ as }) => as))];
  return new Map(folders.map((as) => [as, blocks.filter((one) => one.as === as).map(({ name }) => name)]));
}
