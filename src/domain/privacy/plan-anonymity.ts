import { PERSONAL_CLASSES } from '../mapping.ts';
import type { Measure } from './aggregate.ts';
import type { Anonymity, Dataset, PlannedColumn } from './dataset.ts';
import { effectiveTreatment, suggest } from './plan-columns.ts';

/** What is undecided: where values stay that together may tell who somebody is, a person says how many share them, or why not, of all or of some. */
export function anonymityUndecided(dataset: Dataset, output: readonly PlannedColumn[]): string[] {
  const { anonymity, notAnonymous } = dataset;
  if (notAnonymous !== undefined) return [];
  const telling = tellingColumns(output);
  if (anonymity === undefined)
    return telling.length === 0
      ? []
      : [
          `${telling.join(', ')} may tell who somebody is: say how many are to share them ("anonymity"), or why not ("notAnonymous")`,
        ];
  const names = output.map(({ name }) => name);
  const missing = Object.keys(anonymity.except ?? {}).filter((name) => !names.includes(name));
  const beside = besideClasses(dataset, anonymity, output);
  return [
    ...missing.map((name) => `an exception is made of ${suggest(name, names)}, which it does not have`),
    ...(beside.length === 0
      ? []
      : [
          `${beside.join(', ')} may tell smaller groups apart than the classes of "over": put them there, or say why not ("except")`,
        ]),
  ];
}

/** Columns that part people of one class, without a reason. `output`: as it will be written. */
function besideClasses({ aggregate }: Dataset, anonymity: Anonymity, output: readonly PlannedColumn[]): string[] {
  const { over, diversity, except = {} } = anonymity;
  const finer = (aggregate?.by ?? []).filter((name) => !over.includes(name) && !pseudonymsAmong(output).includes(name));
  // Sums of whole classes are of at least k people.
  const areWhole = aggregate !== undefined && aggregate.by.every((name) => over.includes(name));
  const telling = tellingColumns(output.filter(({ measure }) => !(areWhole && isSum(measure))));
  const apart = telling.filter((name) => !over.includes(name) && name !== diversity?.of);
  return [...new Set([...apart, ...finer])].filter((name) => !(name in except));
}

function isSum(measure: Measure | undefined): boolean {
  return measure?.kind === 'sum' || measure?.kind === 'avg';
}

/** What is wrong with how a dataset is to be anonymous. `columns`: before rows are summed up. */
export function anonymityFaults({ anonymity }: Dataset, columns: readonly PlannedColumn[]): string[] {
  if (anonymity === undefined) return [];
  const { over, diversity, of = [] } = anonymity;
  const names = columns.map(({ name }) => name);
  const pseudonyms = pseudonymsAmong(columns);
  const missing = [...over, ...(diversity ? [diversity.of] : [])].filter((name) => !names.includes(name));
  const nobody = of.filter((name) => !pseudonyms.includes(name));
  const there = pseudonyms.length === 0 ? 'it has none' : `it has ${pseudonyms.join(', ')}`;
  return [
    ...missing.map((name) => `it is to be anonymous over ${suggest(name, names)}, which it does not have`),
    ...nobody.map((name) => `people are to be counted by ${name}, which is no pseudonym of it (${there})`),
  ];
}

/** Columns that people could be counted by, where rows are counted instead: one person may have many of them. */
export function pseudonymsNotCounted({ anonymity }: Dataset, columns: readonly PlannedColumn[]): string[] {
  return anonymity === undefined || anonymity.of !== undefined ? [] : pseudonymsAmong(columns);
}

/**
 * All that stays of people but the pseudonyms of their identifiers: those say that two rows are of one person, and not of whom. A pseudonym of anything else makes
 * the groups that its values make.
 */
function tellingColumns(columns: readonly PlannedColumn[]): string[] {
  const telling = columns.filter(
    (one) =>
      PERSONAL_CLASSES.has(one.class) &&
      !(one.class === 'identifier' && effectiveTreatment(one).kind === 'pseudonymise'),
  );
  return telling.map(({ name }) => name);
}

function pseudonymsAmong(columns: readonly PlannedColumn[]): string[] {
  return columns.filter((one) => effectiveTreatment(one).kind === 'pseudonymise').map(({ name }) => name);
}
