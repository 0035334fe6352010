import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { dsnSources } from '../../domain/privacy/dsn-sources.ts';
import type { PlannedDataset, PlannedSource } from '../../domain/privacy/planned-dataset.ts';
import { tablesOf } from '../names.ts';
import { columnForm } from './column-form.ts';
import type { Document } from '../document.ts';
import type { GdprSource } from './gdpr.ts';
import { takenSources } from './taken-sources.ts';

/** Which consumer sees which column of which dataset, and in which form. */
export function accessMatrix(source: GdprSource): Document {
  const { blueprint, planned, words, language } = source;
  const { access } = words;
  const consumers = [...new Set(planned.flatMap(({ dataset }) => dataset.consumers))].sort();
  const { pseudonyms } = blueprint.datasets;
  const rows = planned.flatMap(({ dataset, output }) =>
    output.map((column) => [
      dataset.name,
      column.name,
      words.classes[column.class],
      columnForm(column, pseudonyms, words) + exceptionOf(column.name, dataset, words),
      ...consumers.map((consumer) => (dataset.consumers.includes(consumer) ? access.sees : '')),
    ]),
  );
  const nobody = planned.filter(({ dataset }) => dataset.consumers.length === 0).map(({ dataset }) => dataset.name);
  const small = planned.flatMap(({ dataset }) => tablesOf(blueprint, dataset).slice(1));
  return {
    name: 'gdpr/access-matrix',
    title: access.title(blueprint.migration.title[language]),
    intro: [
      access.intro,
      ...(small.length === 0 ? [] : [access.smallFiles(small.join(', '))]),
      ...(nobody.length === 0 ? [] : [access.nobody(nobody.join(', '))]),
    ],
    table: { head: [...access.head, ...consumers], rows },
    sections: leftSection(source),
  };
}

function exceptionOf(column: string, { anonymity }: Dataset, { access }: GdprSource['words']): string {
  const reason = anonymity?.except?.[column];
  return reason === undefined ? '' : access.except(reason);
}

function leftSection({ blueprint, planned, words }: GdprSource): Document['sections'] {
  const taken = takenColumns(planned);
  const mapping = takenSources(blueprint.mapping);
  const blocks = [...dsnSources(blueprint.datasets.datasets, mapping).values()].flat();
  const sources = [
    ...Object.entries(mapping.tables),
    ...blocks.map((name) => [name, findDsnBlock(mapping, name)!] as const),
  ];
  const lines = sources.flatMap(([table, { columns }]) => {
    const left = Object.keys(columns).filter((column) => taken.get(table)?.has(column) !== true);
    return left.length === 0 ? [] : [`- ${table} : ${left.join(', ')}`];
  });
  if (lines.length === 0) return [];
  return [{ title: words.access.left, lines: [words.access.leftIntro, lines.join('\n')] }];
}

/** By the table that they come from. What rows are joined or chosen by, and is in no dataset, is not taken. */
function takenColumns(planned: readonly PlannedDataset[]): ReadonlyMap<string, ReadonlySet<string>> {
  const taken = new Map<string, Set<string>>();
  const take = ({ name, columns }: PlannedSource): void => {
    const known = taken.get(name) ?? new Set();
    for (const { source } of columns) known.add(source);
    taken.set(name, known);
  };
  for (const { from, joins } of planned) {
    take(from);
    for (const join of joins) take(join.source);
  }
  return taken;
}
