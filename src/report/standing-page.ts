import {
  isToLookAt,
  type SmallFilesPrivacy,
  type StandingPrivacy,
  type StandingPrivacyReport,
} from '../domain/privacy/standing-report.ts';
import { renderDocument } from './document.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import { badge, code, factList, section, signatures, table } from './parts.ts';
import { columnTables, datasetFacts, lines, smallestOf, subject, tell, type Told } from './privacy-page.ts';
import { formatTime, type Language } from './quantities.ts';
import { STANDING_WORDS, type StandingWords } from './standing-words.ts';

interface ToldStanding extends Told {
  readonly standing: StandingWords;
  /** What is not known is a dash. */
  readonly time: (iso: string | undefined) => string;
}

/** What the datasets of a use case are as they stand, whoever made them, as one HTML page that needs nothing else, with lines to sign. */
export function renderStandingPage(report: StandingPrivacyReport, language: Language): string {
  const time = (iso: string | undefined): string => (iso === undefined ? '–' : formatTime(iso, language));
  const told: ToldStanding = { ...tell(language), standing: STANDING_WORDS[language], time };
  const { words, standing } = told;
  const { useCase, drawnUp, datasets } = report;
  return renderDocument({
    language,
    title: words.documentTitle(useCase.title[language]),
    kicker: words.title,
    heading: useCase.title[language],
    meta: [code(useCase.id), ` · ${standing.drawnUpOn(formatTime(drawnUp.at, language), drawnUp.by)}`],
    body: [
      verdict(told, datasets),
      subject(told, report, drawnUp.runId),
      summary(told, datasets),
      ...datasets.map((dataset, index) => datasetSection(told, dataset, index)),
      signatures(words),
    ],
    footer: words.footer(drawnUp.toolVersion),
  });
}

function verdict({ standing }: ToldStanding, datasets: readonly StandingPrivacy[]): Html {
  const toLookAt = datasets.filter(isToLookAt).length;
  const tone = toLookAt === 0 ? 'is-identical' : 'is-incomplete';
  return html`<section class="verdict ${tone} plain-verdict" aria-labelledby="privacy-title">
    <h2 id="privacy-title">${standing.headline(datasets.length, toLookAt)}</h2>
    <div class="body"><p>${standing.meaning}</p></div>
  </section> `;
}

function summary(told: ToldStanding, datasets: readonly StandingPrivacy[]): Html {
  const { words, standing: its, count, time } = told;
  const rows = datasets.map((dataset) => [
    dataset.name,
    words.zones[dataset.zone],
    its.madeBy[dataset.standing.madeBy],
    time(dataset.standing.writtenAt),
    count(dataset.rows),
    count(dataset.suppressedRows),
    dataset.anonymity === undefined ? '–' : smallestOf(dataset.anonymity),
    isToLookAt(dataset) ? badge('warn', its.yes) : its.no,
  ]);
  const parts = { caption: its.summary, isCaptionHidden: true, head: its.summaryHead, rows };
  return section('datasets', its.summary, table({ ...parts, numberColumns: [4, 5, 6] }));
}

function datasetSection(told: ToldStanding, dataset: StandingPrivacy, index: number): Html {
  const { smallFiles } = dataset.standing;
  return section(
    `dataset-${index + 1}`,
    dataset.name,
    factList([...standingFacts(told, dataset), ...datasetFacts(told, dataset), ...checkFacts(told, dataset)]),
    smallFiles && html`<h3>${told.standing.smallFiles(smallFiles.table)}</h3>`,
    smallFiles && factList(smallFilesFacts(told, smallFiles)),
    ...columnTables(told, dataset),
  );
}

type Facts = [string, HtmlPart][];

function standingFacts(told: ToldStanding, dataset: StandingPrivacy): Facts {
  const { standing: its, words, count, time } = told;
  const { writtenAt, pseudonyms, inQuarantine, lastExecution } = dataset.standing;
  const toLookAt = toLookAtOf(told, dataset);
  const aside = Object.entries(inQuarantine);
  const { facts } = its;
  return [
    ...(toLookAt.length === 0 ? [] : ([[facts.toLookAt, lines(toLookAt)]] satisfies Facts)),
    [facts.madeBy, makerOf(told, dataset.standing)],
    [facts.written, time(writtenAt)],
    [facts.pseudonyms, pseudonyms === undefined ? words.noPseudonyms : code(pseudonyms)],
    [
      facts.quarantine,
      aside.length === 0 ? '–' : lines(aside.map(([block, found]) => its.quarantined(count(found), block))),
    ],
    [
      facts.lastExecution,
      lastExecution === undefined
        ? '–'
        : its.execution(lastExecution.run, its.outcomes[lastExecution.outcome], lastExecution.error),
    ],
  ];
}

function makerOf(
  { standing: its, time }: ToldStanding,
  { madeBy, by, builtAt, run }: StandingPrivacy['standing'],
): string {
  const maker = its.madeBy[madeBy];
  if (by !== undefined) return its.by(maker, by, time(builtAt));
  return run === undefined ? maker : its.inExecution(maker, run);
}

function toLookAtOf({ standing: its, count }: ToldStanding, { standing }: StandingPrivacy): string[] {
  const { remarks, lastExecution, smallFiles } = standing;
  const { failed = 0, withoutFigures = 0 } = smallFiles ?? {};
  const isMade = lastExecution === undefined || lastExecution.outcome === 'made' || lastExecution.outcome === 'kept';
  return [
    ...remarks.map((remark) => its.remarks[remark]),
    ...(isMade ? [] : [its.notMade(lastExecution.run, its.outcomes[lastExecution.outcome])]),
    ...(failed > 0 ? [its.failed(count(failed))] : []),
    ...(withoutFigures > 0 ? [its.withoutFigures(count(withoutFigures))] : []),
  ];
}

/** Of a job, whose broken checks are all that is known of them. */
function checkFacts({ standing: its }: ToldStanding, { standing, checks, sourceRows }: StandingPrivacy): Facts {
  if (standing.madeBy !== 'job' || checks.length > 0) return [];
  return [[its.facts.checks, sourceRows === undefined ? '–' : its.noneBroken]];
}

function smallFilesFacts({ standing: its, words, count, time }: ToldStanding, beside: SmallFilesPrivacy): Facts {
  const { facts } = its;
  const { objects, withoutFigures, failed, pseudonyms, figures } = beside;
  const told: Facts = [
    [facts.objects, its.objects(count(objects), count(objects - withoutFigures), count(failed))],
    [facts.pseudonyms, pseudonyms === undefined ? words.noPseudonyms : code(pseudonyms)],
  ];
  if (figures === undefined) return told;
  const { sourceRows, suppressedRows, rows, inQuarantine, blanked, k, smallestClass, l, leastDiversity } = figures;
  const read = its.smallRows(count(sourceRows), count(suppressedRows), count(rows), count(inQuarantine));
  told.push([facts.lastTaken, time(figures.lastAt)], [facts.rows, read]);
  if (k !== undefined) told.push([facts.anonymity, its.withinEach(`k = ${k}`, count(smallestClass))]);
  if (l !== undefined) told.push([facts.diversity, its.withinEach(`l = ${l}`, count(leastDiversity))]);
  if (blanked !== undefined) told.push([facts.blanked, its.cells(count(blanked.cells), count(blanked.rows))]);
  const broken = figures.warnings.map(({ text, failing }) => words.check(text, count(failing)));
  return [...told, [facts.checks, broken.length === 0 ? its.noneBroken : lines(broken)]];
}
