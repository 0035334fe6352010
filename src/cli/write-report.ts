import { findingLogPath, readFindingLog, reportSinks } from '../compose.ts';
import type { Project } from '../config/config.ts';
import type { RunId } from '../domain/names.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { Ledger } from '../ports/ledger.ts';
import { REPORT_FILES, renderReport } from '../report/report-files.ts';
import type { Language } from './words.ts';

export interface ReportToWrite {
  readonly project: Project;
  readonly report: RunReport;
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly language: Language;
}

/** Puts every file of a report wherever reports go; returns the places, the page first. */
export async function writeReport({ project, report, ledger, runId, language }: ReportToWrite): Promise<string[]> {
  const places: string[] = [];
  for (const sink of reportSinks(project, ledger.useCase, runId)) {
    for (const { name, content } of renderReport(report, ledger.listOutcomes(runId, {}), language))
      places.push(await sink.write(name, content));
    places.push(
      await sink.write(REPORT_FILES.findings, readFindingLog(findingLogPath(project, ledger.useCase, runId))),
    );
  }
  return places;
}
