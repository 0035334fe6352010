import type { Finding } from '../../domain/reconciliation.ts';
import type { ReportException, ReportExclusion } from '../../domain/run-report.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { badge, code, foreign, section, table, type PageContext, type Tone } from '../parts.ts';

/** Findings that the page shows; the delivered files have them all. */
const SHOWN = 500;

/** Whatever a person must look at: deviations between source and target first, then items that did not end well. */
export function exceptionsSection(context: PageContext): Html {
  const { report, words } = context;
  const findings = report.reconciliation?.findings;
  const parts: HtmlPart[] = [];
  if (findings !== undefined && findings.total > 0) parts.push(findingsTable(context, findings.shown, findings.total));
  if (report.exceptions.total > 0)
    parts.push(exceptionsTable(context, report.exceptions.shown, report.exceptions.total));
  const failed = report.checks.filter(({ isOk }) => !isOk);
  if (failed.length > 0)
    parts.push(
      failed.map(
        ({ name, detail }) => html`<p>${badge('bad', words.notOk)} <b>${name}</b> ${foreign(context, detail)}</p>`,
      ),
    );
  return section(
    'exceptions',
    words.sections.exceptions,
    parts.length === 0 ? html`<p>${words.noExceptions}</p>` : parts,
  );
}

const WEIGHT_TONES: Readonly<Record<Finding['weight'], Tone>> = { difference: 'bad', drift: 'warn', unchecked: 'warn' };

function findingsTable(context: PageContext, findings: readonly Finding[], total: number): Html {
  const { words, counted } = context;
  const { head } = words;
  const caption = words.findings(counted(total));
  const shown = findings.slice(0, SHOWN);
  const rows = shown.map((finding) => [
    code(finding.subject),
    finding.scope,
    words.checks[finding.check],
    badge(WEIGHT_TONES[finding.weight], words.findingKinds[finding.kind]),
    [foreign(context, finding.detail), sides(context, finding)],
  ]);
  const columns = [head.where, head.scope, head.check, head.finding, head.detail];
  return html`${table({ caption, head: columns, rows })}${more(context, shown.length, total)}`;
}

function sides({ words }: PageContext, { source, target }: Finding): HtmlPart {
  if (source === undefined && target === undefined) return undefined;
  const side = (label: string, value: string | undefined) =>
    value !== undefined && html`${label}${words.colon}<code>${value}</code> `;
  return html`<br /><span class="hint">${side(words.head.source, source)}${side(words.head.target, target)}</span>`;
}

function exceptionsTable(context: PageContext, exceptions: readonly ReportException[], total: number): Html {
  const { words, counted } = context;
  const { head } = words;
  const rows = exceptions.map(({ subject, scope, kind, status, code: reason, message, hint }) => [
    code(subject),
    scope,
    words.kinds[kind],
    badge(status === 'failed' ? 'bad' : 'warn', words.statuses[status]),
    [
      message !== undefined && foreign(context, message),
      reason !== undefined && html` <span class="hint">(${reason})</span>`,
    ],
    hint !== undefined && foreign(context, hint),
  ]);
  const columns = [head.where, head.scope, head.what, head.status, head.reason, head.todo];
  const caption = words.notSettled(counted(total));
  return html`${table({ caption, head: columns, rows })}${more(context, exceptions.length, total)}`;
}

/** What was left out on purpose, by reason. */
export function excludedSection(context: PageContext): Html {
  const { report, words } = context;
  const { shown, total } = report.excluded;
  const title = words.sections.excluded;
  if (total === 0) return section('excluded', title, html`<p>${words.noExclusions}</p>`);
  const { head } = words;
  const rows = shown.map((entry) => [
    entry.scope,
    words.kinds[entry.kind],
    context.count(entry.count),
    reasonOf(context, entry),
    entry.examples.map((example, index) => html`${index > 0 && html`<br />`}${code(example)}`),
  ]);
  const columns = [head.scope, head.what, head.count, head.reason, head.examples];
  const content = table({ caption: title, isCaptionHidden: true, head: columns, rows, numberColumns: [2] });
  return section('excluded', title, html`<p>${words.excludedIntro}</p>`, content, more(context, shown.length, total));
}

/** The words of a person (`skip` in the mapping) stay as they were written. */
function reasonOf(context: PageContext, { code: reason, text }: ReportExclusion): HtmlPart {
  if (reason === 'MAPPING_SKIP') return text;
  return context.words.exclusionTexts[reason] ?? foreign(context, text);
}

function more({ words, count }: PageContext, shown: number, total: number): HtmlPart {
  return shown < total && html`<p class="hint">${words.moreOf(count(shown), count(total))}</p>`;
}
