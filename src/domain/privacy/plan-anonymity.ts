import type { Dataset, PlannedColumn } from './dataset.ts';
import { effectiveTreatment, suggest } from './plan-columns.ts';

/** What is undecided: where values stay that together may tell who somebody is, a person says how many share them, or why not. */
export function anonymityUndecided({ anonymity, notAnonymous }: Dataset, output: readonly PlannedColumn[]): string[] {
  const telling = tellingColumns(output);
  if (anonymity !== undefined || notAnonymous !== undefined || telling.length === 0) return [];
  return [
    `${telling.join(', ')} may tell who somebody is: say how many are to share them ("anonymity"), or why not ("notAnonymous")`,
  ];
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

/** Quasi-identifiers, and what is left of identifiers that are no pseudonyms. */
export function tellingColumns(columns: readonly PlannedColumn[]): string[] {
  const isOfPerson = (one: PlannedColumn): boolean => one.class === 'quasi-identifier' || one.class === 'identifier';
  const telling = columns.filter((one) => isOfPerson(one) && effectiveTreatment(one).kind !== 'pseudonymise');
  return telling.map(({ name }) => name);
}

function pseudonymsAmong(columns: readonly PlannedColumn[]): string[] {
  return columns.filter((one) => effectiveTreatment(one).kind === 'pseudonymise').map(({ name }) => name);
}
