import type { ReconcileVerdict } from '../../domain/reconciliation.ts';
import type { ReportTotal, RunReport } from '../../domain/run-report.ts';
import { Html, html, type HtmlPart } from '../html.ts';
import type { PageContext } from '../parts.ts';
import { formatDuration } from '../quantities.ts';

const SIGNS: Readonly<Record<ReconcileVerdict, string>> = {
  identical:
    '<path d="M14 25l7 7 14-15" fill="none" stroke="currentColor" stroke-width="4" stroke-linecap="round" stroke-linejoin="round"/>',
  incomplete:
    '<path d="M24 13v15" stroke="currentColor" stroke-width="4.5" stroke-linecap="round"/><circle cx="24" cy="35" r="2.6" fill="currentColor"/>',
  differences: '<path d="M16 16l16 16M32 16L16 32" stroke="currentColor" stroke-width="4" stroke-linecap="round"/>',
};

/** The answer, before anything else: what was found, why, and what the answer does not cover. */
export function verdictSection(context: PageContext): Html {
  const { report, words } = context;
  const { headline, meaning } = words.verdicts[report.verdict];
  const sign = new Html(SIGNS[report.verdict]);
  const reasons = report.verdictReasons.map(({ code, count }) => {
    return html`<li>${words.verdictReasons[code](context.counted(count))}</li>`;
  });
  return html`<section class="verdict is-${report.verdict}" aria-labelledby="verdict-title">
    <svg viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="21.5" fill="#fff" stroke="currentColor" stroke-width="3" />
      ${sign}
    </svg>
    <h2 id="verdict-title">${headline}</h2>
    <div class="body">
      <p>${meaning}</p>
      ${covered(context)}${
        reasons.length > 0 &&
        html`<ul>
          ${reasons}
        </ul>`
      }
    </div>
  </section> `;
}

function covered(context: PageContext): HtmlPart {
  const { report, words, counted, bytes } = context;
  const files = report.reconciliation?.files;
  const proven =
    files !== undefined && files.matched > 0
      ? words.proven(counted(files.matched), bytes(files.matchedBytes))
      : undefined;
  const sentences = [proven, ...limits(context)].filter((sentence) => sentence !== undefined);
  return sentences.map((sentence) => html`<p>${sentence}</p>`);
}

/** What the comparison was asked for and did not do. */
export function limits({ report, words, counted }: PageContext): string[] {
  const compared = report.scopes.flatMap(({ reconciliation }) => reconciliation ?? []);
  const uncounted = compared.filter(({ checks }) => checks.some(({ status }) => status === 'not-configured'));
  const byValue = compared.filter(({ level }) => level === 'content');
  return [
    ...(uncounted.length === 0 ? [] : [words.limitsRows(counted(uncounted.length))]),
    ...(byValue.length === 0 ? [] : [words.limitsContent(counted(byValue.length))]),
  ];
}

/** The run in eight numbers. */
export function figuresSection(context: PageContext): Html {
  const { report, words, count, bytes } = context;
  const { figures } = words;
  const proven = totalOf(report, (total) => total.kind === 'file' && /verified$/.test(total.status));
  const standing = totalOf(report, ({ kind, status }) => {
    return (kind === 'table' || kind === 'view') && /^(registered|updated|unchanged)$/.test(status);
  });
  const partitions = report.scopes.reduce((sum, scope) => sum + scope.partitions.total, 0);
  const left = totalOf(report, ({ status }) => status === 'skipped');
  const entries: [string, string][] = [
    [count(proven.count), figures.files],
    [bytes(proven.sizeBytes), figures.volume],
    [count(standing.count), figures.tables],
    [count(partitions), figures.partitions],
    [report.reconciliation === undefined ? '–' : count(report.reconciliation.findings.total), figures.findings],
    [count(report.exceptions.total), figures.toReview],
    [count(left.count), figures.excluded],
    rowsOrDuration(context),
  ];
  return html`<ul class="figures">
    ${entries.map(([value, label]) => html`<li><b>${value}</b> <span>${label}</span></li>`)}
  </ul> `;
}

function totalOf(
  { totals }: RunReport,
  isCounted: (total: ReportTotal) => boolean,
): { count: number; sizeBytes: number } {
  const sum = { count: 0, sizeBytes: 0 };
  for (const total of totals.filter(isCounted)) {
    sum.count += total.count;
    sum.sizeBytes += total.sizeBytes;
  }
  return sum;
}

function rowsOrDuration({ report, words, count, language }: PageContext): [string, string] {
  const rows = report.scopes.flatMap(({ reconciliation }) => reconciliation?.rows ?? []);
  if (rows.length > 0) {
    const sum = rows.reduce((total, { targetRows }) => total + BigInt(targetRows), 0n);
    return [count(String(sum)), words.figures.rows];
  }
  const { durationMs } = report.run;
  return [durationMs === undefined ? '–' : formatDuration(durationMs, language), words.figures.duration];
}
