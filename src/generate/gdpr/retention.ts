import { findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import { quarantineFolder, SMALL_FILES } from '../../domain/privacy/dataset-folder.ts';
import type { Dataset } from '../../domain/privacy/dataset.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import { parsePeriod } from '../../domain/privacy/period.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { servedFrom, servingZone } from '../../domain/serving/serving-place.ts';
import { expirationDays, IMPORT_DAYS, UNDO_DAYS } from '../infrastructure/lifecycle-rules.ts';
import { manifests } from '../places.ts';
import { servedDatasets, servingTablePrefix, tablesOf, takesSmallFiles } from '../names.ts';
import type { Document } from '../document.ts';
import type { GdprSource } from './gdpr.ts';
import type { GdprWords } from './gdpr-words.ts';

/** Of DynamoDB's point-in-time recovery, which each refresh turns on as it is unless told otherwise. */
const BACKUP_DAYS = 35;

/** How long rows of each table are kept and how they go (GDPR, article 5.1.e). */
export function retentionPlan(source: GdprSource): Document {
  const { blueprint, planned, words, language } = source;
  const { retention } = words;
  const { tables, paths } = blueprint.mapping;
  const copied = [
    ...Object.values(tables).map(({ skip, target: { zone, database, table } }) => ({
      ...{ skip, zone },
      name: `${database}.${table}`,
    })),
    ...Object.values(paths).map(({ skip, dsn, target: { zone, prefix } }) => ({
      ...{ skip, zone },
      name: dsn === undefined ? `${prefix}/` : `${dsn.as} (${prefix}/)`,
    })),
  ];
  const raw = copied
    .filter(({ skip }) => skip === undefined)
    .map(({ zone, name }) => [zone, name, '', retention.undecided, '', zone === 'raw' ? retention.raw : '', '']);
  const counted = planned.flatMap((one) =>
    tablesOf(blueprint, one.dataset).flatMap((table) => expiredRowsSql(one, table) ?? []),
  );
  const named = planned.flatMap((one) => expiredObjects(one, source));
  return {
    name: 'gdpr/retention',
    title: retention.title(blueprint.migration.title[language]),
    intro: [
      retention.intro,
      retention.versions(UNDO_DAYS),
      ...(servedDatasets(blueprint).length === 0 ? [] : [retention.backups(BACKUP_DAYS)]),
    ],
    table: {
      head: retention.head,
      rows: [...planned.map((one) => datasetRow(one, source)), ...besideRows(source), ...raw],
    },
    sections: [
      ...sectionOf(retention.queries, retention.queriesIntro, counted),
      ...sectionOf(retention.objects, retention.objectsIntro, named),
    ],
  };
}

function sectionOf(title: string, intro: string, queries: readonly string[]): Document['sections'] {
  const lines = queries.map((sql) => `\`\`\`sql\n${sql};\n\`\`\``);
  return lines.length === 0 ? [] : [{ title, lines: [intro, ...lines] }];
}

function datasetRow(planned: PlannedDataset, source: GdprSource): string[] {
  const { target, retention } = planned.dataset;
  const deletion =
    retention === undefined ? source.words.retention.decide : deletionOf(planned, retention.from, source);
  return rowOf(planned.dataset, { table: target.table, deletion }, source.words);
}

function rowOf(
  { name, target, retention, legalBasis }: Dataset,
  { table, deletion }: { readonly table: string; readonly deletion: string },
  words: GdprWords,
): string[] {
  return [
    target.zone,
    `${target.database}.${table}`,
    name,
    retention?.period ?? words.retention.undecided,
    retention === undefined ? '' : words.retention.from(retention.from),
    deletion,
    legalBasis.map(words.register.article).join(', '),
  ];
}

/** `where` sees rows of `from` alone, and compares texts: dates of DSN files begin with the day. */
function deletionOf({ from }: PlannedDataset, column: string, { blueprint, words }: GdprSource): string {
  const bounded = from.columns.find(({ name }) => name === column);
  const isDsn = findDsnBlock(blueprint.mapping, from.name) !== undefined;
  return bounded === undefined || isDsn ? words.retention.takeOut : words.retention.bound(bounded.source);
}

/** What is kept beside the tables of datasets, and that no build takes away as a whole. */
function besideRows({ blueprint, planned, words }: GdprSource): string[][] {
  const { smallFiles, servingFiles, servingTables, quarantine, undecided } = words.retention;
  const { id } = blueprint.migration;
  const small = planned
    .filter(({ dataset }) => takesSmallFiles(blueprint, dataset))
    .map((one) => {
      const deletion = smallFiles(expirationDays(one, blueprint.mapping));
      return rowOf(one.dataset, { table: `${one.dataset.target.table}${SMALL_FILES}`, deletion }, words);
    });
  const served = servedDatasets(blueprint);
  const names = served.map(({ name }) => name).join(', ');
  const serving =
    served.length === 0
      ? []
      : [
          [
            servingZone(served),
            `${servedFrom(id, { prefix: '' }).files}/`,
            names,
            `P${IMPORT_DAYS}D`,
            '',
            servingFiles,
            '',
          ],
          ['DynamoDB', `${servingTablePrefix(blueprint)}*`, names, undecided, '', servingTables, ''],
        ];
  const { path } = manifests(blueprint);
  const lists = small.length === 0 ? [] : [['raw', `${path}/`, '', undecided, '', words.retention.manifests, '']];
  return [...small, ...serving, ...lists, ['raw', quarantineFolder(id, ''), '', undecided, '', quarantine, '']];
}

export function retentionOf({ retention }: Dataset, words: GdprWords): string {
  return retention === undefined
    ? words.retention.undecided
    : `${retention.period}, ${words.retention.from(retention.from)}`;
}

/**
 * Athena's SQL that counts rows which are to go today; undefined where nothing was decided. A year, month or band of years counts as a whole: its last day must be past,
 * hence the comparison of as many characters as the value has, and of a band's last year.
 */
export function expiredRowsSql(
  { dataset: { target, retention }, output }: Pick<PlannedDataset, 'dataset' | 'output'>,
  table: string = target.table,
): string | undefined {
  if (retention === undefined) return undefined;
  const { years, months, days } = parsePeriod(retention.period);
  const month = `date_add('month', -${years * 12 + months}, current_date)`;
  const since = days === 0 ? month : `date_add('day', -${days}, ${month})`;
  const text = `CAST("${retention.from}" AS varchar)`;
  const column = output.find(({ name }) => name === retention.from);
  const isBand = column !== undefined && effectiveTreatment(column).kind === 'year-band';
  const value = isBand ? `lpad(split_part(${text}, '-', 2), 4, '0')` : text;
  return `SELECT count(*) FROM "${target.database}"."${table}" WHERE ${value} < substr(CAST(${since} AS varchar), 1, length(${value}))`;
}

function expiredObjects(planned: PlannedDataset, { blueprint }: GdprSource): string[] {
  const days = expirationDays(planned, blueprint.mapping);
  const isBeside = takesSmallFiles(blueprint, planned.dataset);
  return days === undefined || !isBeside ? [] : [expiredObjectsSql(planned.dataset, days)];
}

/**
 * Athena's SQL that names the objects of a dataset's function all of whose rows are to go, after as many days as the rule of the bucket, but from the date of their
 * object of raw: S3 counts from that of their own, and an erasure or a rotation writes them anew.
 */
export function expiredObjectsSql({ target }: Dataset, days: number): string {
  const since = `date_add('day', -${days}, current_date)`;
  return `SELECT "$path", count(*) FROM "${target.database}"."${target.table}${SMALL_FILES}" WHERE lakelift_source_time < ${since} GROUP BY "$path"`;
}
