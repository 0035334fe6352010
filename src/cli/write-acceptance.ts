import { createHash } from 'node:crypto';
import { reportSinks } from '../compose-reports.ts';
import { acceptanceRecord, type Acceptance } from '../domain/acceptance/acceptance.ts';
import type { RunId } from '../domain/names.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FileDigest } from '../ports/report-folder.ts';
import { renderAcceptancePage } from '../report/acceptance-page.ts';
import { renderPage } from '../report/page.ts';
import { ACCEPTANCE_FILES, REPORT_FILES } from '../report/report-files.ts';
import { visibleJson } from '../report/visible-text.ts';
import { RUN_DOCUMENTS } from '../ports/run-documents.ts';
import type { ReportToWrite } from './write-report.ts';

/** Puts the record beside the report and draws the report's page again, which shows it; returns the places, the record's page first. */
export async function writeAcceptance(
  { project, report, ledger, runId, language }: ReportToWrite,
  decisions: readonly Acceptance[],
): Promise<string[]> {
  const sha256 = decisions.at(-1)!.report.sha256;
  const files = {
    [ACCEPTANCE_FILES.page]: renderAcceptancePage(report, decisions, language),
    [ACCEPTANCE_FILES.json]: `${visibleJson(acceptanceRecord(report.useCase.id, decisions), 2)}\n`,
    [REPORT_FILES.page]: renderPage(report, language, { sha256, decisions }),
  };
  const places: string[] = [];
  for (const sink of reportSinks(project, ledger.useCase, runId))
    for (const [name, content] of Object.entries(files)) places.push(await sink.write(name, content));
  await addDigests(ledger, runId, files);
  return places;
}

/** Notes what files that came to a report hold, so that nobody changes them unseen. */
export async function addDigests(ledger: Ledger, runId: RunId, files: Readonly<Record<string, string>>): Promise<void> {
  const written = ledger.findDocument(runId, RUN_DOCUMENTS.files) as Readonly<Record<string, FileDigest>> | undefined;
  ledger.putDocument(runId, RUN_DOCUMENTS.files, { ...written, ...mapDigests(files) });
  await ledger.flush();
}

function mapDigests(files: Readonly<Record<string, string>>): Record<string, FileDigest> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [name, digestOf(content)]));
}

function digestOf(content: string): FileDigest {
  return { sha256: createHash('sha256').update(content).digest('hex'), sizeBytes: Buffer.byteLength(content) };
}
