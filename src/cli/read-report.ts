import type { RunReport } from '../domain/run-report.ts';
import { LakeliftError } from '../errors.ts';
import { readText, type ReportFolder } from '../ports/report-folder.ts';
import { PRIVACY_FILES, REPORT_FILES } from '../report/report-files.ts';
import { runReportSchema } from '../report/run-report-schema.ts';

/** What an acceptance stands on. */
export const acceptedFiles = {
  report: REPORT_FILES.json,
  findings: REPORT_FILES.findings,
  lists: [REPORT_FILES.items, REPORT_FILES.findings],
  ifWritten: [PRIVACY_FILES.json],
};

/** The report.json of a run. Throws `usage` when there is none, or when it has another shape than this version's. */
export async function readReport(folder: ReportFolder): Promise<RunReport> {
  if (!folder.has(REPORT_FILES.json))
    throw unreadable(folder, 'is not there', 'Run "lakelift report" to write it again.');
  const text = await readText(folder, REPORT_FILES.json);
  try {
    return runReportSchema.parse(JSON.parse(text)) as RunReport;
  } catch (cause) {
    throw unreadable(folder, 'is no report of this version', 'Run "lakelift report" to write it again.', cause);
  }
}

function unreadable({ place }: ReportFolder, what: string, hint: string, cause?: unknown): LakeliftError {
  const path = `${place}/${REPORT_FILES.json}`;
  return new LakeliftError(`${path} ${what}`, { kind: 'usage', code: 'REPORT_UNREADABLE', subject: path, hint, cause });
}
