import { LakeliftError } from '../../errors.ts';
import type { Mapping, TableMapping } from '../mapping.ts';
import { dsnBlockNames, findDsnBlock, type DsnBlock } from '../dsn/dsn-block.ts';
import { nearNames } from '../near-names.ts';
import { columnsInTheWay } from '../serving/serving.ts';
import { parseMeasure } from './aggregate.ts';
import { columnsOfCheck } from './check.ts';
import type { Dataset, PlannedColumn } from './dataset.ts';
import { anonymityFaults, anonymityUndecided } from './plan-anonymity.ts';
import { planAll, suggest, unknownFilters, type KnownColumn, type SourceTable } from './plan-columns.ts';
import { planJoins } from './plan-joins.ts';
import { retentionFaults } from './plan-retention.ts';
import type { PlannedDataset, PlannedMeasure } from './planned-dataset.ts';

export interface PlanOptions {
  /** What is published already can be worked on before anybody has decided about its anonymity: that is for the next build to ask. */
  readonly isPublished?: boolean;
}

/** Answers all that a dataset leaves to its tables. Throws `usage` naming everything that is open, at once. */
export function planDataset(
  dataset: Dataset,
  tableOf: (name: string) => SourceTable,
  { isPublished = false }: PlanOptions = {},
): PlannedDataset {
  const faults: string[] = [];
  const table = tableOf(dataset.from);
  const unknown = Object.keys(dataset.columns).filter((name) => !table.columns.includes(name));
  if (unknown.length > 0)
    faults.push(`${table.name} has no column ${unknown.map((name) => suggest(name, table.columns)).join(', ')}`);
  faults.push(...unknownFilters(table, dataset.where));
  const names = table.isWide === true ? Object.keys(dataset.columns) : table.columns;
  const own = planAll(table, names, dataset.columns, faults);
  const { joins, keys } = planJoins({ dataset, own, tableOf, faults });
  const columns = [...own, ...joins.flatMap((join) => join.source.columns)];
  faults.push(...nameFaults(columns));
  const measures = Object.entries(dataset.aggregate?.measures ?? {}).map(([name, text]) => ({
    name,
    measure: parseMeasure(text)!,
  }));
  const summed = dataset.aggregate === undefined ? columns : summedColumns(columns, dataset.aggregate.by, measures);
  if (!isPublished) faults.push(...anonymityUndecided(dataset, summed), ...servingFaults(dataset, summed));
  faults.push(...anonymityFaults(dataset, columns), ...missingColumns(dataset, columns, summed));
  if (!isPublished)
    faults.push(
      ...retentionFaults(dataset, {
        output: summed,
        sources: [{ name: dataset.from, where: [], columns: own, keys: [] }, ...joins.map(({ source }) => source)],
        tableOf,
      }),
    );
  if (faults.length === 0 && summed.every(({ name }) => dataset.partitions.includes(name)))
    faults.push('no column is left');
  if (faults.length > 0) throw undecided(dataset, faults);
  const output = [
    ...summed.filter(({ name }) => !dataset.partitions.includes(name)),
    ...dataset.partitions.map((name) => summed.find((column) => column.name === name)!),
  ];
  return {
    dataset,
    from: { name: dataset.from, where: dataset.where, columns: own, keys },
    joins,
    columns,
    measures,
    output,
  };
}

/** What datasets can be made of: tables, and blocks of DSN files. */
export type Sources = Pick<Mapping, 'tables' | 'paths'>;

/** `columns` are those that stand in the target; without, those that the mapping names. Throws `usage` for a table that it does not have. */
export function sourceOfTable(mapping: Sources, name: string, columns?: readonly string[]): SourceTable {
  const block = findDsnBlock(mapping, name);
  if (block !== undefined)
    return { name, columns: Object.keys(block.columns), known: knownOfBlock(block), isWide: true };
  const known = tableOfMapping(mapping, name).columns;
  return { name, columns: columns ?? Object.keys(known), known };
}

/** With types: those of the norm, since files of text have none. */
function knownOfBlock({ table, columns }: DsnBlock): SourceTable['known'] {
  const known = table.columns.map(({ name, type }) => [name, { ...columns[name]!, type: GLUE_TYPES[type] }] as const);
  return Object.fromEntries(known);
}

