import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger, stateDirectory } from '../compose.ts';
import { portfolioSink, reportFolder } from '../compose-reports.ts';
import type { Project } from '../config/config.ts';
import { mappingPath } from '../config/mapping-file.ts';
import { listMigrations, loadMigration } from '../config/migration-file.ts';
import type { UseCaseId } from '../domain/names.ts';
import { figuresOf, PORTFOLIO_SCHEMA, stageOf, type Portfolio, type PortfolioEntry } from '../domain/portfolio.ts';
import type { RunReport } from '../domain/run-report.ts';
import type { Ledger, RunRecord } from '../ports/ledger.ts';
import { renderPortfolio } from '../report/portfolio-page.ts';
import type { Language } from '../report/quantities.ts';
import { visibleJson } from '../report/visible-text.ts';
import { decisionsOn } from '../steps/accept/accept-report.ts';
import { readReport } from './read-report.ts';
import { toolVersion } from './version.ts';

/** Every use case of the project by wave and name, from ledgers and reports alone. */
export async function drawPortfolio(project: Project): Promise<Portfolio> {
  const entries: PortfolioEntry[] = [];
  for (const id of await listMigrations(project.root)) entries.push(await entryOf(project, id));
  entries.sort((a, b) => a.useCase.wave - b.useCase.wave || (a.useCase.id < b.useCase.id ? -1 : 1));
  return { schema: PORTFOLIO_SCHEMA, drawnAt: new Date().toISOString(), entries };
}

/** Puts page and JSON into the folder of reports; returns their places. */
export async function writePortfolio(project: Project, portfolio: Portfolio, language: Language): Promise<string[]> {
  const sink = portfolioSink(project);
  return [
    await sink.write('portfolio.html', renderPortfolio(portfolio, language, toolVersion())),
    await sink.write('portfolio.json', `${visibleJson(portfolio, 2)}\n`),
  ];
}

async function entryOf(project: Project, id: string): Promise<PortfolioEntry> {
  const { title, owner, wave } = await loadMigration(project.root, id);
  const useCase = { id, title, owner, wave };
  const isMapped = existsSync(mappingPath(project.root, id));
  if (!existsSync(join(stateDirectory(project), id, 'ledger.sqlite')))
    return { useCase, stage: isMapped ? 'mapped' : 'new', ...figuresOf(undefined), runs: [] };
  const ledger = openLedger(project, id as UseCaseId);
  try {
    return { useCase, ...(await standingOf(project, ledger, isMapped)) };
  } finally {
    ledger.close();
  }
}

async function standingOf(
  project: Project,
  ledger: Ledger,
  isMapped: boolean,
): Promise<Omit<PortfolioEntry, 'useCase'>> {
  const runs = ledger.listRuns();
  const [last] = runs;
  const report = last === undefined ? undefined : await reportOf(project, ledger, last);
  const decision = last === undefined ? undefined : decisionsOn(ledger, last.runId).at(-1)?.decision;
  const verdict = report?.verdict;
  return {
    stage: stageOf({ isMapped, runStatus: last?.status, verdict, decision }),
    ...(last === undefined ? {} : { lastRun: { ...runOf(last), finishedAt: isoOf(last.finishedAtMs) } }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(decision === undefined ? {} : { decision }),
    ...figuresOf(report),
    runs: runs.map(runOf),
  };
}

/** Undefined for a run that left none, or one of another version. */
async function reportOf(project: Project, ledger: Ledger, { runId }: RunRecord): Promise<RunReport | undefined> {
  return readReport(reportFolder(project, ledger.useCase, runId)).catch(() => undefined);
}

function runOf({ runId, startedAtMs, status }: RunRecord) {
  return { runId, startedAt: new Date(startedAtMs).toISOString(), status };
}

function isoOf(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}
