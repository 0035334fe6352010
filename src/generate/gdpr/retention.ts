import type { Dataset } from '../../domain/privacy/dataset.ts';
import { parsePeriod } from '../../domain/privacy/period.ts';
import type { Document } from '../document.ts';
import type { GdprSource } from './gdpr.ts';
import type { GdprWords } from './gdpr-words.ts';

/** How long rows of each table are kept and how they go (GDPR, article 5.1.e). */
export function retentionPlan({ blueprint, planned, words, language }: GdprSource): Document {
  const { retention } = words;
  const datasets = planned.map(({ dataset }) => dataset);
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
    .map(({ zone, name }) => [zone, name, '', retention.undecided, '', retention.zones[zone], '']);
  const queries = datasets.flatMap((dataset) => {
    const sql = expiredRowsSql(dataset);
    return sql === undefined ? [] : [`\`\`\`sql\n${sql};\n\`\`\``];
  });
  return {
    name: 'gdpr/retention',
    title: retention.title(blueprint.migration.title[language]),
    intro: [retention.intro],
    table: { head: retention.head, rows: [...datasets.map((dataset) => datasetRow(dataset, words)), ...raw] },
    sections: queries.length === 0 ? [] : [{ title: retention.queries, lines: [retention.queriesIntro, ...queries] }],
  };
}

function datasetRow(dataset: Dataset, words: GdprWords): string[] {
  const { name, target, retention, partitions, legalBasis } = dataset;
  const deletion = partitions.includes(retention?.from ?? '') ? words.retention.dropFolders : words.retention.rebuild;
  return [
    target.zone,
    `${target.database}.${target.table}`,
    name,
    retention?.period ?? words.retention.undecided,
    retention === undefined ? '' : words.retention.from(retention.from),
    retention === undefined ? words.retention.decide : deletion,
    legalBasis.map(words.register.article).join(', '),
  ];
}

export function retentionOf({ retention }: Dataset, words: GdprWords): string {
  return retention === undefined
    ? words.retention.undecided
    : `${retention.period}, ${words.retention.from(retention.from)}`;
}

/**
 * Athena's SQL that counts rows which are to go today; undefined where nothing was decided. A year or month counts as a whole: its last day must be past, hence
 * the comparison of as many characters as the value has.
 */
export function expiredRowsSql({ target, retention }: Dataset): string | undefined {
  if (retention === undefined) return undefined;
  const { years, months, days } = parsePeriod(retention.period);
  const month = `date_add('month', -${years * 12 + months}, current_date)`;
  const since = days === 0 ? month : `date_add('day', -${days}, ${month})`;
  const value = `CAST("${retention.from}" AS varchar)`;
  return `SELECT count(*) FROM "${target.database}"."${target.table}" WHERE ${value} < substr(CAST(${since} AS varchar), 1, length(${value}))`;
}
