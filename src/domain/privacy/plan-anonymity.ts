import type { Dataset, PlannedColumn } from './dataset.ts';
import { effectiveTreatment, suggest } from './plan-columns.ts';

/** What is wrong with how a dataset is to be anonymous. `columns`: before rows are summed up. */
export function anonymityFaults({ anonymity }: Dataset, columns: readonly PlannedColumn[]): string[] {
  if (anonymity === undefined) return [];
  const { over, diversity, of = [] } = anonymity;
  const names = columns.map(({ name }) => name);
  const pseudonyms = pseudonymsAmong(columns);
  const missing = [...over, ...(diversity ? [diversity.of] : []), ...of].filter((name) => !names.includes(name));
  const noPseudonym = of.filter((name) => names.includes(name) && !pseudonyms.includes(name));
  const there = pseudonyms.length === 0 ? 'it has none' : `it has ${pseudonyms.join(', ')}`;
  return [
    ...missing.map((name) => `it is to be anonymous over ${suggest(name, names)}, which it does not have`),
    ...noPseudonym.map((name) => `people are to be counted by ${name}, which is no pseudonym (${there})`),
  ];
}

/** Columns that people could be counted by, where rows are counted instead: one person may have many of them. */
export function pseudonymsNotCounted({ anonymity }: Dataset, columns: readonly PlannedColumn[]): string[] {
  return anonymity === undefined || anonymity.of !== undefined ? [] : pseudonymsAmong(columns);
}

function pseudonymsAmong(columns: readonly PlannedColumn[]): string[] {
  return columns.filter((one) => effectiveTreatment(one).kind === 'pseudonymise').map(({ name }) => name);
}
