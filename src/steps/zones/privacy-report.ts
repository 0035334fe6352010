import { canLeak } from '../../domain/privacy/can-leak.ts';
import { checkText } from '../../domain/privacy/check.ts';
import { columnPrivacy } from '../../domain/privacy/column-privacy.ts';
import type { Anonymity } from '../../domain/privacy/dataset.ts';
import {
  PRIVACY_REPORT_SCHEMA,
  type AnonymityReached,
  type DatasetPrivacy,
  type PrivacyReport,
} from '../../domain/privacy/privacy-report.ts';
import { schemeText, type PseudonymScheme } from '../../domain/privacy/pseudonym.ts';
import type { ReportUseCase } from '../../domain/run-report.ts';
import type { BuiltDataset } from './build-dataset.ts';

/** What a build did to personal data, for people to sign. */
export function privacyReport(
  useCase: ReportUseCase,
  {
    build,
    scheme,
    validByChance,
    built,
  }: Readonly<{
    build: PrivacyReport['build'];
    scheme: PseudonymScheme | undefined;
    validByChance: string | undefined;
    built: readonly BuiltDataset[];
  }>,
): PrivacyReport {
  return {
    schema: PRIVACY_REPORT_SCHEMA,
    useCase,
    build,
    ...(scheme && { pseudonyms: schemeText(scheme) }),
    ...(validByChance !== undefined && { validByChance }),
    datasets: built.map(datasetPrivacy),
  };
}

function datasetPrivacy(built: BuiltDataset): DatasetPrivacy {
  const { dataset, columns, checks, sourceRows, suppressedRows, rows, sha256, leftOut } = built;
  const { target, from, joins, anonymity, notAnonymous, consumers, purpose, legalBasis, retention } = dataset;
  return {
    name: dataset.name,
    zone: target.zone,
    table: `${target.database}.${target.table}`,
    madeOf: [...new Set([from, ...joins.map((join) => join.with)])],
    sha256,
    columns: columns.map(columnPrivacy),
    leftOut,
    ...{ sourceRows, suppressedRows, rows },
    ...(anonymity?.blank && { blanked: { rows: built.blankedRows, cells: built.blankedCells } }),
    ...(anonymity && { anonymity: reached(anonymity, built) }),
    ...(notAnonymous !== undefined && { notAnonymous }),
    searched: columns.filter(canLeak).map(({ name }) => name),
    checks: checks.map(({ check, failing }) => ({ text: checkText(check), severity: check.severity, failing })),
    ...{ consumers, legalBasis },
    ...(purpose !== undefined && { purpose }),
    ...(retention && { retention }),
  };
}

function reached(
  { over, except, of, k, diversity, blank, onFailure }: Anonymity,
  built: BuiltDataset,
): AnonymityReached {
  const { smallestClass, leastDiversity } = built;
  return {
    ...{ over, ...(except && { except }), ...(of && { of }), k, ...(blank && { blank }), onFailure },
    ...(smallestClass !== undefined && { smallestClass }),
    ...(diversity && { diversity: { ...diversity, ...(leastDiversity !== undefined && { least: leastDiversity }) } }),
  };
}
