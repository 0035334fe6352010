import type { Acceptance, AcceptedReport } from '../../domain/acceptance/acceptance.ts';
import { requireAcceptable, type AcceptanceDraft } from '../../domain/acceptance/judge-acceptance.ts';
import { openPointsOf, type OpenPoints } from '../../domain/acceptance/open-points.ts';
import type { RunId } from '../../domain/names.ts';
import type { Finding } from '../../domain/reconciliation.ts';
import type { RunReport } from '../../domain/run-report.ts';
import { LakeliftError } from '../../errors.ts';
import type { Ledger } from '../../ports/ledger.ts';
import type { FileDigest, ReportFolder } from '../../ports/report-folder.ts';
import { RUN_DOCUMENTS } from '../../ports/run-documents.ts';
import { linesOf } from '../../ports/lines.ts';

/** Names of the files that an acceptance stands on. */
export interface AcceptedFiles {
  readonly report: string;
  readonly findings: string;
  readonly lists: readonly string[];
  /** Named like the lists where they were written. */
  readonly ifWritten: readonly string[];
}

/** A report that is what it was when it was written. */
export interface GenuineReport {
  readonly runId: RunId;
  readonly sha256: string;
  readonly lists: Readonly<Record<string, string>>;
  readonly findings: () => AsyncIterable<Finding>;
}

/**
 * Makes sure that the report in `folder` is that of the latest run and that no file of it was altered since it was written.
 * Throws `usage` (no report), `stale-plan` (an earlier run's), `differs` (altered, the file named).
 */
export async function requireGenuineReport(
  ledger: Ledger,
  { runId, folder, files }: { runId: RunId; folder: ReportFolder; files: AcceptedFiles },
): Promise<GenuineReport> {
  requireLatest(ledger, runId);
  const written = writtenFiles(ledger, runId);
  if (written === undefined || !folder.has(files.report)) throw noReport(ledger.useCase, folder);
  for (const [name, { sha256 }] of Object.entries(written)) {
    const now = await folder.digest(name);
    if (now?.sha256 !== sha256) throw altered(ledger.useCase, `${folder.place}/${name}`, now);
  }
  const digestOf = (name: string): string => written[name]!.sha256;
  return {
    runId,
    sha256: digestOf(files.report),
    lists: Object.fromEntries(
      [...files.lists, ...files.ifWritten.filter((name) => name in written)].map((name) => [name, digestOf(name)]),
    ),
    findings: () => findingsIn(folder, files.findings),
  };
}

/** What the report leaves open, `waivers` taken into account. */
export function openPoints(
  report: RunReport,
  genuine: GenuineReport,
  waivers: AcceptanceDraft['waivers'],
): Promise<OpenPoints> {
  return openPointsOf(report, genuine.findings(), waivers);
}

/** Records a decision in the ledger, where it is durable when this resolves. Throws what {@link requireAcceptable} throws. */
export async function recordAcceptance(
  ledger: Ledger,
  { report, genuine, draft }: { report: RunReport; genuine: GenuineReport; draft: AcceptanceDraft },
  who: Pick<Acceptance, 'at' | 'recordedBy' | 'toolVersion'>,
): Promise<readonly Acceptance[]> {
  const open = await openPoints(report, genuine, draft.waivers);
  requireAcceptable(draft, report, open);
  const { runId, planHash } = report.run;
  const accepted: AcceptedReport = {
    runId,
    planHash,
    verdict: report.verdict,
    sha256: genuine.sha256,
    lists: genuine.lists,
  };
  const decision: Acceptance = {
    decision: draft.decision,
    by: draft.by,
    ...who,
    report: accepted,
    reservations: draft.reservations,
    waivers: open.waived,
    openPoints: open.differences.total + open.others.total,
    ...(draft.remark === undefined ? {} : { remark: draft.remark }),
  };
  const decisions = [...decisionsOn(ledger, genuine.runId), decision];
  ledger.putDocument(genuine.runId, RUN_DOCUMENTS.acceptance, decisions);
  await ledger.flush();
  return decisions;
}

/** Every decision on a run, the last one counts. */
export function decisionsOn(ledger: Pick<Ledger, 'findDocument'>, runId: RunId): readonly Acceptance[] {
  return (ledger.findDocument(runId, RUN_DOCUMENTS.acceptance) as readonly Acceptance[] | undefined) ?? [];
}

/** Digests of a run's report as it was last written. */
function writtenFiles(ledger: Ledger, runId: RunId): Readonly<Record<string, FileDigest>> | undefined {
  return ledger.findDocument(runId, RUN_DOCUMENTS.files) as Readonly<Record<string, FileDigest>> | undefined;
}

async function* findingsIn(folder: ReportFolder, name: string): AsyncGenerator<Finding> {
  for await (const line of linesOf(folder.open(name))) yield JSON.parse(line) as Finding;
}

function requireLatest(ledger: Ledger, runId: RunId): void {
  const [latest] = ledger.listRuns();
  if (latest?.runId === runId) return;
  throw new LakeliftError(`${runId} is not the latest run of ${ledger.useCase}: that is ${latest?.runId ?? 'none'}`, {
    kind: 'stale-plan',
    code: 'REPORT_STALE',
    subject: runId,
    hint: 'Read the report of the latest run, and accept that one.',
  });
}

function noReport(useCase: string, { place }: ReportFolder): LakeliftError {
  return new LakeliftError(`There is no report in ${place}`, {
    kind: 'usage',
    code: 'REPORT_MISSING',
    subject: place,
    hint: `Run "lakelift report ${useCase}" to write it again.`,
  });
}

function altered(useCase: string, path: string, now: FileDigest | undefined): LakeliftError {
  const what = now === undefined ? 'is gone' : 'was altered';
  return new LakeliftError(`${path} ${what} since lakelift wrote it`, {
    kind: 'differs',
    code: 'REPORT_ALTERED',
    subject: path,
    hint: `Run "lakelift report ${useCase}" to write it again ("lakelift zones build" for the privacy report), read it, and accept it then.`,
  });
}
