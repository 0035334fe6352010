import type { AnonymityReached, DatasetPrivacy, PrivacyReport } from '../domain/privacy/privacy-report.ts';
import type { StandingPrivacy, StandingPrivacyReport } from '../domain/privacy/standing-report.ts';
import { renderDocument } from './document.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import { code, factList, section, signatures, table } from './parts.ts';
import { PRIVACY_WORDS, type PrivacyWords } from './privacy-words.ts';
import { formatCount, formatTime, type Language } from './quantities.ts';

/** What every section of a privacy report is drawn from. */
export interface Told {
  readonly language: Language;
  readonly words: PrivacyWords;
  /** What is not known is a dash. */
  readonly count: (count: number | undefined) => string;
}

export function tell(language: Language): Told {
  const count = (value: number | undefined): string => (value === undefined ? '–' : formatCount(value, language));
  return { language, words: PRIVACY_WORDS[language], count };
}

/** What one build did to personal data, as one HTML page that needs nothing else, with lines to sign. */
export function renderPrivacyPage(report: PrivacyReport, language: Language): string {
  const told = tell(language);
  const { words } = told;
  const { useCase, build, datasets } = report;
  return renderDocument({
    language,
    title: words.documentTitle(useCase.title[language]),
    kicker: words.title,
    heading: useCase.title[language],
    meta: [code(useCase.id), ` · ${words.builtOn(formatTime(build.at, language), build.by)}`],
    body: [
      verdict(told, datasets.length),
      subject(told, report, build.runId),
      summary(told, datasets),
      ...datasets.map((dataset, index) => datasetSection(told, dataset, index)),
      signatures(words),
    ],
    footer: words.footer(build.toolVersion),
  });
}

function verdict({ words }: Told, datasets: number): Html {
  return html`<section class="verdict is-identical plain-verdict" aria-labelledby="privacy-title">
    <h2 id="privacy-title">${words.headline(datasets)}</h2>
    <div class="body"><p>${words.meaning}</p></div>
  </section> `;
}

/** The use case and what its data are for. */
export function subject({ words }: Told, report: PrivacyReport | StandingPrivacyReport, runId: string): Html {
  const { facts } = words;
  const { useCase, pseudonyms, validByChance } = report;
  const byChance: [string, HtmlPart][] =
    validByChance === undefined ? [] : [[facts.validByChance, words.validByChance(validByChance)]];
  return section(
    'subject',
    words.sections.subject,
    factList([
      [facts.owner, useCase.owner],
      [facts.purpose, useCase.purpose],
      [facts.legalBasis, useCase.legalBasis],
      [facts.run, code(runId)],
      [facts.pseudonyms, pseudonyms === undefined ? words.noPseudonyms : code(pseudonyms)],
      ...byChance,
    ]),
  );
}

function summary({ words, count }: Told, datasets: readonly DatasetPrivacy[]): Html {
  const rows = datasets.map(({ name, zone, rows: left, suppressedRows, anonymity }) => [
    name,
    words.zones[zone],
    count(left),
    count(suppressedRows),
    anonymity === undefined ? '–' : smallestOf(anonymity),
  ]);
  const caption = words.sections.summary;
  const parts = { caption, isCaptionHidden: true, head: words.summaryHead, rows, numberColumns: [2, 3, 4] };
  return section('datasets', caption, table(parts));
}

function datasetSection(told: Told, dataset: DatasetPrivacy, index: number): Html {
  return section(
    `dataset-${index + 1}`,
    dataset.name,
    factList(datasetFacts(told, dataset)),
    ...columnTables(told, dataset),
  );
}

type AnyPrivacy = DatasetPrivacy | StandingPrivacy;

