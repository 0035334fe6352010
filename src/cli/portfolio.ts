import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPlanNote, runLock, stateDirectory } from '../compose.ts';
import { batchHistory, findLease } from '../compose-state.ts';
import { portfolioSink, reportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { mappingPath } from '../config/mapping-file.ts';
import { listMigrations, loadMigration } from '../config/migration-file.ts';
import type { UseCaseId } from '../domain/names.ts';
import { isGood } from '../domain/outcome.ts';
import {
  figuresOf,
  nextCommand,
  PORTFOLIO_SCHEMA,
  stageOf,
  type Blocker,
  type Portfolio,
  type PortfolioEntry,
  type RunProgress,
} from '../domain/portfolio.ts';
import type { Reconciliation } from '../domain/reconciliation.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { Ledger, RunRecord } from '../ports/ledger.ts';
import { RUN_DOCUMENTS } from '../ports/run-documents.ts';
import type { Progress } from '../ports/progress.ts';
import { renderPortfolio } from '../report/portfolio-page.ts';
import type { Language } from '../report/quantities.ts';
import { visibleJson } from '../report/visible-text.ts';
import { decisionsOn } from '../steps/accept/accept-report.ts';
import { withReadLedger } from './locked-ledger.ts';
import { readReport } from './read-report.ts';
import { toolVersion } from './version.ts';

/** Every use case of the project by wave and name, from ledgers and reports alone. */
export async function drawPortfolio(project: Project, progress: Progress): Promise<Portfolio> {
  const entries: PortfolioEntry[] = [];
  for (const id of await listMigrations(project.root)) entries.push(await entryOf({ project, id, progress }));
  entries.sort((a, b) => a.useCase.wave - b.useCase.wave || (a.useCase.id < b.useCase.id ? -1 : 1));
  const batches = await batchHistory(project).list();
  return { schema: PORTFOLIO_SCHEMA, drawnAt: new Date().toISOString(), entries, batches };
}

/** Puts page and JSON into the folder of reports; returns their places. */
export async function writePortfolio(project: Project, portfolio: Portfolio, language: Language): Promise<string[]> {
  const sink = portfolioSink(project);
  return [
    await sink.write('portfolio.html', renderPortfolio(portfolio, language, toolVersion())),
    await sink.write('portfolio.json', `${visibleJson(portfolio, 2)}\n`),
  ];
}

export interface EntryRequest {
  readonly project: Project;
  readonly id: string;
  readonly progress: Progress;
}

/** Where one use case stands. */
export async function entryOf({ project, id, progress }: EntryRequest): Promise<PortfolioEntry> {
  const { title, owner, wave } = await loadMigration(project.root, id);
  const useCase = { id, title, owner, wave };
  const isMapped = existsSync(mappingPath(project.root, id));
  const isKnown =
    existsSync(join(stateDirectory(project), id, 'ledger.sqlite')) || project.config.state.bucket !== undefined;
  if (!isKnown) return { useCase, ...unrun(project, id, isMapped) };
  const place = { project, useCase: id as UseCaseId, progress };
  return withReadLedger(place, async (ledger) => ({
    useCase,
    ...(await standingOf(project, ledger, { isMapped, runningAt: await runningAt(project, ledger.useCase) })),
  }));
}

type Standing = Omit<PortfolioEntry, 'useCase'>;

function unrun(project: Project, id: string, isMapped: boolean, approval?: PortfolioEntry['approval']): Standing {
  const note = findPlanNote(project, id as UseCaseId);
  const isApproved = approval !== undefined;
  const known = { isMapped, isPlanned: note !== undefined, isApproved };
  const stage = stageOf({ ...known, runStatus: undefined, verdict: undefined, decision: undefined });
  const next = nextCommand(id, stage);
  const blockers = blockersOf(note ?? { refused: 0, undecided: 0 });
  return { stage, ...(approval && { approval }), ...figuresOf(undefined), blockers, next, runs: [] };
}

async function standingOf(
  project: Project,
  ledger: Ledger,
  { isMapped, runningAt }: { readonly isMapped: boolean; readonly runningAt: string | undefined },
): Promise<Standing> {
  const runs = ledger.listRuns();
  const [last] = runs;
  const approval = ledger.findApproval();
  if (last === undefined) return unrun(project, ledger.useCase, isMapped, approval);
  const report = await reportOf(project, ledger, last);
  const decision = decisionsOn(ledger, last.runId).at(-1)?.decision;
  const reconciliation = ledger.findDocument(last.runId, RUN_DOCUMENTS.reconciliation) as Reconciliation | undefined;
  const verdict = report?.verdict ?? reconciliation?.verdict;
  const stage = stageOf({ isMapped, isRunning: runningAt !== undefined, runStatus: last.status, verdict, decision });
  return {
    stage,
    ...(runningAt === undefined ? {} : { runningAt }),
    ...(approval === undefined ? {} : { approval }),
    lastRun: { ...runOf(last), finishedAt: isoOf(last.finishedAtMs) },
    progress: progressOf(ledger, last),
    ...(verdict === undefined ? {} : { verdict }),
    ...(decision === undefined ? {} : { decision }),
    ...figuresOf(report),
    blockers: blockersOf(countsOf(ledger, last, reconciliation)),
    next: nextCommand(ledger.useCase, stage),
    runs: runs.map(runOf),
  };
}

/** Who works on it: a process of this machine, or the holder of the lease. */
async function runningAt(project: Project, useCase: UseCaseId): Promise<string | undefined> {
  const here = runLock(project, useCase).findHolder();
  if (here !== undefined) return `${here.startedBy} (process ${here.processId})`;
  const lease = await findLease(project, useCase).catch(() => undefined);
  return (
    lease && `${lease.startedBy} (process ${lease.processId}${lease.jobUrl === undefined ? '' : `, ${lease.jobUrl}`})`
  );
}

function progressOf(ledger: Ledger, { runId }: RunRecord): RunProgress {
  const { count: ofFiles = 0, sizeBytes: ofSizeBytes = 0 } = ledger.findPlan()?.totals.file?.copy ?? {};
  const done = ledger
    .totals(runId)
    .filter(({ kind, status }) => kind === 'file' && isGood(status) && status !== 'skipped');
  const files = done.reduce((sum, { count }) => sum + count, 0);
  const sizeBytes = done.reduce((sum, total) => sum + total.sizeBytes, 0);
  return { files, ofFiles, sizeBytes, ofSizeBytes };
}

function countsOf(
  ledger: Ledger,
  { runId }: RunRecord,
  reconciliation: Reconciliation | undefined,
): Partial<Record<Blocker['kind'], number>> {
  const counts = {
    refused: 0,
    undecided: 0,
    failed: 0,
    differences: reconciliation?.findings.byWeight.difference ?? 0,
  };
  for (const { status, count } of ledger.totals(runId)) {
    if (status === 'refused' || status === 'undecided') counts[status] += count;
    else if (!isGood(status)) counts.failed += count;
  }
  return counts;
}

function blockersOf(counts: Partial<Record<Blocker['kind'], number>>): Blocker[] {
  const kinds = ['differences', 'failed', 'undecided', 'refused'] as const;
  return kinds.map((kind) => ({ kind, count: counts[kind] ?? 0 })).filter(({ count }) => count > 0);
}

/** Undefined for a run that left none on this machine, or one of another version. */
async function reportOf(project: Project, ledger: Ledger, { runId }: RunRecord): Promise<RunReport | undefined> {
  return readReport(reportFolder(project, ledger.useCase, runId)).catch(() => undefined);
}

function runOf({ runId, startedAtMs, status }: RunRecord) {
  return { runId, startedAt: new Date(startedAtMs).toISOString(), status };
}

function isoOf(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