const GLUE_TYPES = { string: 'string', date: 'date', decimal: 'decimal', integer: 'bigint' } as const;

/** Throws `usage` for a table that the mapping does not have. */
export function tableOfMapping(mapping: Sources, name: string): TableMapping {
  const table = mapping.tables[name];
  if (table !== undefined) return table;
  const all = [...Object.keys(mapping.tables), ...dsnBlockNames(mapping)];
  const near = nearNames(name, all);
  throw new LakeliftError(`a dataset is to be made from ${name}, which the mapping does not have`, {
    kind: 'usage',
    code: 'DATASET_UNDECIDED',
    subject: name,
    hint: `Tables of the mapping: ${(near.length > 0 ? near : all).join(', ')}.`,
  });
}

/** What a dataset is to those that are made of it. */
export function sourceOfDataset({ dataset, output }: Pick<PlannedDataset, 'dataset' | 'output'>): SourceTable {
  const known = (column: PlannedColumn): KnownColumn => ({
    class: column.class,
    earlier: column.treatment.kind === 'keep' ? (column.earlier ?? column.treatment) : column.treatment,
    because: column.because,
  });
  return {
    name: dataset.name,
    columns: output.map(({ name }) => name),
    known: Object.fromEntries(output.map((column) => [column.name, known(column)])),
  };
}

function summedColumns(
  columns: readonly PlannedColumn[],
  by: readonly string[],
  measures: readonly PlannedMeasure[],
): PlannedColumn[] {
  const grouped = by.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return [...grouped, ...measures.map((measure) => measureColumn(measure, columns))];
}

/** Least and greatest are values of somebody still; counts are nobody's. */
function measureColumn({ name, measure }: PlannedMeasure, columns: readonly PlannedColumn[]): PlannedColumn {
  const of = columns.find((column) => column.name === measure.column);
  if (of === undefined || measure.kind === 'count' || measure.kind === 'distinct')
    return { source: measure.column ?? '*', name, class: 'technical', treatment: { kind: 'keep' }, measure };
  return { ...of, name, measure };
}

function servingFaults({ serving }: Dataset, columns: readonly PlannedColumn[]): string[] {
  const names = columns.map(({ name }) => name);
  const taken = serving === undefined ? [] : columnsInTheWay(names, [serving]);
  return taken.map(
    (name) => `it is served, and items have an attribute ${name} of their own: call the column otherwise`,
  );
}

function nameFaults(columns: readonly PlannedColumn[]): string[] {
  const names = columns.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) return [`two columns are called ${twice.join(', ')}`];
  return [];
}

/** Columns that something is to be done by, and that are not there when it is. */
function missingColumns(
  dataset: Dataset,
  columns: readonly PlannedColumn[],
  output: readonly PlannedColumn[],
): string[] {
  const { aggregate, partitions, checks, retention } = dataset;
  const before = columns.map(({ name }) => name);
  const after = output.map(({ name }) => name);
  const measured = Object.values(aggregate?.measures ?? {}).flatMap((text) => parseMeasure(text)?.column ?? []);
  const find = (what: string, wanted: readonly string[], there: readonly string[]): string[] =>
    wanted
      .filter((name) => !there.includes(name))
      .map((name) => `${what} ${suggest(name, there)}, which it does not have`);
  return [
    ...find('rows are to be summed up by', aggregate?.by ?? [], before),
    ...find('a figure is to be made of', measured, before),
    ...find('it is to have partitions by', partitions, after),
    ...find('a check looks at', checks.flatMap(columnsOfCheck), after),
    ...find('it is kept by the date in', retention === undefined ? [] : [retention.from], after),
  ];
}

function undecided({ name }: Dataset, faults: readonly string[]): LakeliftError {
  return new LakeliftError(`${name} cannot be built: ${faults.join('; ')}`, {
    kind: 'usage',
    code: 'DATASET_UNDECIDED',
    subject: name,
    hint: 'Class and treat the columns in the mapping or in the dataset, and name columns as the dataset calls them; nothing was read.',
  });
}
