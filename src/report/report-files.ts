import { createHash } from 'node:crypto';
import type { Acceptance } from '../domain/acceptance/acceptance.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { PlanItem, TableItem } from '../domain/plan.ts';
import type { RunReport } from '../domain/run-report.ts';
import { renderItemsCsv } from './items-csv.ts';
import { renderJunit } from './junit-xml.ts';
import { renderOpenLineage, type LineagePlaces } from './open-lineage.ts';
import { renderPage } from './page.ts';
import type { Language } from './quantities.ts';
import { renderSummary } from './summary-md.ts';
import { visibleJson } from './visible-text.ts';

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
  /** For the summary of a CI job. */
  summary: 'summary.md',
  lineage: 'openlineage.jsonl',
} as const;

/** What a decision on a report adds to it. */
export const ACCEPTANCE_FILES = { page: 'acceptance.html', json: 'acceptance.json' } as const;

/** About the whole cluster. */
export const ASSESSMENT_FILES = { page: 'assessment.html', json: 'assessment.json', items: 'assessment.csv' } as const;

/** What a build of datasets adds to the report of the run whose raw it was made from; the second pair once the first was accepted. */
export const PRIVACY_FILES = {
  page: 'privacy.html',
  json: 'privacy.json',
  laterPage: 'privacy-later.html',
  laterJson: 'privacy-later.json',
} as const;

export interface ReportContent {
  readonly report: RunReport;
  /** Read once, when its file is written. */
  readonly items: Iterable<{ readonly item: PlanItem; readonly outcome: Outcome | undefined }>;
  readonly tables: Iterable<TableItem>;
  readonly lineagePlaces: LineagePlaces;
  readonly language: Language;
  readonly decisions: readonly Acceptance[];
}

/** All files of a report but the findings, the page first. */
export function renderReport(content: ReportContent): ReportFile[] {
  const { report, items, language, decisions } = content;
  const json = `${visibleJson(report, 2)}\n`;
  const sha256 = createHash('sha256').update(json).digest('hex');
  const standing = { sha256, decisions };
  return [
    { name: REPORT_FILES.page, content: renderPage(report, language, standing) },
    { name: REPORT_FILES.json, content: json },
    { name: REPORT_FILES.items, content: renderItemsCsv(items) },
    { name: REPORT_FILES.junit, content: renderJunit(report) },
    { name: REPORT_FILES.summary, content: renderSummary(report, language, standing) },
    { name: REPORT_FILES.lineage, content: renderOpenLineage(report, content.tables, content.lineagePlaces) },
  ];
}
