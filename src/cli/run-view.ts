import { isGood, type OutcomeStatus } from '../domain/outcome.ts';
import type { Reconciliation } from '../domain/reconciliation.ts';
import type { ReportTotal } from '../domain/run-report.ts';
import type { RunResult } from '../migrate.ts';
import { formatBytes, formatCount } from '../report/quantities.ts';
import { REPORT_WORDS } from '../report/words.ts';
import { paint, table, visible, type Terminal } from './terminal.ts';
import type { UseCaseSession } from './use-case.ts';

const FINDINGS_SHOWN = 15;

/** How a run ended, for the person who started it: outcomes, verdict, where the report is. */
export function printRunSummary(
  { terminal, useCase }: UseCaseSession,
  result: RunResult,
  places: readonly string[],
): void {
  const { language, words } = terminal;
  terminal.print('');
  terminal.print(paint('bold', `${useCase.migration.title[language]} (${useCase.migration.id}), ${result.run.runId}`));
  const rows = result.report.totals.map((total) => totalRow(terminal, total));
  for (const line of table([words.item, words.outcome, words.items, words.size], rows, new Set([2, 3])))
    terminal.print(line);
  printReconciliation(terminal, result.reconciliation);
  for (const place of places.filter((name) => name.endsWith('.html'))) terminal.print(`${words.reportAt}: ${place}`);
}

export function printReconciliation(terminal: Terminal, { verdict, findings }: Reconciliation): void {
  const { words, language } = terminal;
  for (const { subject, scope, detail } of findings.shown.slice(0, FINDINGS_SHOWN))
    terminal.print(`  ${paint('red', '✗')} ${visible(scope)}: ${visible(subject)}: ${visible(detail)}`);
  if (findings.total > FINDINGS_SHOWN)
    terminal.print(`  ${words.andMore(formatCount(findings.total - FINDINGS_SHOWN, language))}`);
  terminal.print(
    paint(verdict === 'identical' ? 'green' : verdict === 'differences' ? 'red' : 'yellow', words.verdictLine[verdict]),
  );
}

export function summaryJson({ run, plan, report, reconciliation }: RunResult, places: readonly string[]): unknown {
  return {
    useCase: plan.useCase,
    runId: run.runId,
    planHash: plan.hash,
    verdict: report.verdict,
    verdictReasons: report.verdictReasons,
    reconciliation: reconciliation.verdict,
    totals: report.totals,
    timings: report.timings,
    reports: places,
  };
}

function totalRow({ words, language }: Terminal, { kind, status, count, sizeBytes }: ReportTotal): string[] {
  const named = REPORT_WORDS[language].statuses[status];
  const isFine = status !== 'pending' && isGood(status satisfies OutcomeStatus);
  return [
    words.kinds[kind],
    isFine ? named : `${named} ✗`,
    formatCount(count, language),
    kind === 'file' ? formatBytes(sizeBytes, language) : '',
  ];
}
