import type { CheckStatus, ReconcileVerdict, ScopeReconciliation } from '../../domain/reconciliation.ts';
import type { ReportScope } from '../../domain/run-report.ts';
import { html, type Html, type HtmlPart } from '../html.ts';
import { badge, code, foreign, section, table, verdictBadge, type PageContext, type Tone } from '../parts.ts';
import { onScreen } from '../paper.ts';
import { partitionLists, PRINTED_PARTITIONS } from './partitions.ts';

/** One line per table and folder; those that differ stand first. */
export function tablesSection(context: PageContext): Html {
  const { report, words, count, bytes } = context;
  const { head } = words;
  const rows = worstFirst(report.scopes).map((scope) => [
    scope.scope,
    scope.target ?? scope.location ?? '–',
    count(scope.files.count),
    bytes(scope.files.sizeBytes),
    scope.partitions.total === 0 ? '–' : count(scope.partitions.total),
    scope.reconciliation?.rows === undefined ? '–' : count(scope.reconciliation.rows.targetRows),
    words.statuses[scope.status],
    verdictBadge(context, scope.reconciliation?.verdict),
  ]);
  const columns = [
    head.scope,
    head.target,
    head.files,
    head.volume,
    head.partitions,
    head.rows,
    head.status,
    head.verdict,
  ];
  const title = words.sections.tables;
  return section(
    'tables',
    title,
    table({ caption: title, isCaptionHidden: true, head: columns, rows, numberColumns: [2, 3, 4, 5] }),
  );
}

const ORDER: readonly (ReconcileVerdict | undefined)[] = ['differences', undefined, 'incomplete', 'identical'];

function worstFirst(scopes: readonly ReportScope[]): ReportScope[] {
  const rank = ({ reconciliation }: ReportScope): number => ORDER.indexOf(reconciliation?.verdict);
  return scopes.toSorted((a, b) => rank(a) - rank(b));
}

/** Columns and partitions that are put on paper; a browser prints some 500 rows a second. */
const PRINTED_ROWS = 3000;

/** What is behind each line: open it on a screen, find it spread out on paper, the worst first and as far as paper is of use. */
export function detailsSection(context: PageContext): Html {
  const { report, words, counted } = context;
  let rows = 0;
  let notPrinted = 0;
  const details = worstFirst(report.scopes).map((scope) => {
    rows += (scope.reconciliation?.columns.length ?? 0) + Math.min(scope.partitions.total, PRINTED_PARTITIONS);
    const isPrinted = rows <= PRINTED_ROWS;
    if (!isPrinted) notPrinted += 1;
    return scopeDetails(context, scope, isPrinted);
  });
  const rest =
    notPrinted > 0 && html`<p class="on-paper">${words.longLists.detailsNotPrinted(counted(notPrinted))}</p>`;
  return section('details', words.sections.details, details, rest);
}

function scopeDetails(context: PageContext, scope: ReportScope, isPrinted: boolean): Html {
  const { reconciliation } = scope;
  const verdict = verdictBadge(context, reconciliation?.verdict);
  const inside = [
    scope.location !== undefined &&
      html`<p class="meta">${context.words.location}${context.words.colon}${code(scope.location)}</p>`,
    scope.message !== undefined && html`<p>${foreign(context, scope.message)}</p>`,
    notes(context, scope),
    reconciliation !== undefined && checksTable(context, reconciliation),
    reconciliation !== undefined && columnsTable(context, reconciliation),
    partitionLists(context, scope),
  ];
  const details = html`<details class="${isPrinted ? '' : 'on-screen'}">
    <summary>${scope.scope} ${verdict}</summary>
    <div class="inside">${inside}</div>
  </details> `;
  return isPrinted ? details : onScreen(details);
}

function notes(context: PageContext, scope: ReportScope): HtmlPart {
  if (scope.notes.length === 0) return undefined;
  const items = scope.notes.map(({ text }) => html`<li>${foreign(context, text)}</li>`);
  return html`<h3>${context.words.notes}</h3>
    <ul>
      ${items}
    </ul>`;
}

const CHECK_TONES: Readonly<Record<CheckStatus, Tone>> = {
  passed: 'good',
  differences: 'bad',
  incomplete: 'warn',
  'not-configured': 'plain',
};

function checksTable(context: PageContext, { scope, checks, rows }: ScopeReconciliation): Html {
  const { words, count } = context;
  const { head } = words;
  const lines = checks.map(({ check, status, compared, deviating, reason }) => [
    words.checks[check],
    count(compared),
    count(deviating),
    badge(CHECK_TONES[status], words.checkStatuses[status]),
    check === 'rows' && rows !== undefined
      ? `${head.sourceRows} (${rows.sourceEngine})${words.colon}${count(rows.sourceRows)} – ${head.targetRows} (${rows.targetEngine})${words.colon}${count(rows.targetRows)}`
      : status === 'not-configured'
        ? words.noEngines
        : reason !== undefined && foreign(context, reason),
  ]);
  const columns = [head.check, head.count, words.figures.findings, head.result, head.detail];
  return table({ caption: words.checksOf(scope), head: columns, rows: lines, numberColumns: [1, 2] });
}

function columnsTable(context: PageContext, { scope, columns }: ScopeReconciliation): HtmlPart {
  if (columns.length === 0) return undefined;
  const { words } = context;
  const rows = columns.map(({ name, isPartitionKey, wantedType, standingType, status }) => [
    isPartitionKey === true ? html`${code(name)} (${words.partitionKey})` : code(name),
    wantedType === undefined ? '–' : code(wantedType),
    standingType === undefined ? '–' : code(standingType),
    badge(status === 'same' ? 'good' : 'bad', words.columnStatuses[status]),
  ]);
  const head = [words.head.column, words.head.sourceType, words.head.targetType, words.head.result];
  return table({ caption: words.columnsOf(scope), head, rows });
}