/** What became of each column. */
export function columnTables({ words }: Told, dataset: AnyPrivacy): HtmlPart[] {
  const columns = dataset.columns.map(({ name, source, class: kind, treatment, because }) => [
    name,
    code(source),
    words.classes[kind],
    treatmentText(words, treatment),
    because ?? '–',
  ]);
  const gone = dataset.leftOut.map(({ source, column, class: kind }) => [column, code(source), words.classes[kind]]);
  return [
    html`<h3>${words.columns}</h3>`,
    table({ caption: words.columns, isCaptionHidden: true, head: words.columnHead, rows: columns }),
    gone.length > 0 && [
      html`<h3>${words.leftOut}</h3>`,
      table({ caption: words.leftOut, isCaptionHidden: true, head: words.leftOutHead, rows: gone }),
    ],
  ];
}

/** What was done to its rows, and what they are for. */
export function datasetFacts({ words, count }: Told, dataset: AnyPrivacy): [string, HtmlPart][] {
  const { facts } = words;
  const { anonymity, notAnonymous, retention, consumers, checks } = dataset;
  const facets: [string, HtmlPart | undefined][] = [
    [facts.table, code(dataset.table)],
    [facts.madeOf, dataset.madeOf.join(', ')],
    [facts.purpose, dataset.purpose],
    [facts.legalBasis, dataset.legalBasis.length === 0 ? undefined : dataset.legalBasis.join(', ')],
    [facts.consumers, consumers.length === 0 ? words.none : consumers.join(', ')],
    [facts.retention, retention === undefined ? words.undecided : words.kept(retention.period, retention.from)],
    [facts.rows, words.rows(count(dataset.sourceRows), count(dataset.suppressedRows), count(dataset.rows))],
    [
      facts.anonymity,
      anonymity === undefined ? notAnonymous && words.notAnonymous(notAnonymous) : anonymityText(words, anonymity),
    ],
    [facts.except, anonymity?.except && lines(words.exceptions(anonymity.except))],
    [facts.blanked, blankedText(words, dataset, count)],
    [facts.diversity, anonymity?.diversity && diversityText(words, anonymity.diversity)],
    [facts.leaks, leaksText(words, dataset)],
    [
      facts.checks,
      checks.length === 0
        ? undefined
        : lines(
            checks.map(({ text, failing }) =>
              failing === 0 ? words.checkPassed(text) : words.check(text, count(failing)),
            ),
          ),
    ],
    [facts.sha256, dataset.sha256 === undefined ? '–' : code(dataset.sha256)],
  ];
  return facets.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] satisfies [string, HtmlPart]]));
}

function leaksText(words: PrivacyWords, dataset: AnyPrivacy): string {
  const { searched } = dataset;
  if ('standing' in dataset && dataset.standing.madeBy === 'unknown') return '–';
  return searched.length === 0 ? words.nothingSearched : words.leaks(searched.join(', '));
}

/** One below the other. */
export function lines(texts: readonly string[]): HtmlPart {
  return texts.map((text, at) => [at > 0 && html`<br />`, text]);
}

function anonymityText(words: PrivacyWords, anonymity: AnonymityReached): string {
  const { over, k, of } = anonymity;
  const counted = of === undefined ? words.countedRows : words.countedPeople(of.join(', '));
  return `${words.anonymity(over.join(', '), k, smallestOf(anonymity))} (${counted})`;
}

function blankedText(
  words: PrivacyWords,
  { anonymity, blanked }: AnyPrivacy,
  count: Told['count'],
): string | undefined {
  if (anonymity?.blank === undefined || blanked === undefined) return undefined;
  return words.blanked(anonymity.blank.join(', '), count(blanked.cells), count(blanked.rows));
}

function diversityText(words: PrivacyWords, { of, l, least }: NonNullable<AnonymityReached['diversity']>): string {
  return words.diversity(of, l, least === undefined ? '–' : String(least));
}

export function smallestOf({ smallestClass }: AnonymityReached): string {
  return smallestClass === undefined ? '–' : String(smallestClass);
}

/** `year-band:5` -> `band of years (5)`. */
function treatmentText({ treatments }: PrivacyWords, form: string): string {
  const [kind = '', argument] = form.split(':');
  const name = treatments[kind] ?? kind;
  return argument === undefined || argument === 'text' ? name : `${name} (${argument})`;
}
