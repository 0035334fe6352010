import type { Outcome } from '../domain/outcome.ts';
import type { PlanItem } from '../domain/plan.ts';
import type { RunReport } from '../domain/run-report.ts';
import { renderItemsCsv } from './items-csv.ts';
import { renderJunit } from './junit-xml.ts';
import { renderPage } from './page.ts';
import type { Language } from './quantities.ts';

export interface ReportFile {
  readonly name: string;
  readonly content: string | Iterable<string>;
}

/** What the page refers to as "the files delivered with this report". */
export const REPORT_FILES = {
  page: 'report.html',
  json: 'report.json',
  items: 'items.csv',
  junit: 'junit.xml',
  /** Every finding of the reconciliation, one JSON object a line. */
  findings: 'findings.jsonl',
} as const;

/** All files of a report but the findings, the page first. `items` is read once, when its file is written. */
export function renderReport(
  report: RunReport,
  items: Iterable<{ readonly item: PlanItem; readonly outcome: Outcome | undefined }>,
  language: Language,
): ReportFile[] {
  return [
    { name: REPORT_FILES.page, content: renderPage(report, language) },
    { name: REPORT_FILES.json, content: `${JSON.stringify(report, undefined, 2)}\n` },
    { name: REPORT_FILES.items, content: renderItemsCsv(items) },
    { name: REPORT_FILES.junit, content: renderJunit(report) },
  ];
}
