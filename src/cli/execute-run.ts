import { openScratchLedger, whoAmI } from '../compose.ts';
import { findingLogPath, nameMask, openFindingLog } from '../compose-reports.ts';
import { isGood } from '../domain/outcome.ts';
import type { NameMask } from '../domain/personal-names.ts';
import type { PlanSummary } from '../domain/plan.ts';
import { migrate, type RunResult } from '../migrate.ts';
import type { Ledger } from '../ports/ledger.ts';
import { maskReport } from '../steps/report/masked-report.ts';
import { approveRun, NotRun, type ApprovalOptions } from './approve-run.ts';
import { EXIT } from './exit-codes.ts';
import { withLockedLedger } from './locked-ledger.ts';
import type { UseCaseSession } from './use-case.ts';
import { toolVersion } from './version.ts';
import { writeReport } from './write-report.ts';

/** How a run ended that was not broken off by an error. */
export interface RunEnd {
  readonly exitCode: number;
  readonly plan: PlanSummary;
  /** Absent where the plan was only shown, or declined. */
  readonly done?: { readonly result: RunResult; readonly places: readonly string[] } | undefined;
}

/** Runs a use case that is open, from plan to written report, and prints nothing but the plan where somebody is asked. */
export function executeRun(session: UseCaseSession, options: ApprovalOptions): Promise<RunEnd> {
  const { project, useCase } = session;
  const place = { project, useCase: useCase.migration.id, progress: useCase.progress };
  return withLockedLedger(place, async (ledger, lost) => {
    const signal = AbortSignal.any([useCase.signal, lost]);
    try {
      return await runIn({ ...session, useCase: { ...useCase, signal } }, ledger, options);
    } catch (error) {
      if (error instanceof NotRun) return { exitCode: error.exitCode, plan: error.plan };
      throw error;
    }
  });
}

async function runIn(session: UseCaseSession, ledger: Ledger, options: ApprovalOptions): Promise<RunEnd> {
  const { project, useCase, terminal } = session;
  const { id } = useCase.migration;
  const mask = nameMask(project, useCase.mapping);
  const unmasked = await migrate({
    ...useCase,
    ledger,
    openScratchLedger: () => openScratchLedger(id),
    openFindingLog: (runId) => openFindingLog(findingLogPath(project, id, runId)),
    limits: limitsOf(session),
    ...project.config.copy,
    toolVersion: toolVersion(),
    startedBy: whoAmI(),
    approve: (plan, drawn) => approveRun(session, options, { plan, drawn, ledger }),
  });
  const result = maskResult(unmasked, mask);
  const { report, run, plan } = result;
  const places = await writeReport({ project, report, ledger, runId: run.runId, language: terminal.language }, mask);
  return { exitCode: exitCodeOfRun(result, ledger), plan, done: { result, places } };
}

function maskResult(result: RunResult, mask: NameMask): RunResult {
  return {
    ...result,
    report: maskReport(result.report, mask),
    reconciliation: mask.value(result.reconciliation),
  };
}

function limitsOf({ project }: UseCaseSession): { filesAtOnce: number; partsAtOnce: number; partSizeBytes: number } {
  const { filesAtOnce, partsAtOnce, partSize } = project.config.limits;
  return { filesAtOnce, partsAtOnce, partSizeBytes: partSize };
}

function exitCodeOfRun({ run: { runId }, reconciliation }: RunResult, ledger: Ledger): number {
  if (ledger.totals(runId).some(({ status }) => !isGood(status))) return EXIT.itemsFailed;
  return exitCodeOfReconciliation(reconciliation.verdict);
}

/** What could not be compared is undecided, hence 3. */
export function exitCodeOfReconciliation(verdict: RunResult['reconciliation']['verdict']): number {
  switch (verdict) {
    case 'identical':
      return EXIT.ok;
    case 'differences':
      return EXIT.differences;
    case 'incomplete':
      return EXIT.itemsFailed;
  }
}
