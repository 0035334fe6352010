import type { QueryCost } from '../../domain/reconciliation.ts';
import { ACCEPTANCE_WORDS } from '../acceptance-words.ts';
import { APPROVAL_WORDS } from '../approval-words.ts';
import type { ReportStanding } from '../page.ts';
import { formatDuration, formatTime, formatUsd } from '../quantities.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { badge, code, factList, foreign, section, table, type PageContext } from '../parts.ts';
import { limits } from './verdict.ts';

const PROOFS = ['end-to-end', 'reread', 'target-only'] as const;

/** How strongly the files are proven, and what the comparison does not cover. */
export function proofSection(context: PageContext): Html {
  const { report, words, count, bytes } = context;
  const total = report.proofs.reduce((sum, entry) => sum + entry.count, 0);
  const rows = PROOFS.flatMap((proof) => {
    const entry = report.proofs.find((candidate) => candidate.proof === proof);
    if (entry === undefined) return [];
    const { name, meaning } = words.proofs[proof];
    return [[name, meaning, count(entry.count), bytes(entry.sizeBytes), bar(entry.count / total)]];
  });
  const { head, sections } = words;
  const columns = [head.proof, head.meaning, head.files, head.volume, head.share];
  const content =
    rows.length === 0
      ? html`<p>${words.noProofs}</p>`
      : table({ caption: sections.proof, isCaptionHidden: true, head: columns, rows, numberColumns: [2, 3] });
  return section(
    'proof',
    sections.proof,
    content,
    limits(context).map((sentence) => html`<p>${sentence}</p>`),
  );
}

/** Never rounded up to a whole: 99.99 % is not 100 %. */
function bar(share: number): Html {
  const percent = Math.floor(share * 1000) / 10;
  return html`${percent}&nbsp;% <span class="bar" aria-hidden="true"><i style="width:${percent}%"></i></span>`;
}

/** Who ran, approved and accepted what, when, for how long and at what cost. */
export function courseSection(context: PageContext, standing: ReportStanding): Html {
  const { report, words } = context;
  return section(
    'course',
    words.sections.course,
    facts(context, standing),
    timings(context),
    report.checks.length > 0 && checks(context),
  );
}

function facts(context: PageContext, { sha256, decisions }: ReportStanding): Html {
  const { report, words, language } = context;
  const { run, useCase, reconciliation } = report;
  const time = (iso: string | number) => formatTime(iso, language);
  const { facts: names } = words;
  const entries: [string, HtmlPart][] = [
    [names.owner, useCase.owner],
    [names.purpose, useCase.purpose],
    [names.legalBasis, useCase.legalBasis],
    [names.wave, useCase.wave],
    [names.run, code(run.runId)],
    [names.by, run.startedBy],
    [names.approval, approvalOf(context)],
    [words.course.decidedBy, decision(context, decisions)],
    [names.started, time(run.startedAt)],
    [names.finished, run.finishedAt === undefined ? '–' : time(run.finishedAt)],
    [names.duration, run.durationMs === undefined ? '–' : formatDuration(run.durationMs, language)],
    [names.state, words.runStates[run.status]],
    [names.plan, code(run.planHash)],
    [names.reconciled, reconciliation === undefined ? '–' : time(reconciliation.reconciledAtMs)],
    [names.freshPlan, reconciliation === undefined ? '–' : code(reconciliation.planHash)],
    ...cost(context, reconciliation?.queryCost),
    [names.report, code(sha256)],
    [names.tool, `lakelift ${run.toolVersion}`],
  ];
  return factList(entries);
}

/** On what ground the plan was run. */
export function approvalOf({ report, language }: PageContext): string {
  const { approval } = report.run;
  return approval === undefined
    ? '–'
    : APPROVAL_WORDS[language][approval.way](approval.by, formatTime(approval.at, language));
}

function decision({ words, language }: PageContext, decisions: ReportStanding['decisions']): string {
  const last = decisions.at(-1);
  if (last === undefined) return words.course.notDecided;
  const { headline } = ACCEPTANCE_WORDS[language].decisions[last.decision];
  return `${last.by.name}, ${last.by.role}, ${formatTime(last.at, language)} – ${headline}`;
}

function cost({ words, language, bytes }: PageContext, queryCost: QueryCost | undefined): [string, HtmlPart][] {
  const { costEstimated, costBilled, noCost } = words.course;
  if (queryCost === undefined) return [[costBilled, noCost]];
  const { estimatedBytes, estimatedUsd, scannedBytes, scannedUsd } = queryCost;
  return [
    [costEstimated, `${bytes(estimatedBytes)}, ${formatUsd(estimatedUsd, language)}`],
    [costBilled, `${bytes(scannedBytes)}, ${formatUsd(scannedUsd, language)}`],
  ];
}

function timings({ report, words, language }: PageContext): HtmlPart {
  if (report.timings.length === 0) return undefined;
  const rows = report.timings.map(({ step, durationMs }) => [
    words.steps[step] ?? step,
    formatDuration(durationMs, language),
  ]);
  const head = [words.head.step, words.head.duration];
  return [
    html`<h3>${words.timings}</h3>`,
    table({ caption: words.timings, isCaptionHidden: true, head, rows, numberColumns: [1] }),
  ];
}

function checks(context: PageContext): HtmlPart {
  const { report, words } = context;
  const rows = report.checks.map(({ name, isOk, detail }) => [
    name,
    badge(isOk ? 'good' : 'bad', isOk ? words.ok : words.notOk),
    foreign(context, detail),
  ]);
  const head = [words.businessChecks, words.head.result, words.head.detail];
  return [
    html`<h3>${words.businessChecks}</h3>`,
    table({ caption: words.businessChecks, isCaptionHidden: true, head, rows }),
  ];
}

export function readingSection({ words }: PageContext): Html {
  return section('reading', words.sections.reading, factList(words.glossary));
}
