import {
  SEVERITIES,
  type AssessedItem,
  type AssessedUseCase,
  type Assessment,
  type Severity,
} from '../domain/assessment/assessment.ts';
import { lastUseMs, type FolderUsage } from '../domain/assessment/folder-usage.ts';
import { ASSESSMENT_WORDS, type AssessmentWords } from './assessment-words.ts';
import { renderDocument } from './document.ts';
import { html, type Html, type HtmlPart } from './html.ts';
import { badge, code, section, table, type Tone } from './parts.ts';
import { formatBytes, formatCount, formatDay, formatTime, type Language } from './quantities.ts';

const TONES: Readonly<Record<Severity, Tone>> = { blocking: 'bad', decision: 'warn', attention: 'warn', note: 'plain' };
/** A page of a hundred thousand tables is of no use to anybody; all of them are in the CSV. */
const ROWS_SHOWN = 500;

interface Context {
  readonly words: AssessmentWords;
  readonly language: Language;
}

/** The assessment as one page that needs nothing else: no script, no network. */
export function renderAssessment(assessment: Assessment, language: Language, toolVersion: string): string {
  const context = { words: ASSESSMENT_WORDS[language], language };
  const { words } = context;
  const { totals, useCases, items, otherFolders } = assessment;
  const count = (value: number): string => formatCount(value, language);
  const figures: [string, string][] = [
    [count(totals.tables + totals.views), words.figures.tables],
    [count(totals.files), words.figures.files],
    [formatBytes(totals.sizeBytes, language), words.figures.size],
    [count(totals.unassigned), words.figures.unassigned],
  ];
  const shared = items.filter((item) => item.useCases.length > 1);
  return renderDocument({
    language,
    title: words.title,
    kicker: words.title,
    heading: words.headline(count(totals.tables + totals.views), formatBytes(totals.sizeBytes, language)),
    meta: words.drawn(formatTime(assessment.drawnAt, language), assessment.usageFrom),
    body: [
      html`<ul class="figures">
        ${figures.map(([value, label]) => html`<li><b>${value}</b> <span>${label}</span></li>`)}
      </ul>`,
      useCases.length > 0 && section('quick-wins', words.sections.quickWins, useCaseTable(useCases, context)),
      shared.length > 0 && section('shared', words.sections.shared, sharedTable(shared, context)),
      section('findings', words.sections.findings, findingsTable(items, context)),
      section('inventory', words.sections.inventory, inventoryTable(items, context)),
      otherFolders.length > 0 && section('others', words.sections.others, othersTable(otherFolders, context)),
      section(
        'reading',
        words.sections.reading,
        words.reading.map((line) => html`<p>${line}</p>`),
      ),
    ],
    footer: words.footer(toolVersion),
  });
}

function useCaseTable(useCases: readonly AssessedUseCase[], { words, language }: Context): Html {
  const { head } = words;
  const rows = useCases.map((useCase): HtmlPart[] => [
    [useCase.title[language], html`<br />`, code(useCase.id), html`<br /><span class="hint">${useCase.owner}</span>`],
    formatCount(useCase.rank, language),
    formatCount(useCase.proposedWave, language),
    words.days(new Intl.NumberFormat(language).format(useCase.effortDays)),
    formatBytes(useCase.usage.sizeBytes, language),
    formatCount(useCase.usage.files, language),
    [
      useCase.reasons.map((reason) => words.reasons[reason]).join(', '),
      useCase.needs.length > 0 && [' (', useCase.needs.join(', '), ')'],
    ],
  ]);
  const columns = [head.useCase, head.rank, head.wave, head.effort, head.size, head.files, head.why];
  return table({
    caption: words.sections.quickWins,
    isCaptionHidden: true,
    head: columns,
    rows,
    numberColumns: [1, 2, 3, 4, 5],
  });
}

function sharedTable(items: readonly AssessedItem[], { words, language }: Context): Html {
  const rows = items.map(({ name, useCases, usage }): HtmlPart[] => [
    code(name),
    useCases.join(', '),
    sizeOf(usage, words, language),
  ]);
  const head = [words.head.item, words.head.useCases, words.head.size];
  return table({ caption: words.sections.shared, isCaptionHidden: true, head, rows, numberColumns: [2] });
}

function findingsTable(items: readonly AssessedItem[], context: Context): HtmlPart {
  const { words, language } = context;
  const found = SEVERITIES.filter((severity) => severity !== 'note').flatMap((severity) =>
    items.flatMap((item) =>
      item.findings.filter((one) => one.severity === severity).map((finding) => ({ item, finding })),
    ),
  );
  if (found.length === 0) return html`<p>${words.nothing}</p>`;
  const rows = found
    .slice(0, ROWS_SHOWN)
    .map(({ item, finding }): HtmlPart[] => [
      code(item.name),
      badge(TONES[finding.severity], words.severities[finding.severity]),
      code(finding.code),
      [
        html`<span lang="en">${finding.text}</span>`,
        finding.hint !== undefined && html`<br /><span class="hint" lang="en">${finding.hint}</span>`,
      ],
    ]);
  const { head } = words;
  const columns = [head.item, head.severity, head.code, head.text];
  return [
    table({ caption: words.sections.findings, isCaptionHidden: true, head: columns, rows }),
    more(found.length, language, words),
  ];
}

function inventoryTable(items: readonly AssessedItem[], { words, language }: Context): HtmlPart {
  const { head } = words;
  const rows = items
    .slice(0, ROWS_SHOWN)
    .map(({ name, format, partitions, usage, useCases, effortDays }): HtmlPart[] => [
      [code(name), format !== undefined && [' ', format]],
      formatCount(partitions, language),
      usage === undefined ? words.unknown : formatCount(usage.files, language),
      sizeOf(usage, words, language),
      lastUse(usage, words, language),
      useCases.length === 0 ? words.nothing : useCases.join(', '),
      words.days(new Intl.NumberFormat(language).format(effortDays)),
    ]);
  const columns = [head.item, head.partitions, head.files, head.size, head.lastUse, head.useCases, head.effort];
  return [
    table({
      caption: words.sections.inventory,
      isCaptionHidden: true,
      head: columns,
      rows,
      numberColumns: [1, 2, 3, 6],
    }),
    more(items.length, language, words),
  ];
}

function othersTable(folders: Assessment['otherFolders'], { words, language }: Context): Html {
  const rows = folders.map(({ path, usage }): HtmlPart[] => [
    code(path),
    formatCount(usage.files, language),
    formatBytes(usage.sizeBytes, language),
    lastUse(usage, words, language),
  ]);
  const head = [words.head.folder, words.head.files, words.head.size, words.head.lastUse];
  return table({ caption: words.sections.others, isCaptionHidden: true, head, rows, numberColumns: [1, 2] });
}

function sizeOf(usage: FolderUsage | undefined, words: AssessmentWords, language: Language): string {
  return usage === undefined ? words.unknown : formatBytes(usage.sizeBytes, language);
}

function lastUse(usage: FolderUsage | undefined, words: AssessmentWords, language: Language): string {
  const usedAtMs = usage && lastUseMs(usage);
  return usedAtMs === undefined ? words.unknown : formatDay(usedAtMs, language);
}

function more(total: number, language: Language, words: AssessmentWords): HtmlPart {
  return total > ROWS_SHOWN && html`<p>${words.andMore(formatCount(total - ROWS_SHOWN, language))}</p>`;
}
