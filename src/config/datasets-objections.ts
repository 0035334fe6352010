import { nearNames } from '../domain/near-names.ts';
import { columnsOfCheck } from '../domain/privacy/check.ts';
import type { Dataset } from '../domain/privacy/dataset.ts';
import { datasetsBelow, findCycle } from '../domain/privacy/dataset-order.ts';

interface Objection {
  /** Below `datasets`, for its place in the file. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong between the datasets of a file, each of which is well formed. */
export function objectionsToDatasets(datasets: readonly Dataset[]): Objection[] {
  const cycle = findCycle(datasets);
  return [
    ...datasets.flatMap((dataset) => objectionsTo(dataset, datasets)),
    ...(cycle === undefined
      ? []
      : [{ path: [cycle[0]!, 'from'], message: `datasets are made of each other: ${cycle.join(' <- ')}` }]),
  ];
}

function objectionsTo(dataset: Dataset, datasets: readonly Dataset[]): Objection[] {
  const found = [
    ...objectionsToSources(dataset, datasets),
    ...objectionsToAnonymity(dataset),
    ...objectionsToColumns(dataset),
  ];
  return found.map(({ path, message }) => ({ path: [dataset.name, ...path], message }));
}

/** Where it comes from, and where it goes. */
function* objectionsToSources(dataset: Dataset, datasets: readonly Dataset[]): Generator<Objection> {
  const { from, joins, target } = dataset;
  const known = datasets.map(({ name }) => name);
  const sources = [
    { name: from, path: ['from'] },
    ...joins.map((join, at) => ({ name: join.with, path: ['joins', at, 'with'] })),
  ];
  for (const { name, path } of sources)
    if (!name.includes('.') && !known.includes(name)) yield { path, message: noDataset(name, known) };
  if (target.zone !== 'refined' && datasetsBelow(dataset).length > 0)
    yield { path: ['target', 'zone'], message: 'must be refined: what is made of a dataset is not cleaned from raw' };
  const first = datasets.find((one) => samePlace(one.target, target))!;
  if (first.name !== dataset.name) yield { path: ['target', 'table'], message: `${first.name} goes to the same table` };
}

function* objectionsToAnonymity({ anonymity, notAnonymous, retention }: Dataset): Generator<Objection> {
  if (anonymity === undefined) return;
  if (notAnonymous !== undefined)
    yield { path: ['notAnonymous'], message: 'says why not, and "anonymity" says how: one of them is to go' };
  const { over, blank = [], except = {}, of = [] } = anonymity;
  const objection = (to: string, columns: readonly string[], message: string): Objection[] =>
    columns.length === 0 ? [] : [{ path: ['anonymity', to], message: `${columns.join(', ')}: ${message}` }];
  const within = (columns: readonly string[]): string[] => columns.filter((one) => over.includes(one));
  const apart = blank.filter((one) => !over.includes(one));
  const dates = blank.filter((one) => one === retention?.from);
  yield* objection('blank', apart, 'not in "over", it makes no class');
  yield* objection('blank', dates, '"retention" counts from it, and rows without it would stay');
  yield* objection('except', within(Object.keys(except)), 'in "over" as well, it is no exception');
  yield* objection('of', within(of), 'in "over" as well, it would part people');
}

function* objectionsToColumns({ partitions, aggregate, retention, checks }: Dataset): Generator<Objection> {
  if (new Set(partitions).size < partitions.length) yield { path: ['partitions'], message: 'names a column twice' };
  if (aggregate === undefined) return;
  const measures = Object.keys(aggregate.measures);
  const left = [...aggregate.by, ...measures];
  if (new Set(left).size < left.length) yield { path: ['aggregate'], message: 'makes two columns of one name' };
  const lost = partitions.filter((one) => !left.includes(one));
  if (lost.length > 0) yield { path: ['partitions'], message: `${lost.join(', ')}: not left once rows are summed up` };
  for (const [at, check] of checks.entries()) {
    const unknown = columnsOfCheck(check).filter((one) => !left.includes(one));
    if (unknown.length > 0)
      yield { path: ['checks', at], message: `${unknown.join(', ')}: not left once rows are summed up` };
  }
  if (retention !== undefined && !left.includes(retention.from))
    yield { path: ['retention', 'from'], message: `${retention.from} is not left once rows are summed up` };
}

function noDataset(name: string, known: readonly string[]): string {
  const near = nearNames(name, known);
  const rest = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${known.join(', ')}`;
  return `there is no dataset ${name} in this file; ${rest} A table of the mapping has its database in front`;
}

function samePlace(a: Dataset['target'], b: Dataset['target']): boolean {
  return a.database === b.database && a.table === b.table;
}
