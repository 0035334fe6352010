import { describeStanding, type FoundDataset } from '../../domain/privacy/describe-standing.ts';
import type { Datasets } from '../../domain/privacy/dataset.ts';
import type { SourceTable } from '../../domain/privacy/plan-columns.ts';
import { sourceOfDataset, sourceOfTable, type Sources } from '../../domain/privacy/plan-dataset.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import type { DatasetPrivacy } from '../../domain/privacy/privacy-report.ts';
import {
  STANDING_PRIVACY_SCHEMA,
  type StandingPrivacy,
  type StandingPrivacyReport,
} from '../../domain/privacy/standing-report.ts';
import type { ReportUseCase } from '../../domain/run-report.ts';

/** Datasets as they stand, in the order that they are made in. Throws `usage` for declarations that leave something open. */
export async function describeDatasets(
  { datasets, pseudonyms: scheme }: Datasets,
  mapping: Sources,
  find: (planned: PlannedDataset) => Promise<FoundDataset>,
): Promise<StandingPrivacy[]> {
  const planned = planDatasets(datasets, mapping, { isPublished: true });
  const described: StandingPrivacy[] = [];
  for (const one of planned) {
    const declared = { planned: one, scheme, leftOut: leftOutOf(one, planned, mapping) };
    described.push(describeStanding(declared, await find(one)));
  }
  return described;
}

/** What stands, for people to sign. */
export function standingReport(
  useCase: ReportUseCase,
  drawnUp: StandingPrivacyReport['drawnUp'],
  { validByChance, datasets }: Pick<StandingPrivacyReport, 'validByChance' | 'datasets'>,
): StandingPrivacyReport {
  const said = datasets.flatMap(({ standing: { pseudonyms, smallFiles } }) => [pseudonyms, smallFiles?.pseudonyms]);
  const schemes = [...new Set(said.flatMap((one) => one?.split('; ') ?? []))].toSorted();
  return {
    schema: STANDING_PRIVACY_SCHEMA,
    ...{ useCase, drawnUp },
    ...(schemes.length > 0 && { pseudonyms: schemes.join('; ') }),
    ...(validByChance !== undefined && { validByChance }),
    datasets,
  };
}

/** Columns that the mapping, or a dataset below, has and nobody is given. */
function leftOutOf(
  { from, joins }: PlannedDataset,
  all: readonly PlannedDataset[],
  mapping: Sources,
): DatasetPrivacy['leftOut'] {
  return [from, ...joins.map(({ source }) => source)].flatMap(({ name, columns }) => {
    const taken = new Set(columns.map(({ source }) => source));
    const below = all.find(({ dataset }) => dataset.name === name);
    const table: SourceTable = below === undefined ? sourceOfTable(mapping, name) : sourceOfDataset(below);
    return table.columns
      .filter((column) => !taken.has(column))
      .map((column) => ({ source: name, column, class: table.known[column]?.class ?? 'unclassified' }));
  });
}
