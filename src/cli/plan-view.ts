import { VERDICTS, type PlanItemKind, type PlanSummary, type Verdict } from '../domain/plan.ts';
import type { Ledger } from '../ports/ledger.ts';
import { forecastPlan } from '../steps/plan/forecast.ts';
import { formatBytes, formatCount, formatDuration } from '../report/quantities.ts';
import { paint, table, visible, type Terminal } from './terminal.ts';

const KINDS: readonly PlanItemKind[] = ['table', 'view', 'partition', 'path', 'function', 'file'];
const EXCEPTIONS_SHOWN = 25;

/** A plan as a person reads it: totals by verdict, what will not simply be copied and why, sizes, forecast, hash. */
export function printPlan(terminal: Terminal, ledger: Ledger, plan: PlanSummary): void {
  const { words, language } = terminal;
  const rows = KINDS.flatMap((kind) =>
    VERDICTS.flatMap((verdict) => {
      const totals = plan.totals[kind]?.[verdict];
      if (totals === undefined) return [];
      return [
        [
          words.kinds[kind],
          words.verdicts[verdict],
          formatCount(totals.count, language),
          kind === 'file' ? formatBytes(totals.sizeBytes, language) : '',
        ],
      ];
    }),
  );
  for (const line of table([words.item, words.verdict, words.items, words.size], rows, new Set([2, 3])))
    terminal.print(line);
  printViews(terminal, ledger);
  printExceptions(terminal, ledger, plan);
  printForecast(terminal, ledger);
  terminal.print(`${words.planHash}: ${paint('bold', plan.hash)}`);
}

/** What becomes of views, for somebody who reads SQL to agree with. */
function printViews(terminal: Terminal, ledger: Ledger): void {
  let shown = 0;
  for (const item of ledger.listItems({ kind: 'view', verdict: 'copy' })) {
    if (item.kind !== 'view' || shown++ >= EXCEPTIONS_SHOWN) break;
    terminal.print(`  ${visible(item.id)}`);
    for (const { text } of item.notes) terminal.print(`      ${paint('dim', visible(text))}`);
  }
}

function printExceptions(terminal: Terminal, ledger: Ledger, plan: PlanSummary): void {
  const { words, language } = terminal;
  const wanted: readonly Verdict[] = ['refuse', 'needs-decision', 'convert', 'skip'];
  const total = KINDS.reduce(
    (sum, kind) => sum + wanted.reduce((inner, verdict) => inner + (plan.totals[kind]?.[verdict]?.count ?? 0), 0),
    0,
  );
  if (total === 0) return;
  terminal.print(`\n${words.exceptions}:`);
  let shown = 0;
  for (const verdict of wanted) {
    for (const item of ledger.listItems({ verdict })) {
      if (shown++ >= EXCEPTIONS_SHOWN) break;
      terminal.print(`  ${mark(verdict)} ${words.verdicts[verdict]}: ${visible(item.id)}`);
      if (item.reason !== undefined)
        terminal.print(
          `      ${visible(item.reason.text)}${item.reason.hint === undefined ? '' : ` ${paint('dim', visible(item.reason.hint))}`}`,
        );
    }
  }
  if (total > EXCEPTIONS_SHOWN) terminal.print(`  ${words.andMore(formatCount(total - EXCEPTIONS_SHOWN, language))}`);
  terminal.print('');
}

function mark(verdict: Verdict): string {
  return verdict === 'skip' ? paint('dim', '–') : paint('yellow', '!');
}

function printForecast(terminal: Terminal, ledger: Ledger): void {
  const { words, language } = terminal;
  const { durationSeconds, requestUsd, storageUsdPerMonth, scopes } = forecastPlan(
    ledger.listItems({ kind: 'file', verdict: 'copy' }),
  );
  const money = (amount: number): string =>
    new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 }).format(amount);
  const parts = [
    formatDuration(durationSeconds * 1000, language),
    money(requestUsd),
    `${money(storageUsdPerMonth)}/${words.month}`,
  ];
  terminal.print(`${words.forecast}: ${parts.join(' · ')}`);
  for (const { scope } of scopes.filter(({ hasSmallFiles }) => hasSmallFiles))
    terminal.print(`  ${words.smallFiles}: ${visible(scope)}`);
}
