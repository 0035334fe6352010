import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import type { Mapping, Zone } from '../../domain/mapping.ts';
import { datasetFolder } from '../../domain/privacy/dataset-folder.ts';
import type { PlannedColumn } from '../../domain/privacy/dataset.ts';
import { parsePeriod } from '../../domain/privacy/period.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import { planDatasets } from '../../domain/privacy/plan-datasets.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { servedFrom, servingZone } from '../../domain/serving/serving-place.ts';
import type { Blueprint, ZonePlace } from '../blueprint.ts';
import type { Json } from '../json-file.ts';
import { servedDatasets, tablesOf } from '../names.ts';

/** How long what was replaced or deleted can be had back; after that it is gone, as the law wants it. */
export const UNDO_DAYS = 30;
const ABANDONED_UPLOAD_DAYS = 7;
/** An import takes a day at most, and nothing reads its files later; should one be asked for all the same, `serve` writes them again. */
export const IMPORT_DAYS = 30;
const LONGEST_YEAR_DAYS = 366;
const LONGEST_MONTH_DAYS = 31;

/**
 * Of the bucket of a zone. Rows are no younger than their dates, and no older than the object that holds them: an object that nobody has written anew for as long
 * as its rows are kept holds none that may be kept. So it goes, whoever forgot to build the dataset again.
 */
export function lifecycleRules(zone: Zone, place: ZonePlace, blueprints: readonly Blueprint[]): Json[] {
  return [
    {
      Id: 'Undo',
      Status: 'Enabled',
      NoncurrentVersionExpiration: { NoncurrentDays: UNDO_DAYS },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: ABANDONED_UPLOAD_DAYS },
    },
    ...blueprints.flatMap((blueprint) => [
      ...retentionRules(zone, place, blueprint),
      ...servingRules(zone, place, blueprint),
    ]),
  ];
}

function retentionRules(zone: Zone, place: ZonePlace, blueprint: Blueprint): Json[] {
  const { datasets, mapping } = blueprint;
  return planDatasets(datasets.datasets, mapping).flatMap((planned) => {
    const { target } = planned.dataset;
    const days = expirationDays(planned, mapping);
    if (target.zone !== zone || days === undefined) return [];
    return tablesOf(blueprint, planned.dataset).map((table) => ({
      Id: `Retention-${target.database}-${table}`,
      Status: 'Enabled',
      Prefix: datasetFolder(place.prefix, { database: target.database, table }),
      ExpirationInDays: days,
    }));
  });
}

/** How long an object of a dataset stays that nobody writes anew, and one that a function has written beside it; undefined: for ever. */
export function expirationDays(planned: PlannedDataset, mapping: Mapping): number | undefined {
  const { retention } = planned.dataset;
  if (retention === undefined) return undefined;
  const { years, months, days } = parsePeriod(retention.period);
  return years * LONGEST_YEAR_DAYS + months * LONGEST_MONTH_DAYS + days + slackDays(planned, mapping);
}

function servingRules(zone: Zone, place: ZonePlace, blueprint: Blueprint): Json[] {
  const served = servedDatasets(blueprint);
  if (served.length === 0 || servingZone(served) !== zone) return [];
  const { id } = blueprint.migration;
  const { items } = servedFrom(id, place);
  return [{ Id: `Serving-${id}`, Status: 'Enabled', Prefix: `${items}/`, ExpirationInDays: IMPORT_DAYS }];
}

/**
 * The plan of retention counts from the end of the month or year or band of years that a value names, S3 from when the object was written, which may be the first day of either: a
 * build that changes nothing writes nothing. Of a value that is kept as it is nobody knows here how much of a date it is, unless its type says so.
 */
function slackDays({ dataset, output, from, joins }: PlannedDataset, mapping: Mapping): number {
  const column = output.find(({ name }) => name === dataset.retention?.from)!;
  const treatment = effectiveTreatment(column);
  const { kind } = treatment;
  if (kind === 'month') return LONGEST_MONTH_DAYS;
  if (kind === 'year-band') return treatment.width * LONGEST_YEAR_DAYS;
  const source = [from, ...joins.map((join) => join.source)].find(({ columns }) => columns.includes(column));
  return kind === 'keep' && source !== undefined && isDay(source.name, column, mapping) ? 0 : LONGEST_YEAR_DAYS;
}

function isDay(table: string, { source, read }: PlannedColumn, mapping: Mapping): boolean {
  const rubric = findDsnBlock(mapping, table)?.table.columns.find(({ name }) => name === source);
  return /^(date|timestamp)\b/.test(
    read?.reading.type ?? rubric?.type ?? mapping.tables[table]?.columns[source]?.type ?? '',
  );
}
