import type { Dataset } from './dataset.ts';

/** Datasets of the same file that one is made of; what has a dot is a table of the mapping. */
export function datasetsBelow({ from, joins }: Pick<Dataset, 'from' | 'joins'>): string[] {
  return [from, ...joins.map((join) => join.with)].filter((name) => !name.includes('.'));
}

/** Each after what it is made of, otherwise in the order of the file. Throws RangeError for a cycle: see {@link findCycle}. */
export function datasetsInOrder(datasets: readonly Dataset[]): Dataset[] {
  const ordered: Dataset[] = [];
  const waiting = [...datasets];
  while (waiting.length > 0) {
    const next = waiting.findIndex((one) =>
      datasetsBelow(one).every((name) => ordered.some((each) => each.name === name)),
    );
    if (next === -1) throw new RangeError(`no order of ${waiting.map(({ name }) => name).join(', ')}`);
    ordered.push(...waiting.splice(next, 1));
  }
  return ordered;
}

/** Names of datasets that are made of each other, from one back to itself; undefined where there is no such ring. */
export function findCycle(datasets: readonly Pick<Dataset, 'name' | 'from' | 'joins'>[]): string[] | undefined {
  const byName = new Map(datasets.map((one) => [one.name, one]));
  const cleared = new Set<string>();
  const follow = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    const dataset = byName.get(name);
    if (dataset === undefined || cleared.has(name)) return undefined;
    for (const below of datasetsBelow(dataset)) {
      const found = follow(below, [...path, name]);
      if (found !== undefined) return found;
    }
    cleared.add(name);
    return undefined;
  };
  for (const { name } of datasets) {
    const found = follow(name, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
