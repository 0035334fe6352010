import { percentOf, type Portfolio, type PortfolioEntry, type Stage } from '../domain/portfolio.ts';
import { renderDocument } from './document.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import { badge, code, section, table, type Tone } from './parts.ts';
import { volumeChart, wavesChart } from './portfolio-charts.ts';
import { PORTFOLIO_WORDS, type PortfolioWords } from './portfolio-words.ts';
import { formatBytes, formatCount, formatDate, formatDuration, formatTime, type Language } from './quantities.ts';
import { REPORT_WORDS } from './words.ts';

const TONES: Readonly<Record<Stage, Tone>> = {
  new: 'plain',
  mapped: 'plain',
  planned: 'plain',
  approved: 'plain',
  running: 'plain',
  unfinished: 'warn',
  open: 'warn',
  identical: 'good',
  refused: 'bad',
  accepted: 'good',
};

/** Every use case of a project on one page: what is accepted, what is moved, what is to be done. No script, no network. */
export function renderPortfolio(
  { drawnAt, entries, batches }: Portfolio,
  language: Language,
  toolVersion: string,
): string {
  const words = PORTFOLIO_WORDS[language];
  const sum = (of: (entry: PortfolioEntry) => number): number => entries.reduce((total, entry) => total + of(entry), 0);
  const accepted = entries.filter(({ stage }) => stage === 'accepted').length;
  const count = (value: number): string => formatCount(value, language);
  const figures: [string, string][] = [
    [count(entries.length), words.figures.useCases],
    [count(accepted), words.figures.accepted],
    [
      formatBytes(
        sum(({ sizeBytes }) => sizeBytes),
        language,
      ),
      words.figures.volume,
    ],
    [count(sum(({ files }) => files)), words.figures.files],
  ];
  const volume = volumeChart(entries, words, language);
  return renderDocument({
    language,
    title: words.title,
    kicker: words.title,
    heading: words.headline(count(accepted), count(entries.length)),
    meta: words.drawn(formatTime(drawnAt, language)),
    body: [
      html`<ul class="figures">
        ${figures.map(([value, label]) => html`<li><b>${value}</b> <span>${label}</span></li>`)}
      </ul>`,
      entries.length > 0 && section('waves', words.sections.waves, wavesChart(entries, words)),
      volume !== undefined && section('volume', words.sections.volume, volume),
      section('use-cases', words.sections.useCases, useCaseTable(entries, words, language)),
      batches.length > 0 && section('batches', words.sections.batches, batchTable(batches, words, language)),
      section(
        'history',
        words.sections.history,
        entries.map((entry) => history(entry, words, language)),
      ),
    ],
    footer: words.footer(toolVersion),
  });
}

function useCaseTable(entries: readonly PortfolioEntry[], words: PortfolioWords, language: Language): Html {
  const { head } = words;
  const count = (value: number): string => formatCount(value, language);
  const rows = entries.map((entry) => [
    [
      entry.useCase.title[language],
      html`<br />`,
      code(entry.useCase.id),
      html`<br /><span class="hint">${entry.useCase.owner}</span>`,
    ],
    count(entry.useCase.wave),
    [badge(TONES[entry.stage], words.stages[entry.stage]), html`<br />`, code(entry.next)],
    entry.lastRun === undefined ? words.neverRun : formatDate(entry.lastRun.startedAt.slice(0, 10), language),
    withHints(
      count(entry.openPoints),
      entry.blockers.map((blocker) => `${count(blocker.count)} ${words.blockers[blocker.kind]}`),
    ),
    count(entry.tables),
    withHints(count(entry.files), entry.progress === undefined ? [] : [words.proven(count(percentOf(entry.progress)))]),
    formatBytes(entry.sizeBytes, language),
  ]);
  const columns = [head.useCase, head.wave, head.stage, head.lastRun, head.open, head.tables, head.files, head.volume];
  const caption = words.sections.useCases;
  return table({ caption, isCaptionHidden: true, head: columns, rows, numberColumns: [1, 4, 5, 6, 7] });
}

function withHints(figure: string, hints: readonly string[]): HtmlPart {
  return [figure, hints.map((hint) => html`<br /><span class="hint">${hint}</span>`)];
}

/** The waves as they were run: who, when, how many ended well. */
function batchTable(batches: Portfolio['batches'], words: PortfolioWords, language: Language): Html {
  const { head } = words;
  const rows = batches.map(({ batchId, startedBy, startedAt, finishedAt, useCases }) => [
    code(batchId),
    formatTime(startedAt, language),
    formatDuration(Date.parse(finishedAt) - Date.parse(startedAt), language),
    startedBy,
    [...new Set(useCases.map(({ wave }) => wave))].sort((a, b) => a - b).join(', '),
    `${formatCount(useCases.filter(({ exitCode }) => exitCode === 0).length, language)} / ${formatCount(useCases.length, language)}`,
  ]);
  const columns = [head.run, head.lastRun, head.duration, head.by, head.wave, head.endedWell];
  return table({ caption: words.sections.batches, isCaptionHidden: true, head: columns, rows });
}

function history({ useCase, runs }: PortfolioEntry, words: PortfolioWords, language: Language): Html | undefined {
  if (runs.length === 0) return undefined;
  const { head } = words;
  const rows = runs.map(({ runId, startedAt, status }) => [
    code(runId),
    formatTime(startedAt, language),
    REPORT_WORDS[language].runStates[status],
  ]);
  const caption = `${words.sections.history} – ${useCase.title[language]}`;
  return html`<details>
    <summary>${useCase.title[language]} (${formatCount(runs.length, language)})</summary>
    <div class="inside">
      ${table({ caption, isCaptionHidden: true, head: [head.run, head.lastRun, head.state], rows })}
    </div>
  </details>`;
}
