import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { findingLogPath, lineagePlaces, readFindingLog, reportFolder, reportSinks } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import type { RunId } from '../domain/names.ts';
import type { NameMask } from '../domain/personal-names.ts';
import type { TableItem } from '../domain/plan.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FileDigest } from '../ports/report-folder.ts';
import type { ReportSink } from '../ports/report-sink.ts';
import { PRIVACY_FILES, REPORT_FILES, renderReport } from '../report/report-files.ts';
import { visibleJson } from '../report/visible-text.ts';
import { decisionsOn } from '../steps/accept/accept-report.ts';
import { RUN_DOCUMENTS } from '../ports/run-documents.ts';
import { maskFindings, maskSettled } from '../steps/report/masked-report.ts';
import type { Language } from './words.ts';

export interface ReportToWrite {
  readonly project: Project;
  readonly report: RunReport;
  readonly ledger: Ledger;
  readonly runId: RunId;
  readonly language: Language;
}

/** Puts every file of a report (masked already) wherever reports go, and its digests into the ledger; returns the places, the page first. */
export async function writeReport(
  { project, report, ledger, runId, language }: ReportToWrite,
  mask: NameMask,
): Promise<string[]> {
  const decisions = decisionsOn(ledger, runId);
  const places: string[] = [];
  let digests: Record<string, FileDigest> = {};
  for (const sink of reportSinks(project, ledger.useCase, runId)) {
    const digesting = new DigestingSink(sink);
    const items = maskSettled(ledger.listOutcomes(runId, {}), mask);
    const tables = tablesOf(ledger, mask);
    const lineage = lineagePlaces(project);
    for (const { name, content } of renderReport({
      report,
      items,
      tables,
      lineagePlaces: lineage,
      language,
      decisions,
    }))
      places.push(await digesting.write(name, content));
    const findings = maskFindings(readFindingLog(findingLogPath(project, ledger.useCase, runId)), mask);
    places.push(await digesting.write(REPORT_FILES.findings, jsonLines(findings)));
    digests = digesting.digests;
  }
  ledger.putDocument(runId, RUN_DOCUMENTS.files, { ...privacyDigests(project, ledger, runId), ...digests });
  await ledger.flush();
  await tellJob(places);
  return places;
}

/** Written by builds of datasets, which a report that is written anew leaves as they are. */
function privacyDigests(project: Project, ledger: Ledger, runId: RunId): Record<string, FileDigest> {
  const written = ledger.findDocument(runId, RUN_DOCUMENTS.files) as Readonly<Record<string, FileDigest>> | undefined;
  const folder = reportFolder(project, ledger.useCase, runId);
  const names = Object.values(PRIVACY_FILES).filter((name) => written?.[name] !== undefined && folder.has(name));
  return Object.fromEntries(names.map((name) => [name, written![name]!]));
}

function* tablesOf(ledger: Ledger, mask: NameMask): Generator<TableItem> {
  for (const kind of ['table', 'view'] as const)
    for (const item of ledger.listItems({ kind }))
      if (item.kind === 'table' || item.kind === 'view') yield mask.value<TableItem>(item);
}

async function* jsonLines(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${visibleJson(value)}\n`;
}

/** GitHub shows on a job's page what its steps append to this file. */
async function tellJob(places: readonly string[]): Promise<void> {
  const jobSummary = process.env['GITHUB_STEP_SUMMARY'];
  const summary = places.find((place) => place.endsWith(REPORT_FILES.summary) && !place.startsWith('s3://'));
  if (jobSummary && summary !== undefined) await appendFile(jobSummary, await readFile(summary));
}

/** Notes the digest of what passes. */
class DigestingSink implements ReportSink {
  readonly digests: Record<string, FileDigest> = {};
  readonly #sink: ReportSink;

  constructor(sink: ReportSink) {
    this.#sink = sink;
  }

  async write(name: string, content: string | Iterable<string> | AsyncIterable<string>): Promise<string> {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const pieces = async function* () {
      for await (const piece of typeof content === 'string' ? [content] : content) {
        hash.update(piece);
        sizeBytes += Buffer.byteLength(piece);
        yield piece;
      }
    };
    const place = await this.#sink.write(name, pieces());
    this.digests[name] = { sha256: hash.digest('hex'), sizeBytes };
    return place;
  }
}
