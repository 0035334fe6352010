import { dsnBlockNames, findDsnBlock } from '../../domain/dsn/dsn-block.ts';
import { PERSONAL_CLASSES, type ColumnClass } from '../../domain/mapping.ts';
import { effectiveTreatment } from '../../domain/privacy/plan-columns.ts';
import type { PlannedDataset } from '../../domain/privacy/planned-dataset.ts';
import { LOG_DAYS } from '../infrastructure/pipeline-stack.ts';
import { columnForm } from './column-form.ts';
import type { Document } from '../document.ts';
import type { GdprSource } from './gdpr.ts';
import { retentionOf } from './retention.ts';
import { takenSources } from './taken-sources.ts';

/** The entry of the register for the use case (GDPR, article 30.1). What no declaration says is marked, and listed at the end. */
export function registerEntry(source: GdprSource): Document {
  const { words, language, blueprint } = source;
  const { register } = words;
  const rows = contents(source);
  const open = rows.filter(([, content]) => content === words.toComplete).map(([item]) => `- ${item}`);
  return {
    name: 'gdpr/register',
    title: register.title(blueprint.migration.title[language]),
    intro: [register.intro],
    table: { head: register.head, rows },
    sections: open.length === 0 ? [] : [{ title: register.open, lines: [open.join('\n')] }],
  };
}

function contents(source: GdprSource): (readonly [string, string])[] {
  const { blueprint, planned, words } = source;
  const { migration, region } = blueprint;
  const { register: facts } = blueprint.datasets;
  const { register, toComplete } = words;
  const datasets = planned.map(({ dataset }) => dataset);
  const bases = distinct(datasets.flatMap(({ legalBasis }) => legalBasis.map(register.article)));
  const consumers = distinct([...migration.consumers, ...datasets.flatMap((dataset) => dataset.consumers)]);
  const kept = datasets.map((dataset) => `${dataset.name} : ${retentionOf(dataset, words)}`);
  return [
    [register.controller, facts?.controller ?? toComplete],
    [register.officer, facts?.dataProtectionOfficer ?? toComplete],
    [register.owner, migration.owner],
    [register.purposes, distinct([migration.purpose, ...datasets.flatMap(({ purpose }) => purpose ?? [])]).join('\n')],
    [register.bases, [migration.legalBasis, ...bases].filter((text) => text !== '').join('\n') || toComplete],
    [register.subjects, facts?.dataSubjects.join('\n') || toComplete],
    [register.data, dataCategories(source) || words.none],
    [register.special, columnsOfClass(source, 'sensitive') || words.none],
    [register.offences, offences(source) || register.noOffences],
    [register.recipients, consumers.join(', ') || toComplete],
    [register.transfers, register.place(region)],
    [register.retention, kept.join('\n') || toComplete],
    [register.security, measures(source).join('\n')],
  ];
}

function dataCategories(source: GdprSource): string {
  return [...PERSONAL_CLASSES]
    .flatMap((kind) => {
      const columns = columnsOfClass(source, kind);
      return columns === '' ? [] : [`${source.words.classes[kind]} : ${columns}`];
    })
    .join('\n');
}

/** Of all tables and DSN files that the use case takes, raw included: what the processing has, whoever sees it. */
function columnsOfClass({ blueprint }: GdprSource, wanted: ColumnClass): string {
  const mapping = takenSources(blueprint.mapping);
  const names = Object.values(mapping.tables).flatMap(({ columns }) => ofClass(columns, wanted));
  const blocks = dsnBlockNames(mapping).flatMap((name) => {
    const rubrics = ofClass(findDsnBlock(mapping, name)!.columns, wanted);
    return rubrics.length === 0 ? [] : [`${name} (${rubrics.join(', ')})`];
  });
  return [...distinct(names).sort(), ...blocks].join(', ');
}

/**
 * Rubrics whose codes tell of offences or convictions (article 10): a suspension for detention (603), a contract ended by a court (071). The class `sensitive` does
 * not tell articles 9 and 10 apart, so that columns of tables are in the row of both.
 */
const OFFENCES: ReadonlySet<string | undefined> = new Set(['S21.G00.65.001', 'S21.G00.62.002']);

function offences({ blueprint }: GdprSource): string {
  const mapping = takenSources(blueprint.mapping);
  const blocks = dsnBlockNames(mapping).flatMap((name) => {
    const rubrics = findDsnBlock(mapping, name)!.table.columns.filter(({ code }) => OFFENCES.has(code));
    return rubrics.length === 0 ? [] : [`${name} (${rubrics.map((one) => one.name).join(', ')})`];
  });
  return blocks.join(', ');
}

function ofClass(columns: Readonly<Record<string, { readonly class: ColumnClass }>>, wanted: ColumnClass): string[] {
  return Object.entries(columns).flatMap(([name, { class: kind }]) => (kind === wanted ? [name] : []));
}

function measures({ blueprint, planned, words }: GdprSource): string[] {
  const { register } = words;
  const { pseudonyms, validByChance } = blueprint.datasets;
  const isChanged = planned
    .flatMap(({ output }) => output)
    .filter((column) => effectiveTreatment(column).kind !== 'keep');
  const forms = distinct(isChanged.map((column) => columnForm(column, pseudonyms, words)));
  return [
    ...(pseudonyms === undefined ? [] : [register.pseudonyms(`${pseudonyms.domain} v${pseudonyms.version}`)]),
    ...(forms.length === 0 ? [] : [register.treated(forms.join(', '))]),
    ...planned.flatMap((one) => anonymityOf(one, words)),
    register.gate,
    ...(validByChance === undefined ? [] : [register.validByChance(validByChance)]),
    ...register.stacks(LOG_DAYS),
  ];
}

function anonymityOf({ dataset }: PlannedDataset, { register }: GdprSource['words']): string[] {
  const { name, anonymity, notAnonymous } = dataset;
  if (anonymity === undefined) return notAnonymous === undefined ? [] : [register.notAnonymous(name, notAnonymous)];
  const { k, of, except = {}, blank, onFailure } = anonymity;
  const over = anonymity.over.join(', ');
  const size = of === undefined ? register.rows(k) : register.people(k, of.join(', '));
  const classes = register.classes(name, over, size);
  const emptied = blank === undefined ? '' : register.blanked(blank.join(', '));
  const apart = Object.entries(except).map(([column, reason]) => register.except(column, reason));
  return [classes + emptied + register.tooSmall[onFailure] + apart.join('')];
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
