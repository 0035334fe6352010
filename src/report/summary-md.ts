import type { Acceptance } from '../domain/acceptance/acceptance.ts';
import type { RunReport } from '../domain/run-report.ts';
import { ACCEPTANCE_WORDS } from './acceptance-words.ts';
import { code, plain, table } from './markdown.ts';
import { pageContext, type PageContext } from './parts.ts';
import { formatDuration, formatTime, type Language } from './quantities.ts';

const SIGNS = { identical: '✅', incomplete: '⚠️', differences: '❌' } as const;
/** GitHub takes a megabyte a step; people read less. */
const SHOWN = 20;

/** A report as Markdown for the summary of a CI job (GitHub, GitLab): the verdict, the numbers, and the first of what is to be looked at. */
export function renderSummary(
  report: RunReport,
  language: Language,
  standing: { readonly sha256: string; readonly decisions: readonly Acceptance[] },
): string {
  const context = pageContext(report, language);
  const { words } = context;
  const { useCase, run, verdict } = report;
  const reasons = report.verdictReasons.map(({ code, count }) => words.verdictReasons[code](context.counted(count)));
  const lines = [
    `## ${SIGNS[verdict]} ${plain(useCase.title[language])} – ${plain(words.verdicts[verdict].headline)}`,
    '',
    `${plain(words.useCase)} ${code(useCase.id)} · ${code(run.runId)} · ${plain(formatTime(run.startedAt, language))}${run.durationMs === undefined ? '' : ` · ${formatDuration(run.durationMs, language)}`}`,
    '',
    ...reasons.map((reason) => `- ${plain(reason)}`),
    ...(reasons.length > 0 ? [''] : []),
    ...totals(context),
    ...findings(context),
    ...exceptions(context),
    ...decision(language, standing.decisions),
    `${plain(words.facts.report)}${words.colon}${code(standing.sha256)}`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function totals({ report, words, count, bytes }: PageContext): string[] {
  const { head } = words;
  const rows = report.totals.map(({ kind, status, count: items, sizeBytes }) => [
    plain(words.kinds[kind]),
    plain(words.statuses[status]),
    count(items),
    kind === 'file' ? bytes(sizeBytes) : '',
  ]);
  return table([head.what, head.status, head.count, head.volume], rows, '| --- | --- | ---: | ---: |');
}

function findings({ report, words, counted, count }: PageContext): string[] {
  const all = report.reconciliation?.findings;
  if (all === undefined || all.total === 0) return [];
  const { head } = words;
  const rows = all.shown
    .slice(0, SHOWN)
    .map(({ scope, subject, kind, detail }) => [
      code(scope),
      code(subject),
      plain(words.findingKinds[kind]),
      plain(detail),
    ]);
  return [
    `### ${plain(words.findings(counted(all.total)))}`,
    '',
    ...table([head.scope, head.where, head.finding, head.detail], rows),
    ...more(rows.length, all.total, (shown, total) => words.moreOf(count(shown), count(total))),
  ];
}

function exceptions({ report, words, counted, count }: PageContext): string[] {
  const { shown, total } = report.exceptions;
  if (total === 0) return [];
  const { head } = words;
  const rows = shown
    .slice(0, SHOWN)
    .map(({ scope, subject, status, code: reason, message }) => [
      code(scope),
      code(subject),
      plain(words.statuses[status]),
      `${plain(message ?? '')} ${reason === undefined ? '' : code(reason)}`.trim(),
    ]);
  return [
    `### ${plain(words.notSettled(counted(total)))}`,
    '',
    ...table([head.scope, head.where, head.status, head.reason], rows),
    ...more(rows.length, total, (first, all) => words.moreOf(count(first), count(all))),
  ];
}

function decision(language: Language, decisions: readonly Acceptance[]): string[] {
  const last = decisions.at(-1);
  if (last === undefined) return [];
  const { headline } = ACCEPTANCE_WORDS[language].decisions[last.decision];
  return [
    `**${plain(headline)}** – ${plain(`${last.by.name}, ${last.by.role}, ${formatTime(last.at, language)}`)}`,
    '',
  ];
}

function more(shown: number, total: number, say: (shown: number, total: number) => string): string[] {
  return shown < total ? [plain(say(shown, total)), ''] : [];
}
